"""Many lines in one burst are one thing that is said: a paste.

Lines that come faster than anybody types are gathered until there is a pause; then they are said
as one. A line alone waits just long enough to see whether another is behind it.
"""

import fcntl
import sys
import termios
from collections.abc import Callable
from typing import Protocol

from twisted.internet.interfaces import IDelayedCall, IReactorTime

ALONE = 0.01
"""Seconds in which a second line has come, if there is one: ``nc`` sends what is pasted into a
terminal line by line, and over a network the second waits for the receipt of the first. Nobody sees
a hundredth of a second."""

QUIET = 0.03
"""Seconds between two lines of a burst: a paste comes within a millisecond, over a bad line within
a few; nobody types a line, however short, in thirty."""

MANY = 4
"""So many lines are a paste; fewer are said one by one."""

MOST_LINES = 1000
MOST_BYTES = 1 << 16
"""Of one paste: a source file, and not a book. What is longer becomes another."""


class Gather:
    """``say`` is called with the lines of a burst, as they came."""

    def __init__(self, clock: IReactorTime, say: Callable[[list[str]], None]) -> None:
        self._clock = clock
        self._say = say
        self._lines: list[str] = []
        self._size = 0
        self._quiet: IDelayedCall | None = None

    @property
    def count(self) -> int:
        """Lines that wait."""
        return len(self._lines)

    def add(self, line: str, more: bool) -> None:
        """One more line. ``more``: others have come with it."""
        self._lines.append(line)
        self._size += len(line.encode()) + 1
        if len(self._lines) >= MOST_LINES or self._size >= MOST_BYTES:
            self.end()
            return
        wait = QUIET if more or len(self._lines) > 1 else ALONE
        if self._quiet is None or not self._quiet.active():
            self._quiet = self._clock.callLater(wait, self.end)
        else:
            self._quiet.reset(wait)

    def end(self) -> None:
        """The burst is over."""
        if self._quiet is not None and self._quiet.active():
            self._quiet.cancel()
        lines, self._lines, self._size = self._lines, [], 0
        if lines:
            self._say(lines)


class HasDescriptor(Protocol):
    def fileno(self) -> int: ...


def pending(source: HasDescriptor | int | None) -> int:
    """Bytes that have come already and were not read yet, where the kernel says so (FIONREAD)."""
    if source is None:
        return 0
    try:
        found = fcntl.ioctl(source, termios.FIONREAD, b"\0\0\0\0")
    except (OSError, ValueError):
        return 0
    return int.from_bytes(found, sys.byteorder)
