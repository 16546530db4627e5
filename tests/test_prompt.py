"""The line being typed at a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core.widths import width
from twisted_chat.prompt import HISTORY, LONGEST, PROMPT, Prompt
from twisted_chat.speech.clean import clean

UP, DOWN, RIGHT, LEFT = b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D"
DELETE, BACKSPACE = b"\x1b[3~", b"\x7f"
CTRL_A, CTRL_D, CTRL_E, CTRL_K, CTRL_U, CTRL_W = (
    b"\x01",
    b"\x04",
    b"\x05",
    b"\x0b",
    b"\x15",
    b"\x17",
)


class Screen:
    """The last line of a terminal that knows what a prompt draws with, and no more."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.column = 0

    def show(self, data: bytes) -> None:
        text = data.decode()
        while text:
            if text.startswith("\x1b["):
                final = next(at for at, char in enumerate(text[2:], 2) if char.isalpha())
                self._control(text[final], int(text[2:final] or 1))
                text = text[final + 1 :]
            else:
                self._put(text[0])
                text = text[1:]

    def _control(self, final: str, count: int) -> None:
        if final == "K":
            del self.cells[self.column :]
        else:
            assert final == "D"
            self.column -= count

    def _put(self, char: str) -> None:
        if char == "\r":
            self.column = 0
        elif unicodedata.category(char)[0] == "M":
            self.cells[self.column - 1] += char
        else:
            taken = [char, ""] if unicodedata.east_asian_width(char) in "WF" else [char]
            self.cells[self.column : self.column + len(taken)] = taken
            self.column += len(taken)


def typed(*keys: bytes) -> list[str]:
    """The lines that these keys complete, with Enter behind them."""
    return Prompt().typed(b"".join(keys) + b"\n")


def screen_of(prompt: Prompt) -> Screen:
    screen = Screen()
    screen.show(prompt.drawn())
    return screen


def drawn(*keys: bytes, columns: int = 80) -> tuple[str, int]:
    """What stands in the last line after these keys, and in which column the cursor is."""
    prompt = Prompt(columns)
    prompt.typed(b"".join(keys))
    screen = screen_of(prompt)
    return "".join(screen.cells), screen.column


# lines


def test_a_line_is_complete_at_enter() -> None:
    prompt = Prompt()
    assert prompt.typed(b"hel") == []
    assert prompt.typed(b"lo\nnext") == ["hello"]
    assert prompt.typed(b"\r") == ["next"]


def test_many_lines_can_be_pasted_at_once() -> None:
    assert typed(b"one\ntwo\n\nfour") == ["one", "two", "", "four"]


@given(st.text(st.characters(categories=["L", "N", "P", "S"])), st.lists(st.integers(0, 80)))
def test_it_does_not_matter_where_the_bytes_of_a_character_are_cut(
    text: str, cuts: list[int]
) -> None:
    data, prompt = f"{text}\n".encode(), Prompt()
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    lines = [
        line for at, edge in enumerate(edges[1:]) for line in prompt.typed(data[edges[at] : edge])
    ]
    assert lines == [text]


def test_what_is_not_utf8_is_shown_as_replaced_and_harms_nothing() -> None:
    assert typed(b"gr\xfcn") == ["gr\ufffdn"]


@given(st.binary(max_size=60))
def test_whatever_keys_are_pressed_a_line_is_printable(keys: bytes) -> None:
    prompt = Prompt()
    assert all(clean(line) == line for line in prompt.typed(keys))
    assert "".join(screen_of(prompt).cells).startswith(PROMPT)


def test_a_joined_emoji_is_typed_whole() -> None:
    assert typed("👩\u200d💻".encode()) == ["👩\u200d💻"]


def test_a_line_has_a_bound() -> None:
    [line] = typed(b"x" * (LONGEST + 100))
    assert len(line) == LONGEST


