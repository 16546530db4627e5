"""Lines out of bytes: wherever a stream is cut, and whenever it is paused, the same lines."""

from twisted.internet.testing import StringTransport

from tests.fuzz.readers.segments import cut
from twisted_chat.framing import SkippingLineReceiver

LONGEST = 12


class Lines(SkippingLineReceiver):
    """Keeps them; None stands for one that is too long. Every ``rest``-th line it stops."""

    MAX_LENGTH = LONGEST

    def __init__(self, rest: int = 0) -> None:
        super().__init__()
        self.lines: list[bytes | None] = []
        self._rest = rest
        self.makeConnection(StringTransport())

    def lineReceived(self, line: bytes) -> None:
        self._keep(line)

    def lineTooLong(self) -> None:
        self._keep(None)

    @property
    def held(self) -> int:
        """Bytes that wait."""
        return len(self._came)

    def _keep(self, line: bytes | None) -> None:
        self.lines.append(line)
        if self._rest and len(self.lines) % self._rest == 0:
            self.pauseProducing()


def read(data: bytes) -> None:
    stream, pieces = cut(data)
    rest = data[0] >> 6 if data else 0
    one, many = Lines(), Lines(rest)
    one.dataReceived(stream)
    for piece in pieces:
        many.dataReceived(piece)
        while many.paused:
            many.resumeProducing()
        assert many.held <= LONGEST
    assert one.lines == many.lines == expected(stream)
    assert one.clearLineBuffer() == many.clearLineBuffer()


def expected(stream: bytes) -> list[bytes | None]:
    """By the shortest way there is to say it."""
    *whole, rest = stream.split(b"\n")
    lines = [line if len(line) <= LONGEST else None for line in whole]
    return [*lines, None] if len(rest) > LONGEST else lines
