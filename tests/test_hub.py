"""The hub: how often it flushes and sends, in which order, and what one failure may cost."""

from dataclasses import dataclass
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from tests.conftest import Leftovers
from twisted_chat.core.chat import Chat, Member
from twisted_chat.core.events import EVERYONE, LOBBY, Announced, Entry, Said
from twisted_chat.core.outcomes import Answer, Figures
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Announce,
    Enter,
    Kick,
    Leave,
    Rename,
    Request,
    Right,
    Say,
    Stats,
    Tell,
)
from twisted_chat.hub import LATEST, PACE, Hub
from twisted_chat.ports import Dialect, Reader, Session
from twisted_chat.roomlog import PAGE, RoomLog
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.text import TextDialect
from twisted_chat.stores.memory import MemoryStore


class Inbox:
    """A reader that keeps each send apart."""

    def __init__(self) -> None:
        self.full = False
        self.sends: list[bytes] = []

    def send(self, data: bytes) -> bool:
        self.sends.append(data)
        return not self.full


class BrokenInbox(Inbox):
    """A bug in one transport."""

    def send(self, data: bytes) -> bool:
        raise ZeroDivisionError("a bug")


class Guest:
    """The least that the hub takes for a session."""

    def __init__(self, dialect: Dialect, reader: Inbox) -> None:
        self.dialect = dialect
        self.reader: Reader = reader
        self.unsettled = 0
        self.gone = False
        self.inbox = reader
        self.answers: list[tuple[Answer, Tag]] = []
        self.refusals: list[tuple[Refusal, Tag]] = []
        self.ends: list[str] = []
        self.member: Member

    def settle(self, count: int) -> None:
        self.unsettled -= count

    def speak(self) -> None:
        """It keeps its answers apart, and sends none."""

    def answer(self, answer: Answer, tag: Tag) -> None:
        self.answers.append((answer, tag))

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        self.refusals.append((refusal, tag))

    def depart(self, tag: Tag) -> None:
        self.ends.append("departed")

    def dismiss(self, told: str, why: str) -> None:
        self.ends.append(told)

    def reads(self) -> list[str]:
        """The lines that came since it was asked last."""
        sends, self.inbox.sends = self.inbox.sends, []
        return b"".join(sends).decode().splitlines()


_: type[Session] = Guest


class House:
    """A hub with guests. ``turn`` is one turn of the reactor, in which no time passes."""

    def __init__(self, delay: float = 0.0) -> None:
        self.clock = Clock()
        self.dialect = TextDialect()
        self.hub = Hub(Chat(), MemoryStore(self.clock.seconds), self.clock, delay)

    def turn(self) -> None:
        self.clock.advance(0)

    def rest(self) -> None:
        """Until all that is paced is out, and the next join comes at once."""
        for _ in range(3):
            self.clock.advance(LATEST)

    def enters(self, name: str, reader: Inbox | None = None) -> Guest:
        guest = Guest(self.dialect, reader or Inbox())
        entered: list[Member] = []
        coroutine = self.hub.enter(guest, (Enter(name), None), name)
        Deferred.fromCoroutine(coroutine).addCallback(entered.append)
        [guest.member] = entered
        return guest

    def enter(self, *names: str) -> list[Guest]:
        """Guests who have read all about each other."""
        guests = [self.enters(name) for name in names]
        self.rest()
        for guest in guests:
            guest.inbox.sends.clear()
        return guests

    def asks(self, guest: Guest, request: Request, tag: Tag = None) -> None:
        self.hub.perform(guest, guest.member, (request, tag))

    def says(self, guest: Guest, *lines: str) -> None:
        for line in lines:
            self.asks(guest, Say(line))


@pytest.fixture
def house() -> House:
    return House()


# when


