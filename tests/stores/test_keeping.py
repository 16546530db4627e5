"""What is not kept for ever: by its age, and by how much of it there is."""

import sqlite3

import pytest
import pytest_twisted

from tests.stores.house import House, texts
from tests.stores.on_disk import Houses, search, turn
from twisted_chat.core.events import LOBBY, Joined, Left, Moved
from twisted_chat.core.history import END, Keep, Query, Span
from twisted_chat.core.records import Charter
from twisted_chat.stores.sqlite import SqliteStore


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test does not wait for a minute."""
    monkeypatch.setattr("twisted_chat.stores.letting_go.PRUNING", 0.05)
    monkeypatch.setattr("twisted_chat.stores.letting_go.BREATH", 0.001)


async def shrunk(house: House, log: str, count: int) -> list[str]:
    """What is kept of a log when no more than that is left, or after a while."""
    kept: list[str] = []
    for _ in range(40):
        kept = texts(await house.run(Span(log, 0, END)))
        if len(kept) <= count:
            break
        await turn(0.05)
    return kept


def sound(house: House, houses: Houses) -> bool:
    """The index has all that is in the file and nothing else. Raises if not."""
    other: sqlite3.Connection = houses.other_program()
    other.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    return other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def crowded(houses: Houses, keep: Keep, count: int) -> House:
    """A house in which so much was said, and is in the index."""
    house = houses.open(keep)
    house.say(*[f"needle {number}" for number in range(count)])
    await house.settle()
    await search(house, "needle")
    return house


@pytest_twisted.ensureDeferred
async def test_how_much_is_kept_may_be_changed_at_any_time(houses: Houses) -> None:
    house = await crowded(houses, Keep(), 30)
    assert isinstance(house.store, SqliteStore)
    house.store.keep(Keep(entries=10))
    assert await shrunk(house, LOBBY, 10) == [f"needle {number}" for number in range(20, 30)]


@pytest_twisted.ensureDeferred
async def test_so_many_entries_of_each_log_are_kept_and_no_more(houses: Houses) -> None:
    house = houses.open(Keep(entries=10))
    for log in (LOBBY, "@ann"):
        house.say(*map(str, range(600)), log=log)
    house.say(*map(str, range(10)), log="@bob")
    await house.settle()
    await search(house, "needle")
    assert await shrunk(house, LOBBY, 10) == [str(number) for number in range(590, 600)]
    assert await shrunk(house, "@ann", 10) == [str(number) for number in range(590, 600)]
    assert len(await house.run(Span("@bob", 0, END))) == 10


@pytest_twisted.ensureDeferred
async def test_what_is_too_old_is_let_go(houses: Houses) -> None:
    house = await crowded(houses, Keep(seconds=3600.0), 300)
    houses.clock.now += 1800
    house.say("young")
    houses.clock.now += 1801
    assert await shrunk(house, LOBBY, 1) == ["young"]


@pytest_twisted.ensureDeferred
async def test_what_was_never_looked_for_is_let_go_too(houses: Houses) -> None:
    """A few lines in a quiet chat, which nothing has yet brought into the index."""
    house = houses.open(Keep(seconds=3600.0))
    house.say("old")
    await house.settle()
    houses.clock.now += 3601
    assert await shrunk(house, LOBBY, 0) == []


@pytest_twisted.ensureDeferred
async def test_what_is_young_enough_is_kept(houses: Houses) -> None:
    house = await crowded(houses, Keep(seconds=3600.0, entries=300), 300)
    houses.clock.now += 3599
    await turn(0.2)
    assert len(await house.run(Span(LOBBY, 0, END))) == 300


@pytest_twisted.ensureDeferred
async def test_who_reads_on_from_what_was_let_go_is_told(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=10), 600)
    await shrunk(house, LOBBY, 10)
    oldest = house.told.ids(LOBBY)[-10]
    assert (await house.archive.run(Span(LOBBY, 0, END))).gone == oldest
    assert (await house.archive.run(Span(LOBBY, oldest - 1, END))).gone is None


@pytest_twisted.ensureDeferred
async def test_what_was_let_go_is_not_found(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=10), 300)
    await shrunk(house, LOBBY, 10)
    assert await search(house, "needle 280") == []
    assert len(await search(house, "from:ann needle")) == 10
    assert await house.found(Query((LOBBY,), text="needle 280")) == []


@pytest_twisted.ensureDeferred
async def test_the_index_is_sound_when_much_was_let_go(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=10), 600)
    await shrunk(house, LOBBY, 10)
    house.say("one more")
    await house.settle()
    await search(house, "more")
    assert sound(house, houses)


@pytest_twisted.ensureDeferred
async def test_what_is_said_meanwhile_is_delivered(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=100), 2000)
    for number in range(50):
        house.say(str(number))
        await turn(0.002)
    await house.settle()
    assert house.told.texts(LOBBY)[2000:] == [str(number) for number in range(50)]


@pytest_twisted.ensureDeferred
async def test_the_last_lines_begin_with_what_is_kept(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=10), 300)
    await shrunk(house, LOBBY, 10)
    place = await house.place("bob", 20)
    run = await house.archive.run(Span(LOBBY, place.after, place.last))
    assert len(run.entries) == 10
    assert run.gone is None


@pytest_twisted.ensureDeferred
async def test_ids_go_on_though_everything_was_let_go(houses: Houses) -> None:
    house = await crowded(houses, Keep(seconds=3600.0), 10)
    houses.clock.now += 3601
    assert await shrunk(house, LOBBY, 0) == []
    await house.stop()
    houses.clock.now -= 7200
    again = houses.open()
    again.say("new")
    await again.settle()
    assert again.told.ids(LOBBY)[0] > house.told.ids(LOBBY)[-1]


@pytest_twisted.ensureDeferred
async def test_stop_does_not_wait_until_all_is_let_go(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=10), 2000)
    await turn(0.06)
    await house.stop()
    again = houses.open()
    assert len(await again.run(Span(LOBBY, 0, END))) >= 10
    await search(again, "needle")
    assert sound(again, houses)


@pytest_twisted.ensureDeferred
async def test_nothing_is_let_go_while_the_disk_is_full_and_it_goes_on_then(
    houses: Houses,
) -> None:
    house = await crowded(houses, Keep(entries=10), 300)
    houses.disk.fill()
    await turn(0.15)
    houses.disk.clear()
    assert len(await shrunk(house, LOBBY, 10)) == 10


# rooms that are kept otherwise


@pytest_twisted.ensureDeferred
async def test_a_room_is_kept_as_its_charter_says_and_the_others_as_everywhere(
    houses: Houses,
) -> None:
    house = houses.open(Keep(entries=10))
    for charter in (Charter("#short", keep="3"), Charter("#long", keep="400")):
        house.store.remember(charter)
    house.store.remember(Charter("#plain"))
    for log in ("#short", "#long", "#plain", "@ann"):
        house.say(*map(str, range(600)), log=log)
    await house.settle()
    for log, count in (("#short", 3), ("#long", 400), ("#plain", 10), ("@ann", 10)):
        assert len(await shrunk(house, log, count)) == count


@pytest_twisted.ensureDeferred
async def test_for_how_long_a_room_is_kept_may_change_while_people_talk(houses: Houses) -> None:
    house = await crowded(houses, Keep(entries=300), 300)
    charter = Charter(LOBBY, keep="100")
    house.store.remember(charter)
    house.say("from now on")
    assert len(await shrunk(house, LOBBY, 100)) == 100
    house.store.forget(charter)
    house.say(*["needle"] * 300)
    await house.settle()
    assert len(await shrunk(house, LOBBY, 300)) == 300


@pytest_twisted.ensureDeferred
async def test_a_room_may_be_kept_for_longer_than_the_others_and_under_another_name(
    houses: Houses,
) -> None:
    house = houses.open(Keep(seconds=60.0))
    house.publish(Joined("bob"), "#old")
    house.publish(Left("bob", ""), "#old")
    house.say("1", log="#old")
    house.store.remember(Charter("#old", keep="30d"))
    await house.settle()
    house.publish(Moved("ann", "#new"), "#old")
    house.store.remember(Charter("#new", keep="30d"))
    house.store.forget(Charter("#old"))
    house.say("other")
    await house.settle()
    houses.clock.now += 3600
    assert await shrunk(house, LOBBY, 0) == []
    assert texts(await house.run(Span("#new", 0, END))) == ["1", ""]
    assert (await house.place("bob", log="#new")).left


@pytest_twisted.ensureDeferred
async def test_a_charter_that_says_what_nobody_knows_is_kept_as_everywhere(houses: Houses) -> None:
    house = houses.open(Keep(entries=10))
    house.store.remember(Charter(LOBBY, keep="until spring"))
    house.say(*map(str, range(300)))
    await house.settle()
    assert len(await shrunk(house, LOBBY, 10)) == 10
