"""Who came to a log and who left it, from when it happens until it is written."""

from typing import Literal, TypeAlias

from twisted_chat.core import names
from twisted_chat.core.events import Event, Joined, Left, Renamed

Row: TypeAlias = tuple[str, str, int | None]
"""A log, a folded name, and the id up to which she has read it; None: she is here."""


class Presence:
    """At most one write of it is under way."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], int | None] = {}
        self._under_way: dict[tuple[str, str], int | None] = {}

    def __bool__(self) -> bool:
        return bool(self._noted)

    def note(self, log: str, event: Event, number: int) -> None:
        """Something has happened in a log, and has that id."""
        if log[0] != "#":
            return
        match event:
            case Joined(name):
                self._noted[log, names.fold(name)] = None
            case Left(name, _):
                self._leaves(log, name, number)
            case Renamed(name, to):
                self._leaves(log, name, number)
                self._noted[log, names.fold(to)] = None

    def left_off(self, log: str, name: str, read: int) -> None:
        """She is about to leave, and has read it up to that id only."""
        self._noted[log, names.fold(name)] = read

    def at(self, log: str, name: str) -> int | Literal["written"] | None:
        """The id up to which somebody of that name has read it, if that is not written yet."""
        key = (log, names.fold(name))
        for notes in (self._noted, self._under_way):
            if key in notes:
                return notes[key]
        return "written"

    def take(self) -> list[Row]:
        """What is to be written now: ``written`` or ``not_written`` follows."""
        self._noted, self._under_way = {}, self._noted
        return [(log, name, at) for (log, name), at in self._under_way.items()]

    def written(self) -> None:
        self._under_way = {}

    def not_written(self) -> None:
        self._noted = self._under_way | self._noted
        self._under_way = {}

    def _leaves(self, log: str, name: str, number: int) -> None:
        key = (log, names.fold(name))
        if self._noted.get(key) is None:
            self._noted[key] = number
