"""Bytes to one transport: at once where that is possible, in order, and never without a bound.

The only file that looks inside Twisted's transports: ``_tempDataBuffer`` and ``dataBuffer`` say
whether earlier bytes still wait. Where they are missing, all goes by ``transport.write``.
"""

from collections.abc import Callable
from typing import Any

from twisted.internet import tcp
from twisted.internet.interfaces import IDelayedCall, IPushProducer, IReactorTime
from zope.interface import implementer

UNREAD = 3.0
"""Seconds in which a closing connection's peer must have read everything."""

UNCLOSED = 1.0
"""Seconds more for it to close its end too: ``nc`` at a terminal never does before a key."""


def plain_tcp(transport: Any) -> Any:
    """``transport``, if bytes may be given to its socket past Twisted; else None.

    Measured: ``socket.send`` at once costs 5.5 µs a delivery, through the transport's buffers and
    another turn of the reactor 14.7 µs. TLS, UNIX sockets and wrapped transports have more to do
    than to send, so they are left to themselves.
    """
    known = type(transport) is tcp.Server and hasattr(transport, "_tempDataBuffer")
    return transport if known and hasattr(transport, "dataBuffer") else None


@implementer(IPushProducer)
class Outbox:
    """``changed(full)`` is called when the transport has enough, and when it can take more."""

    __slots__ = ("_abort", "_changed", "_plain", "_send", "_transport", "closed", "failed", "full")

    def __init__(self, transport: Any, changed: Callable[[bool], None]) -> None:
        self._transport = transport
        self._plain = plain_tcp(transport)
        self._send: Callable[[bytes], int] | None = self._plain and self._plain.socket.send
        self._changed = changed
        self._abort: IDelayedCall | None = None
        self.full = False
        self.closed = False
        self.failed = False
        transport.registerProducer(self, True)

    def send(self, data: bytes) -> bool:
        """Take ``data``; False if the transport has more waiting now than is good.

        Any OSError is left for Twisted to find again, so that ``connectionLost`` comes as usual. A
        reset is told once only, and what Twisted finds then looks like a good end: ``failed``.
        """
        send, plain = self._send, self._plain
        if send is not None and not plain._tempDataBuffer and not plain.dataBuffer:
            try:
                sent = send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                sent, self.failed = 0, True
            if sent == len(data):
                return True
            data = data[sent:]
        if self.closed:
            return True
        self._transport.write(data)
        return not self.full

    def close(self, clock: IReactorTime, peer_done: bool) -> None:
        """Close when all is sent, so that the peer can read it all.

        A socket that is closed with unread bytes in it resets the connection, and the peer loses
        what it has not read yet: so the peer is told the end first, and may go on sending into the
        void until it closes too (``peer_done``: it has). Twisted would wait for ever for one that
        does not read.
        """
        if self.closed:
            return
        self.closed = True
        self._send = None
        self._transport.unregisterProducer()
        if self._plain is not None and not peer_done:
            self._transport.loseWriteConnection()
            self._transport.resumeProducing()
        else:
            self._transport.loseConnection()
        self._abort = clock.callLater(UNREAD, self.abort)

    def drained(self, clock: IReactorTime) -> None:
        """Everything is sent and the peer was told the end."""
        if self._abort is not None and self._abort.active():
            self._abort.cancel()
            self._abort = clock.callLater(UNCLOSED, self._transport.loseConnection)

    def peer_closed(self) -> None:
        """The peer has sent all that it will: nothing to linger for."""
        if self.closed:
            self._transport.loseConnection()

    def abort(self) -> None:
        """Close at once, whatever still waits."""
        self.closed = True
        self._send = None
        abort = getattr(self._transport, "abortConnection", self._transport.loseConnection)
        abort()

    def lost(self) -> None:
        """The connection is gone."""
        self.closed = True
        self._send = self._plain = None
        if self._abort is not None and self._abort.active():
            self._abort.cancel()

    def pauseProducing(self) -> None:
        self.full = True
        self._changed(True)

    def resumeProducing(self) -> None:
        self.full = False
        self._changed(False)

    def stopProducing(self) -> None:
        """The transport is closing; ``lost`` follows."""
