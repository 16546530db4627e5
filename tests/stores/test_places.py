"""Where somebody left off, and what she missed."""

import pytest
import pytest_twisted
from twisted.internet.defer import Deferred

from tests.stores.house import House, texts
from tests.stores.on_disk import Houses, turn
from twisted_chat.core.events import (
    LOBBY,
    Acted,
    Joined,
    Left,
    Pasted,
    Redacted,
    Redaction,
    Renamed,
    Sent,
    TopicSet,
)
from twisted_chat.core.history import MOST, Span


def visit(house: House, name: str = "bob") -> None:
    house.publish(Joined(name))
    house.publish(Left(name, ""))


async def replayed(house: House, count: int) -> list[str]:
    await house.settle()
    place = await house.place("bob", count)
    return texts(await house.run(Span(LOBBY, place.after, place.last)))


@pytest_twisted.ensureDeferred
async def test_who_was_never_here_has_left_nowhere(house: House) -> None:
    house.say("hi, bob")
    await house.settle()
    place = await house.place("bob")
    assert (place.left, place.count, place.naming) == (0, 0, 0)
    assert place.after == place.last == house.told.ids(LOBBY)[-1]


@pytest_twisted.ensureDeferred
async def test_an_empty_file_has_places_too(house: House) -> None:
    place = await house.place("bob", 20)
    assert (place.after, place.last, place.left) == (0, 0, 0)


@pytest_twisted.ensureDeferred
async def test_who_left_is_told_how_much_she_missed(house: House) -> None:
    house.say("before")
    visit(house)
    house.say("1", "2")
    house.publish(Acted("ann", "waves"))
    await house.settle()
    place = await house.place("bob")
    assert place.left == house.told.ids(LOBBY)[2]
    assert place.count == 3


@pytest_twisted.ensureDeferred
async def test_who_came_and_went_is_not_what_she_missed(house: House) -> None:
    visit(house)
    visit(house, "cy")
    house.publish(Renamed("ann", "eve"))
    await house.settle()
    assert (await house.place("bob")).count == 0


@pytest_twisted.ensureDeferred
async def test_her_name_is_counted_as_a_word_of_its_own_in_any_case(house: House) -> None:
    visit(house)
    house.say("BOB: hi", "bobby", "hi @bob!", "kebob", "it's bob's", "nobody")
    await house.settle()
    assert (await house.place("Bob")).naming == 3


@pytest_twisted.ensureDeferred
async def test_a_name_in_any_case_is_the_same_reader(house: House) -> None:
    visit(house, "Élise")
    house.say("hi")
    await house.settle()
    assert (await house.place("éLISE")).count == 1


@pytest_twisted.ensureDeferred
async def test_what_was_said_in_other_logs_is_not_what_she_missed(house: House) -> None:
    visit(house)
    house.say("bob is told", log="@cy")
    await house.settle()
    assert (await house.place("bob")).count == 0


@pytest_twisted.ensureDeferred
async def test_what_was_missed_is_counted_up_to_a_bound(house: House) -> None:
    visit(house)
    house.say(*["hi"] * (MOST + 50))
    await house.settle()
    assert (await house.place("bob")).count == MOST + 1


@pytest.mark.parametrize(
    ("count", "wanted"), [(0, []), (2, ["2", "3"]), (3, ["1", "2", "3"]), (20, ["1", "2", "3"])]
)
@pytest_twisted.ensureDeferred
async def test_the_last_lines_begin_where_so_many_are_left(
    house: House, count: int, wanted: list[str]
) -> None:
    house.say("1", "2", "3")
    house.publish(Joined("cy"))
    house.say("elsewhere", log="@ann")
    assert await replayed(house, count) == wanted


@pytest_twisted.ensureDeferred
async def test_a_place_is_there_when_the_file_is_opened_again(houses: Houses, house: House) -> None:
    visit(house)
    house.say("1")
    again = await houses.reopen(house)
    again.say("2")
    await again.settle()
    place = await again.place("bob")
    assert (place.left, place.count) == (house.told.ids(LOBBY)[1], 2)


@pytest_twisted.ensureDeferred
async def test_who_had_not_read_all_when_she_left_missed_the_rest(house: House) -> None:
    house.publish(Joined("bob"))
    house.say("read", "not read")
    await house.settle()
    read = house.told.ids(LOBBY)[1]
    house.archive.left_off(LOBBY, "Bob", read)
    house.publish(Left("bob", ""))
    await house.settle()
    place = await house.place("bob")
    assert (place.left, place.count) == (read, 1)


@pytest_twisted.ensureDeferred
async def test_how_far_she_read_on_an_earlier_visit_is_no_matter(house: House) -> None:
    house.say("1")
    house.publish(Joined("bob"))
    house.archive.left_off(LOBBY, "bob", 1)
    house.publish(Left("bob", ""))
    visit(house)
    await house.settle()
    assert (await house.place("bob")).left == house.told.ids(LOBBY)[-1]


