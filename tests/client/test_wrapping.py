"""How a text stands in the columns of a terminal."""

import pytest

from twisted_chat.client.wrapping import rows, wrapped
from twisted_chat.core.widths import width


def test_a_text_is_broken_between_words() -> None:
    assert wrapped("one two three four five six", 20) == ["one two three four", "five six"]


def test_what_fits_is_left_as_it_is() -> None:
    assert wrapped("one  two   three", 20) == ["one  two   three"]


def test_an_address_stays_whole() -> None:
    address = "https://example.org/" + "x" * 40
    assert wrapped(f"see {address} please", 30) == ["see", address, "please"]


def test_what_is_written_without_spaces_is_broken_between_characters() -> None:
    assert all(width(row) <= 20 for row in wrapped("日本語を書く" * 9, 20))
    assert wrapped("日本語を書くとき、改行。", 22) == ["日本語を書くとき、改", "行。"]


@pytest.mark.parametrize("text", ["a b " * 60, "日本" * 40, "👨‍👩‍👧 " * 20, " " * 90, "x" * 90])
def test_nothing_is_lost_but_spaces(text: str) -> None:
    assert "".join(wrapped(text, 25)).replace(" ", "") == text.replace(" ", "")


def test_a_very_narrow_terminal_breaks_as_it_likes() -> None:
    assert wrapped("one two three four five six", 8) == ["one two three four five six"]


def test_rows_are_counted_without_what_is_not_seen() -> None:
    assert rows("\x1b[1mann:\x1b[m hi\n", 80) == 1
    assert rows("\n", 80) == 1
    assert rows("x" * 81 + "\n" + "x" * 80 + "\n", 80) == 3
    assert rows("hi\n\a\x1b]9;chat: hi\x1b\\", 80) == 1
