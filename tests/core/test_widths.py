"""How much of a terminal a text takes."""

import pytest

from twisted_chat.core.widths import fitting, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("日本", 4),
        ("ｗｉｄｅ", 8),
        ("ﾊﾝｶｸ", 4),
        ("e\u0301", 1),
        ("👍", 2),
        ("วันนี้", 3),  # Thai, with three marks above its letters
        ("कु", 1),
    ],
)
def test_a_text_takes_as_many_columns_as_a_terminal_gives_it(text: str, columns: int) -> None:
    assert width(text) == columns


def test_what_fits_is_counted_in_columns_and_what_has_none_always_fits() -> None:
    assert fitting("日本語", 5) == 2
    assert fitting("e\u0301a", 1) == 2
