"""Who comes while no more files may be opened waits at the door, and who is in notices nothing.

Twisted would close each of them without a word, and log four lines for it; or, where not even that
is possible, ask again at once, for ever.
"""

import os
from collections.abc import Callable
from contextlib import suppress

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.internet.tcp import Port

SPARE = 16
"""Files that stay free for what the daemon itself opens meanwhile: options that are read again,
what SQLite sorts in, a log that is rotated, an operator's connection."""

AT_ONCE = 32
"""Connections that are taken in one turn of the reactor; the next turn takes more of them."""

AGAIN = 1.0
"""Seconds between two looks whether there is room again."""

QUIET = 600.0
"""Seconds between two words about it, however often somebody leaves and the next takes the room."""


class Gate:
    """Stands before ``port``. ``tell`` is given a sentence for the log when people begin to wait.
    ``left(most)``: how many more files may be opened, up to so many."""

    def __init__(
        self,
        port: Port,
        clock: IReactorTime,
        tell: Callable[[str], None],
        left: Callable[[int], int] | None = None,
    ) -> None:
        self._port = port
        self._clock = clock
        self._tell = tell
        self._left = left or files_left
        self._accept = port.doRead
        self._again: IDelayedCall | None = None
        self._told = -QUIET
        port.doRead = self._come  # type: ignore[method-assign]

    def close(self) -> None:
        """Nobody is let in any more."""
        if self._again is not None and self._again.active():
            self._again.cancel()

    def _come(self) -> None:
        """Somebody is at the door."""
        wanted = min(self._port.numberAccepts, AT_ONCE)
        room = self._left(wanted + SPARE) - SPARE
        if room > 0:
            self._port.numberAccepts = room
            self._accept()
        else:
            self._wait()

    def _wait(self) -> None:
        self._port.stopReading()
        self._again = self._clock.callLater(AGAIN, self._port.startReading)
        if (now := self._clock.seconds()) - self._told >= QUIET:
            self._told = now
            self._tell(
                "no more files may be opened (ulimit -n): who comes waits until there is room"
            )


def files_left(most: int) -> int:
    """So many more may be opened, by this process and on this machine; ``most`` for more."""
    opened: list[int] = []
    try:
        with suppress(OSError):
            opened.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))
            while len(opened) < most:
                opened.append(os.dup(opened[0]))
        return len(opened)
    finally:
        for one in opened:
            os.close(one)
