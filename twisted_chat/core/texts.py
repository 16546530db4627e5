"""Which characters may stand in what somebody says, asks or is called: the one place that decides.

Three things become of a character. What is read stays as it is. What only says how a text looks or
sounds is taken out. What would act on others' terminals, or make them read another text than the
one that is there, is refused in words. ``docs/security.md`` has the table, and why.

``speech/clean.py`` takes both out of all that leaves: what is let in here is unchanged by it.
"""

import re
import unicodedata
from itertools import takewhile

from twisted_chat.core import refusals

MOST_MARKS = 10
"""Characters in a row that take no column of their own: marks on one letter, joiners, selectors.
Unicode's Stream-Safe limit (UAX 15) is 30, which is a tower of ten lines; the tallest that a
language writes are Tibetan stacks, of nine."""

_NO_COLUMN = frozenset({"Mn", "Me", "Cf"})

# Colours, the rest of a line in the colour of its ground, links and their ends, what a terminal
# puts around a paste: programs write these into what they show, and terminals into what is pasted.
# No control may be within a link: who begins thousands of them and ends none would have all that
# follows looked through for each.
_COLOURS = (
    "(?:\x1b\\[|\x9b)(?:[0-9;:]*m|0?K|20[01]~)"
    "|\x1b\\(B"
    "|(?:\x1b\\]|\x9d)8;[^\x00-\x1f\x7f-\x9f]*(?:\x07|\x1b\\\\|\x9c)"
)
# RFC 20: NUL is filling, BEL a sound. The marks of a direction, which have no letter's worth of
# meaning, and the byte order mark.
LOOKS = re.compile(f"{_COLOURS}|[\x00\x07\u061c\u200e\u200f\ufeff]")
"""What is taken out without a word."""

FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
"""The flag of a part of a country (UTS 51): England's, Scotland's, Wales'. Elsewhere its tags are
letters that nobody sees."""

ENDS = "\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029"
_NONE = "\ufdd0-\ufdef" + "".join(
    f"{chr(last - 1)}{chr(last)}" for last in range(0xFFFF, 0x110000, 1 << 16)
)
_KINDS = {
    "ends": (f"[{ENDS}]", "the end of another line"),
    "codes": ("[\x1b\x80-\x9f]", "a terminal's control code"),
    "control": ("[\x01-\x08\x0e-\x1a\x1f\x7f]", "a control character"),
    "order": ("[\u202a-\u202e\u2066-\u2069]", "a character that turns round what is read"),
    "hidden": (
        "[\u206a-\u206f\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]",
        "a character that nobody sees",
    ),
    "none": (f"[{_NONE}]", "a code that is no character"),
    "half": ("[\ud800-\udfff]", "half of a character"),
}
ACTS = re.compile(
    f"(?P<flag>{FLAG})|" + "|".join(f"(?P<{kind}>{chars})" for kind, (chars, _) in _KINDS.items())
)
"""All that is refused, by kind; and the flag, in which a part of it may stand."""


def admitted(text: str) -> str:
    """One line as it may be said; a tab becomes four spaces. Raises a Refusal."""
    if text.isprintable() and (text.isascii() or not is_piled(text)):  # as nearly always
        return text
    return _judged(text).replace("\t", "    ")


def admitted_lines(text: str) -> str:
    """Several lines as they may be said: tabs stay, and line ends, which are LF or CR LF. Raises a
    Refusal."""
    return "\n".join(map(_judged_line, text.split("\n")))


def fault(text: str) -> str:
    """What in this line is refused, in words; empty for nothing."""
    text = LOOKS.sub("", text)
    for found in ACTS.finditer(text):
        if found.lastgroup != "flag":
            return f"{_KINDS[str(found.lastgroup)][1]} (U+{ord(found[0]):04X})"
    return f"more than {MOST_MARKS} marks on one letter" if is_piled(text) else ""


def is_piled(text: str) -> bool:
    """Whether too many marks stand on one letter. So many cannot stand in a row without one of them
    being at a place that is looked at; only where one is, those around it are counted."""
    if _NO_COLUMN.isdisjoint(map(unicodedata.category, text[MOST_MARKS :: MOST_MARKS + 1])):
        return False
    return any(_is_in_a_pile(text, at) for at in range(MOST_MARKS, len(text), MOST_MARKS + 1))


def _is_in_a_pile(text: str, at: int) -> bool:
    if not _takes_no_column(text[at]):
        return False
    before = takewhile(_takes_no_column, reversed(text[at - MOST_MARKS : at]))
    behind = takewhile(_takes_no_column, text[at + 1 : at + MOST_MARKS + 1])
    return len([*before, *behind]) >= MOST_MARKS


def _takes_no_column(char: str) -> bool:
    return unicodedata.category(char) in _NO_COLUMN


def without_piles(text: str) -> str:
    """The text with so many marks on each letter as may be there."""
    kept, count = [], 0
    for char in text:
        count = count + 1 if _takes_no_column(char) else 0
        if count <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _judged_line(line: str) -> str:
    end = "\r" if line.endswith("\r") else ""
    line = line.removesuffix("\r")
    return (line if line.isascii() and line.isprintable() else _judged(line)) + end


def _judged(text: str) -> str:
    """Without what only says how it looks. Raises a Refusal."""
    if why := fault(text):
        raise refusals.not_text(why)
    return LOOKS.sub("", text)
