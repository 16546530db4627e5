"""A plain terminal with somebody at it, and the conversation behind it."""

import pytest
from twisted.internet.testing import StringTransport

from tests.client.test_conversation import KEPT, Connection, says
from tests.times import TIMES
from twisted_chat.client.calls import Calls
from twisted_chat.client.conversation import Conversation
from twisted_chat.client.linear import LinearTerminal
from twisted_chat.client.model import Hands
from twisted_chat.core import refusals
from twisted_chat.core.events import Entry, Said, Told
from twisted_chat.core.outcomes import Answer, CaughtUp, Refused
from twisted_chat.core.requests import Help, Say
from twisted_chat.speech.lines_json import Heard

HINT = "-- /again says again what was perhaps not sent, /drop drops it\n"


class Person:
    """Who is in, and reads what she has not read yet."""

    def __init__(self) -> None:
        self.now = 0.0
        self.transport = StringTransport()
        hands = Hands(self._typed, lambda lines: None, lambda: None, lambda: None)
        self.terminal = LinearTerminal(hands, Calls(lambda: self.now, {}, looks=True))
        self.conversation = Conversation(self.terminal, "ann", TIMES)
        self.terminal.watch(self.conversation)
        self.terminal.makeConnection(self.transport)
        self.connects()
        self.reads()

    def _typed(self, line: bytes) -> None:
        self.conversation.typed(line)

    def connects(self) -> None:
        self.connection = Connection()
        self.conversation.connected(self.connection)
        self.answers(KEPT)
        for log in ("#lobby", "*"):
            self.conversation.heard(Heard(CaughtUp(log)))

    def answers(self, answer: Answer) -> None:
        """To what was asked last."""
        self.conversation.heard(Heard(answer, self.connection.asked[-1][1]))

    def hears(self, entry: Entry) -> None:
        self.conversation.heard(Heard(entry))

    def types(self, line: str) -> None:
        self.terminal.lineReceived(line.encode())

    def reads(self) -> str:
        read: str = self.transport.value().decode()
        self.transport.clear()
        return read

    def loses(self, *lines: str) -> None:
        """The connection, with these lines on their way and no way to know."""
        for line in lines:
            self.types(line)
        self.conversation.lost()
        for send in self.conversation.pending:
            send.left = True  # as one that an earlier run has left
        self.reads()
        self.connects()


@pytest.fixture
def ann() -> Person:
    return Person()


def test_a_line_that_names_one_has_a_mark_and_rings(ann: Person) -> None:
    ann.hears(says("#lobby", 8, "hi ann"))
    ann.hears(says("#lobby", 9, "hi all"))
    assert ann.reads() == "! bob: hi ann\n\abob: hi all\n"


def test_what_one_is_told_in_private_rings(ann: Person) -> None:
    ann.hears(Entry(8, "@ann", Told("bob", "ann", "psst")))
    assert ann.reads() == "[bob] psst\n\a"


def test_what_one_says_of_oneself_has_no_mark(ann: Person) -> None:
    ann.hears(Entry(8, "#lobby", Said("ann", "ann is me")))
    assert ann.reads() == "ann: ann is me\n"


def test_one_says_for_what_it_rings(ann: Person) -> None:
    ann.types("/notify off")
    assert ann.reads() == "-- you are called for nothing\n"
    ann.hears(says("#lobby", 8, "hi ann"))
    assert ann.reads() == "! bob: hi ann\n"


def test_what_waits_is_told_once_for_each_time_that_the_line_is_down(ann: Person) -> None:
    for _ in range(2):
        ann.conversation.lost()
        ann.types("one")
        ann.types("two")
        assert ann.reads() == "-- what you say waits for the connection\n"
        ann.connects()
        assert "waits" not in ann.reads()
        assert ann.connection.requests[-2:] == [Say("one", "#lobby"), Say("two", "#lobby")]


def test_what_was_perhaps_not_sent_is_asked_about_once_and_said_again(ann: Person) -> None:
    ann.loses("one", "two")
    perhaps = "-- perhaps not sent: {}\n"
    assert perhaps.format("one") + HINT + perhaps.format("two") in ann.reads()
    ann.types("/again")
    assert ann.reads() == "-- said again: ann: one\n-- said again: ann: two\n"
    assert ann.connection.requests[-2:] == [Say("one", "#lobby"), Say("two", "#lobby")]


def test_or_let_go(ann: Person) -> None:
    ann.loses("one")
    asked = len(ann.connection.asked)
    ann.reads()
    ann.types("/drop")
    assert ann.reads() == "-- dropped: ann: one\n"
    assert (ann.conversation.pending, len(ann.connection.asked)) == ((), asked)
    ann.types("/again")
    assert ann.reads() == "-- there is nothing that was not sent\n"


def test_of_those_that_were_refused_the_last_is_meant(ann: Person) -> None:
    for line in ("one", "two"):
        ann.types(line)
        ann.answers(Refused.of(refusals.not_in_room("#lobby")))
    ann.reads()
    ann.types("/again")
    assert ann.reads() == "-- said again: ann: two\n"
    assert ann.connection.requests[-1] == Say("two", "#lobby")


def test_what_answers_a_question_is_no_command(ann: Person) -> None:
    ann.types("/register")
    ann.types("/again again")
    assert "The same once more" in ann.reads()


def test_help_tells_what_can_be_typed_here_alone(ann: Person) -> None:
    ann.types("/help")
    assert "/again, /drop, /notify mentions|private|all|off" in ann.reads()
    assert ann.connection.requests[-1] == Help()
