"""What is shown to somebody, and what any terminal has to do for it: values and promises, no code.

A conversation says it in lines, with all that a terminal may want to know to set them apart. How
they look is the terminal's alone.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol


class Kind(Enum):
    """What a line is."""

    SAID = auto()
    ACTED = auto()
    TOLD = auto()
    """In private: by ``name``, or to ``to`` if it is one's own."""
    PASTED = auto()
    ANNOUNCED = auto()
    """By the operator, to all."""
    CAME = auto()
    WENT = auto()
    TOOK_PLACE = auto()
    """Anything else that happened in a room: a new name, a topic, an act of power."""
    ANSWER = auto()
    """To what was typed, or what the server tells of itself."""
    TROUBLE = auto()
    """It was not done, and the text says why and what to do."""
    QUESTION = auto()
    """What is typed next answers it."""


SPOKEN = frozenset({Kind.SAID, Kind.ACTED, Kind.TOLD, Kind.PASTED, Kind.ANNOUNCED})
"""Kinds in which somebody says something: these are counted as unread."""


@dataclass(frozen=True, slots=True)
class Line:
    """``text``: as it is worded for people, in one line or several, without the last line end and
    without a time; in another room than the one where one talks it begins with that room.

    ``at``: seconds since 1970, 0 for none. ``stamp``: ``at`` in words where it is not just now,
    else empty. ``name``: who did it, as it stands in the text. ``room``: its log. ``id``: of the
    entry, 0 for no entry. ``own``: one has done it oneself, here or on another device. ``typed``:
    it was typed here, so that whoever still sees what was typed needs it no more. ``mentions``: it
    names one. ``earlier``: it was said before one came.
    """

    text: str
    kind: Kind = Kind.ANSWER
    at: float = 0.0
    stamp: str = ""
    name: str = ""
    to: str = ""
    room: str = ""
    id: int = 0
    own: bool = False
    typed: bool = False
    mentions: bool = False
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room that one is in. ``unread``: what was said there since one talked there last;
    ``mentions``: so many of these name one."""

    name: str
    unread: int = 0
    mentions: int = 0


class Screen(Protocol):
    """Where lines come from, and where they are shown."""

    def show(self, line: Line) -> None:
        """After all that was shown before."""

    def changed(self) -> None:
        """Something else is another than it was: the room, what is unread, what waits to be sent,
        the line. The conversation has it; look when there is time."""

    def hold(self) -> None:
        """Bring no more typed lines: enough of them wait."""

    def go_on(self) -> None:
        """Bring them again."""

    def echo(self, on: bool) -> None:
        """What is typed is shown, or not: it is a secret."""
