"""Who one is and where, and what it takes to come back."""

import pytest

from twisted_chat.client.seat import MOST_AGAIN, Seat, gone
from twisted_chat.core import refusals
from twisted_chat.core.events import Announced, Entry, Moved, Renamed, Said, Told
from twisted_chat.core.outcomes import CaughtUp, Entered, Outside, Refused, Welcomed
from twisted_chat.core.requests import Enter
from twisted_chat.speech.lines_json import MOST_ROOMS

WELCOME = Welcomed("ann", "#lobby", (), 0, "", "for 30d", last=7)


@pytest.fixture
def seat() -> Seat:
    seat = Seat("ann")
    seat.welcomed(WELCOME)
    return seat


def test_who_comes_for_the_first_time_has_no_places() -> None:
    assert Seat("ann", "secret", "house").enter() == Enter("ann", (), "secret", "house")


def test_who_comes_back_reads_on_from_where_she_came_in(seat: Seat) -> None:
    assert seat.enter() == Enter("ann", (("#lobby", 7), ("*", 7)))


def test_in_a_chat_in_which_nothing_was_said_yet_one_reads_on_from_the_beginning() -> None:
    seat = Seat("ann")
    seat.welcomed(Welcomed("ann", "#lobby", (), 0, "", "for 30d"))
    assert seat.places() == (("#lobby", 0), ("*", 0))


def test_where_nothing_is_kept_there_is_no_beginning_to_read_on_from() -> None:
    seat = Seat("ann")
    seat.welcomed(Welcomed("ann", "#lobby", (), 0, ""))
    assert seat.places() == ()


def test_a_room_that_one_was_in_on_another_device_is_not_read_from_its_beginning() -> None:
    seat = Seat("ann", read={"#lobby": 7, "*": 9})
    seat.welcomed(Welcomed("ann", "#lab", (), 0, "", "for 30d", rooms=("#lobby", "#lab")))
    assert dict(seat.places())["#lab"] == 9


def test_each_log_is_read_up_to_its_last_entry_and_the_room_where_one_talks_is_the_last(
    seat: Seat,
) -> None:
    seat.entered(Entered("#lab", "", (), 0))
    seat.entered(Entered("#den", "", (), 0))
    seat.entered(Entered("#lab", "", (), 0))
    for entry in (Entry(9, "#lab", Said("bob", "hi")), Entry(8, "*", Announced("tea"))):
        seat.reads(entry, own=False)
    assert seat.places() == (("#lobby", 7), ("#den", 7), ("#lab", 9), ("*", 8))


def test_what_is_read_late_does_not_set_a_place_back(seat: Seat) -> None:
    seat.reads(Entry(3, "#lobby", Said("bob", "hi")), own=False)
    assert dict(seat.places())["#lobby"] == 7


def test_a_room_that_one_left_is_not_come_back_to(seat: Seat) -> None:
    seat.entered(Entered("#lab", "", (), 0))
    seat.outside(Outside("#lab", "#lobby", "You left #lab"))
    seat.reads(Entry(9, "#lab", Said("ann", "bye")), own=True)
    assert (seat.rooms, seat.room) == (("#lobby",), "#lobby")


def test_a_room_of_another_name_is_come_back_to_by_it(seat: Seat) -> None:
    seat.entered(Entered("#lab", "", (), 0))
    seat.follows(Entry(9, "#lab", Moved("bob", "#den")))
    assert (seat.rooms, seat.room) == (("#lobby", "#den"), "#den")


def test_what_is_told_to_one_alone_has_a_place_when_the_name_is_ones_own() -> None:
    guest, owner = Seat("ann"), Seat("ann")
    guest.welcomed(WELCOME)
    owner.welcomed(Welcomed("ann", "#lobby", (), 0, "", "for 30d", last=7, owned=True))
    for seat in (guest, owner):
        seat.reads(Entry(9, "@ann", Told("bob", "ann", "psst")), own=False)
    assert "@ann" not in dict(guest.places())
    assert dict(owner.places())["@ann"] == 9


def test_who_was_told_nothing_has_that_place_when_it_is_known_that_she_was_not() -> None:
    seat = Seat("ann")
    seat.welcomed(Welcomed("ann", "#lobby", (), 0, "", "for 30d", last=7, owned=True))
    assert "@ann" not in dict(seat.places())
    seat.caught_up(CaughtUp("@ann"))
    assert dict(seat.places())["@ann"] == 7


def test_one_is_oneself_by_all_names_that_one_had(seat: Seat) -> None:
    seat.follows(Entry(9, "#lobby", Renamed("ann", "anna")))
    assert (seat.name, seat.is_me("ANN"), seat.is_me("Anna"), seat.is_me("eve")) == (
        "anna",
        True,
        True,
        False,
    )


def test_what_an_earlier_run_left_is_read_from_further_back() -> None:
    seat = Seat("ann", read={"#lobby": 9, "*": 3})
    seat.reads_on({"#lobby": 5, "#lab": 4, "*": 7})
    assert seat.read == {"#lobby": 5, "#lab": 4, "*": 3}
    assert seat.rooms == ("#lobby", "#lab")


@pytest.mark.parametrize(
    ("refusal", "logs"),
    [
        (refusals.no_such_room("#lab"), ("#lab",)),
        (refusals.banned(" in #den", "10m", "bob", ""), ("#den",)),
        (refusals.banned("", "10m", "bob", ""), ()),
        (refusals.no_such_room("@ann"), ("@ann",)),
        (refusals.busy(), ()),
    ],
)
def test_the_logs_because_of_which_one_is_not_let_in_are_named(
    refusal: refusals.Refusal, logs: tuple[str, ...]
) -> None:
    request = Enter("ann", (("#lobby", 7), ("#lab", 7), ("#den", 7), ("@ann", 7), ("*", 7)))
    assert gone(refusal, request) == logs


def test_where_they_are_not_named_it_may_be_any() -> None:
    request = Enter("ann", (("#lobby", 7), ("#lab", 7)))
    refusal = Refused("no-such-room", "of another version")
    assert gone(refusals.Refusal(refusal.code, refusal.text), request) == ("#lab",)


def test_of_many_rooms_that_are_gone_some_are_gone_to_again_and_that_where_one_talked(
    seat: Seat,
) -> None:
    rooms = [f"#{number}" for number in range(MOST_AGAIN + 3)]
    for room in rooms:
        seat.entered(Entered(room, "", (), 0))
    assert [seat.loses((room,)) for room in rooms] == [*[True] * MOST_AGAIN, False, False, True]
    assert [*seat.lost] == [*rooms[:MOST_AGAIN], rooms[-1]]
    assert not seat.loses(("@ann",))


def test_what_is_not_to_be_had_any_more_is_come_back_without(seat: Seat) -> None:
    seat.entered(Entered("#lab", "", (), 0))
    seat.without(("#lab",))
    assert seat.places() == (("#lobby", 7), ("*", 7))


def test_a_server_that_invents_rooms_fills_no_memory(seat: Seat) -> None:
    for number in range(MOST_ROOMS + 100):
        seat.reads(Entry(9, f"#r{number}", Said("bob", "hi")), own=False)
    assert len(seat.rooms) == MOST_ROOMS
    assert len(seat.read) == MOST_ROOMS + 1  # and what is told to all
    seat.reads(Entry(11, "#lobby", Said("bob", "hi")), own=False)
    assert seat.read["#lobby"] == 11
