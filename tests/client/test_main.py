"""The client's command line, and how a run of it ends, on a reactor in memory."""

import argparse
from typing import Any

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.error import (
    ConnectError,
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
    DNSLookupError,
    TimeoutError,
)
from twisted.internet.interfaces import IProtocol
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.python.failure import Failure

from twisted_chat import __version__
from twisted_chat.client.__main__ import HELLO, PORT, Client, address, parse, reason
from twisted_chat.client.conversation import Status
from twisted_chat.core.outcomes import Goodbye, Hello, Welcomed
from twisted_chat.gather import ALONE
from twisted_chat.speech.lines_json import write

# the command line


def wrong(why: str) -> Any:
    raise ValueError(why)


@pytest.mark.parametrize(
    ("where", "read"),
    [
        ("localhost", (None, "localhost", PORT)),
        ("chat.example", (None, "chat.example", PORT)),
        ("chat.example:8000", (None, "chat.example", 8000)),
        ("ann@chat.example", ("ann", "chat.example", PORT)),
        ("ann@chat.example:8000", ("ann", "chat.example", 8000)),
        ("192.0.2.7:1", (None, "192.0.2.7", 1)),
        ("::1", (None, "::1", PORT)),
        ("[::1]", (None, "::1", PORT)),
        ("[::1]:8000", (None, "::1", 8000)),
        ("ann@[2001:db8::1]:8000", ("ann", "2001:db8::1", 8000)),
        ("a@b@chat.example", ("a@b", "chat.example", PORT)),
    ],
)
def test_where_is_read_as_people_write_it(where: str, read: tuple[str | None, str, int]) -> None:
    assert address(where, wrong) == read


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("", "names no host"),
        ("ann@", "names no host"),
        (":8000", "names no host"),
        ("[]:8000", "names no host"),
        ("chat.example:0", "0 is no port"),
        ("chat.example:65536", "65536 is no port"),
        ("chat.example:http", "http is no port"),
        ("chat.example:-1", "-1 is no port"),
        ("[::1]:x", "x is no port"),
    ],
)
def test_what_names_no_place_is_refused(where: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        address(where, wrong)


@pytest.mark.parametrize("argv", [["a", "b"], ["--frobnicate"], ["--endpoint"], ["host:0"]])
def test_wrong_use_is_told_in_one_line_with_status_1(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == Status.USAGE
    told = capsys.readouterr().err
    assert told.startswith("twisted-chat: ")
    assert told.count("\n") == 1


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"twisted_chat {__version__}\n"


def test_help_tells_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    told = capsys.readouterr().out
    assert [status for status in Status if f"{status.value} " not in told] == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "nothing listens there"),
        (DNSLookupError("no such host"), "there is no host of that name"),
        (TimeoutError(), "no answer"),
        (OSError(113, "No route to host"), "No route to host"),
        (ValueError("what is that"), "what is that"),
        (ValueError(), "ValueError"),
    ],
)
def test_why_there_is_no_connection_is_told_in_few_words(error: Exception, words: str) -> None:
    assert reason(error) == words


# a run


class Run:
    """A client that runs, with a screen in memory and a server played by the test."""

    def __init__(self, *argv: str, pastes: bool = False) -> None:
        self.reactor = MemoryReactorClock()
        options: argparse.Namespace = parse(["--endpoint", "tcp:127.0.0.1:9999", *argv])
        self.client = Client(self.reactor, options, pastes)
        self.screen = StringTransport()
        self.client.terminal.makeConnection(self.screen)
        self.statuses: list[Status] = []
        self.failures: list[Failure] = []
        Deferred.fromCoroutine(self.client.run()).addCallbacks(
            self.statuses.append, self.failures.append
        )

    @property
    def tries(self) -> int:
        """How often it tried to connect."""
        return len(self.reactor.tcpClients)

    def cannot_connect(self, error: ConnectError) -> None:
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
        self.brings(write(Welcomed("ann", "#lobby", (), 0, ""), 1))

    def brings(self, data: bytes) -> None:
        self.protocol.dataReceived(data)

    def types(self, line: str) -> None:
        self.client.terminal.dataReceived(line.encode() + b"\n")

    def loses(self, error: Exception) -> None:
        self.protocol.connectionLost(Failure(error))

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
    run.reactor.advance(HELLO)
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
    run = Run("--reconnect")
    run.enters()
    run.loses(ConnectionLost())
    assert run.statuses == []
    run.reactor.advance(120)
    assert run.tries == 2
    run.connects()
    run.brings(write(Hello(1, "twisted_chat", 4096), None))
    assert run.wire.value().endswith(b'{"do":"enter","tag":2,"name":"ann"}\n')


def test_lines_of_one_burst_are_one_that_is_said() -> None:
    run = Run(pastes=True)
    run.enters()
    run.wire.clear()
    run.types("alone")
    run.reactor.advance(ALONE)
    run.types("\n".join("abcd"))
    run.reactor.advance(1)
    assert run.wire.value().splitlines() == [
        b'{"do":"say","tag":2,"text":"alone"}',
        b'{"do":"say","tag":3,"text":"a\\nb\\nc\\nd"}',
    ]


def test_a_command_ends_a_burst_and_comes_after_it() -> None:
    run = Run(pastes=True)
    run.enters()
    run.wire.clear()
    run.types("alone")
    run.reactor.advance(ALONE)
    run.types("\n".join([*"abcd", "/names"]))
    assert [line[:14] for line in run.wire.value().splitlines()] == [
        b'{"do":"say","t',
        b'{"do":"say","t',
        b'{"do":"names",',
    ]


def test_what_was_pasted_when_the_connection_was_lost_is_told_and_taken_for_no_name() -> None:
    run = Run("--reconnect", pastes=True)
    run.enters()
    run.types("alone\nsecret\nplan")
    run.loses(ConnectionLost())
    assert run.shows()[-5:-1] == [
        "-- perhaps not sent: alone",
        "-- perhaps not sent: secret",
        "-- perhaps not sent: plan",
        "-- the connection is lost",
    ]
    run.reactor.advance(120)
    run.connects()
    run.brings(write(Hello(1, "twisted_chat", 4096), None))
    assert run.wire.value().endswith(b'{"do":"enter","tag":5,"name":"ann"}\n')


def test_who_was_dismissed_does_not_come_back() -> None:
    run = Run("--reconnect")
    run.enters()
    run.brings(write(Goodbye("You were kicked."), None))
    run.loses(ConnectionDone())
    run.reactor.advance(120)
    assert (run.statuses, run.tries) == ([Status.REFUSED], 1)


def test_an_interrupt_while_it_waits_ends_it() -> None:
    run = Run("--reconnect")
    run.cannot_connect(ConnectionRefusedError())
    run.client.interrupt()
    assert run.statuses == [Status.LEFT]
    assert run.reactor.getDelayedCalls() == []


def test_an_interrupt_while_it_talks_takes_leave() -> None:
    run = Run()
    run.enters()
    run.wire.clear()
    run.client.interrupt()
    assert run.wire.value() == b'{"do":"quit","tag":2}\n'


def test_a_second_interrupt_does_not_wait() -> None:
    run = Run()
    run.enters()
    run.client.interrupt()
    assert not run.reactor.hasStopped
    run.client.interrupt()
    assert run.reactor.hasStopped


@pytest.mark.parametrize("endpoint", ["nonsense:1", "tcp", "tcp:host:x", "9999"])
def test_an_endpoint_that_is_none_is_no_traceback(endpoint: str) -> None:
    run = Run("--endpoint", endpoint)
    assert run.failures == []
    assert len(run.statuses) == 1
