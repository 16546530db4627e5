"""What of a text may leave for somebody's terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speech.values import ANYTHING, NASTY
from twisted_chat.speech.clean import clean

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
FORBIDDEN = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *BIDI, "\u2028", "\u2029"}


@given(ANYTHING | NASTY)
def test_nothing_that_acts_on_a_terminal_is_left(text: str) -> None:
    assert not FORBIDDEN & set(clean(text))


@given(ANYTHING | NASTY)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]), max_size=40))
def test_what_can_be_printed_is_unchanged(text: str) -> None:
    assert clean(text) == text


@given(ANYTHING | NASTY)
def test_what_is_left_can_be_sent_as_utf8(text: str) -> None:
    assert clean(text + "\ud800").encode().decode() == clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "👩‍💻 👨‍👩‍👧 🏳️‍🌈 ❤️ 👍🏽 🇩🇪",  # joined, varied, coloured, flags
        "مرحبا بالعالم",
        "می‌خواهم",  # Persian needs the zero-width non-joiner
        "日本語 한국어 中文",
        "Zoe\u0301 n\u0303",
        "नमस्ते สวัสดี",
        "a\u00a0b \u00ab \u2013 \u20ac",
    ],
)
def test_every_script_and_emoji_stays_whole(text: str) -> None:
    assert (
        clean(text + "\x1b") == text
    )  # with something to clean, so that the short way is not taken


def test_every_character_that_is_neither_control_nor_format_is_kept() -> None:
    kept = "".join(
        f"a{char}"
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
    )
    assert clean(kept + "\x00") == kept


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b[1;38;2;255;0;0m",
        "\x1b[?1049h",
        "\x1b[>c",
        "\x1b[2 q",
        "\x9b2J",
        "\x1b]0;title\x07",
        "\x1b]8;;http://example.org\x1b\\",
        "\x9d52;c;aGk=\x9c",
        "\x1bP$qm\x1b\\",
        "\x90q#0;2\x9c",
        "\x1b_Gi=1;AAAA\x1b\\",
        "\x1b^secret\x1b\\",
        "\x1bXsecret\x1b\\",
        "\x1bc",
        "\x1b(B",
        "\x1b#8",
        "\x1b7",
    ],
)
def test_a_sequence_goes_whole(sequence: str) -> None:
    assert clean(f"a{sequence}b") == "ab"


@pytest.mark.parametrize("beginning", ["\x1b]0;", "\x1bP", "\x9d", "\x1b_", "\x1bX"])
def test_of_a_string_that_never_ends_nothing_is_left(beginning: str) -> None:
    assert clean(f"a{beginning}title") == "a"


@pytest.mark.parametrize("end", ["\x1b", "\x1b[", "\x1b[31", "\x9b", "\x1b[31;", "\x1b("])
def test_of_a_sequence_that_is_cut_off_nothing_is_left(end: str) -> None:
    assert clean(f"a{end}") == "a"


def test_an_escape_before_a_sequence_does_not_save_the_sequence() -> None:
    assert clean("a\x1b\x1b[31mb") == "ab"
    assert clean("a\x1b]0;x\x1b[31mb") == "ab"


@pytest.mark.parametrize(
    "char", [*BIDI, "\u2028", "\u2029", "\ufeff", "\ufffe", "\ud800", "\r", "\n"]
)
def test_a_character_that_acts_is_taken_out_alone(char: str) -> None:
    assert clean(f"a{char}b") == "ab"


def test_a_tab_is_four_spaces() -> None:
    assert clean("a\tb") == "a    b"
