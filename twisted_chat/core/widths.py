"""How much of a terminal a text takes: a name stands before every line that its owner says."""

import unicodedata
from collections.abc import Iterable


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal (Unicode TR11; ambiguous ones as narrow)."""
    return sum(map(columns, text))


def columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):  # stands on, or joins, its neighbour
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fitting(chars: Iterable[str], room: int) -> int:
    """How many of these characters, from the first, fit into so many columns."""
    count = 0
    for char in chars:
        room -= columns(char)
        if room < 0:
            break
        count += 1
    return count
