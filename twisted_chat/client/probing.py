"""What the doctor tries, one thing at a time: names, ports, and what answers there."""

import socket
import time
from contextlib import suppress
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as TookTooLong
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure

from twisted_chat.core.outcomes import Hello, Pong
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Ping
from twisted_chat.speech.lines_json import SWITCH, hear, write_request

PATIENCE = 5.0
"""Seconds for each step: who waits longer for an answer has no use for a chat."""

MOST = 1 << 16
"""Bytes of what a server says that is looked at."""


class NoName(Exception):
    """There is no host of that name, or nobody who knows; in words why."""


async def addresses(host: str, port: int) -> list[IPv4Address | IPv6Address]:
    """Those of a host, as the system would have them tried. Raises NoName."""
    looking = deferToThread(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        found = await looking
    except socket.gaierror as error:
        raise NoName(str(error.strerror)) from None
    except UnicodeError:
        raise NoName("it is not the name of a host") from None
    kinds = {socket.AF_INET: IPv4Address, socket.AF_INET6: IPv6Address}
    places = ((kinds[family], place) for family, *_, place in found if family in kinds)
    return list(dict.fromkeys(kind("TCP", *place[:2]) for kind, place in places))


def place_of(reactor: Any, address: IPv4Address | IPv6Address) -> IStreamClientEndpoint:
    kind = TCP6ClientEndpoint if isinstance(address, IPv6Address) else TCP4ClientEndpoint
    endpoint: IStreamClientEndpoint = kind(reactor, address.host, address.port, timeout=PATIENCE)
    return endpoint


async def port_opens(endpoint: IStreamClientEndpoint) -> float:
    """Seconds that it took. Raises what the connection raises."""
    began = time.monotonic()
    nobody = Factory.forProtocol(Protocol)
    nobody.noisy = False
    protocol: Any = await endpoint.connect(nobody)
    took = time.monotonic() - began
    protocol.transport.abortConnection()
    return took


class Probe(Protocol):
    """Says what a program says first, and hears what comes back. ``hello``: what a chat said;
    ``data``: all that was said."""

    def __init__(self) -> None:
        self.data = b""
        self.hello: Hello | None = None
        self.closed = False
        self._rest = b""
        self._waiting: Deferred[None] | None = None
        self._pong: Pong | None = None

    def connectionMade(self) -> None:
        assert self.transport is not None
        with suppress(AttributeError):
            self.transport.setTcpNoDelay(True)  # type: ignore[attr-defined]
        self.transport.write(SWITCH + b"\n")

    def dataReceived(self, data: bytes) -> None:
        self.data = (self.data + data)[:MOST]
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._hear(line)
        if len(self._rest) > MOST:
            self.close()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.closed = True
        self._go_on()

    def close(self) -> None:
        if self.transport is not None and not self.closed:
            self.transport.abortConnection()  # type: ignore[attr-defined]

    async def talks(self, reactor: Any) -> Hello | None:
        """What the chat says of itself; None if no chat does in time."""
        if self.hello is None and not self.closed:
            await self._wait(reactor)
        return self.hello

    async def ping(self, reactor: Any) -> tuple[float, Pong] | None:
        """Seconds that the answer took, and the answer; None for none in time."""
        self._pong, began = None, time.monotonic()
        assert self.transport is not None
        self.transport.write(write_request(Ping(), "doctor"))
        if not self.closed:
            await self._wait(reactor)
        return None if self._pong is None else (time.monotonic() - began, self._pong)

    async def _wait(self, reactor: Any) -> None:
        self._waiting = Deferred()
        with suppress(TookTooLong):
            await self._waiting.addTimeout(PATIENCE, reactor)
        self._waiting = None

    def _hear(self, line: bytes) -> None:
        with suppress(Refusal):
            heard = hear(line)
            if heard is None:
                return
            if isinstance(heard.what, Hello):
                self.hello = heard.what
                self._go_on()
            elif isinstance(heard.what, Pong):
                self._pong = heard.what
                self._go_on()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and not waiting.called:
            waiting.callback(None)


async def probe(endpoint: IStreamClientEndpoint) -> Probe:
    factory = Factory.forProtocol(Probe)
    factory.noisy = False
    protocol: Probe = await endpoint.connect(factory)  # type: ignore[assignment]
    return protocol
