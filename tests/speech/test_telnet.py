"""The telnet protocol is taken out of a stream, wherever the network cuts it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.speech.telnet import (
    ABORT,
    ARE_YOU_THERE,
    BRK,
    DO,
    DONT,
    EC,
    ECHO,
    EL,
    IAC,
    IP,
    LONGEST_SUBNEGOTIATION,
    MOST_ANSWERS,
    MOST_COMMANDS,
    SB,
    SE,
    TIMING_MARK,
    WILL,
    WONT,
    Heard,
    Sign,
    TelnetReader,
)

COMMANDS = st.sampled_from(
    [IAC, DO, DONT, WILL, WONT, SB, SE, ARE_YOU_THERE, EC, EL, IP, TIMING_MARK, 241, 8, 127, 10]
)
STREAMS = st.lists(COMMANDS | st.integers(0, 255), max_size=40).map(bytes)
"""Bytes in which commands of all kinds, whole and broken, are frequent."""

OPTIONS = st.integers(0, 255)


def negotiation(verb: int, option: int) -> bytes:
    return bytes([IAC, verb, option])


def gist(*some: Heard) -> tuple[bytes, list[bytes | Sign]]:
    """What is sent back, and what was heard with its text in one piece."""
    parts: list[bytes | Sign] = []
    for part in (part for heard in some for part in heard.parts):
        if isinstance(part, bytes) and parts and isinstance(last := parts[-1], bytes):
            parts[-1] = last + part
        elif part:
            parts.append(part)
    return b"".join(heard.reply for heard in some), parts


def read(*segments: bytes) -> tuple[bytes, bytes]:
    """The text and the replies of a stream that comes in these segments."""
    reader = TelnetReader()
    reply, parts = gist(*[reader.read(segment) for segment in segments])
    return b"".join(part for part in parts if isinstance(part, bytes)), reply


def heard(*segments: bytes) -> list[bytes | Sign]:
    """The text and the signs."""
    reader = TelnetReader()
    return gist(*[reader.read(segment) for segment in segments])[1]


def hears(stream: bytes, cuts: list[int]) -> tuple[bytes, list[bytes | Sign]]:
    reader, edges = TelnetReader(), [0, *sorted(cuts), len(stream)]
    return gist(*[reader.read(stream[start:end]) for start, end in pairwise(edges)])


@given(STREAMS, st.lists(st.integers(0, 40), max_size=5))
def test_it_does_not_matter_where_a_stream_is_cut(stream: bytes, cuts: list[int]) -> None:
    inside = [cut for cut in cuts if cut <= len(stream)]
    assert hears(stream, inside) == hears(stream, []) == hears(stream, list(range(len(stream))))


@given(st.text())
def test_text_passes_untouched(text: str) -> None:
    assert read(text.encode()) == (text.encode(), b"")


@given(STREAMS)
def test_any_bytes_can_be_read(stream: bytes) -> None:
    text, reply = read(stream)
    assert len(text) <= len(stream) + 1
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


def test_are_you_there_is_a_sign() -> None:
    assert heard(b"a" + bytes([IAC, ARE_YOU_THERE]) + b"b") == [b"a", Sign.ARE_YOU_THERE, b"b"]


def test_a_doubled_iac_is_the_byte_itself() -> None:
    assert read(b"a\xff\xffb") == (b"a\xffb", b"")


@pytest.mark.parametrize(
    "inner", [b"", b"\x18\x00xterm", b"a\xff\xffb", b"\xff\xfab", b"\xff\xff\xf0b"]
)
def test_a_subnegotiation_is_no_text(inner: bytes) -> None:
    assert read(b"a\xff\xfa" + inner + b"\xff\xf0b") == (b"ab", b"")


def test_what_is_negotiated_within_a_subnegotiation_is_not_answered() -> None:
    assert read(b"\xff\xfa\xff\xfd\x01\xff\xf0") == (b"", b"")


def test_a_subnegotiation_without_end_keeps_no_memory_and_is_text_again_that_is_refused() -> None:
    reader = TelnetReader()
    reader.read(bytes([IAC, SB]))
    size = sum(len(repr(getattr(reader, name))) for name in TelnetReader.__slots__)
    swallowed = reader.read(b"x" * (LONGEST_SUBNEGOTIATION - 1))
    assert swallowed.parts == []
    assert sum(len(repr(getattr(reader, name))) for name in TelnetReader.__slots__) <= size + 4
    told = gist(reader.read(b"x" * 10 + b"\nhello\n"))
    assert told == (b"", [b"\xff" + b"x" * 9 + b"\nhello\n"])  # the first of these is no UTF-8
    assert not hasattr(reader, "__dict__")


@pytest.mark.parametrize("byte", [0, 10, 65, 235])
def test_what_is_no_command_is_left_in_the_text_where_it_is_refused(byte: int) -> None:
    assert heard(b"a\xff" + bytes([byte]) + b"b") == [b"a\xff" + bytes([byte]) + b"b"]


def test_a_character_or_a_line_is_erased() -> None:
    assert heard(b"ab\xff\xf7c\xff\xf8d") == [
        b"ab",
        Sign.ERASE_CHARACTER,
        b"c",
        Sign.ERASE_LINE,
        b"d",
    ]


@pytest.mark.parametrize("key", [b"\x08", b"\x7f"])
def test_a_key_that_rubs_out_does_so_for_a_telnet_only(key: bytes) -> None:
    assert heard(b"ab" + key + b"c") == [b"ab" + key + b"c"]
    assert heard(b"\xff\xf1ab" + key + b"c") == [b"ab", Sign.ERASE_CHARACTER, b"c"]


@pytest.mark.parametrize("command", [IP, BRK, ABORT])
def test_an_interrupt_is_a_sign(command: int) -> None:
    assert heard(b"ab" + bytes([IAC, command])) == [b"ab", Sign.INTERRUPT]


@pytest.mark.parametrize(
    "asked", [negotiation(DO, 31), negotiation(WILL, 31), bytes([IAC, ARE_YOU_THERE])]
)
def test_a_flood_gets_no_flood_of_answers_until_there_is_a_line(asked: bytes) -> None:
    reader = TelnetReader()
    first = gist(reader.read(asked * 1000))
    assert len(first[0]) <= 3 * MOST_ANSWERS
    assert len(first[1]) <= MOST_ANSWERS
    assert gist(reader.read(asked)) == (b"", [])
    reader.read(b"\n")
    assert gist(reader.read(asked)) != (b"", [])


def test_a_flood_without_any_line_has_an_end() -> None:
    noise = bytes([IAC, 241])
    assert heard(noise * MOST_COMMANDS) == []
    assert heard(noise * (MOST_COMMANDS + 1) + b"hello\n") == [Sign.FLOOD]
    assert heard((noise * 100 + b"\n") * 100) == [b"\n" * 100]


def test_two_such_ends_do_not_negotiate_for_ever() -> None:
    one, two = TelnetReader(), TelnetReader()
    said, answers = b"".join(negotiation(DO, option) for option in range(40)), 0
    while said and answers < 10:
        said, one, two, answers = one.read(said).reply, two, one, answers + 1
    assert answers <= 3


def test_who_will_show_a_secret_in_spite_of_us_is_known() -> None:
    reader = TelnetReader()
    assert reader.echo(False) == negotiation(WILL, ECHO)
    assert gist(reader.read(negotiation(DONT, ECHO))) == (b"", [Sign.SHOWN])
    assert reader.echo(True) == b""


def test_who_agrees_to_hide_is_not_answered_and_is_told_when_it_is_over() -> None:
    reader = TelnetReader()
    reader.echo(False)
    assert gist(reader.read(negotiation(DO, ECHO))) == (b"", [])
    assert reader.echo(True) == negotiation(WONT, ECHO) + b"\r\n"
    assert gist(reader.read(negotiation(DONT, ECHO))) == (b"", [])
