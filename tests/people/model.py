"""Who may read what, and who may do what: the rules as the people who asked for rooms wrote them
down, told anew. Nothing here calls what is tested; what is asked and when, it is told.

Time is a count of steps. A window is what has happened since all was quiet: what is on its way
within one may reach who was in the room at some time of it.
"""

import unicodedata
from dataclasses import dataclass, field
from math import inf

LOBBY = "#lobby"


def fold(name: str) -> str:
    """Two names that look alike are one."""
    return unicodedata.normalize("NFKC", name.strip()).lower()


@dataclass(eq=False)
class Era:
    """While a room is private. ``readers``: all who were in it at some time of that."""

    readers: set["Person"] = field(default_factory=set)
    over: bool = False


@dataclass(eq=False)
class Room:
    """``lately``: who was in it at some time of this window. ``known``: who was let know of it, by
    the name that it has. ``made``: it is there when nobody is in it. ``life``: how often it was
    made anew, after nobody was in it and it was forgotten: what was said to all is there again."""

    key: str
    owner: str = ""
    hosts: set[str] = field(default_factory=set)
    listed: bool = True
    made: bool = False
    gone: bool = False
    life: int = 0
    topic: "Token | None" = None
    era: Era | None = None
    secret_since: float = inf
    members: set["Person"] = field(default_factory=set)
    lately: set["Person"] = field(default_factory=set)
    known: set["Person"] = field(default_factory=set)

    @property
    def private(self) -> bool:
        return self.era is not None

    def comes(self, person: "Person") -> None:
        for one in (self.members, self.lately, self.known):
            one.add(person)
        if self.era is not None:
            self.era.readers.add(person)


@dataclass(eq=False)
class Person:
    """Somebody by one account, or a guest from when she comes until she leaves. ``rooms``: the last
    is where she went last. ``stays``: how often she has entered each. ``heeds``: since when she
    hears nothing of whom, by folded name."""

    name: str
    owned: bool = False
    rooms: list[Room] = field(default_factory=list)
    devices: list["Device"] = field(default_factory=list)
    remembered: list[tuple[Room, int]] = field(default_factory=list)
    invited: set[Room] = field(default_factory=set)
    deaf_to: dict[str, int] = field(default_factory=dict)
    stays: dict[Room, int] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return fold(self.name)


@dataclass(eq=False)
class Device:
    """``since``: the step at which it came."""

    person: Person
    since: int
    room: Room | None = None
    query: str = ""
    written_by: Person | None = None


@dataclass(eq=False)
class Token:
    """Something that was said, once. ``room`` None is told to ``to`` alone; both None is told to
    all. ``key``: by which name it was said. ``owed``: how often each stay has it, and has to."""

    word: str
    step: int
    by: Person
    key: str
    room: Room | None = None
    to: Person | None = None
    era: Era | None = None
    topic: bool = False
    redacted: float = inf
    ended: bool = False
    """It is a topic no more."""


@dataclass(frozen=True)
class Sanction:
    kind: str
    room: str
    target: str
    until: float


