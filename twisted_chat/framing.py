"""Lines out of bytes, for both ends, in a time that grows with the bytes and with nothing else.

Twisted's LineReceiver copies all that it holds for every segment, and again for every line: a
segment of empty lines, or a long line that comes byte by byte, costs it the square of its length.
"""

from typing import Any

from twisted.internet.protocol import Protocol

LF = b"\n"


class SkippingLineReceiver(Protocol):
    """Lines end in LF. Of one that has more than MAX_LENGTH bytes nothing is kept, ``lineTooLong``
    is told once, and what follows it is read as if nothing had been.

    While it is ``paused`` no line is brought, also not from the middle of a segment.
    """

    MAX_LENGTH = 16384
    paused = False
    transport: Any

    def __init__(self) -> None:
        self._came = bytearray()
        self._searched = 0  # so many of these bytes have no line end
        self._skips = False
        self._brings = False

    def lineReceived(self, line: bytes) -> None:
        """One line, without its end."""

    def lineTooLong(self) -> None:
        """A line was skipped, or its rest is being skipped."""

    @property
    def line_waits(self) -> bool:
        """There is a whole line that was not brought yet."""
        return self._came.find(LF, self._searched) >= 0

    def clearLineBuffer(self) -> bytes:
        """All that was not brought yet, which is forgotten."""
        rest = bytes(self._came)
        self._forget(len(rest))
        return rest

    def erase_line(self) -> None:
        """What came of the line that has no end yet is taken back."""
        del self._came[self._begins :]
        self._searched = min(self._searched, len(self._came))

    def erase_character(self) -> None:
        """The last character of that line is, which may be several bytes of UTF-8."""
        last, first = len(self._came), self._begins
        while last > first:
            last -= 1
            if self._came[last] & 0xC0 != 0x80:  # no byte that continues a character
                break
        del self._came[last:]
        self._searched = min(self._searched, last)

    def dataReceived(self, data: bytes) -> None:
        """Nearly always it is one line and nothing waits: that costs a third."""
        if 0 <= data.find(LF) == len(data) - 1 < self.MAX_LENGTH and self._is_free:
            self._bring_only(data[:-1])
        else:
            self._came += data
        if self._came:
            self.bring()

    def bring(self) -> None:
        """The lines that wait, unless this is asked for from within one: then they follow it."""
        if self._brings:
            return
        self._brings = True
        try:
            self._bring_all()
        finally:
            self._brings = False

    def pauseProducing(self) -> None:
        self.paused = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        self.paused = False
        self.transport.resumeProducing()
        self.bring()

    @property
    def _begins(self) -> int:
        """Where the line begins that has no end yet."""
        return self._came.rfind(LF) + 1

    @property
    def _is_free(self) -> bool:
        return not (self._came or self.paused or self._brings or self._skips)

    def _forget(self, count: int) -> None:
        del self._came[:count]
        self._searched = 0

    def _bring_only(self, line: bytes) -> None:
        self._brings = True
        try:
            self.lineReceived(line)
        finally:
            self._brings = False

    def _bring_all(self) -> None:
        came = self._came
        while not self.paused:
            end = came.find(LF, self._searched)
            if end < 0:
                self._wait_for_end()
                return
            line = bytes(came[:end])
            del came[: end + 1]
            self._searched = 0
            if self._skips:
                self._skips = False
            elif end > self.MAX_LENGTH:
                self.lineTooLong()
            else:
                self.lineReceived(line)
            if self.transport is not None and self.transport.disconnecting:
                return

    def _wait_for_end(self) -> None:
        self._searched = len(self._came)
        if self._skips or self._searched > self.MAX_LENGTH:
            self._forget(self._searched)
            if not self._skips:
                self._skips = True
                self.lineTooLong()