# editing


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ([b"abc", LEFT, LEFT, b"x"], "axbc"),
        ([b"abc", LEFT, LEFT, RIGHT, b"x"], "abxc"),
        ([b"abc", LEFT * 9, b"x"], "xabc"),
        ([b"abc", RIGHT * 9, b"x"], "abcx"),
        ([b"abc", b"\x1bOD", b"x"], "abxc"),  # arrows in application mode
        ([b"abc", BACKSPACE], "ab"),
        ([b"abc", b"\x08"], "ab"),
        ([b"abc", LEFT, BACKSPACE], "ac"),
        ([b"abc", CTRL_A, BACKSPACE], "abc"),
        ([b"abc", CTRL_A, DELETE], "bc"),
        ([b"abc", DELETE], "abc"),
        ([b"abc", CTRL_A, CTRL_D], "bc"),
        ([b"abc", CTRL_D], "abc"),
        ([b"abc", CTRL_A, b"x"], "xabc"),
        ([b"abc", CTRL_A, CTRL_E, b"x"], "abcx"),
        ([b"abc", b"\x1b[H", b"x"], "xabc"),
        ([b"abc", b"\x1b[1~", b"x", b"\x1b[4~", b"y"], "xabcy"),
        ([b"abc", b"\x1bOH", b"x", b"\x1bOF", b"y"], "xabcy"),
        ([b"abc", LEFT, CTRL_U], "c"),
        ([b"abc", CTRL_U, b"x"], "x"),
        ([b"abc", LEFT, CTRL_K], "ab"),
        ([b"one two", CTRL_W], "one "),
        ([b"one two  ", CTRL_W], "one "),
        ([b"one two", CTRL_W, CTRL_W], ""),
        ([b"one two", LEFT, CTRL_W], "one o"),
        ([b"one", CTRL_A, CTRL_W], "one"),
        (["日本".encode(), BACKSPACE], "日"),
        (["日本".encode(), LEFT, b"x"], "日x本"),
    ],
)
def test_a_line_is_edited_as_people_are_used_to(keys: list[bytes], line: str) -> None:
    assert typed(*keys) == [line]


@pytest.mark.parametrize(
    "sequence",
    [
        b"\x1bOP",  # F1
        b"\x1b[15~",  # F5
        b"\x1b[[A",  # F1 at a Linux console
        b"\x1b[5~",  # page up
        b"\x1b[Z",  # shift tab
        b"\x1b[1;5C",  # control right
        b"\x1b[1;2P",  # shift F1
        b"\x1b[200~",  # a paste begins
        b"\x1b[?62;22c",  # what a terminal says of itself
        b"\x1bx",  # Alt x
        b"\x1b\x1b[5~",  # Alt page up, where Alt sends an escape first
    ],
)
def test_an_unknown_key_is_swallowed_whole(sequence: bytes) -> None:
    assert typed(b"a", sequence, b"b") == ["ab"]


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_the_sequence_of_a_key_may_come_in_pieces(cut: int) -> None:
    prompt = Prompt()
    prompt.typed(b"abc")
    prompt.typed(DELETE[:cut])
    prompt.typed(DELETE[cut:] + LEFT)
    assert prompt.typed(b"x\n") == ["abxc"]


def test_a_sequence_without_end_does_not_swallow_everything() -> None:
    assert len(Prompt().typed(b"\x1b[" + b"1" * 200 + b"\n")) == 1


@pytest.mark.parametrize("key", [b"\t", b"\x00", b"\x02", b"\x0c", b"\x1a"])
def test_a_key_without_meaning_does_nothing(key: bytes) -> None:
    assert typed(b"a", key, b"b") == ["ab"]


def test_the_end_of_input_on_an_empty_line_closes() -> None:
    prompt = Prompt()
    assert not prompt.typed(CTRL_D)
    assert prompt.ended


def test_a_line_that_was_completed_before_the_end_of_input_is_not_lost() -> None:
    prompt = Prompt()
    assert prompt.typed(b"goodbye all\n" + CTRL_D) == ["goodbye all"]
    assert prompt.ended


# history


def test_earlier_lines_come_back_with_the_arrows() -> None:
    prompt = Prompt()
    prompt.typed(b"one\ntwo\nthree\n")
    assert prompt.typed(UP + UP + b"\n") == ["two"]
    assert prompt.typed(UP + b"\n") == ["two"]
    assert prompt.typed(UP * 3 + DOWN + b"!\n") == ["three!"]


