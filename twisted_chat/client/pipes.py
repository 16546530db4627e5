"""Stdin and stdout of a script, on the reactor: read when there is room, written as they take it.

Neither is made not to block, since the shell and other programs have them too: a pipe that is ready
takes or gives a little without.
"""

import os
import select
import stat
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReadDescriptor, IReadWriteDescriptor
from twisted.internet.main import CONNECTION_LOST
from twisted.python.failure import Failure
from zope.interface import implementer

AT_ONCE = 4096
"""Bytes that a pipe takes at once when it says that it takes any (PIPE_BUF on Linux)."""

CHUNK = 1 << 16


class Unread(Exception):
    """Nobody reads what is written any more."""


class Descriptor:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def fileno(self) -> int:
        return self._fd

    def logPrefix(self) -> str:
        return type(self).__name__


@implementer(IReadDescriptor)
class Input(Descriptor):
    """What comes in, in the parts in which it comes; b"" is its end."""

    def __init__(self, reactor: Any, fd: int = 0) -> None:
        super().__init__(fd)
        self._reactor = reactor
        self._waiting: Deferred[bytes] | None = None

    async def read(self) -> bytes:
        """Reads nothing before it is asked."""
        self._waiting = Deferred(lambda _: self._reactor.removeReader(self))
        self._reactor.addReader(self)
        return await self._waiting

    def doRead(self) -> None:
        try:
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:  # somebody else who has it too was faster
            return
        except OSError:
            data = b""
        self._come(data)

    def connectionLost(self, reason: Failure) -> None:
        """There is no one left who writes; what was written is read still."""
        self.doRead()

    def _come(self, data: bytes) -> None:
        self._reactor.removeReader(self)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(data)


@implementer(IReadWriteDescriptor)
class Output(Descriptor):
    """``write`` returns when all is taken. ``unread`` is called when the reader of a pipe has
    closed it, though nothing is written: as in ``| head -1``, or in a ``| grep -m1`` that has found
    what it looked for."""

    def __init__(self, reactor: Any, unread: Callable[[], None], fd: int = 1) -> None:
        super().__init__(fd)
        self._reactor = reactor
        self._unread = unread
        self._waiting: Deferred[None] | None = None

    def watch(self) -> None:
        """Of a terminal or a file there is nothing to be seen."""
        mode = os.fstat(self._fd).st_mode
        if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
            self._reactor.addReader(self)

    async def write(self, data: bytes) -> None:
        """Raises Unread."""
        while data:
            await self._ready()
            try:
                written = os.write(self._fd, data[:AT_ONCE])
            except BlockingIOError:  # somebody else who has it too was faster
                continue
            except OSError:
                raise Unread from None
            data = data[written:]

    def put(self, data: bytes) -> None:
        """At once, and waits for whoever reads. Raises Unread."""
        while data:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                select.select([], [self._fd], [])
            except OSError:
                raise Unread from None

    def close(self) -> None:
        """Watch no more."""
        self._reactor.removeReader(self)
        self._reactor.removeWriter(self)

    async def _ready(self) -> None:
        if select.select([], [self._fd], [], 0)[1]:
            return
        self._waiting = Deferred(lambda _: self._reactor.removeWriter(self))
        self._reactor.addWriter(self)
        await self._waiting

    def doWrite(self) -> None:
        self._reactor.removeWriter(self)
        self._go_on()

    def doRead(self) -> Any:
        """Nothing ever comes from there but its end."""
        if _is_closed(self._fd):
            return CONNECTION_LOST
        self._reactor.removeReader(self)  # a socket, and somebody has written to it
        return None

    def connectionLost(self, reason: Failure) -> None:
        self.close()
        self._go_on()
        self._unread()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(None)


def _is_closed(fd: int) -> bool:
    poll = select.poll()
    poll.register(fd, 0)
    return any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
