"""How a run of the client, line by line, ends, on a reactor in memory."""

import json
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.error import (
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
    DNSLookupError,
)
from twisted.internet.interfaces import IProtocol
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure

from twisted_chat.client.link import Habits
from twisted_chat.client.plain import PlainTerminal
from twisted_chat.client.reaching import NotTrusted
from twisted_chat.client.servers import Server
from twisted_chat.client.status import Status
from twisted_chat.client.talking import FAREWELL, Client, Returns
from twisted_chat.core.outcomes import CaughtUp, Goodbye, Hello, Refused, Welcomed
from twisted_chat.gather import ALONE
from twisted_chat.speech.lines_json import write

PLACE = "tcp:127.0.0.1:9999"


class Run:
    """A client that runs, with a screen in memory and a server played by the test."""

    def __init__(self, returns: Returns = Returns.NEVER, pastes: bool = False) -> None:
        self.reactor = MemoryReactorClock()
        endpoint: Any = clientFromString(self.reactor, PLACE)
        self.client = Client(self.reactor, Server(endpoint=PLACE), endpoint, returns, pastes)
        self.screen = StringTransport()
        assert isinstance(self.client.terminal, PlainTerminal)
        self.terminal = self.client.terminal
        self.terminal.makeConnection(self.screen)
        self.statuses: list[Status] = []
        self.failures: list[Failure] = []
        Deferred.fromCoroutine(self.client.run()).addCallbacks(
            self.statuses.append, self.failures.append
        )

    @property
    def tries(self) -> int:
        """How often it tried to connect."""
        return len(self.reactor.tcpClients)

    def cannot_connect(self, error: Exception) -> None:
        factory = self.reactor.tcpClients[-1][2]
        factory.clientConnectionFailed(self.reactor.connectors[-1], Failure(error))

    def connects(self) -> None:
        protocol = self.reactor.tcpClients[-1][2].buildProtocol(None)
        assert protocol is not None
        self.protocol: IProtocol = protocol
        self.wire = StringTransport()
        self.protocol.makeConnection(self.wire)

    def enters(self) -> None:
        """As far as the welcome."""
        self.connects()
        self.brings(write(Hello(1, "twisted_chat", 4096), None))
        self.types("ann")
        self.brings(write(Welcomed("ann", "#lobby", (), 0, "", last=7), 1))

    def brings(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def types(self, line: str) -> None:
        self.terminal.dataReceived(line.encode() + b"\n")

    def loses(self, error: Exception) -> None:
        self.protocol.connectionLost(Failure(error))

    def asks(self) -> list[dict[str, Any]]:
        """What was asked over this connection, without what is asked for the link's own sake."""
        lines = [json.loads(line) for line in self.wire.value().splitlines() if line[:1] == b"{"]
        return [line for line in lines if line["do"] != "ping"]

    def says(self) -> list[str]:
        return [line["text"] for line in self.asks() if line["do"] == "say"]

    def shows(self) -> list[str]:
        shown: list[str] = self.screen.value().decode().splitlines()
        return shown


def test_no_connection_is_status_2_and_told() -> None:
    run = Run()
    run.cannot_connect(ConnectionRefusedError())
    assert run.statuses == [Status.NO_CONNECTION]
    assert run.shows() == ["-- no connection to tcp:127.0.0.1:9999: nothing listens there"]


def test_who_leaves_ends_with_status_0() -> None:
    run = Run()
    run.enters()
    run.types("exit")
    run.brings(write(Goodbye(""), 2))
    run.loses(ConnectionDone())
    assert run.statuses == [Status.LEFT]
    assert run.shows()[-1] == "Goodbye!"


def test_who_is_dismissed_ends_with_status_3() -> None:
    run = Run()
    run.enters()
    run.brings(write(Goodbye("You were kicked."), None))
    run.loses(ConnectionDone())
    assert run.statuses == [Status.REFUSED]


def test_a_full_chat_is_status_3_and_told() -> None:
    run = Run()
    run.connects()
    run.brings(b"-- The chat is full (5 of 5). Please try again later.\r\n")
    run.loses(ConnectionDone())
    assert run.statuses == [Status.REFUSED]
    assert run.shows() == ["-- The chat is full (5 of 5). Please try again later."]


def test_a_server_that_says_no_hello_is_status_4() -> None:
    run = Run()
    run.connects()
    run.reactor.advance(Habits().hello)
    assert run.wire.disconnecting
    run.loses(ConnectionDone())
    assert run.statuses == [Status.NO_ANSWER]


@pytest.mark.parametrize("error", [ConnectionLost(), ConnectionDone()])
def test_a_connection_that_is_lost_or_ended_is_status_5_and_told(error: Exception) -> None:
    run = Run()
    run.enters()
    run.loses(error)
    assert run.statuses == [Status.LOST]
    assert run.shows()[-1] == "-- the connection is lost"


def test_a_failed_handshake_of_tls_is_no_traceback() -> None:
    run = Run()
    run.connects()
    run.loses(OSError("certificate verify failed"))
    assert run.failures == []
    assert len(run.statuses) == 1


def test_no_timer_is_left_at_the_end() -> None:
    run = Run()
    run.enters()
    run.loses(ConnectionLost())
    assert run.reactor.getDelayedCalls() == []


def test_it_does_not_come_back_unless_told() -> None:
    run = Run()
    run.cannot_connect(ConnectionRefusedError())
    run.reactor.advance(120)
    assert run.tries == 1


def test_it_comes_back_where_that_is_wanted() -> None:
    run = Run(Returns.ALWAYS)
    run.enters()
    run.loses(ConnectionLost())
    assert run.statuses == []
    run.reactor.advance(120)
    assert run.tries == 2
    run.connects()
    run.brings(write(Hello(1, "twisted_chat", 4096), None))
    assert run.asks() == [{"do": "enter", "tag": 2, "name": "ann", "after": {"#lobby": 7, "*": 7}}]


def test_the_same_trouble_is_told_once_and_another_is_told_too() -> None:
    run = Run(Returns.ALWAYS)
    run.cannot_connect(ConnectionRefusedError())
    told = run.shows()
    assert told[-1] == "-- trying again, less and less often"
    run.reactor.advance(120)
    run.cannot_connect(ConnectionRefusedError())
    assert run.shows() == told
    run.reactor.advance(120)
    run.cannot_connect(DNSLookupError())
    assert [line.partition(": ")[2] for line in run.shows()] == [
        "nothing listens there",
        "",
        "there is no host of that name",
    ]


def test_lines_of_one_burst_are_one_that_is_said() -> None:
    run = Run(pastes=True)
    run.enters()
    run.wire.clear()
    run.types("alone")
    run.reactor.advance(ALONE)
    run.types("\n".join("abcd"))
    run.reactor.advance(1)
    assert run.says() == ["alone", "a\nb\nc\nd"]


def test_a_command_ends_a_burst_and_comes_after_it() -> None:
    run = Run(pastes=True)
    run.enters()
    run.wire.clear()
    run.types("alone")
    run.reactor.advance(ALONE)
    run.types("\n".join([*"abcd", "/names"]))
    assert [asked["do"] for asked in run.asks()] == ["say", "say", "names"]


def test_what_was_pasted_when_the_connection_was_lost_is_said_over_the_next() -> None:
    run = Run(Returns.ALWAYS, pastes=True)
    run.enters()
    run.types("alone\nsecret\nplan")
    run.loses(ConnectionLost())
    assert run.shows()[-2] == "-- the connection is lost"
    run.reactor.advance(120)
    run.connects()
    run.brings(write(Hello(1, "twisted_chat", 4096), None))
    assert run.asks() == [{"do": "enter", "tag": 5, "name": "ann", "after": {"#lobby": 7, "*": 7}}]
    run.brings(
        write(Welcomed("ann", "#lobby", (), 0, "", "for 30d"), 5) + write(CaughtUp("#lobby"), None)
    )
    assert run.says() == []
    run.brings(write(CaughtUp("*"), None))
    assert run.says() == ["alone", "secret", "plan"]


def test_who_was_dismissed_does_not_come_back() -> None:
    run = Run(Returns.ALWAYS)
    run.enters()
    run.brings(write(Goodbye("You were kicked."), None))
    run.loses(ConnectionDone())
    run.reactor.advance(120)
    assert (run.statuses, run.tries) == ([Status.REFUSED], 1)


def test_an_interrupt_while_it_waits_ends_it() -> None:
    run = Run(Returns.ALWAYS)
    run.cannot_connect(ConnectionRefusedError())
    run.client.interrupt()
    assert run.statuses == [Status.LEFT]
    assert run.reactor.getDelayedCalls() == []


def test_an_interrupt_while_it_talks_takes_leave() -> None:
    run = Run()
    run.enters()
    run.wire.clear()
    run.client.interrupt()
    assert run.asks() == [{"do": "quit", "tag": 2}]


def test_a_second_interrupt_does_not_wait() -> None:
    run = Run()
    run.enters()
    run.client.interrupt()
    assert not run.reactor.hasStopped
    run.client.interrupt()
    assert run.reactor.hasStopped


def test_a_server_that_says_no_goodbye_keeps_nobody() -> None:
    run = Run(Returns.ALWAYS)
    run.enters()
    run.client.interrupt()
    run.reactor.advance(FAREWELL - 1)
    assert not run.wire.disconnecting
    run.reactor.advance(1)
    assert run.wire.disconnecting
    run.loses(ConnectionDone())
    assert run.statuses == [Status.LOST]
    assert run.screen.value().endswith(b"-- the server says no goodbye: left without\n")
    assert run.reactor.getDelayedCalls() == []


def test_who_was_in_comes_back_and_who_never_was_does_not() -> None:
    run = Run(Returns.ONCE_IN)
    run.enters()
    run.loses(ConnectionLost())
    run.reactor.advance(120)
    run.cannot_connect(ConnectionRefusedError())
    run.reactor.advance(120)
    assert (run.statuses, run.tries) == ([], 3)
    other = Run(Returns.ONCE_IN)
    other.cannot_connect(ConnectionRefusedError())
    assert other.statuses == [Status.NO_CONNECTION]


def test_who_is_not_trusted_is_not_tried_again() -> None:
    run = Run(Returns.ALWAYS)
    run.cannot_connect(NotTrusted("that is another key"))
    run.reactor.advance(120)
    assert (run.statuses, run.tries) == ([Status.NO_CONNECTION], 1)
    assert run.shows() == [f"-- no connection to {PLACE}: that is another key"]


@pytest.mark.parametrize("code", ["password-needed", "house-password-needed"])
def test_a_password_from_a_file_answers_what_is_asked_for_once(code: str) -> None:
    run = Run()
    run.client.conversation.password = "correct horse"
    run.connects()
    run.brings(write(Hello(1, "twisted_chat", 4096), None))
    run.types("ann")
    run.brings(write(Refused(code, "What is the password?"), 1))
    assert b'"correct horse"' in run.wire.value()
    run.brings(write(Refused("wrong-password", "That is not the password."), 2))
    assert run.wire.value().count(b"correct horse") == 1
    assert run.shows()[-1].startswith("-- That is not the password.")
