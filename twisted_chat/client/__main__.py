"""``python -m twisted_chat.client`` and ``twisted-chat``: the one file that knows all the parts."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from twisted.application.internet import backoffPolicy
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.endpoints import HostnameEndpoint, clientFromString
from twisted.internet.error import (
    ConnectError,
    ConnectionLost,
    ConnectionRefusedError,
    DNSLookupError,
    TCPTimedOutError,
    TimeoutError,
)
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import deferLater, react

from twisted_chat import __version__
from twisted_chat.client.conversation import Conversation, Status
from twisted_chat.client.plain import PlainTerminal
from twisted_chat.client.protocol import ChatClientFactory, ChatClientProtocol
from twisted_chat.client.screen import Kind, Line
from twisted_chat.gather import MANY, Gather, pending
from twisted_chat.speech.times import Times

T = TypeVar("T")

PORT = 9999
HELLO = 10.0
"""Seconds in which a chat has said hello, even one that is busy and far away."""

STATUSES = """\
exit status: 0 you left, 1 wrong use, 2 no connection, 3 the chat refused or dismissed you,
4 no answer in time, 5 the connection was lost or the server ended"""


class Parser(argparse.ArgumentParser):
    """argparse ends with 2 on wrong use; here that is 1."""

    def error(self, message: str) -> Any:
        self.exit(Status.USAGE, f"{self.prog}: {message}\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser("twisted-chat", description="Talk in a chat.", epilog=STATUSES)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "where",
        nargs="?",
        default="localhost",
        metavar="[NAME@]HOST[:PORT]",
        help=f"where the chat is, and your name there  [default: localhost:{PORT}]",
    )
    parser.add_argument("--endpoint", metavar="DESCRIPTION", help="any Twisted client endpoint")
    parser.add_argument("--reconnect", action="store_true", help="come back when it is lost")
    parser.add_argument("--version", action="version", version=f"twisted_chat {__version__}")
    options = parser.parse_args(argv)
    options.name, options.host, options.port = address(options.where, parser.error)
    return options


def address(where: str, error: Callable[[str], Any]) -> tuple[str | None, str, int]:
    """``[NAME@]HOST[:PORT]``; an IPv6 address stands in brackets if a port follows."""
    name, at, place = where.rpartition("@")
    host, port = place, ""
    if place.startswith("["):
        host, closed, port = place[1:].partition("]")
        if not closed or (port and not port.startswith(":")):
            error(f"{place} is no address: [::1]:9999 would be one")
        port = port[1:]
    elif place.count(":") == 1:
        host, _, port = place.partition(":")
        if not port:
            error(f"{where} names no port behind the colon")
    if not host:
        error(f"{where} names no host")
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        error(f"{port} is no port: a number from 1 to 65535 is")
    return name if at else None, host, int(port or PORT)


class Client:
    """One run of the program: connections one after another, for one conversation. ``pastes``:
    lines come from a terminal, and many at once are one."""

    def __init__(self, reactor: Any, options: argparse.Namespace, pastes: bool = False) -> None:
        self.terminal = PlainTerminal(self._typed, self._input_ended, self._unread)
        self.conversation = Conversation(self.terminal, options.name, Times(time.time))
        self._reactor = reactor
        self._options = options
        self._factory = ChatClientFactory(self.conversation)
        self._pauses = backoffPolicy(0.5, 60.0, 1.5)
        self._protocol: ChatClientProtocol | None = None
        self._waiting: Deferred[Any] | None = None
        self._was_in = False
        self._leaving = False
        self._gather = Gather(reactor, self._burst) if pastes else None

    async def run(self) -> Status:
        failures = 0
        while True:
            status = await self._once()
            if self.conversation.status is not None:
                return self.conversation.status
            if not self._options.reconnect:
                return status
            failures = 0 if self._was_in else failures + 1
            pause = self._pauses(failures)
            self._trouble(f"-- trying again in {pause:.1f} seconds")
            await self._wait(deferLater(self._reactor, pause))
            if self.conversation.status is not None:
                return self.conversation.status

    def interrupt(self) -> None:
        """Ctrl-C: take leave in good order; a second one does not wait for the answer."""
        if self._leaving:
            self.terminal.restore()
            self._reactor.stop()
        self._leaving = True
        self.conversation.leave()
        self._stop_waiting()

    async def _once(self) -> Status:
        """One connection, from the first try to its end."""
        self._was_in = False
        where = self._options.endpoint or f"{self._options.host}:{self._options.port}"
        try:
            endpoint = self._endpoint()
        except Exception as error:  # parsers raise whatever comes: ValueError, TypeError ...
            self._trouble(f"-- {where} is no endpoint: {error}")
            self.conversation.status = Status.USAGE
            return Status.USAGE
        try:
            connecting = cast("Deferred[ChatClientProtocol]", endpoint.connect(self._factory))
            protocol = await self._wait(connecting)
        except (ConnectError, DNSLookupError, OSError, ValueError) as error:
            self._trouble(f"-- no connection to {where}: {reason(error)}")
            return Status.NO_CONNECTION
        if protocol is None:
            return Status.LEFT
        self._protocol = protocol
        hello = self._reactor.callLater(HELLO, protocol.give_up)
        try:
            said = await protocol.ended
        except ConnectionLost:
            said = ""
        if hello.active():
            hello.cancel()
        self._protocol = None
        return self._ended(protocol, said)

    def _ended(self, protocol: ChatClientProtocol, said: str) -> Status:
        self._was_in = self.conversation.entered
        self._end_burst()  # or it would be taken for a name
        self.conversation.lost()
        if self.conversation.status is not None:
            return self.conversation.status
        if protocol.talks:
            self._trouble("-- the connection is lost")
            return Status.LOST
        if protocol.gave_up:
            self._trouble("-- there is an answer, but not as a chat gives it")
            return Status.NO_ANSWER
        self._trouble(f"-- {said or 'the connection was closed without a word'}")
        return Status.REFUSED if said else Status.LOST

    def _endpoint(self) -> IStreamClientEndpoint:
        options = self._options
        if options.endpoint is not None:
            endpoint: IStreamClientEndpoint = clientFromString(self._reactor, options.endpoint)
            return endpoint
        return HostnameEndpoint(self._reactor, options.host, options.port)

    async def _wait(self, deferred: "Deferred[T]") -> T | None:
        """What comes of it, or None if somebody leaves before."""
        self._waiting = deferred
        try:
            return await deferred
        except CancelledError:
            return None
        finally:
            self._waiting = None

    def _stop_waiting(self) -> None:
        if self.conversation.status is not None and self._waiting is not None:
            self._waiting.cancel()

    def _typed(self, line: bytes) -> None:
        """What a pipe brings is said line by line; what is pasted into a terminal, as one."""
        if self._gather is None or not self.conversation.gathers(line):
            self._end_burst()
            self._heard(line)
        else:
            self._gather.add(line.decode("utf-8", "replace"), pending(0) > 0)

    def _burst(self, lines: list[str]) -> None:
        typed = [line.encode() for line in lines]
        if len(lines) < MANY:
            for line in typed:
                self._heard(line)
        else:
            self.conversation.pasted(typed)

    def _end_burst(self) -> None:
        if self._gather is not None:
            self._gather.end()

    def _trouble(self, text: str) -> None:
        self.terminal.show(Line(text, Kind.TROUBLE))

    def _heard(self, line: bytes) -> None:
        self.conversation.typed(line)
        self._stop_waiting()

    def _input_ended(self) -> None:
        self._end_burst()
        self.conversation.input_ended()
        self._stop_waiting()

    def _unread(self) -> None:
        """Nobody reads what we show: there is no point in going on."""
        if self.conversation.status is None:
            self.conversation.status = Status.LEFT
        if self._protocol is not None:
            self._protocol.close()
        self._stop_waiting()


def reason(error: BaseException) -> str:
    """Why there is no connection, in few words."""
    match error:
        case ConnectionRefusedError():
            return "nothing listens there"
        case DNSLookupError():
            return "there is no host of that name"
        case TimeoutError() | TCPTimedOutError():
            return "no answer"
        case _:
            return getattr(error, "strerror", None) or str(error) or type(error).__name__


async def talk(reactor: Any, options: argparse.Namespace) -> None:
    """Runs the client; ends the program with its status."""
    client = Client(reactor, options, pastes=os.isatty(0))
    client.terminal.open()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: reactor.callFromThread(client.interrupt))
    try:
        status = await client.run()
    finally:
        await client.terminal.close()
    raise SystemExit(int(status))


def main(argv: Sequence[str] | None = None) -> None:
    options = parse(sys.argv[1:] if argv is None else argv)
    react(lambda reactor: Deferred.fromCoroutine(talk(reactor, options)))


if __name__ == "__main__":
    main()
