"""Rooms that get another name, and rooms that are no more."""

import sqlite3

import pytest
import pytest_twisted

from tests.stores.house import House, texts
from tests.stores.on_disk import Houses, search, turn
from twisted_chat.core.events import Closed, Joined, Left, Moved, Redaction, Said
from twisted_chat.core.history import END, Query, Span
from twisted_chat.stores import copying

OLD, NEW = "#physics-1", "#physics"


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait for a minute."""
    monkeypatch.setattr("twisted_chat.stores.letting_go.PRUNING", 0.05)
    monkeypatch.setattr("twisted_chat.stores.letting_go.BREATH", 0.001)


async def kept(house: House, log: str) -> list[str]:
    return texts(await house.run(Span(log, 0, END)))


def logs(file: sqlite3.Connection) -> list[str]:
    return [name for (name,) in file.execute("SELECT name FROM logs ORDER BY name")]


async def let_go(houses: Houses, count: int) -> sqlite3.Connection:
    """The file when it has so many logs, or after a while."""
    other = houses.other_program()
    for _ in range(60):
        if len(logs(other)) <= count:
            break
        await turn(0.05)
    return other


# another name


@pytest_twisted.ensureDeferred
async def test_what_was_said_under_the_old_name_is_the_past_of_the_new(house: House) -> None:
    house.say("1", "2", log=OLD)
    house.publish(Moved("ann", NEW), OLD)
    house.say("3", log=NEW)
    await house.settle()
    assert await kept(house, NEW) == ["1", "2", "", "3"]
    assert await kept(house, OLD) == []
    assert await search(house, "2", NEW) == ["2"]


@pytest_twisted.ensureDeferred
async def test_a_new_room_of_the_old_name_begins_with_nothing(house: House) -> None:
    house.say("old", log=OLD)
    house.publish(Moved("ann", NEW), OLD)
    house.say("new", log=OLD)
    house.say("moved", log=NEW)
    await house.settle()
    house.say("newer", log=OLD)
    await house.settle()
    assert await kept(house, OLD) == ["new", "newer"]
    assert await kept(house, NEW) == ["old", "", "moved"]


@pytest_twisted.ensureDeferred
async def test_a_room_may_move_twice_in_a_turn_and_others_to_where_it_was(house: House) -> None:
    for log in ("#a", "#b", "#c"):
        house.say(log, log=log)
    house.publish(Moved("ann", "#d"), "#a")
    house.publish(Moved("ann", "#a"), "#b")
    house.publish(Moved("ann", "#b"), "#d")
    house.publish(Moved("ann", "#c"), "#c")
    for log in ("#a", "#b", "#c", "#d"):
        house.say(f"in {log}", log=log)
    await house.settle()
    assert await kept(house, "#a") == ["#b", "", "in #a"]
    assert await kept(house, "#b") == ["#a", "", "", "in #b"]
    assert await kept(house, "#c") == ["#c", "", "in #c"]
    assert await kept(house, "#d") == ["in #d"]


@pytest_twisted.ensureDeferred
async def test_what_was_left_over_under_the_new_name_is_let_go(
    houses: Houses, house: House
) -> None:
    house.say("left over", log=NEW)
    house.say("1", log=OLD)
    house.publish(Moved("ann", NEW), OLD)
    await house.settle()
    assert await kept(house, NEW) == ["1", ""]
    other = await let_go(houses, 1)
    assert logs(other) == [NEW]
    assert await search(house, "left", NEW) == []


@pytest_twisted.ensureDeferred
async def test_a_room_that_could_not_move_stays(houses: Houses, house: House) -> None:
    house.say("1", log=OLD)
    await house.settle()
    houses.disk.fill()
    house.publish(Moved("ann", NEW), OLD)
    house.say("lost", log=NEW)
    await house.settle()
    houses.disk.clear()
    house.say("2", log=OLD)
    house.say("other", log=NEW)
    await house.settle()
    assert await kept(house, OLD) == ["1", "2"]
    assert await kept(house, NEW) == ["other"]


@pytest_twisted.ensureDeferred
async def test_places_move_with_the_room(houses: Houses, house: House) -> None:
    house.publish(Joined("bob"), OLD)
    house.say("read", log=OLD)
    house.publish(Left("bob", ""), OLD)
    house.publish(Moved("ann", NEW), OLD)
    house.publish(Joined("cy"), OLD)
    house.publish(Left("cy", ""), NEW)
    house.say("missed", log=NEW)
    again = await houses.reopen(house)
    place = await again.place("bob", log=NEW)
    assert (place.left, place.count) == (house.told.ids(OLD)[2], 1)
    assert (await again.place("bob", log=OLD)).left == 0
    assert (await again.place("cy", log=NEW)).left == house.told.ids(NEW)[0]


@pytest_twisted.ensureDeferred
async def test_places_move_with_the_room_in_a_later_batch_too(
    houses: Houses, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.stores.sqlite.MOST", 3)
    house.publish(Joined("bob"), OLD)
    house.say(*"12345", log=OLD)
    house.publish(Moved("ann", NEW), OLD)
    house.publish(Left("bob", ""), NEW)
    house.say("missed", log=NEW)
    again = await houses.reopen(house)
    assert (await again.place("bob", log=NEW)).left == house.told.ids(NEW)[0]
    assert await kept(again, NEW) == [*"12345", "", "missed"]


# no more


@pytest_twisted.ensureDeferred
async def test_of_a_room_that_was_closed_nothing_can_be_read(house: House) -> None:
    house.say("needle", log=OLD)
    house.publish(Closed("ann"), OLD)
    await house.settle()
    assert await kept(house, OLD) == []
    assert await search(house, "needle", OLD) == []
    assert await house.look(Query((OLD,))) == []


@pytest_twisted.ensureDeferred
async def test_a_new_room_of_the_same_name_begins_with_nothing(house: House) -> None:
    house.say("old", log=OLD)
    house.publish(Closed("ann"), OLD)
    house.say("new", log=OLD)
    house.publish(Closed("ann"), OLD)
    house.say("newest", log=OLD)
    await house.settle()
    assert await kept(house, OLD) == ["newest"]


@pytest_twisted.ensureDeferred
async def test_all_of_a_room_that_was_closed_is_let_go(houses: Houses, house: House) -> None:
    house.publish(Joined("bob"), OLD)
    house.say(*["needle"] * 600, log=OLD)
    house.say("here")
    house.publish(Closed("ann"), OLD)
    await house.settle()
    other = await let_go(houses, 1)
    assert logs(other) == ["#lobby"]
    assert other.execute("SELECT text FROM entries").fetchall() == [("here",)]
    assert other.execute("SELECT count(*) FROM readers").fetchone() == (0,)
    other.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")


@pytest_twisted.ensureDeferred
async def test_a_room_that_comes_after_one_was_let_go_has_its_own_lines(
    houses: Houses, house: House
) -> None:
    """Its number in the file may be the same."""
    house.say("needle", log=OLD)
    house.publish(Closed("ann"), OLD)
    await house.settle()
    await let_go(houses, 0)
    house.say("new", log=NEW)
    house.say("newer", log=OLD)
    await house.settle()
    assert await kept(house, NEW) == ["new"]
    assert await kept(house, OLD) == ["newer"]


@pytest_twisted.ensureDeferred
async def test_an_export_leaves_out_what_was_closed(houses: Houses, house: House) -> None:
    house.say("needle", log=OLD)
    house.publish(Redaction("ann", "bob", 7), OLD)
    house.publish(Closed("ann"), OLD)
    house.say("here")
    await house.stop()
    with copying.opened(houses.path) as file:
        assert [entry.event for entry in copying.entries(file)] == [Said("ann", "here")]
