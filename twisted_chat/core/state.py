"""All that the law has to remember: who is here, which rooms there are, who owns what.

Here are the things, and how they are found. What may be done with them is in the files beside.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from twisted_chat.core import names, refusals
from twisted_chat.core.conduct import Conduct
from twisted_chat.core.events import EVERYONE, LOBBY, OPERATORS, Event, inbox
from twisted_chat.core.history import Query
from twisted_chat.core.likeness import Looks
from twisted_chat.core.outcomes import Forget, Outcome, Post, Remember
from twisted_chat.core.records import Account, Charter, Inbox, Record, Ruling, Sanction, Setting
from twisted_chat.core.requests import Right
from twisted_chat.core.value import value

SERVER = "server"
"""The folded name of the console's own member."""


@value
class Moment:
    """``clock``: seconds that never step. ``wall``: seconds since 1970."""

    clock: float
    wall: float


@dataclass(slots=True, eq=False)
class Room:
    """A room in which somebody is. ``spoke``: when each last did, where that matters. ``gone``:
    from where guests did who have gone, and when they went; see pauses.py.
    ``opened_from``: from where a guest has opened it; empty for a room that somebody owns."""

    charter: Charter
    members: dict[str, "Member"] = field(default_factory=dict)
    spoke: dict[str, float] = field(default_factory=dict)
    gone: dict[str, tuple[float, float]] = field(default_factory=dict)
    opened_from: str = ""

    @property
    def key(self) -> str:
        return self.charter.key


@dataclass(slots=True, eq=False)
class Member:
    """One person who is here, on one device or on several. ``key`` is the folded name, by which all
    others find her. ``came``: the id at which she did, or took this name. ``ignores``: by folded
    name, until when. ``said``: by what her programs know again what they said last."""

    name: str
    key: str
    right: Right
    entered: float
    spoke: float
    came: int = 0
    rooms: tuple[Room, ...] = ()
    devices: tuple["Device", ...] = ()
    away: str = ""
    ignores: dict[str, float] | None = None
    invited: frozenset[str] = frozenset()
    conduct: Conduct | None = None
    said: dict[str, None] | None = None
    waiting: tuple[str, ...] = ()
    """The folded names of those whose messages have waited for her, and are on their way now."""

    @property
    def owned(self) -> bool:
        """The name is hers: somebody else who gives it has to prove that she is her."""
        return self.right >= Right.MEMBER

    def is_in(self, key: str) -> bool:
        return any(room.key == key for room in self.rooms)


@dataclass(slots=True, eq=False)
class Device:
    """One connection of a member's. ``room``: where she talks; ``query``: to whom, if it is one
    person alone, and ``partner`` who that is, if the name may be another's next. ``left``: the id
    at which she was here before. ``read``: all that was said later, she reads as it is said.
    ``rest``: what ``/more`` shows."""

    member: Member
    room: Room | None = None
    address: str = ""
    query: str = ""
    partner: Member | None = None
    written_by: Member | None = None
    left: int = 0
    read: int = 0
    rest: Query | None = None
    ids: bool = False


@dataclass(slots=True)
class House:
    """How this chat is run: what its options say."""

    motd: str = ""
    solo: bool = False
    exit_stops: bool = False
    kept: str = ""
    """How long what is said is kept, in words; empty for not at all."""
    replay: int = 0
    """So many of the last lines are shown to who comes."""
    members_only: bool = False
    """Guests may not come in."""
    operators: frozenset[str] = frozenset()
    """The folded names whose owners are operators."""
    free_rooms: bool = True
    """Everybody may make a room, and not operators alone."""
    calm: bool = True
    """Who bothers others is slowed, muted and sent away."""


