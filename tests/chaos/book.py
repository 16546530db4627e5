"""What one client has read, as ids, and what all of them were told, as digests of the contents."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Message: TypeAlias = dict[str, Any]
LOBBY, EVERYONE = ROOMS = ("#lobby", "*")
KEPT = frozenset({"said", "acted", "announced"})


def digest(room: str, kind: str, name: str, text: str) -> int:
    """Of an entry's contents: a million texts for each reader would fill the memory."""
    return hash((room, kind, name, text))


@dataclass(slots=True)
class Evening:
    """What all clients of one run share. ``told``: by id, the digest of what any of them read.
    ``ending``: nobody sleeps, drops its connection or says anything new any more."""

    port: int
    told: dict[int, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    resumes: int = 0
    drops: int = 0
    ending: bool = False

    def complain(self, who: str, what: object) -> None:
        self.complaints.append(f"{who}: {what}")


class Book:
    """``places``: the ids from which its owner reads on. ``begun``: those after which everything
    is to be in ``ids``."""

    def __init__(self, owner: str, evening: Evening, places: Mapping[str, int]) -> None:
        self.owner = owner
        self.ids = {room: array("q") for room in ROOMS}
        self.places = dict(places)
        self.begun = dict(places)
        self._evening = evening
        self._live: set[str] = set()

    def comes_in(self, last: int) -> None:
        """``last``: from where a newcomer reads on who has read nothing yet."""
        self._live.clear()
        for room in ROOMS:
            self.places.setdefault(room, last)

    def note(self, message: Message) -> None:
        """An entry that is kept."""
        room, number = message["room"], message["id"]
        self.begun.setdefault(room, number - 1)
        self.ids[room].append(number)
        self.places[room] = number
        name = message.get("name", "")
        self._compare(number, digest(room, message["type"], name, message["text"]))
        self._order(message)

    def _compare(self, number: int, contents: int) -> None:
        if self._evening.told.setdefault(number, contents) != contents:
            self._evening.complain(self.owner, f"{number} is not what others were told")

    def _order(self, message: Message) -> None:
        """What is from before one came is read before what is not."""
        if not message.get("earlier"):
            self._live.add(message["room"])
        elif message["room"] in self._live:
            self._evening.complain(self.owner, f"{message['id']} is earlier, after live ones")
