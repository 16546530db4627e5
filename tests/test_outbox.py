"""Sending past Twisted: at once, in order, and only where that is known to be safe."""

import errno
from collections.abc import Callable
from typing import Any

import pytest_twisted
from twisted.internet import reactor, tcp, unix
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.ssl import CertificateOptions
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

from twisted_chat.outbox import UNCLOSED, UNREAD, Outbox, plain_tcp


class FakeSocket:
    """Takes ``room`` bytes, then no more."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.sent = b""

    def send(self, data: bytes) -> int:
        if not self.room:
            raise BlockingIOError(errno.EAGAIN, "full")
        taken = data[: self.room]
        self.room -= len(taken)
        self.sent += taken
        return len(taken)


class FakeServer(tcp.Server):
    """A transport of the type that is sent past, without a connection."""

    def __init__(self, room: int) -> None:
        self._tempDataBuffer = []
        self.socket = FakeSocket(room)  # type: ignore[assignment]
        self.written: list[bytes] = []
        self.calls: list[str] = []

    def write(self, data: bytes) -> None:
        self.written.append(data)
        self._tempDataBuffer.append(data)

    def registerProducer(self, producer: object, streaming: bool) -> None:
        self.calls.append("register")

    def unregisterProducer(self) -> None:
        self.calls.append("unregister")

    def loseConnection(self, _connDone: object = None) -> None:
        self.calls.append("lose")

    def loseWriteConnection(self) -> None:
        self.calls.append("half-close")

    def abortConnection(self) -> None:
        self.calls.append("abort")

    def resumeProducing(self) -> None:
        self.calls.append("resume")


def outbox(transport: Any, changed: Callable[[bool], None] = lambda full: None) -> Outbox:
    box = Outbox(transport, changed)
    if isinstance(transport, FakeServer):  # of the type, but for being a subclass
        box._plain, box._send = transport, transport.socket.send
    return box


def test_what_the_socket_takes_goes_at_once_and_past_the_transport() -> None:
    server = FakeServer(room=100)
    assert outbox(server).send(b"hello")
    assert (server.socket.sent, server.written) == (b"hello", [])  # type: ignore[attr-defined]


def test_what_the_socket_does_not_take_waits_in_the_transport_in_order() -> None:
    server = FakeServer(room=3)
    box = outbox(server)
    box.send(b"hello")
    server.socket.room = 100  # type: ignore[attr-defined]
    box.send(b"world")
    assert server.socket.sent == b"hel"  # type: ignore[attr-defined]
    assert b"".join(server.written) == b"loworld"


def test_an_error_is_left_for_twisted_to_find() -> None:
    server = FakeServer(room=0)
    outbox(server).send(b"hello")
    assert server.written == [b"hello"]


def test_a_transport_without_the_known_buffers_is_only_written_to() -> None:
    transport = StringTransport()
    assert plain_tcp(transport) is None
    Outbox(transport, lambda full: None).send(b"hello")
    assert transport.value() == b"hello"


def test_under_tls_and_over_a_unix_socket_nothing_goes_past_the_transport() -> None:
    under_tls = TLSMemoryBIOProtocol(
        TLSMemoryBIOFactory(CertificateOptions(), True, Factory()), Protocol()
    )
    over_unix = unix.Server.__new__(unix.Server)
    assert plain_tcp(under_tls) is plain_tcp(over_unix) is None


def test_it_says_when_the_transport_is_full_and_when_it_is_not() -> None:
    changes: list[bool] = []
    box = outbox(FakeServer(room=0), changes.append)
    box.pauseProducing()
    assert not box.send(b"more")
    box.resumeProducing()
    assert changes == [True, False]
    assert box.send(b"more")


def test_closing_tells_the_end_first_and_does_not_wait_for_ever() -> None:
    clock, server = Clock(), FakeServer(room=0)
    box = outbox(server)
    box.close(clock, peer_done=False)
    assert "half-close" in server.calls
    assert "lose" not in server.calls
    clock.advance(UNREAD)
    assert server.calls[-1] == "abort"


def test_a_peer_that_has_read_all_is_closed_without_a_reset() -> None:
    clock, server = Clock(), FakeServer(room=100)
    box = outbox(server)
    box.close(clock, peer_done=False)
    box.drained(clock)
    clock.advance(UNCLOSED)
    assert server.calls[-1] == "lose"
    assert not clock.getDelayedCalls()


def test_nothing_is_sent_after_the_close_and_no_timer_stays_after_the_loss() -> None:
    clock, server = Clock(), FakeServer(room=100)
    box = outbox(server)
    box.close(clock, peer_done=True)
    assert box.send(b"too late")
    box.lost()
    assert (server.socket.sent, server.written) == (b"", [])  # type: ignore[attr-defined]
    assert not clock.getDelayedCalls()


class Accepted(Protocol):
    """Keeps the transport that a real accept makes."""

    def __init__(self, made: "Deferred[Any]") -> None:
        self._made = made
        self.gone: Deferred[None] = Deferred()

    def connectionMade(self) -> None:
        self._made.callback(self)

    def connectionLost(self, reason: object = None) -> None:
        self.gone.callback(None)


@pytest_twisted.ensureDeferred
async def test_twisted_still_has_the_buffers_that_this_module_looks_into() -> None:
    """If this fails, Twisted has changed: look at outbox.plain_tcp before anything else."""
    made: Deferred[Any] = Deferred()
    accepted = Accepted(made)
    port = await TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1").listen(
        Factory.forProtocol(lambda: accepted)
    )
    client: Any = await TCP4ClientEndpoint(reactor, "127.0.0.1", port.getHost().port).connect(
        Factory.forProtocol(lambda: Accepted(Deferred()))
    )
    transport = (await made).transport
    assert plain_tcp(transport) is transport
    assert not transport._tempDataBuffer
    assert transport.dataBuffer == b""
    transport.write(b"waits for the next turn")
    assert transport._tempDataBuffer
    client.transport.loseConnection()
    await accepted.gone
    await port.stopListening()
