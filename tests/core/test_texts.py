"""Which characters may stand in what somebody says."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.speech.values import ANYTHING, NASTY
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.texts import (
    MOST_MARKS,
    admitted,
    admitted_lines,
    fault,
    is_piled,
    without_piles,
)
from twisted_chat.speech.clean import clean

MARKED = st.text("a\u0301\u0e31\u200d\ufe0f", max_size=60)
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ONE_LINE = (ANYTHING | NASTY).map(lambda text: text.replace("\n", "").replace("\r", ""))

WHOLE = [
    "👩‍💻 👨‍👩‍👧‍👦 🏳️‍🌈 ❤️ 👍🏽 🇩🇪 🧑🏿‍🤝‍🧑🏻",  # joined, varied, coloured, flags
    f"{ENGLAND} 1:0 🏴",
    "مرحبا بالعالم, מָה שְּׁלוֹמֵךְ?",
    "می‌خواهم",  # Persian needs the zero-width non-joiner
    "日本語 한국어 中文 葛\U000e0100",  # a variant of an ideograph
    "Zoe\u0301 n\u0303 Việt Nam",
    "नमस्ते क्‍ष শ্রী สวัสดี ຂອບໃຈ",
    "ཧྐྵྨླྺྼྻྂ",  # the tallest Tibetan stack
    "a\u00a0b \u00ab \u2013 \u20ac so\u00adft zero\u200bwidth",
    "\ue0a0 main \U000f0000",  # private use: signs of a terminal's own font
    "\U0001fae9 \U0001fadf",  # newer than the tables of this Python may be
]


def refused(text: str) -> str:
    """In which words, after the beginning that all have."""
    with pytest.raises(Refusal) as caught:
        admitted(text)
    assert caught.value.code == "not-text"
    return caught.value.sentence.removeprefix("not sent: that line has ").partition(". ")[0]


@pytest.mark.parametrize("text", WHOLE)
def test_every_script_and_emoji_stays_whole(text: str) -> None:
    assert admitted(text) == text
    assert admitted_lines(f"{text}\n{text}") == f"{text}\n{text}"


@pytest.mark.parametrize(
    "text",
    [
        "\x1b[31mred\x1b[0m",
        "\x1b[1;38;2;255;0;0mred\x1b[m",
        "\x1b[38:5:9mr\x1b[Ked\x1b[0K",  # as grep and gcc write it
        "\x9b31mred",
        "r\x1b(Bed",  # as tput writes it
        "\x1b]8;;http://example.org\x1b\\red\x1b]8;;\x07",
        "\x1b[200~red\x1b[201~",
        "r\x00e\x07d\x07\x07",
        "\ufeffred",
        "\u200fr\u200ee\u061cd",
    ],
)
def test_what_only_says_how_it_looks_or_sounds_is_taken_out(text: str) -> None:
    assert admitted(text) == "red"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        *((text, "a terminal's control code (U+001B)") for text in ("\x1b", "a\x1b[2J", "\x1b[A")),
        *((f"\x1b{char}x", "a terminal's control code (U+001B)") for char in "]P_^Xc(#7N"),
        *((char, f"a terminal's control code (U+{ord(char):04X})") for char in "\x80\x90\x9b\x9f"),
        ("\x1b]0;title", "a terminal's control code (U+001B)"),
        ("\x1b\x00[2J", "a terminal's control code (U+001B)"),
        ("\x1b[3\x1b[31m1m", "a terminal's control code (U+001B)"),
        *((f"a{char}b", f"a control character (U+{ord(char):04X})") for char in "\x08\x7f\x0e\x0f"),
        *(
            (f"a{char}Server: b", f"the end of another line (U+{ord(char):04X})")
            for char in "\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"
        ),
        *(
            (f"a{char}b", f"a character that turns round what is read (U+{ord(char):04X})")
            for char in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        ),
        *(
            (f"a{char}b", f"a character that nobody sees (U+{ord(char):04X})")
            for char in "\u206a\u206f\ufff9\ufffb\U000e0001\U000e0041\U000e007f"
        ),
        *(
            (char, f"a code that is no character (U+{ord(char):04X})")
            for char in "\ufdd0\ufdef\ufffe\uffff\U0001fffe\U0010ffff"
        ),
        ("a\ud800b", "half of a character (U+D800)"),
        ("a" + "\u0301" * (MOST_MARKS + 1), "more than 10 marks on one letter"),
        ("😀" + "\ufe0f" * (MOST_MARKS + 1), "more than 10 marks on one letter"),
        ("a" + "\u200b\u200c" * MOST_MARKS, "more than 10 marks on one letter"),
    ],
)
def test_what_acts_on_a_terminal_or_hides_is_refused_in_words(text: str, why: str) -> None:
    assert refused(text) == why


@pytest.mark.parametrize("times", [2, 40_000])
def test_a_link_is_looked_for_no_farther_than_to_the_next(times: int) -> None:
    """Of so many, each would have been looked for to the end: for minutes."""
    assert refused("\x9d8;;a" * times + "\x07") == "a terminal's control code (U+009D)"


def test_tags_are_no_letters_but_in_a_flag() -> None:
    assert admitted(f"{ENGLAND}!") == f"{ENGLAND}!"
    assert refused(ENGLAND.removeprefix("\U0001f3f4")) == "a character that nobody sees (U+E0067)"
    assert refused(ENGLAND[:-1]) == "a character that nobody sees (U+E0067)"
    assert refused(f"{ENGLAND}\U000e0067") == "a character that nobody sees (U+E0067)"


def test_the_most_marks_may_stand_on_each_letter_and_one_more_may_not() -> None:
    tower = "a" + "\u0301" * MOST_MARKS
    assert admitted(tower * 3) == tower * 3
    for before in range(3 * MOST_MARKS):
        assert is_piled("x" * before + tower + "\u0301")


@given(MARKED)
def test_too_many_marks_are_found_wherever_they_stand(text: str) -> None:
    assert is_piled(text) == (without_piles(text) != text)


def test_a_tab_is_four_spaces_and_stays_one_in_a_paste() -> None:
    assert admitted("a\tb") == "a    b"
    assert admitted_lines("a\tb\n\tc") == "a\tb\n\tc"


@given(ANYTHING | NASTY | MARKED)
def test_what_is_let_in_is_let_in_again_and_unchanged_by_the_cleaner(text: str) -> None:
    try:
        let_in = admitted(text)
    except Refusal:
        assert clean(text) != text
        return
    assert clean(let_in) == admitted(let_in) == let_in
    assert not fault(let_in)


@given(ANYTHING | NASTY | MARKED)
def test_what_is_left_of_a_text_is_let_in(text: str) -> None:
    assert admitted(clean(text)) == clean(text)


@given(st.lists(ONE_LINE, min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"]))
def test_a_paste_is_let_in_line_by_line_and_keeps_its_ends(lines: list[str], end: str) -> None:
    try:
        let_in = admitted_lines(end.join(lines))
    except Refusal:
        assert any(fault(line) for line in lines)
        return
    assert admitted_lines(let_in) == let_in
    assert let_in.count("\n") == len(lines) - 1
    assert [clean(line) for line in let_in.split(end)] == [admitted(line) for line in lines]


def test_every_character_that_is_neither_control_nor_format_is_let_in() -> None:
    every = "".join(
        f"a{char}"
        for char in map(chr, range(0x110000))
        if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Cn", "Zl", "Zp")
    )
    assert admitted(every) == every