def test_before_the_first_line_there_is_nothing_more() -> None:
    prompt = Prompt()
    prompt.typed(b"one\ntwo\n")
    assert prompt.typed(UP * 9 + b"\n") == ["one"]


def test_after_the_last_line_comes_an_empty_one() -> None:
    prompt = Prompt()
    prompt.typed(b"one\n")
    assert prompt.typed(UP + DOWN * 3 + b"\n") == [""]


def test_an_arrow_that_finds_nothing_leaves_what_is_typed() -> None:
    assert typed(b"abc" + UP) == ["abc"]
    assert typed(b"abc" + DOWN) == ["abc"]


def test_an_earlier_line_can_be_edited_and_stays_what_it_was() -> None:
    prompt = Prompt()
    prompt.typed(b"one\n")
    assert prompt.typed(UP + CTRL_A + b"x\n") == ["xone"]
    assert prompt.typed(UP + UP + b"\n") == ["one"]


def test_empty_lines_and_the_same_line_again_are_not_remembered() -> None:
    prompt = Prompt()
    prompt.typed(b"one\ntwo\ntwo\n\n  \n")
    assert prompt.typed(UP + UP + b"\n") == ["one"]


def test_no_more_lines_are_remembered_than_the_bound() -> None:
    prompt = Prompt()
    prompt.typed(b"".join(b"line %d\n" % number for number in range(HISTORY + 50)))
    assert prompt.typed(UP * (HISTORY + 50) + b"\n") == ["line 50"]


# drawing


def test_the_prompt_and_what_is_typed_are_drawn() -> None:
    assert drawn() == ("> ", 2)
    assert drawn(b"hello") == ("> hello", 7)


def test_the_cursor_stands_where_the_next_letter_goes() -> None:
    assert drawn(b"hello", LEFT, LEFT) == ("> hello", 5)
    assert drawn("日本語".encode(), LEFT) == ("> 日本語", 6)
    assert drawn("Zoe\u0301".encode(), CTRL_A, RIGHT) == ("> Zoe\u0301", 3)


def test_a_long_line_is_scrolled_to_its_end() -> None:
    line, column = drawn(b"0123456789" * 3, columns=20)
    assert line.startswith(PROMPT)
    assert line.endswith("56789")
    assert column == len(line) <= 19


def test_a_long_line_is_shown_from_its_beginning_when_the_cursor_is_there() -> None:
    assert drawn(b"0123456789" * 3, CTRL_A, columns=20) == ("> 01234567890123456", 2)


@given(
    st.text(st.sampled_from("ab日本é -"), max_size=60),
    st.integers(0, 60),
    st.integers(11, 40),
)
def test_a_line_never_wraps_and_the_cursor_stands_at_the_place_in_it(
    text: str, back: int, columns: int
) -> None:
    line, column = drawn(text.encode(), LEFT * back, columns=columns)
    shown = line.removeprefix(PROMPT)
    assert width(line) < columns
    assert shown in text
    before = text[: max(0, len(text) - back)]
    assert len(PROMPT) <= column <= width(line)
    assert before.endswith(_columns(shown, column - len(PROMPT)))


def _columns(text: str, count: int) -> str:
    """The characters of ``text`` that fill so many columns."""
    return next(text[:end] for end in range(len(text) + 1) if width(text[:end]) >= count)


def test_a_line_fits_the_terminal_after_its_size_has_changed() -> None:
    prompt = Prompt(80)
    prompt.typed(b"0123456789" * 6)
    prompt.columns = 30
    assert len(screen_of(prompt).cells) < 30


def test_what_arrives_stands_above_the_line_that_is_being_typed() -> None:
    prompt = Prompt()
    prompt.typed(b"hel")
    before, _, after = prompt.around(b"[ann] hi\n").partition(b"[ann] hi\n")
    assert before == b"\r\x1b[K"
    assert after == prompt.drawn()
    assert prompt.typed(b"lo\n") == ["hello"]


def test_a_line_is_drawn_over_the_one_that_stood_there() -> None:
    prompt, screen = Prompt(), Screen()
    prompt.typed(b"a long line")
    screen.show(prompt.drawn())
    prompt.typed(CTRL_U + b"short")
    screen.show(prompt.drawn())
    assert "".join(screen.cells) == "> short"
