"""One connection to a chat, as the client has it: bytes in, what they mean out."""

from dataclasses import dataclass, field

import pytest
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from twisted_chat.client.protocol import LONGEST, ChatClientFactory, ChatClientProtocol
from twisted_chat.core.events import Entry, Said
from twisted_chat.core.outcomes import Goodbye, Hello
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Names, Say
from twisted_chat.speech.lines_json import Heard, write

HELLO = write(Hello(1, "twisted_chat", 4096), None)
ENTRY = Entry(7, "#lobby", Said("bob", "hi"))


@dataclass
class Listener:
    """Keeps what it is told."""

    connections: list[ChatClientProtocol] = field(default_factory=list)
    things: list[Heard] = field(default_factory=list)
    whys: list[str] = field(default_factory=list)

    def connected(self, connection: ChatClientProtocol) -> None:
        self.connections.append(connection)

    def heard(self, heard: Heard) -> None:
        self.things.append(heard)

    def unclear(self, why: str) -> None:
        self.whys.append(why)


@dataclass
class Line:
    """A connection that was just made."""

    listener: Listener
    protocol: ChatClientProtocol
    wire: StringTransport

    def brings(self, *data: bytes) -> None:
        for some in data:
            self.protocol.dataReceived(some)

    def ends(self) -> list[str]:
        """Close it in good order; what the protocol gives then."""
        said: list[str] = []
        self.protocol.connectionLost(Failure(ConnectionDone()))
        self.protocol.ended.addCallback(said.append)
        return said


@pytest.fixture
def line() -> Line:
    listener, wire = Listener(), StringTransport()
    protocol = ChatClientFactory(listener).buildProtocol(None)
    protocol.makeConnection(wire)
    return Line(listener, protocol, wire)


def test_it_asks_for_json_first(line: Line) -> None:
    assert line.wire.value() == b"/json\n"


def test_the_greeting_for_people_is_passed_over(line: Line) -> None:
    line.brings(b"Welcome to the chat server! What's your name?\r\n", HELLO)
    assert line.listener.connections == [line.protocol]
    assert line.listener.things == []
    assert line.listener.whys == []


def test_it_is_connected_when_the_server_has_said_hello(line: Line) -> None:
    assert not line.protocol.talks
    line.brings(HELLO)
    assert line.protocol.talks


def test_a_server_that_would_not_read_a_name_is_told_as_unclear_and_left(line: Line) -> None:
    def too_long(connection: ChatClientProtocol) -> None:
        connection.ask(Names(), 1)
        connection.ask(Say("ann"), 2)

    line.listener.connected = too_long  # type: ignore[method-assign]
    line.brings(write(Hello(1, "twisted_chat", 0), None))
    assert len(line.listener.whys) == 1
    assert line.wire.disconnecting


def test_entries_and_answers_are_told_with_their_tags(line: Line) -> None:
    line.brings(HELLO, write(ENTRY, 3) + write(Goodbye(""), None))
    assert line.listener.things == [Heard(ENTRY, 3), Heard(Goodbye(""), None)]


def test_a_line_in_pieces_is_one_line(line: Line) -> None:
    whole = HELLO + write(ENTRY, None)
    line.brings(*(bytes([byte]) for byte in whole))
    assert line.listener.things == [Heard(ENTRY)]


def test_what_a_newer_server_says_beside_is_passed_over(line: Line) -> None:
    line.brings(HELLO, b'{"type": "weather", "rain": true}\n')
    assert line.listener.things == []
    assert line.listener.whys == []


@pytest.mark.parametrize(
    "wrong", [b"hello\n", b"[]\n", b"{}\n", b'{"type": "said"}\n', b"{\xff}\n", b"\n"]
)
def test_what_is_not_the_servers_language_is_told_as_unclear(line: Line, wrong: bytes) -> None:
    line.brings(HELLO, wrong, write(ENTRY, None))
    assert len(line.listener.whys) == 1
    assert line.listener.things == [Heard(ENTRY)]


def test_the_same_trouble_is_told_once_however_often_it_comes(line: Line) -> None:
    line.brings(HELLO, b"hello\n[]\n" * 1000)
    assert len(line.listener.whys) == 2


def test_a_line_without_end_is_told_as_unclear_and_ends_the_connection(line: Line) -> None:
    line.brings(HELLO, b"x" * (LONGEST + 2))
    assert len(line.listener.whys) == 1
    assert line.wire.disconnecting


def test_requests_are_sent_with_their_tags(line: Line) -> None:
    line.brings(HELLO)
    line.wire.clear()
    line.protocol.ask(Say("hi"), 5)
    line.protocol.ask(Names(), None)
    assert line.wire.value() == b'{"do":"say","tag":5,"text":"hi"}\n{"do":"names"}\n'


def test_a_line_that_the_server_would_not_read_is_refused_here_and_a_paste_is_not(
    line: Line,
) -> None:
    line.brings(HELLO)
    line.wire.clear()
    with pytest.raises(Refusal) as caught:
        line.protocol.ask(Say("é" * 2048 + "x"), 1)
    assert caught.value.code == "line-too-long"
    assert line.wire.value() == b""
    line.protocol.ask(Say("é" * 2048), 1)
    line.wire.clear()
    line.protocol.ask(Say("x\n" * 4096), 2)
    assert len(line.wire.value()) > 3 * 4096


def test_what_a_server_says_instead_of_hello_is_given_at_the_end(line: Line) -> None:
    line.brings(b"-- The chat is full (5 of 5). Please try again later.\r\n")
    assert line.ends() == ["The chat is full (5 of 5). Please try again later."]


def test_what_is_said_instead_of_hello_has_no_control_characters(line: Line) -> None:
    line.brings(b"SSH-2.0-\x1b[2JOpenSSH\x07\r\n")
    assert line.ends() == ["SSH-2.0-OpenSSH"]


def test_nothing_is_given_at_the_end_of_a_connection_that_talked(line: Line) -> None:
    line.brings(HELLO)
    assert line.ends() == [""]


def test_a_connection_that_is_lost_fails(line: Line) -> None:
    failures: list[Failure] = []
    line.brings(HELLO)
    line.protocol.connectionLost(Failure(ConnectionLost()))
    line.protocol.ended.addErrback(failures.append)
    [failure] = failures
    assert failure.check(ConnectionLost)


def test_whatever_ends_a_connection_is_told_as_its_loss(line: Line) -> None:
    """A failed TLS handshake comes as an error of OpenSSL's."""
    failures: list[Failure] = []
    line.protocol.connectionLost(Failure(OSError("certificate verify failed")))
    line.protocol.ended.addErrback(failures.append)
    [failure] = failures
    assert failure.check(ConnectionLost)


def test_giving_up_closes_what_has_not_said_hello(line: Line) -> None:
    line.protocol.give_up()
    assert line.protocol.gave_up
    assert line.wire.disconnecting


def test_giving_up_leaves_what_has_said_hello(line: Line) -> None:
    line.brings(HELLO)
    line.protocol.give_up()
    assert not line.protocol.gave_up
    assert not line.wire.disconnecting
