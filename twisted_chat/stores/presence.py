"""Who came to a log and who left it, from when it happens until it is written."""

from typing import Literal, TypeAlias

from twisted_chat.core import names
from twisted_chat.core.events import Event, Joined, Left, Renamed

Row: TypeAlias = tuple[str, str, int | None, int]
"""A log, a folded name, the id up to which she has read it (None: she is here), and the id of what
happened: by then the log had that name, which may since have become another's."""

Noted: TypeAlias = dict[tuple[str, str], tuple[int | None, int]]


class Presence:
    """At most one write of it is under way."""

    def __init__(self) -> None:
        self._noted: Noted = {}
        self._under_way: Noted = {}

    def __bool__(self) -> bool:
        return bool(self._noted)

    def note(self, log: str, event: Event, number: int) -> None:
        """Something has happened in a log, and has that id."""
        if log[0] != "#":
            return
        match event:
            case Joined(name):
                self._noted[log, names.fold(name)] = None, number
            case Left(name, _):
                self._leaves(log, name, number)
            case Renamed(name, to):
                self._leaves(log, name, number)
                self._noted[log, names.fold(to)] = None, number

    def left_off(self, log: str, name: str, read: int, last: int) -> None:
        """She is about to leave, and has read it up to that id only. ``last``: the largest id so
        far."""
        self._noted[log, names.fold(name)] = read, last

    def at(self, log: str, name: str) -> int | Literal["written"] | None:
        """The id up to which somebody of that name has read it, if that is not written yet."""
        key = (log, names.fold(name))
        for notes in (self._noted, self._under_way):
            if key in notes:
                return notes[key][0]
        return "written"

    def take(self, until: int) -> list[Row]:
        """What happened up to that id, to be written now: ``written`` or ``not_written`` follows.
        What happened later may be in a log that has its name only by then."""
        now = {key: note for key, note in self._noted.items() if note[1] <= until}
        self._noted = {key: note for key, note in self._noted.items() if note[1] > until}
        self._under_way = now
        return [(log, name, at, number) for (log, name), (at, number) in now.items()]

    def written(self) -> None:
        self._under_way = {}

    def not_written(self) -> None:
        self._noted = self._under_way | self._noted
        self._under_way = {}

    def _leaves(self, log: str, name: str, number: int) -> None:
        key = (log, names.fold(name))
        if self._noted.get(key, (None, 0))[0] is None:
            self._noted[key] = number, number
