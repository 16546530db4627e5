"""How a text stands in the columns of a terminal. Pure."""

import re
from collections.abc import Iterator

from twisted_chat.core.widths import width

NARROW = 20
"""Columns in which nothing is wrapped by words any more: the terminal cuts it as it likes."""

_WORD = re.compile(
    "[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60][。、，．！？）」』]*\\s*"
    "|[^\\s\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]+\\s*|\\s+"
)
"""A line may be broken behind it: a word, or a character of a script that is written without
spaces, and the marks that belong to it."""

_UNSEEN = re.compile("\x1b\\[[0-9;]*m|\x1b\\][^\x1b]*\x1b\\\\|\a")
"""What we write ourselves and is not seen: styles, notices, the bell."""


def wrapped(text: str, columns: int) -> list[str]:
    """In rows, broken between words. One that is wider than a row, as an address may be, stays
    whole: the terminal wraps it, and gives it back whole to who copies it."""
    if columns < NARROW or (len(text) <= columns // 2) or width(text) <= columns:
        return [text]
    return list(_rows(_WORD.findall(text), columns))


def _rows(words: list[str], columns: int) -> Iterator[str]:
    row, taken = "", 0
    for word in words:
        wide = width(word)
        if row and taken + width(word.rstrip()) > columns:
            yield row.rstrip()
            row, taken = "", 0
        row, taken = row + word, taken + wide
    yield row.rstrip()


def rows(text: str, columns: int) -> int:
    """How many a painted text takes that ends its last line."""
    lines = _UNSEEN.sub("", text).split("\n")[:-1]
    return sum(max(1, -(-width(line) // columns)) for line in lines)
