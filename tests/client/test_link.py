"""Connections one after another: pauses, questions whether anybody is there, and every end."""

import json
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.error import ConnectionDone, ConnectionLost, ConnectionRefusedError
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure

from twisted_chat.client.link import LAST_CALL, End, Ending, Habits, Link, LinkState
from twisted_chat.client.protocol import ChatClientProtocol
from twisted_chat.client.reaching import NotTrusted
from twisted_chat.core.events import Entry, Said
from twisted_chat.core.outcomes import Hello, Pong, Refused
from twisted_chat.speech.lines_json import Heard, write

HABITS = Habits(
    first=1.0, longest=4.0, growth=2.0, chance=lambda: 1.0, ping=10.0, dead=5.0, hurry=2.0
)
HELLO = write(Hello(1, "twisted_chat", 4096), None)


class Wire(StringTransport):
    """One that can be cut."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True


class Owner:
    """Whoever has the link: keeps what it is told, on a reactor in memory."""

    def __init__(self, habits: Habits = HABITS) -> None:
        self.reactor = MemoryReactorClock()
        endpoint: Any = clientFromString(self.reactor, "tcp:127.0.0.1:9999")
        self.link = Link(self.reactor, endpoint, habits)
        self.states: list[LinkState] = []
        self.things: list[Heard] = []
        self.lost_by: list[End] = []
        self.ended: list[End] = []
        Deferred.fromCoroutine(self.link.run(self)).addCallback(self.ended.append)

    def connected(self, connection: ChatClientProtocol) -> None:
        """It waits for nothing."""

    def heard(self, heard: Heard) -> None:
        self.things.append(heard)

    def unclear(self, why: str) -> None:
        """It is of no account here."""

    def changed(self, link: Link) -> None:
        if not self.states or self.states[-1] is not link.state:
            self.states.append(link.state)

    def lost(self, end: End) -> None:
        self.lost_by.append(end)

    # the other end

    @property
    def tries(self) -> int:
        return len(self.reactor.tcpClients)

    def is_refused(self, error: Exception | None = None) -> None:
        factory = self.reactor.tcpClients[-1][2]
        connector = self.reactor.connectors[-1]
        factory.clientConnectionFailed(connector, Failure(error or ConnectionRefusedError()))

    def is_met(self, *data: bytes) -> None:
        made: Any = self.reactor.tcpClients[-1][2].buildProtocol(None)
        self.protocol = made
        self.wire = Wire()
        self.protocol.makeConnection(self.wire)
        for some in data:
            self.protocol.dataReceived(some)

    def is_cut(self, error: Exception | None = None) -> None:
        self.protocol.connectionLost(Failure(error or ConnectionLost()))

    def pings(self) -> list[str]:
        lines = [json.loads(line) for line in self.wire.value().splitlines() if line[:1] == b"{"]
        return [line["tag"] for line in lines if line["do"] == "ping"]

    def answers(self, what: Any = None) -> None:
        self.protocol.dataReceived(write(what or Pong(), self.pings()[-1]))

    def passes(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.reactor.advance(1)


@pytest.fixture
def owner() -> Owner:
    """Who is in."""
    owner = Owner()
    owner.is_met(HELLO)
    owner.link.settled()
    return owner


def test_its_states_are_told_one_after_the_other() -> None:
    owner = Owner()
    owner.is_refused()
    owner.passes(1)
    owner.is_met(HELLO)
    owner.link.stop()
    owner.is_cut(ConnectionDone())
    connecting, waiting = LinkState.CONNECTING, LinkState.WAITING
    assert owner.states == [connecting, waiting, connecting, LinkState.TALKING, LinkState.GONE]
    assert owner.ended == [End(Ending.LOST, greeted=True)]


def test_pauses_grow_up_to_a_bound_and_begin_again_for_who_was_in() -> None:
    owner = Owner()
    pauses = []
    for _ in range(5):
        owner.is_refused()
        assert owner.link.next_try is not None
        pauses.append(owner.link.next_try - owner.reactor.seconds())
        owner.passes(pauses[-1])
    owner.is_met(HELLO)
    owner.link.settled()
    owner.is_cut()
    assert owner.link.next_try is not None
    pauses.append(owner.link.next_try - owner.reactor.seconds())
    assert pauses == [1.0, 2.0, 4.0, 4.0, 4.0, 1.0]


def test_chance_makes_a_pause_half_as_long_to_as_long() -> None:
    assert [Habits(chance=lambda: 0.0).pause(0), Habits(chance=lambda: 1.0).pause(0)] == [0.25, 0.5]


def test_a_key_ends_a_pause() -> None:
    owner = Owner()
    owner.is_refused()
    owner.link.now()
    assert owner.tries == 2
    owner.link.now()
    assert owner.tries == 2


def test_a_key_asks_a_connection_at_once_whether_it_is_there(owner: Owner) -> None:
    owner.answers()
    owner.link.now()
    assert len(owner.pings()) == 2


@pytest.mark.parametrize("answered", [True, False])
def test_and_does_not_wait_long_for_the_answer(owner: Owner, answered: bool) -> None:
    owner.answers()
    owner.link.now()
    if answered:
        owner.answers()
    owner.passes(HABITS.hurry)
    assert owner.wire.aborted is not answered


def test_a_key_before_the_hello_asks_nothing() -> None:
    owner = Owner()
    owner.is_met()
    owner.link.now()
    owner.passes(HABITS.hurry)
    assert not owner.wire.aborted
    assert owner.pings() == []


def test_the_delay_is_that_of_the_last_question(owner: Owner) -> None:
    owner.reactor.advance(0.25)
    owner.answers()
    assert owner.link.delay == 0.25
    assert owner.things == []


def test_a_chat_that_knows_no_such_question_answers_it_too(owner: Owner) -> None:
    owner.reactor.advance(0.5)
    owner.answers(Refused("no-such-command", "There is no /ping."))
    assert (owner.link.delay, owner.things) == (0.5, [])


def test_who_does_not_answer_and_says_nothing_is_not_there(owner: Owner) -> None:
    owner.passes(HABITS.dead)
    assert owner.wire.aborted


def test_who_says_anything_is_there(owner: Owner) -> None:
    owner.passes(HABITS.dead - 1)
    owner.protocol.dataReceived(write(Entry(7, "#lobby", Said("bob", "hi")), None))
    owner.passes(1)
    assert not owner.wire.aborted
    owner.passes(HABITS.ping)
    assert len(owner.pings()) == 2
    owner.passes(HABITS.dead)
    assert owner.wire.aborted


def test_of_who_is_not_read_nobody_says_that_she_is_not_there(owner: Owner) -> None:
    owner.link.hold()
    owner.passes(3 * (HABITS.dead + HABITS.ping))
    assert not owner.wire.aborted
    owner.link.go_on()
    owner.passes(HABITS.dead)
    assert not owner.wire.aborted


def test_what_is_held_is_read_later_and_by_the_next_connection_too(owner: Owner) -> None:
    owner.link.hold()
    assert owner.wire.producerState == "paused"
    owner.is_cut()
    owner.passes(HABITS.longest)
    owner.is_met()
    assert owner.wire.producerState == "paused"
    owner.protocol.dataReceived(HELLO + write(Entry(7, "#lobby", Said("bob", "hi")), None))
    assert owner.things == []
    owner.link.go_on()
    assert len(owner.things) == 1


def test_who_says_no_hello_is_given_up() -> None:
    owner = Owner()
    owner.is_met()
    owner.passes(HABITS.hello)
    assert owner.wire.disconnecting
    owner.is_cut(ConnectionDone())
    assert owner.lost_by == [End(Ending.NO_ANSWER)]


def test_a_full_chat_is_told_in_its_words() -> None:
    owner = Owner()
    owner.is_met(b"-- The chat is full.\r\n")
    owner.is_cut(ConnectionDone())
    assert owner.lost_by == [End(Ending.TURNED_AWAY, "The chat is full.")]


def test_who_is_not_to_be_trusted_is_not_tried_again() -> None:
    owner = Owner()
    owner.is_refused(NotTrusted("another key"))
    assert owner.ended == [End(Ending.NO_CONNECTION, "another key", final=True)]


def test_one_connection_is_all_for_who_wants_no_more() -> None:
    owner = Owner(Habits(reconnects=False))
    owner.is_refused()
    assert owner.ended == [End(Ending.NO_CONNECTION, "nothing listens there")]


@pytest.mark.parametrize("waits", ["to connect", "for the next try"])
def test_who_stops_waits_for_nothing(waits: str) -> None:
    owner = Owner()
    if waits == "for the next try":
        owner.is_refused()
    owner.link.stop()
    assert len(owner.ended) == 1
    assert owner.reactor.getDelayedCalls() == []


def test_a_connection_that_does_not_end_in_good_order_is_cut(owner: Owner) -> None:
    owner.link.stop()
    assert owner.wire.disconnecting
    owner.passes(LAST_CALL)
    assert owner.wire.aborted
    owner.is_cut()
    assert owner.reactor.getDelayedCalls() == []


def test_a_connection_that_is_dropped_is_followed_by_another(owner: Owner) -> None:
    owner.link.drop()
    owner.is_cut(ConnectionDone())
    owner.passes(HABITS.longest)
    assert owner.tries == 2