@pytest_twisted.ensureDeferred
async def test_who_was_here_when_the_daemon_stopped_left_then(houses: Houses, house: House) -> None:
    house.publish(Joined("bob"))
    house.say("read")
    again = await houses.reopen(house)
    again.say("missed")
    await again.settle()
    place = await again.place("bob")
    assert (place.left, place.count) == (house.told.ids(LOBBY)[-1], 1)


@pytest_twisted.ensureDeferred
async def test_who_was_here_when_the_daemon_was_killed_left_then(
    houses: Houses, house: House
) -> None:
    house.publish(Joined("bob"))
    house.say("read")
    await house.settle()
    again = houses.killed()
    again.say("missed")
    await again.settle()
    place = await again.place("bob")
    assert (place.left, place.count) == (house.told.ids(LOBBY)[-1], 1)


@pytest_twisted.ensureDeferred
async def test_who_came_and_went_is_kept_though_nothing_is_said(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.stores.sqlite.NOTED", 0.01)
    house = houses.open()
    house.say("hi")
    await house.settle()
    visit(house)
    await turn(0.2)
    assert (await houses.killed().place("bob")).left == house.told.ids(LOBBY)[-1]


@pytest_twisted.ensureDeferred
async def test_who_takes_another_name_has_left_as_the_one_and_come_as_the_other(
    houses: Houses, house: House
) -> None:
    house.publish(Joined("bob"))
    house.publish(Renamed("bob", "eve"))
    house.say("1")
    again = await houses.reopen(house)
    again.say("2")
    await again.settle()
    assert (await again.place("bob")).count == 2
    assert (await again.place("eve")).count == 1


@pytest_twisted.ensureDeferred
async def test_who_writes_her_name_otherwise_is_still_here(houses: Houses, house: House) -> None:
    house.publish(Joined("bob"))
    house.publish(Renamed("bob", "BOB"))
    house.say("read")
    again = await houses.reopen(house)
    assert (await again.place("bob")).count == 0


@pytest_twisted.ensureDeferred
async def test_who_comes_back_while_her_leaving_is_written_left_there(
    houses: Houses, house: House
) -> None:
    visit(house)
    house.say("read")
    await house.settle()
    disk = houses.other_program()
    disk.execute("BEGIN IMMEDIATE")
    house.say("read too")
    house.publish(Joined("bob"))
    house.publish(Left("bob", ""))
    await turn(0.02)
    placed = Deferred.fromCoroutine(house.place("bob"))
    await turn(0.05)
    disk.execute("ROLLBACK")
    place = await placed
    await house.settle()
    assert place.left == house.told.ids(LOBBY)[-1]
    assert place.count == 0


@pytest_twisted.ensureDeferred
async def test_who_left_while_the_disk_was_full_left_there(houses: Houses, house: House) -> None:
    house.say("1")
    house.publish(Joined("bob"))
    await house.settle()
    houses.disk.fill()
    house.publish(Left("bob", ""))
    await house.settle()
    await house.place("bob")  # has it written, in vain
    houses.disk.clear()
    house.say("2")
    await house.settle()
    assert (await house.place("bob")).count == 1


@pytest_twisted.ensureDeferred
async def test_who_left_with_lines_that_were_refused_left_there(
    houses: Houses, house: House
) -> None:
    house.say("1")
    house.publish(Joined("bob"))
    await house.settle()
    houses.disk.fill()
    house.publish(Left("bob", ""))
    house.say("lost")
    await house.settle()
    houses.disk.clear()
    house.say("2")
    await house.settle()
    assert (await house.place("bob")).count == 1


@pytest.mark.parametrize(("count", "wanted"), [(1, ["4"]), (2, ["3", "4"]), (20, ["3", "4"])])
@pytest_twisted.ensureDeferred
async def test_the_last_lines_do_not_begin_below_the_floor(
    house: House, count: int, wanted: list[str]
) -> None:
    house.say("1", "2", "3", "4")
    await house.settle()
    place = await house.place("bob", count, floor=house.told.ids(LOBBY)[1])
    assert texts(await house.run(Span(LOBBY, place.after, place.last))) == wanted


@pytest_twisted.ensureDeferred
async def test_where_all_is_below_the_floor_there_are_no_last_lines(house: House) -> None:
    house.say("1", "2")
    await house.settle()
    floor = house.told.ids(LOBBY)[1]
    for count in (0, 20):
        assert (await house.place("bob", count, floor=floor)).after == floor


@pytest_twisted.ensureDeferred
async def test_what_is_below_the_floor_was_not_missed(house: House) -> None:
    visit(house)
    house.say("bob: secret", "bob: hi")
    await house.settle()
    place = await house.place("bob", floor=house.told.ids(LOBBY)[2])
    assert (place.count, place.naming) == (1, 1)


@pytest_twisted.ensureDeferred
async def test_what_was_done_to_a_room_is_no_message_that_was_missed(house: House) -> None:
    visit(house)
    events = (TopicSet("ann", "of bob"), Redaction("ann", "bob", 7), Redacted("bob", "ann"))
    for event in (*events, Sent("bob", "ann", "bob", False), Pasted("ann", "bob\nbob", 1)):
        house.publish(event)
    await house.settle()
    place = await house.place("bob")
    assert (place.count, place.naming) == (1, 1)