@dataclass(slots=True)
class State:
    house: House = field(default_factory=House)
    members: dict[str, Member] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    charters: dict[str, Charter] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    inboxes: dict[str, Inbox] = field(default_factory=dict)
    sanctions: dict[str, Sanction] = field(default_factory=dict)
    rulings: dict[str, Ruling] = field(default_factory=dict)
    settings: dict[str, Setting] = field(default_factory=dict)
    mutes: tuple[Sanction, ...] = ()
    pastes: dict[int, tuple[str, str, str]] = field(default_factory=dict)
    """The last ones, by number: where, who, and the text."""
    moment: Moment = field(default_factory=lambda: Moment(0.0, 0.0))
    """Of what is being asked."""
    last_act: int = 0
    """The largest number of an act so far."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Rooms that were renamed, by their old names, until all have been told."""
    conducts: dict[str, Conduct] = field(default_factory=dict)
    """How those behaved who went, if something had to be done about it."""
    latest: int = 0
    """What was said by now has no larger id."""
    looks: Looks = field(default_factory=Looks)
    """The names of those who are here, and of those who own theirs."""
    _shelves: dict[type[Record], dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._shelves = {
            Account: self.accounts,
            Inbox: self.inboxes,
            Charter: self.charters,
            Sanction: self.sanctions,
            Ruling: self.rulings,
            Setting: self.settings,
        }

    def recall(self, records: Iterable[Record]) -> None:
        """What was remembered when the chat ended."""
        for record in records:
            self._take(record)
        in_order = sorted(self.rulings.values(), key=lambda ruling: int(ruling.key))
        self.rulings.clear()
        self.rulings.update({ruling.key: ruling for ruling in in_order})

    @property
    def stage(self) -> str:
        """The log in which the lobby is heard. In a solo chat nobody else hears it."""
        return OPERATORS if self.house.solo else LOBBY

    @property
    def id_now(self) -> int:
        """What is said from now on has no smaller id, wherever the clock stands."""
        return max(int(self.moment.wall * 1e6), self.latest + 1)

    # people

    def comes(self, member: Member) -> None:
        """She is here, by her name, from now on."""
        self.members[member.key] = member
        self.looks.add(member.name, member.key)

    def goes(self, member: Member) -> None:
        """She is here no more, or not by that name."""
        del self.members[member.key]
        self.looks.drop(member.name, member.key)

    def find(self, device: Device, name: str) -> Member:
        """Somebody who is here. Raises a Refusal."""
        found = self.members.get(names.fold(name.strip()))
        if found is None or not self.may_know(device.member, found):
            raise refusals.not_here(name.strip())
        return found

    def require_person(self, member: Member) -> None:
        """Raises a Refusal for the console's own, which is in no room and no list."""
        if member.key not in self.members:
            raise refusals.console_is_nobody()

    def may_know(self, member: Member, other: Member) -> bool:
        """In a solo chat everyone is alone with the server."""
        return not self.house.solo or other is member or member.right >= Right.OPERATOR

    def visible(self, member: Member) -> list[Member]:
        return [one for one in self.members.values() if self.may_know(member, one)]

    def name_of(self, key: str) -> str:
        """As it is written, if we know."""
        if (account := self.accounts.get(key)) is not None:
            return account.name
        member = self.members.get(key)
        return key if member is None else member.name

    def right_of(self, key: str) -> Right:
        """Of somebody who owns the name."""
        named = key in self.house.operators or key in self.charter(LOBBY).hosts
        return Right.OPERATOR if named else Right.MEMBER

    def bring_up_rights(self) -> None:
        """Those who are here may do what their names may do now."""
        for member in self.members.values():
            if member.owned:
                member.right = self.right_of(member.key)

    def read_up_to(self, key: str) -> int:
        """The id up to which somebody who owns that name was handed what was told to her."""
        account, read = self.accounts.get(key), self.inboxes.get(key)
        return max(account.since if account else 0, read.read if read else 0)

    def right_in(self, member: Member, room: Room | Charter) -> Right:
        """What somebody may in one room. The lobby stands for the chat: it has operators alone."""
        charter = room.charter if isinstance(room, Room) else room
        if not member.owned or member.right >= Right.OPERATOR:
            return member.right
        if charter.owner == member.key:
            return Right.OWNER
        if charter.key != LOBBY and member.key in charter.hosts:
            return Right.HOST
        return member.right

    def remember(self, record: Record) -> Remember:
        """Change what is remembered here, and what is to be remembered for later."""
        self._take(record)
        return Remember(record)

    def forget(self, record: Record) -> Forget:
        self._dropped(self.shelf(type(record)).pop(record.key, None))
        self._changed(record)
        return Forget(record)

    def shelf(self, kind: type[Record]) -> dict[str, Any]:
        """All records of one kind."""
        return self._shelves[kind]

    def setting(self, key: str, default: str = "") -> str:
        setting = self.settings.get(key)
        return default if setting is None else setting.value

    def _take(self, record: Record) -> None:
        shelf = self.shelf(type(record))
        self._dropped(shelf.get(record.key))
        shelf[record.key] = record
        if isinstance(record, Account):
            self.looks.add(record.name, record.key)
        self._changed(record)

    def _dropped(self, record: Record | None) -> None:
        if isinstance(record, Account):
            self.looks.drop(record.name, record.key)

    def _changed(self, record: Record) -> None:
        """What is looked up for every line is at hand."""
        match record:
            case Charter(key, since=since):
                if key in self.rooms:
                    self.rooms[key].charter = self.charters.get(key) or Charter(key)
                if key not in self.charters or since == self.id_now:
                    self._forget_pastes(key)  # of a room that is gone, or was private until now
            case Ruling(key):
                self.last_act = max(self.last_act, int(key))
            case Sanction():
                self.mutes = tuple(one for one in self.sanctions.values() if one.kind == "mute")

    def _forget_pastes(self, log: str) -> None:
        for number in [number for number, paste in self.pastes.items() if paste[0] == log]:
            del self.pastes[number]

    def change_account(self, member: Member, **changes: object) -> list[Outcome]:
        """Of somebody who owns her name; nothing for a guest."""
        account = self.accounts.get(member.key)
        if account is None or not member.owned:
            return []
        changed = replace(account, **changes)  # type: ignore[arg-type]
        return [] if changed == account else [self.remember(changed)]

    # rooms

    def charter(self, key: str) -> Charter:
        """Of a room that is there; of any other, as it would be made."""
        if room := self.rooms.get(key):
            return room.charter
        return self.charters.get(key) or Charter(key)

    def exists(self, key: str) -> bool:
        return key == LOBBY or key in self.rooms or key in self.charters

    def opened(self, key: str) -> Room:
        """The room, with or without people in it. It is forgotten when nobody is in it."""
        return self.rooms.get(key) or Room(self.charter(key))

    def knows_of(self, member: Member, charter: Charter) -> bool:
        """Whether there is such a room, to this person: one that is no secret, one that she is in,
        one that she looks after from outside, or one to which she was asked in."""
        if not charter.private or charter.listed or member.is_in(charter.key):
            return True
        if member.owned and member.key in (charter.owner, *charter.hosts):
            return True
        return self.is_invited(member, charter.key)

    def may_read(self, member: Member, key: str) -> bool:
        """The one place that says whose past and present a room's log is: of those who are in it;
        and the lobby's of an operator at the console, who is in no room."""
        return member.is_in(key) or (key == LOBBY and member.key == SERVER)

    def is_invited(self, member: Member, key: str) -> bool:
        account = self.accounts.get(member.key) if member.owned else None
        return key in member.invited or (account is not None and key in account.invited)

    def room(self, device: Device, asked: str) -> Room:
        """The room that somebody means, by default the one in which she talks. Raises a Refusal,
        which is the same for a room that is not there and for one of which she may not know. An
        operator who knows the name of a room may act on it."""
        if not asked.strip():
            if device.room is None:
                return self.opened(LOBBY)
            return device.room
        key = names.legal_room(asked)
        member = device.member
        knows = self.knows_of(member, self.charter(key)) or member.right >= Right.OPERATOR
        if not self.exists(key) or not knows:
            raise refusals.no_such_room(key)
        return self.opened(key)

    def room_inside(self, device: Device, asked: str) -> Room:
        """The same, of those that she is in. Raises a Refusal."""
        if asked.strip():
            key = names.legal_room(asked)
            for one in device.member.rooms:
                if one.key == key:
                    return one
            raise refusals.not_in_room(key)
        if device.room is not None:
            return device.room
        if device.member.key in self.members:
            raise refusals.in_no_room()
        return self.opened(LOBBY)  # the console

    def owned_by(self, key: str) -> list[Charter]:
        """The rooms of that name, with or without people in them."""
        return [one for one in self.charters.values() if one.owner == key]

    def logs_of(self, member: Member) -> list[str]:
        """Of the rooms that she is in."""
        return [self.log_of(room) for room in member.rooms]

    def log_of(self, room: Room) -> str:
        return self.stage if room.key == LOBBY else room.key

    def post(self, room: Room, event: Event) -> Post:
        return Post(self.log_of(room), event)

    # the past

    def readable(self, member: Member) -> tuple[str, ...]:
        """All the logs whose past this person may read."""
        if self.house.solo:
            return (OPERATORS, EVERYONE) if member.right >= Right.OPERATOR else ()
        rooms = [room.key for room in member.rooms]
        if LOBBY not in rooms and self.may_read(member, LOBBY):
            rooms.append(LOBBY)
        own = [inbox(member.key)] if member.owned and member.key in self.accounts else []
        return (*rooms, *own, EVERYONE)

    def floors(self, logs: Iterable[str]) -> tuple[tuple[str, int], ...]:
        """What in these logs is closed to all who may read them: what was told to others by this
        name, and what was said while a room was private."""
        found = []
        for log in logs:
            if log[0] == "@" and (account := self.accounts.get(log[1:])) is not None:
                found.append((log, account.since))
            elif log[0] == "#" and (since := self.charter(log).since):
                found.append((log, since))
        return tuple(found)


def ignored(member: Member, now: float) -> frozenset[str]:
    """The folded names of those whom she does not hear."""
    if not member.ignores:
        return frozenset()
    return frozenset(key for key, until in member.ignores.items() if until > now)