@dataclass
class Rules:
    """All that is remembered. ``window``: the step at which all was quiet last."""

    operators: frozenset[str] = frozenset()
    kept: bool = False
    step: int = 0
    window: int = 0
    wall: float = 0.0
    here: dict[str, Person] = field(default_factory=dict)
    accounts: dict[str, Person] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    dead: list[Room] = field(default_factory=list)
    empty: dict[str, Room] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    sanctions: set[Sanction] = field(default_factory=set)
    lifted: dict[Sanction, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.server = Person("Server", owned=True)
        self.rooms[LOBBY] = Room(LOBBY, made=True)

    def quiet(self) -> None:
        """What was under way has come."""
        self.window = self.step
        for room in (*self.rooms.values(), *self.dead):
            room.lately = set(room.members)
        self.dead = [room for room in self.dead if room.members]

    # who may

    def is_operator(self, person: Person) -> bool:
        if person is self.server:
            return True
        named = person.key in self.operators or person.key in self.rooms[LOBBY].hosts
        return person.owned and named

    def rank(self, person: Person, room: Room) -> int:
        """4 is whoever started the chat, at a console; 3 an operator of the chat, 2 the owner of
        the room, 1 one whom she named."""
        if self.is_operator(person):
            return 4 if person is self.server else 3
        if not person.owned or room.key == LOBBY:
            return 0
        return 2 if room.owner == person.key else int(person.key in room.hosts)

    def holds(self, kind: str, room: str, key: str) -> bool:
        return any(
            (one.kind, one.room, one.target) == (kind, room, key)
            and (not one.until or one.until > self.wall)
            for one in self.sanctions
        )

    def may_speak(self, person: Person, room: Room | None) -> bool:
        places = {LOBBY} if room is None else {LOBBY, room.key}
        muted = any(self.holds("mute", place, person.key) for place in places)
        return not muted or self.is_operator(person)

    def may_join(self, person: Person, key: str) -> bool:
        room = self.rooms.get(key)
        if room is None or self.rank(person, room) > 0:
            return True
        if self.holds("ban", key, person.key):
            return False
        return not room.private or room in person.invited

    def may_come(self, name: str, owned: bool) -> bool:
        """Into the chat."""
        key = fold(name)
        if owned and self.accounts.get(key) is not None and self.is_operator(self.accounts[key]):
            return True
        taken = key in self.accounts or key in self.here
        return not self.holds("ban", LOBBY, key) and (owned or not taken)

    # who may read

    def may_read(self, person: Person, token: Token) -> bool:
        """Now, what is written now."""
        if token.redacted < self.window and not token.topic:
            return False
        if token.room is None:
            return token.to is None or person in (token.to, token.by)
        room, receipt = token.room, token.by is person and token.step >= self.window
        if receipt or (token.topic and self._is_posted(token)):
            return True
        looks_after = room.key == LOBBY and self.is_operator(person)  # from outside too
        inside = person in room.lately or looks_after
        if token.era is not None and token.era.over:
            return inside and person in token.era.readers
        return inside

    def _is_posted(self, token: Token) -> bool:
        """It is a topic that all may read, or was in this window."""
        assert token.room is not None
        return not token.ended and (
            not token.room.private or token.room.secret_since >= self.window
        )

    def hears(self, person: Person, token: Token) -> bool:
        """False if she has ignored who said it, since before all was quiet or before it was."""
        since = person.deaf_to.get(token.key)
        return since is None or since > min(self.window, token.step)

    def may_know(self, person: Person, key: str) -> bool:
        """That there is a room of that name."""
        room = self.rooms.get(key)
        if room is None or not room.private or room.secret_since >= self.window or room.listed:
            return True
        return person in room.known or self._is_let_know(person, room)

    def _is_let_know(self, person: Person, room: Room) -> bool:
        by_name = person.owned and (person.key == room.owner or person.key in room.hosts)
        return by_name or room in person.invited

    # what happens

    def says(self, word: str, by: Person, room: Room | None, to: Person | None = None) -> Token:
        token = Token(word, self.step, by, by.key, room, to, room.era if room else None)
        self.tokens[word] = token
        return token

    def sets_topic(self, word: str, by: Person, room: Room) -> None:
        if room.topic is not None:
            room.topic.ended = True
        room.topic = self.says(word, by, room) if word else None
        if room.topic is not None:
            room.topic.topic = True
        room.made = True

    def comes(self, name: str, owned: bool, after: list[str]) -> Device:
        key = fold(name)
        person = self.accounts.get(key) if owned else None
        if person is None:
            person = Person(name, owned)
        if owned:
            self.accounts[key] = person
        if key not in self.here:
            self.here[key] = person
            self._rooms_again(person, after)
        device = Device(person, self.step, person.rooms[-1])
        person.devices.append(device)
        return device

    def _rooms_again(self, person: Person, after: list[str]) -> None:
        person.rooms = []
        """She talks where she reads on, if she does; else where she did last."""
        were = [room for room, life in person.remembered if self._is_hers(room, life)]
        wanted = [room for room in were if room.key not in after]
        wanted += [self.rooms[key] for key in after if key in self.rooms]
        for room in wanted:
            if room.key == LOBBY or not self.holds("ban", room.key, person.key):
                self._in(person, room)
        if not person.rooms:
            self._in(person, self.rooms[LOBBY])

    def _is_hers(self, room: Room, life: int) -> bool:
        """It is the room in which she was, and not another of that name that is private."""
        return not room.gone and (room.life == life or not room.private)

    def _in(self, person: Person, room: Room) -> None:
        if room in person.rooms:
            return
        person.rooms.append(room)
        room.comes(person)
        person.stays[room] = person.stays.get(room, 0) + 1

    def leaves(self, device: Device) -> None:
        person = device.person
        person.devices.remove(device)
        if person.devices:
            return
        self.here.pop(person.key, None)
        for room in person.rooms:
            room.members.discard(person)
            self._is_left(room)
        person.rooms = []
        person.deaf_to = {} if not person.owned else person.deaf_to

    def enters(self, device: Device, key: str) -> None:
        person = device.person
        room = self.rooms.get(key)
        if room is None:
            room = self.rooms[key] = self._made(key)
            if person.owned and person is not self.server:
                room.owner, room.made = person.key, True
                self._is_nobodys(room)
        if room in person.rooms:
            self.faces(device, room)
            return
        self._in(person, room)
        person.invited.discard(room)
        self.faces(device, room)

    def _is_nobodys(self, room: Room) -> None:
        """Who was in one of that name before has no place in it."""
        for person in self.accounts.values():
            person.remembered = [one for one in person.remembered if one[0] is not room]

    def _made(self, key: str) -> Room:
        room = self.empty.pop(key, None)
        if room is None:
            return Room(key)
        room.gone, room.life = False, room.life + 1
        return room

    def faces(self, device: Device, room: Room) -> None:
        person, device.room, device.query = device.person, room, ""
        person.rooms = [one for one in person.rooms if one is not room] + [room]
        self._remembers(person)

    def _remembers(self, person: Person) -> None:
        person.remembered = [(room, room.life) for room in person.rooms]

    def out(self, person: Person, room: Room) -> None:
        """She is in it no more; who was nowhere else is in the lobby."""
        if len(person.rooms) == 1 and room.key != LOBBY:
            self._in(person, self.rooms[LOBBY])
        person.rooms.remove(room)
        room.members.discard(person)
        for device in person.devices:
            if device.room is room:
                device.room = person.rooms[-1]
        self._remembers(person)
        person.invited = {one for one in person.invited if one not in person.rooms}
        self._is_left(room)

    def _is_left(self, room: Room) -> None:
        """A room that nobody owns is there as long as somebody is in it."""
        if not room.members and not room.made:
            self._ends(room)
            self.empty[room.key] = room

    def _ends(self, room: Room) -> None:
        if self.rooms.get(room.key) is room:
            del self.rooms[room.key]
        room.gone = True
        self.dead.append(room)
        for person in (*self.here.values(), *self.accounts.values()):
            person.invited.discard(room)

    def renames(self, person: Person, name: str) -> None:
        old = person.key
        del self.here[old]
        person.name = name
        self.here[person.key] = person
        for other in self.here.values():
            if old in other.deaf_to:
                other.deaf_to.setdefault(person.key, self.step)
            for device in other.devices:
                if device.query == old:
                    device.query = person.key

    def registers(self, person: Person) -> None:
        person.owned = True
        self.accounts[person.key] = person
        self._remembers(person)

    def closes(self, room: Room) -> None:
        """It is private from now on."""
        if room.era is None:
            room.era = Era(set(room.members))
            room.secret_since = self.step
        room.listed = False

    def opens(self, room: Room) -> None:
        if room.era is not None:
            room.era.over = True
        room.era, room.secret_since, room.listed = None, inf, True

    def moves(self, room: Room, key: str) -> None:
        old = room.key
        del self.rooms[old]
        self.empty.pop(key, None)
        self.rooms[key] = room
        room.key, room.known = key, set(room.members) | set(room.lately)
        moved = {one for one in self.sanctions if one.room == old}
        self.sanctions -= moved
        self.sanctions |= {Sanction(one.kind, key, one.target, one.until) for one in moved}

    def deletes(self, room: Room) -> None:
        room.made = True
        for person in list(room.members):
            self.out(person, room)
        self.sanctions = {one for one in self.sanctions if one.room != room.key}
        for person in self.accounts.values():
            person.remembered = [one for one in person.remembered if one[0] is not room]
        self._ends(room)

    def sanctions_somebody(self, kind: str, room: Room, target: str, seconds: float) -> None:
        self.lifts(kind, room.key, target)
        until = self.wall + seconds if seconds else 0.0
        self.sanctions.add(Sanction(kind, room.key, target, until))

    def lifts(self, kind: str, room: str, target: str) -> None:
        self.sanctions = {
            one
            for one in self.sanctions
            if (one.kind, one.room, one.target) != (kind, room, target)
        }
