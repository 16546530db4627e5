"""Standard input and output, line by line. Knows no socket."""

import contextlib
import fcntl
import termios
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure
from zope.interface import implementer

from twisted_chat.client.model import Model
from twisted_chat.client.screen import Line, Screen
from twisted_chat.framing import SkippingLineReceiver
from twisted_chat.speech.clean import clean

LONGEST = 1 << 16
"""Bytes of a typed line; the server has a smaller bound and says so."""


@implementer(IHalfCloseableProtocol)
class PlainTerminal(SkippingLineReceiver):
    """``typed(line)`` for each line that comes in, ``ended()`` once when no more will, ``unread()``
    when nobody reads what is shown any more."""

    MAX_LENGTH = LONGEST

    def __init__(
        self,
        typed: Callable[[bytes], None],
        ended: Callable[[], None],
        unread: Callable[[], None],
    ) -> None:
        super().__init__()
        self._typed = typed
        self._ended = ended
        self._unread = unread
        self._at_end = False
        self._told_end = False
        self._hides = False
        self._flags: dict[int, int] = {}
        self._closed: Deferred[None] = Deferred()

    def watch(self, model: Model) -> None:
        """All that is to be known is in the lines."""

    def open(self) -> None:
        """Begin, on this process's stdin and stdout, and read nothing before ``go_on``."""
        self._flags = {fd: fcntl.fcntl(fd, fcntl.F_GETFL) for fd in (0, 1)}
        StandardIO(self)
        self.hold()

    async def close(self) -> None:
        """Returns when everything is shown and the terminal is as it was: Twisted has made it not
        block, and that for the shell too."""
        if self.transport is not None and not self._closed.called:
            self.transport.loseConnection()
            await self._closed
        self.restore()

    def restore(self) -> None:
        self._show_typing()
        for fd, flags in self._flags.items():
            with contextlib.suppress(OSError):
                fcntl.fcntl(fd, fcntl.F_SETFL, flags)

    def show(self, line: Line) -> None:
        if not line.typed:
            stamp = f"{line.stamp} " if line.stamp else ""
            self._print("".join(f"{stamp}{text}\n" for text in map(clean, line.text.split("\n"))))

    def changed(self) -> None:
        """There is no bar at the bottom."""

    def _print(self, text: str) -> None:
        if self.transport is not None:
            self.transport.write(text.encode("utf-8", "replace"))

    def hold(self) -> None:
        if not self.paused:
            self.pauseProducing()

    def go_on(self) -> None:
        if self.paused:
            self.resumeProducing()
            self._tell_end()

    def echo(self, on: bool) -> None:
        """A secret is not shown, where a terminal can do that."""
        self._hides = not on
        with contextlib.suppress(termios.error, OSError):
            mode = termios.tcgetattr(0)
            mode[3] = mode[3] | termios.ECHO if on else mode[3] & ~termios.ECHO
            termios.tcsetattr(0, termios.TCSANOW, mode)
            if on:
                self._print("\n")

    def _show_typing(self) -> None:
        if self._hides:
            self.echo(True)

    def lineReceived(self, line: bytes) -> None:
        self._typed(line.removesuffix(b"\r"))

    def lineTooLong(self) -> None:
        self._print(f"-- not sent: that line has more than {LONGEST} bytes\n")

    def readConnectionLost(self) -> None:
        self._at_end = True
        self._tell_end()

    def writeConnectionLost(self) -> None:
        self._cannot_show()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._cannot_show()

    def _cannot_show(self) -> None:
        """Nobody reads any more; of a StandardIO that has lost its writer, no loss is told."""
        if not self._closed.called:
            self._closed.callback(None)
            self._unread()

    def _tell_end(self) -> None:
        """When all that came before the end has been taken."""
        if not self._at_end or self.paused or self._told_end:
            return
        self._told_end = True
        if rest := self.clearLineBuffer():
            self._typed(rest)
        self._ended()


_: type[Screen] = PlainTerminal
