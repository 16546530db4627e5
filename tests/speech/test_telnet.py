"""The telnet protocol is taken out of a stream, wherever the network cuts it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.speech.telnet import (
    ARE_YOU_THERE,
    DO,
    DONT,
    IAC,
    SB,
    SE,
    TIMING_MARK,
    WILL,
    WONT,
    TelnetReader,
)

COMMANDS = st.sampled_from([IAC, DO, DONT, WILL, WONT, SB, SE, ARE_YOU_THERE, TIMING_MARK, 241])
STREAMS = st.lists(COMMANDS | st.integers(0, 255), max_size=40).map(bytes)
"""Bytes in which commands of all kinds, whole and broken, are frequent."""

OPTIONS = st.integers(0, 255)


def negotiation(verb: int, option: int) -> bytes:
    return bytes([IAC, verb, option])


def read(*segments: bytes) -> tuple[bytes, bytes]:
    """The text and the replies of a stream that comes in these segments."""
    reader = TelnetReader()
    both = [reader.read(segment) for segment in segments]
    return b"".join(text for text, _ in both), b"".join(reply for _, reply in both)


@given(STREAMS, st.lists(st.integers(0, 40), max_size=5))
def test_it_does_not_matter_where_a_stream_is_cut(stream: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(stream)]
    segments = [stream[start:end] for start, end in pairwise(edges)]
    whole = read(b"".join(segments))
    assert read(*segments) == whole
    assert read(*(bytes([byte]) for byte in b"".join(segments))) == whole


@given(st.text())
def test_text_passes_untouched(text: str) -> None:
    assert read(text.encode()) == (text.encode(), b"")


@given(STREAMS)
def test_any_bytes_can_be_read(stream: bytes) -> None:
    text, reply = read(stream)
    assert len(text) <= len(stream)
    assert not reply or IAC in stream


def test_a_timing_mark_is_given() -> None:
    assert read(b"a\xff\xf4\xff\xfd\x06b") == (b"ab", b"\xff\xfb\x06")  # Debian's telnet at Ctrl-C


@given(OPTIONS.filter(lambda option: option != TIMING_MARK))
def test_we_will_do_nothing_else(option: int) -> None:
    assert read(negotiation(DO, option)) == (b"", negotiation(WONT, option))


@given(OPTIONS)
def test_the_other_end_need_do_nothing(option: int) -> None:
    assert read(negotiation(WILL, option)) == (b"", negotiation(DONT, option))


@given(OPTIONS)
def test_there_is_no_answer_to_dont_and_wont(option: int) -> None:
    assert read(negotiation(DONT, option) + negotiation(WONT, option)) == (b"", b"")


def test_are_you_there_is_answered() -> None:
    text, reply = read(bytes([IAC, ARE_YOU_THERE]))
    assert (text, reply[-2:]) == (b"", b"\r\n")
    assert b"here" in reply


def test_a_doubled_iac_is_the_byte_itself() -> None:
    assert read(b"a\xff\xffb") == (b"a\xffb", b"")


@pytest.mark.parametrize(
    "inner", [b"", b"\x18\x00xterm", b"a\xff\xffb", b"\xff\xfab", b"\xff\xff\xf0b"]
)
def test_a_subnegotiation_is_no_text(inner: bytes) -> None:
    assert read(b"a\xff\xfa" + inner + b"\xff\xf0b") == (b"ab", b"")


def test_what_is_negotiated_within_a_subnegotiation_is_not_answered() -> None:
    assert read(b"\xff\xfa\xff\xfd\x01\xff\xf0") == (b"", b"")


def test_a_subnegotiation_without_end_keeps_no_memory() -> None:
    reader = TelnetReader()
    reader.read(bytes([IAC, SB]))
    before = [getattr(reader, name) for name in TelnetReader.__slots__]
    for _ in range(50):
        assert reader.read(b"x" * 4096) == (b"", b"")
    assert [getattr(reader, name) for name in TelnetReader.__slots__] == before
    assert not hasattr(reader, "__dict__")
