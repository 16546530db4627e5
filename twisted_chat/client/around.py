"""What is around somebody who talks: the people of each room, its topic, and what she has not read.

All of it is learned from what is heard; nothing is asked for here.
"""

from collections.abc import Collection, Iterable

from twisted_chat.client.screen import RoomView
from twisted_chat.core import names
from twisted_chat.core.events import (
    Acted,
    Entry,
    Joined,
    Left,
    Moved,
    Pasted,
    Renamed,
    Said,
    TopicSet,
)
from twisted_chat.core.outcomes import (
    Answer,
    Entered,
    HelpText,
    NameList,
    Outside,
    People,
    TopicIs,
    Welcomed,
)
from twisted_chat.core.requests import Right
from twisted_chat.speech.commands import COMMANDS, Command
from twisted_chat.speech.lines_json import MOST_ROOMS

WORDS = (Said, Acted, Pasted)
"""What is said in a room, and counts as unread elsewhere."""


class Room:
    """``spoke``: who did, the last one at the end."""

    def __init__(self) -> None:
        self.topic = ""
        self.unread = self.mentions = 0
        self.here: dict[str, None] = {}
        self.spoke: dict[str, None] = {}

    def has(self, others: Collection[str], count: int) -> None:
        """``others``: all of so many, or the first of them: who left meanwhile is not there."""
        if len(others) == count:
            self.here = {}
            self.spoke = {name: None for name in self.spoke if name in others}
        self.comes(others)

    def comes(self, people: Iterable[str]) -> None:
        self.here.update(dict.fromkeys(people))

    def goes(self, name: str) -> None:
        self.here.pop(name, None)
        self.spoke.pop(name, None)

    def speaks(self, name: str) -> None:
        self.here[name] = None
        self.spoke.pop(name, None)
        self.spoke[name] = None

    def renames(self, old: str, new: str) -> None:
        """In the same place among the others."""
        self.here, self.spoke = (
            {new if one == old else one: None for one in people}
            for people in (self.here, self.spoke)
        )

    @property
    def people(self) -> tuple[str, ...]:
        """Who spoke last is the first; who did not speak, by name."""
        silent = sorted(set(self.here) - set(self.spoke), key=names.fold)
        return (*reversed(self.spoke), *silent)


class Around:
    """``away``: those of whom it is known. ``commands``: those that one may use, as far as that is
    known: any guest's are."""

    def __init__(self) -> None:
        self.away: frozenset[str] = frozenset()
        self.commands: tuple[Command, ...] = tuple(
            one for one in COMMANDS if one.request.needs is Right.GUEST
        )
        self._rooms: dict[str, Room] = {}

    def room(self, name: str) -> Room:
        if name not in self._rooms and len(self._rooms) >= MOST_ROOMS:
            return Room()  # nobody is in so many
        return self._rooms.setdefault(name, Room())

    def views(self, rooms: Iterable[str]) -> tuple[RoomView, ...]:
        found = ((name, self.room(name)) for name in rooms)
        return tuple(RoomView(name, one.unread, one.mentions) for name, one in found)

    def talks_in(self, name: str) -> None:
        """What is said there is read as it is said."""
        room = self.room(name)
        room.unread = room.mentions = 0

    def answered(self, answer: Answer) -> None:
        match answer:
            case Welcomed(room=room, others=others, count=count):
                self.room(room).has(others, count)
            case Entered(room, topic, others, count):
                self.room(room).topic = topic
                self.room(room).has(others, count)
            case Outside(room):
                self._rooms.pop(room, None)
            case TopicIs(room, topic):
                self.room(room).topic = topic
            case NameList(room, people) if room:
                self.room(room).comes(people)
            case People(people=persons):
                known = {one.name for one in persons}
                self.away = (self.away - known) | {one.name for one in persons if one.away}

    def helped(self, answer: HelpText) -> None:
        """All that one may do: the server says that, and what it says is all that is proposed."""
        usages = {line.usage for line in answer.lines}
        self.commands = tuple(one for one in COMMANDS if one.usage in usages)

    def happened(self, entry: Entry, unread: bool, mentions: bool) -> None:
        """``unread``: nobody looks there just now."""
        if not entry.log.startswith("#"):
            return
        room, event = self.room(entry.log), entry.event
        match event:
            case Joined(name):
                room.comes([name])
            case Left(name):
                room.goes(name)
            case Renamed(old, new):
                room.renames(old, new)
            case TopicSet(_, topic):
                room.topic = topic
            case Moved(to=new) if entry.log in self._rooms:
                self._rooms[new] = self._rooms.pop(entry.log)
        if isinstance(event, WORDS):
            room.speaks(event.name)
            room.unread += unread
            room.mentions += unread and mentions
