"""A colour for each name: the same on every machine, and on a dark background and a light one."""

from collections.abc import Mapping
from functools import lru_cache
from zlib import crc32

from twisted_chat.core.names import fold

NAMES = (28, 129, 161, 31, 130, 62, 65, 163, 96, 131, 133, 30)
"""Of xterm's 256. Each has a contrast (WCAG 2.2, 1.4.3) of at least 4.0 against black and against
white: there is no colour with more than 4.58 against both. Of those that do, these lie farthest
from each other (CIE L*a*b*)."""

FEW = (2, 5, 1, 6, 3, 4)
"""For a terminal that has eight: what they look like is its owner's own choice."""

MANY = 256


def has_colours(env: Mapping[str, str]) -> int:
    """How many there are: 256, 8, or none. Source: https://no-color.org."""
    if env.get("NO_COLOR") or env.get("TERM", "dumb") == "dumb":
        return 0
    kind = env.get("TERM", "") + env.get("COLORTERM", "")
    return MANY if "256" in kind or "truecolor" in kind or "24bit" in kind else 8


@lru_cache(1024)
def colour_of(name: str, colours: int = MANY) -> int | None:
    """A number of the palette; ``Ann`` and ``ann`` are one person, and have one colour."""
    if not colours:
        return None
    palette = NAMES if colours >= MANY else FEW
    return palette[crc32(fold(name).encode("utf-8", "replace")) % len(palette)]


def foreground(colour: int | None) -> str:
    """What selects it (ECMA-48 8.3.117; 38;5 is ISO 8613-6)."""
    if colour is None:
        return ""
    return f"\x1b[3{colour}m" if colour < 8 else f"\x1b[38;5;{colour}m"
