"""Who one is and where, and what one has read: all that is needed to come back as if nothing was.

Learned from what is heard; the terminal and the library have it alike.
"""

from collections.abc import Iterable, Mapping, Sequence

from twisted_chat.core import names
from twisted_chat.core.events import EVERYONE, LOBBY, Entry, Moved, Renamed, inbox
from twisted_chat.core.outcomes import CaughtUp, Entered, Outside, Welcomed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import AccountOf, ChangePassword, Enter, Register, Request
from twisted_chat.speech.lines_json import MOST_ROOMS

ALWAYS = frozenset({LOBBY, EVERYONE})
"""Logs that nobody is refused who is let in."""

MOST_AGAIN = 8
"""Rooms that are entered anew at once: who enters a dozen is slowed by the chat."""


class Seat:
    """``name``: empty while there is none. ``rooms``: in the order in which they were entered;
    ``room``: where one talks. ``read``: up to which id each log was. ``owned``: the name is one's
    own. ``was_in``: one was let in once. ``kept``: the chat keeps what is said, as far as one
    knows. ``lost``: rooms that were gone when one came back, and up to which id each was read."""

    def __init__(
        self,
        name: str = "",
        password: str | None = None,
        house: str | None = None,
        read: Mapping[str, int] | None = None,
    ) -> None:
        self.name = name
        self.secrets = (password, house)
        self.read = dict(read or {})
        self.lost: dict[str, int] = {}
        self.rooms = tuple(log for log in self.read if log.startswith("#"))
        self.room = self.rooms[-1] if self.rooms else ""
        self.owned = self.was_in = False
        self.kept = bool(self.read)
        self._names = {names.fold(name)}
        self._last = 0

    def takes(self, request: Enter) -> None:
        """By that name, and with these secrets, from now on."""
        self.name, self.secrets = request.name, (request.password, request.house)

    def forgets(self) -> None:
        """There is no way in by that name."""
        self.name, self.secrets = "", (None, None)

    def enter(self) -> Enter:
        """What one comes in, or back, with."""
        return Enter(self.name, self.places(), *self.secrets)

    def places(self) -> tuple[tuple[str, int], ...]:
        """The logs in which one reads on, and up to where each was read; the last room is the one
        where one talked."""
        rooms = sorted(self.rooms, key=lambda room: room == self.room)
        own = inbox(names.fold(self.name))
        read = ((log, self.read.get(log, 0)) for log in (*rooms, EVERYONE, own))
        return tuple(
            (log, number)
            for log, number in read
            if number or (self.kept and log in self.read) or log not in (*ALWAYS, own)
        )

    def is_me(self, name: str) -> bool:
        """It is a name that one has, or had here."""
        return names.fold(name) in self._names

    def reads_on(self, places: Mapping[str, int]) -> None:
        """From where an earlier run left off, if it is not from further back already."""
        for log, number in places.items():
            self.read[log] = min(number, self.read.get(log, number))
        self.kept = bool(self.read)
        self.rooms = tuple(log for log in self.read if log.startswith("#"))
        self.room = self.rooms[-1] if self.rooms else ""

    # what is learned

    def welcomed(self, answer: Welcomed) -> None:
        self.name, self.owned, self.was_in = answer.name, answer.owned, True
        self.kept = bool(answer.kept)
        self._names.add(names.fold(answer.name))
        self.rooms = answer.rooms or (answer.room,)
        self.room = answer.room
        self._last = answer.last or max(self.read.values(), default=0)
        own = inbox(names.fold(answer.name))
        kept = {own: self.read[own]} if answer.owned and own in self.read else {}
        logs = (*self.rooms, EVERYONE)
        self.read = {log: self.read.get(log, self._last) for log in logs} | kept

    def caught_up(self, answer: CaughtUp) -> None:
        """What was told to one alone was read so far, though there was nothing."""
        if answer.room == inbox(names.fold(self.name)) and self._last:
            self.read[answer.room] = max(self._last, self.read.get(answer.room, 0))

    def entered(self, answer: Entered) -> None:
        self.lost.pop(answer.room, None)
        self.rooms = (*(one for one in self.rooms if one != answer.room), answer.room)
        self.read.setdefault(answer.room, max(self.read.values(), default=0))
        self.room = answer.room

    def outside(self, answer: Outside) -> None:
        self.rooms = tuple(one for one in self.rooms if one != answer.room)
        self.read.pop(answer.room, None)
        self.room = answer.now if self.room == answer.room else self.room

    def reads(self, entry: Entry, own: bool) -> None:
        """``own``: it is the receipt of what was asked here, perhaps from a room that one left."""
        log = entry.log
        unknown = log.startswith("#") and log not in self.rooms
        if unknown and len(self.rooms) >= MOST_ROOMS:
            return  # nobody is in so many
        if log.startswith(("#", "*")) or (self.owned and log == inbox(names.fold(self.name))):
            self.read[log] = max(entry.id, self.read.get(log, 0))
        if unknown and not own:
            self.rooms += (log,)  # entered on another device

    def follows(self, entry: Entry) -> None:
        """What changes by which name one comes back, and to which room. Only of what happens
        now."""
        match entry.event:
            case Renamed(old, new) if old == self.name:
                self.name = new
                self._names.add(names.fold(new))
            case Moved(to=new) if entry.log in self.rooms:
                self.rooms = tuple(new if one == entry.log else one for one in self.rooms)
                self.read[new] = self.read.pop(entry.log, 0)
                self.room = new if self.room == entry.log else self.room

    def done(self, request: Request) -> None:
        """A secret may have been changed: the new one is what one comes back with."""
        match request:
            case Register(secret) | ChangePassword("", _, secret):
                self.secrets = (secret, self.secrets[1])
                self.owned = True
            case AccountOf(what) if what.lower() == "delete":
                self.secrets = (None, self.secrets[1])
                self.owned = False

    def loses(self, logs: Sequence[str]) -> bool:
        """These are gone, and one goes to the rooms among them again as soon as one is in; False
        for none of them: there are many already."""
        rooms = [log for log in logs if log.startswith("#")]
        free = max(0, MOST_AGAIN - len(self.lost))
        again = [room for room in rooms if room in rooms[:free] or room == self.room]
        self.lost |= {room: self.read.get(room, 0) for room in again}
        self.without(logs)
        return bool(again)

    def has_read(self, entry: Entry) -> bool:
        """Before its room was gone."""
        return entry.id <= self.lost.get(entry.log, 0)

    def without(self, logs: Iterable[str]) -> None:
        """These are not to be had any more."""
        for log in logs:
            self.read.pop(log, None)
        self.rooms = tuple(room for room in self.rooms if room not in logs)


def gone(refusal: Refusal, request: Enter) -> tuple[str, ...]:
    """The logs because of which one is not let in. Which one it is stands in words alone; where
    they do not say it, it may be any."""
    logs = tuple(log for log, _ in request.after if log not in ALWAYS)
    named = tuple(log for log in logs if log in refusal.sentence.split())
    return (named or logs) if refusal.code == "no-such-room" else named
