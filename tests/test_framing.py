"""Lines out of bytes, however they come."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.readers.framing import LONGEST, Lines, expected

TOO_LONG = b"x" * (LONGEST + 1)
PIECES = st.sampled_from([b"\n", b"a", b"bcd", b"\r", b"\0", TOO_LONG, b"\xc3\xa9"])
STREAMS = st.lists(PIECES).map(b"".join)


def brought(*segments: bytes, stops: bool = False) -> Lines:
    lines = Lines(rest=stops)
    for segment in segments:
        lines.dataReceived(segment)
        while lines.paused:
            lines.resumeProducing()
    return lines


@given(STREAMS, st.lists(st.integers(0, 60)), st.booleans())
def test_any_segments_give_the_same_lines(stream: bytes, cuts: list[int], stops: bool) -> None:
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    segments = [stream[start:end] for start, end in pairwise(edges)]
    one, many = brought(stream), brought(*segments, stops=stops)
    assert one.lines == many.lines
    assert one.clearLineBuffer() == many.clearLineBuffer()


@given(STREAMS)
def test_every_line_is_there_and_the_long_ones_are_told_once(stream: bytes) -> None:
    assert brought(stream).lines == expected(stream)


@given(st.lists(STREAMS))
def test_no_more_is_held_than_a_line_may_have(segments: list[bytes]) -> None:
    lines = Lines()
    for segment in segments:
        lines.dataReceived(segment)
        assert lines.held <= LONGEST


def test_no_bytes_are_no_line() -> None:
    assert brought(b"", b"a", b"", b"\n", b"").lines == [b"a"]


def test_while_it_is_paused_no_line_comes_and_none_is_lost() -> None:
    lines = Lines(rest=1)
    lines.dataReceived(b"a\nb\n")
    lines.dataReceived(b"c\n")
    assert lines.lines == [b"a"]
    assert lines.line_waits
    lines.resumeProducing()
    lines.resumeProducing()
    assert lines.lines == [b"a", b"b", b"c"]
    assert not lines.line_waits


def test_what_comes_from_within_a_line_follows_it() -> None:
    class Echo(Lines):
        def lineReceived(self, line: bytes) -> None:
            if line == b"a":
                self.dataReceived(b"c\n")
            super().lineReceived(line)

    echo = Echo()
    echo.dataReceived(b"a\nb\n")
    echo.dataReceived(b"a\n")
    assert echo.lines == [b"a", b"b", b"c", b"a", b"c"]


def test_a_transport_that_closes_brings_nothing_more() -> None:
    class Leaving(Lines):
        def lineReceived(self, line: bytes) -> None:
            super().lineReceived(line)
            self.transport.loseConnection()

    leaving = Leaving()
    leaving.dataReceived(b"a\nb\n")
    assert leaving.lines == [b"a"]


def test_a_character_is_erased_whole_and_no_line_before_it() -> None:
    lines = Lines()
    for data in (b"a", b"\xc3", b"\xa9"):  # é, in pieces
        lines.dataReceived(data)
    lines.erase_character()
    lines.dataReceived(b"b\n")
    lines.erase_character()
    lines.dataReceived(b"c")
    lines.erase_line()
    lines.dataReceived(b"d\n")
    assert lines.lines == [b"ab", b"d"]


def test_what_is_erased_is_of_the_line_that_has_no_end_though_others_wait() -> None:
    lines = Lines(rest=1)
    lines.dataReceived(b"a\nb\nwrong")
    lines.erase_character()
    lines.erase_line()
    lines.erase_line()
    lines.erase_character()
    lines.dataReceived(b"c\n")
    for _ in range(3):
        lines.resumeProducing()
    assert lines.lines == [b"a", b"b", b"c"]


def test_a_long_line_costs_what_its_bytes_do() -> None:
    """Of each byte that comes alone, few are moved: LineReceiver moves all that came before."""
    lines = Lines()
    lines.MAX_LENGTH = 1 << 17
    moved = 0
    for _ in range(1 << 17):
        before = lines._searched
        lines.dataReceived(b"x")
        moved += lines._searched - before
    assert moved == lines.held == 1 << 17
