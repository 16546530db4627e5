"""Lines out of bytes: Twisted's LineReceiver, which goes on after a line that is too long."""

from twisted.protocols.basic import LineReceiver


class SkippingLineReceiver(LineReceiver):
    """Lines end in LF. Of one that has more than MAX_LENGTH bytes nothing is kept, ``lineTooLong``
    is told once, and what follows it is read as if nothing had been."""

    delimiter = b"\n"

    _after = b""

    def lineTooLong(self) -> None:
        """A line was skipped, or its rest is being skipped."""

    def dataReceived(self, data: bytes) -> None:
        super().dataReceived(data)
        while self._after:  # LineReceiver leaves its loop at a line that is too long
            rest, self._after = self._after, b""
            super().dataReceived(rest)

    def lineLengthExceeded(self, line: bytes) -> None:
        self.lineTooLong()
        _, end, self._after = line.partition(self.delimiter)
        if not end:
            self.setRawMode()

    def rawDataReceived(self, data: bytes) -> None:
        """The rest of a line that is too long."""
        _, end, rest = data.partition(self.delimiter)
        if end:
            self.line_mode = 1
            LineReceiver.dataReceived(self, rest)
