"""What comes out of a pipe, made fit to be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.client.cutting import Fold, Lines, is_binary, pieces, readable
from twisted_chat.speech.clean import clean


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"plain", "plain"),
        (b"ends in CR LF\r\n", "ends in CR LF"),
        (b"\x1b[01m\x1b[Kx.c:1:\x1b[m\x1b[K error", "x.c:1: error"),
        (b"10%\r50%\r100%", "100%"),
        (b"10%\r100%\r\r\n", "100%"),
        (b"a\0b", "ab"),
        (b"gr\xfc\xdfe", "gr\ufffd\ufffde"),
        (b"\ttab", "    tab"),
        (b"trailing   ", "trailing"),
        (b"   ", ""),
    ],
)
def test_a_line_is_as_a_terminal_would_show_it_in_the_end(line: bytes, read: str) -> None:
    assert readable(line) == read


@given(st.binary())
def test_whatever_comes_is_clean_and_one_line(line: bytes) -> None:
    text = readable(line.replace(b"\n", b""))
    assert clean(text) == text
    assert "\n" not in text


def test_bytes_are_told_from_text_as_git_and_grep_do() -> None:
    assert is_binary(b"\x7fELF\2\1\1\0")
    assert not is_binary("grüße".encode("latin-1"))


def test_a_line_that_fits_is_left_as_it_is() -> None:
    assert list(pieces("hello", 5)) == ["hello"]
    assert list(pieces("", 5)) == []


def test_a_long_line_is_cut_at_a_space_where_one_is_near() -> None:
    assert list(pieces("one two three four", 10)) == ["one two", "three four"]


def test_characters_are_never_cut_in_two() -> None:
    assert list(pieces("ääää", 3)) == ["ä"] * 4
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert list(pieces(f"xxxxxx{family}", 20)) == ["xxxxxx", family]
    assert list(pieces("e\u0301" * 4, 8)) == ["e\u0301" * 2] * 2


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"])), st.integers(4, 40))
def test_nothing_is_lost_and_nothing_too_long(text: str, limit: int) -> None:
    parts = list(pieces(text, limit))
    assert "".join(parts) == text
    assert all(0 < len(part.encode()) <= limit for part in parts)


def test_lines_are_folded_to_one_with_the_empty_ones_between_them() -> None:
    fold = Fold(100)
    assert [fold.add(line) for line in ("", "one", "", "two", "")] == [[]] * 5
    assert fold.end() == ["one\n\ntwo"]
    assert fold.end() == []


@given(st.lists(st.text("abc ä", max_size=30)), st.integers(4, 60))
def test_a_fold_has_all_lines_in_order_and_none_too_long(lines: list[str], limit: int) -> None:
    fold = Fold(limit)
    pastes = [paste for line in lines for paste in fold.add(line)] + fold.end()
    assert all(len(paste.encode()) <= limit for paste in pastes)
    said = "".join("\n".join(pastes).split())
    assert said == "".join("".join(lines).split())


@given(st.lists(st.binary(max_size=20)), st.integers(1, 7))
def test_lines_come_whole_however_they_are_cut_on_their_way(parts: list[bytes], size: int) -> None:
    data = b"\n".join(part.replace(b"\n", b"") for part in parts)
    lines = Lines()
    found = [line for at in range(0, len(data), size) for line in lines.feed(data[at : at + size])]
    found += lines.end()
    expected = data.split(b"\n")
    assert found == (expected if expected[-1] else expected[:-1])


def test_a_line_without_an_end_is_given_in_parts_of_whole_characters() -> None:
    lines = Lines(longest=5)
    found = lines.feed("ääääää".encode()) + lines.end()
    assert b"".join(found).decode() == "ääääää"
    assert [part.decode() for part in found]
    assert max(map(len, found)) <= 5