def test_nothing_is_sent_before_the_end_of_the_turn(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    house.says(ann, "hello")
    assert bob.inbox.sends == []
    house.turn()
    assert bob.inbox.sends == [b"ann: hello\r\n"]


def test_all_lines_of_a_turn_are_one_send_for_each_reader(house: House) -> None:
    ann, bob, cy = house.enter("ann", "bob", "cy")
    house.says(ann, "one", "two", "three")
    house.turn()
    assert bob.inbox.sends == cy.inbox.sends == [b"ann: one\r\nann: two\r\nann: three\r\n"]
    assert ann.inbox.sends == []


def test_all_readers_are_handed_the_same_bytes(house: House) -> None:
    ann, bob, cy = house.enter("ann", "bob", "cy")
    house.says(ann, "one", "two")
    house.turn()
    assert bob.inbox.sends[0] is cy.inbox.sends[0]


def test_a_turn_makes_one_call_later_whatever_the_number_of_lines(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    house.says(ann, "one", "two")
    house.says(bob, "three")
    assert len(house.clock.getDelayedCalls()) == 1


def test_who_speaks_reads_what_others_said_in_the_turn(house: House) -> None:
    ann, bob, cy = house.enter("ann", "bob", "cy")
    house.says(ann, "one")
    house.says(bob, "two")
    house.turn()
    assert ann.inbox.sends == [b"bob: two\r\n"]
    assert bob.inbox.sends == [b"ann: one\r\n"]
    assert cy.inbox.sends == [b"ann: one\r\nbob: two\r\n"]


def test_nothing_waits_when_nothing_was_said(house: House) -> None:
    house.enter("ann", "bob")
    assert house.clock.getDelayedCalls() == []


# storms of joins


def test_the_first_join_is_told_at_once(house: House) -> None:
    [ann] = house.enter("ann")
    house.enters("bob")
    house.turn()
    assert ann.reads() == ["-- bob joined"]


def test_the_joins_of_a_storm_are_told_together_and_later(house: House) -> None:
    [ann] = house.enter("ann")
    for number in range(11):
        house.enters(f"guest{number}")
        house.turn()
    assert ann.reads() == ["-- guest0 joined"]
    house.clock.advance(12 * PACE)
    assert len(ann.inbox.sends) == 1
    assert ann.reads() == [
        "-- guest1, guest2, guest3, guest4, guest5, guest6, guest7, guest8 and 2 others joined"
    ]


def test_nobody_waits_longer_than_the_bound_for_who_came(house: House) -> None:
    [ann] = house.enter("ann")
    for number in range(100):
        house.enters(f"guest{number}")
    house.clock.advance(LATEST)
    told = sum(int(line.split(" and ")[1].split()[0]) + 8 for line in ann.reads())
    assert told == 100


def test_what_is_said_in_a_storm_is_told_at_once_and_after_the_joins_before_it(
    house: House,
) -> None:
    ann, bob = house.enter("ann", "bob")
    house.enters("cy")
    house.turn()
    house.enters("dan")
    house.turn()
    assert bob.reads() == ["-- cy joined"]
    house.says(ann, "hello")
    house.turn()
    assert bob.reads() == ["-- dan joined", "ann: hello"]


def test_a_comer_reads_what_is_said_after_her_join_though_that_is_not_told_yet(
    house: House,
) -> None:
    ann, _ = house.enter("ann", "bob")
    house.enters("cy")
    house.turn()
    dan = house.enters("dan")
    house.says(ann, "hello")
    house.turn()
    assert dan.reads() == ["ann: hello"]


# --flush-delay


def test_with_a_delay_the_first_line_goes_at_once_and_the_next_are_joined() -> None:
    house = House(delay=0.005)
    ann, bob = house.enter("ann", "bob")
    house.says(ann, "one")
    house.turn()
    house.says(ann, "two")
    house.turn()
    house.says(ann, "three")
    house.turn()
    assert bob.inbox.sends == [b"ann: one\r\n"]
    house.clock.advance(0.005)
    assert bob.inbox.sends[1:] == [b"ann: two\r\nann: three\r\n"]


def test_with_a_delay_a_line_after_a_pause_goes_at_once() -> None:
    house = House(delay=0.005)
    ann, bob = house.enter("ann", "bob")
    for line in ("one", "two"):
        house.clock.advance(0.005)
        house.says(ann, line)
        house.turn()
        assert bob.reads() == [f"ann: {line}"]


def test_the_delay_of_one_log_does_not_hold_up_another() -> None:
    house = House(delay=1.0)
    ann, bob = house.enter("ann", "bob")
    house.says(ann, "one")
    house.turn()
    house.says(ann, "two")
    house.asks(ann, Tell("bob", "psst"))
    house.turn()
    assert bob.reads() == ["ann: one", "[ann] psst"]


# what goes wrong


class BrokenDialect(TextDialect):
    """It has no words for what the operator says."""

    def line(self, entry: Entry) -> bytes:
        if isinstance(entry.event, Announced):
            raise ZeroDivisionError("a bug")
        return super().line(entry)


@dataclass
class Broken:
    """A house in which the log of announcements cannot be handed out."""

    house: House
    ann: Guest
    bob: Guest


@pytest.fixture
def broken() -> Broken:
    house = House()
    house.dialect = BrokenDialect()
    return Broken(house, *house.enter("ann", "bob"))


def test_a_log_that_fails_does_not_hold_up_another(broken: Broken, leftovers: Leftovers) -> None:
    broken.house.hub.announce(Announced("tea"))
    broken.house.says(broken.ann, "hello")
    broken.house.turn()
    assert broken.bob.reads() == ["ann: hello"]
    [logged] = leftovers.flush()
    assert logged["log_failure"].check(ZeroDivisionError)
    assert logged["log"] == EVERYONE


def test_a_log_that_failed_once_is_handed_out_the_next_time(
    broken: Broken, leftovers: Leftovers
) -> None:
    broken.house.hub.announce(Announced("tea"))
    broken.house.turn()
    leftovers.flush()
    broken.house.says(broken.ann, "hello")
    broken.house.turn()
    assert broken.bob.reads() == ["ann: hello"]
    assert leftovers.flush() == []


def test_who_spoke_in_a_log_that_failed_waits_for_nothing(
    broken: Broken, leftovers: Leftovers
) -> None:
    broken.ann.member.right = Right.OPERATOR
    broken.house.asks(broken.ann, Announce("tea"))
    broken.house.turn()
    leftovers.flush()
    assert broken.ann.unsettled == 0


def test_a_reader_that_fails_costs_no_other_reader_a_line(
    house: House, leftovers: Leftovers
) -> None:
    house.enters("broken", BrokenInbox())
    house.rest()
    leftovers.flush()
    ann, bob = house.enter("ann", "bob")
    leftovers.flush()
    house.says(ann, "hello")
    house.turn()
    leftovers.flush()
    assert bob.reads() == ["ann: hello"]


def test_after_the_close_nothing_is_due(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    house.enters("cy")
    house.turn()
    house.enters("dan")
    house.says(ann, "hello")
    Deferred.fromCoroutine(house.hub.close("see you"))
    assert bob.reads()[-2:] == ["ann: hello", "-- Server is shutting down. see you"]
    assert house.clock.getDelayedCalls() == []


# those who lag


def lags(house: House, guest: Guest, lines: int) -> None:
    """Somebody is full since before these lines, which ``ann`` said."""
    ann = house.hub.sessions[house.hub.chat.members["ann"]]
    assert isinstance(ann, Guest)
    guest.inbox.full = True
    house.says(ann, "the last that it takes")
    house.turn()
    guest.inbox.sends.clear()
    house.says(ann, *map(str, range(lines)))
    house.turn()


def test_who_lags_is_sent_nothing_and_the_others_all(house: House) -> None:
    _, bob, cy = house.enter("ann", "bob", "cy")
    lags(house, bob, 3)
    assert bob.reads() == []
    assert cy.reads()[1:] == ["ann: 0", "ann: 1", "ann: 2"]


def test_who_has_room_again_reads_on_where_she_was(house: House) -> None:
    _, bob = house.enter("ann", "bob")
    lags(house, bob, 3)
    bob.inbox.full = False
    house.hub.catch_up(bob)
    assert bob.reads() == ["ann: 0", "ann: 1", "ann: 2"]


def test_who_lagged_far_reads_a_page_a_turn(house: House) -> None:
    _, bob = house.enter("ann", "bob")
    lags(house, bob, 2 * PAGE + 1)
    bob.inbox.full = False
    house.hub.catch_up(bob)
    assert len(bob.reads()) == PAGE
    house.turn()
    assert bob.reads()[-1] == f"ann: {2 * PAGE}"
    assert house.clock.getDelayedCalls() == []


def test_who_is_full_again_in_the_middle_is_sent_no_more_until_there_is_room(
    house: House,
) -> None:
    _, bob = house.enter("ann", "bob")
    lags(house, bob, 3 * PAGE)
    bob.inbox.full = False
    house.hub.catch_up(bob)
    bob.inbox.full = True
    house.turn()
    assert len(bob.reads()) == PAGE
    bob.inbox.full = False
    house.hub.catch_up(bob)
    house.turn()
    assert bob.reads()[-1] == f"ann: {3 * PAGE - 1}"


def test_what_is_said_while_one_catches_up_comes_once_and_in_order(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    lags(house, bob, PAGE + 1)
    bob.inbox.full = False
    house.hub.catch_up(bob)
    house.says(ann, "new")
    house.rest()
    assert bob.reads()[PAGE - 1 :] == [f"ann: {PAGE - 1}", f"ann: {PAGE}", "ann: new"]


def test_who_leaves_while_she_lags_is_forgotten(house: House) -> None:
    _, bob = house.enter("ann", "bob")
    lags(house, bob, 3)
    house.hub.leave(bob, bob.member, "connection lost")
    house.rest()
    assert bob.reads() == []
    assert figures(house)["readers that lag"] == "0"


# who is asked, and what is counted


def figures(house: House) -> dict[str, str]:
    """As an operator is told them."""
    operator = Guest(house.dialect, Inbox())
    house.hub.perform(operator, house.hub.chat.operator(0.0), (Stats(), None))
    [(answer, _)] = operator.answers
    assert isinstance(answer, Figures)
    return dict(answer.figures)


def test_the_figures_count_people_entries_and_those_who_lag(house: House) -> None:
    ann, bob, cy = house.enter("ann", "bob", "cy")
    before = int(figures(house)["entries"])
    house.says(ann, "one", "two")
    lags(house, bob, 3)
    counted = figures(house)
    assert counted["people here"] == "3"
    assert int(counted["entries"]) == before + 6
    assert counted["readers that lag"] == "1"
    assert cy.unsettled == 0


def test_the_time_since_the_start_is_told(house: House) -> None:
    house.clock.advance(5400)
    assert figures(house)["up for"] == "1h30m"


def test_an_answer_has_the_tag_of_what_was_asked(house: House) -> None:
    [ann] = house.enter("ann")
    ann.answers.clear()
    ann.member.right = Right.OPERATOR
    house.asks(ann, Stats(), "a-1")
    [(_, tag)] = ann.answers
    assert tag == "a-1"


def test_who_departs_is_told_to_her_own_session(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    house.asks(ann, Leave())
    assert (ann.ends, bob.ends) == (["departed"], [])


def test_who_is_kicked_is_dismissed_and_nobody_else(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.member.right = Right.OPERATOR
    house.asks(ann, Kick("BOB", "spam"))
    assert (ann.ends, bob.ends) == ([], ["You were kicked: spam."])


def test_who_has_a_new_name_is_found_by_it(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    house.asks(ann, Rename("zoe"))
    house.asks(bob, Tell("zoe", "psst"))
    house.turn()
    assert "[bob] psst" in ann.reads()


def test_what_the_store_cannot_keep_is_refused_to_the_asker_with_the_tag(house: House) -> None:
    [ann] = house.enter("ann")
    ann.unsettled = 1
    house.hub.refused(LOBBY, Said("ann", "hello"), (ann, 5))
    [(refusal, tag)] = ann.refusals
    assert (refusal.code, tag, ann.unsettled) == ("not-kept", 5, 0)


def test_a_private_conversation_leaves_nothing_behind(house: House) -> None:
    ann, _ = house.enter("ann", "bob")
    before = open_logs(house)
    house.asks(ann, Tell("bob", "psst"))
    house.turn()
    assert open_logs(house) == before


def open_logs(house: House) -> dict[str, RoomLog]:
    """There is no figure for it, and a leak in it is found only here."""
    logs: dict[str, Any] = house.hub._logs
    return dict(logs)
