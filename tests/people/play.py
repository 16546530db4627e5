"""Random people, and what each connection reads, held against the model as it is written."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer

from tests.people.house import Desk, House, Line
from tests.people.model import Device, Person, Rules, Token, fold
from tests.people.witness import WORD, Witness
from twisted_chat.core import chat
from twisted_chat.core.records import Account

ROOMS = ("#lobby", "#cave", "#cave", "#lab", "#cave", "#cave", "#den", "#cave")
"""Mostly one, so that people meet."""

KEY = re.compile(r"#(?:cave|lab|den)\b")
LIVE = re.compile(r"(#\S+ )?(\* \w+ |\w+: |\[)")
"""How a line in text begins that was said just now."""

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Seat:
    """Who sits there: always the same name and dialect. ``owner``: knows the password."""

    name: str
    json: bool
    owner: bool


SEATS = (
    Seat("ann", False, True),
    Seat("ann", True, True),
    Seat("bob", True, True),
    Seat("bob", False, True),
    Seat("gil", False, False),
    Seat("hal", True, False),
    Seat("olga", False, True),
    Seat("ivy", True, False),
)
NAMES = ("ann", "bob", "gil", "hal", "olga", "ivy", "ANN", "ｂｏｂ", "joe")


@dataclass(eq=False)
class Client:
    """One connection. ``owed``: what it has to read yet; ``live``: what it has read as it was said,
    and in which stay of its reader's in the room; ``last``: the largest id, by room."""

    play: "Play"
    seat: Seat | None
    line: Line | None = None
    desk: Desk | None = None
    device: Device | None = None
    owed: dict[Token, int] = field(default_factory=dict)
    live: dict[Token, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    typed: str = ""
    slow: bool = False
    rest: bytes = b""
    newest: dict[tuple[object, int], int] = field(default_factory=dict)

    @property
    def person(self) -> Person | None:
        if self.device is None and self.line is not None:
            real = self.play.house.hub.owner(self.line.visit)
            self.device = self.play.chat.known[real] if real is not None else None
        return self.device.person if self.device is not None else None

    @property
    def here(self) -> bool:
        """It is somebody's, and she is in by it."""
        return self.person is not None and self.device in self.device.person.devices  # type: ignore[union-attr]

    def hears(self, data: bytes) -> None:
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self._hears(line.decode("utf-8", "replace"))

    def _hears(self, line: str) -> None:
        words, keys = WORD.findall(line), set(KEY.findall(line))
        if not words and not keys:
            return
        person, rules = self.person, self.play.rules
        if person is None:
            if keys - set(KEY.findall(self.typed)) or words:
                self.play.wrong.append(f"who has not come in reads {line!r}")
            return
        for key in keys:
            if not (rules.may_know(person, key) or key in self.typed):
                self.play.wrong.append(f"{person.name} reads of {key}: {line!r}")
        for word in dict.fromkeys(words):
            if word not in rules.tokens:
                self.play.wrong.append(f"{word} was never said: {line!r}")
                return
            self._reads(person, rules.tokens[word], line)

    def _reads(self, person: Person, token: Token, line: str) -> None:
        rules, wrong = self.play.rules, self.play.wrong
        place = token.room.key if token.room is not None else "private"
        said = f"{person.name} reads {token.word} of {token.by.name}'s in {place}: {line!r}"
        kind = self._kind(line, token)
        receipt = kind == "live" and token.by is person  # with her words, taken away or not
        if not (rules.may_read(person, token) or receipt or self._is_of_the_past(line, token)):
            wrong.append(said)
        if not (rules.hears(person, token) or token.topic or kind == "asked"):
            wrong.append(f"ignoring {token.key}, {said}")
        self.owed.pop(token, None)
        if kind == "live":
            self._reads_live(person, token, said)

    def _is_of_the_past(self, line: str, token: Token) -> bool:
        """Acts in a room that is open by now are read whole by who has power there; acts
        in one that is gone too, unless it was private to its end."""
        audit = '"rulings"' in line or "set the topic of" in line
        return audit and token.topic and token.room is not None and not token.room.private

    def _reads_live(self, person: Person, token: Token, said: str) -> None:
        wrong, room = self.play.wrong, token.room
        stay = person.stays.get(room, 0) if room is not None else 0
        if token in self.live:
            wrong.append(f"twice, {said}")
        self.live[token] = stay
        log = room if room is not None else (token.to is None)
        if room is not None and self.newest.get((log, stay), 0) > token.step:
            wrong.append(f"out of order, {said}")
        self.newest[log, stay] = token.step

    def _kind(self, line: str, token: Token) -> str:
        """``live``, or ``past``, or ``asked`` for what is shown because it was asked for."""
        if self.seat is not None and self.seat.json:
            return self._kind_of(json.loads(line), token)
        if line.startswith(token.word):
            return "asked"
        return "live" if LIVE.match(line) else "past"

    def _kind_of(self, message: dict[str, Any], token: Token) -> str:
        if "id" not in message:
            return "asked" if message["type"] == "paste" else "past"
        log = message["room"]
        self.last[log] = max(message["id"], self.last.get(log, 0))
        self.ids[token.word] = message["id"]
        return "past" if message.get("earlier") else "live"

    def types(self, text: str, request: dict[str, Any]) -> None:
        self.typed += f" {text} {request}"
        if self.desk is not None:
            self.desk.types(text.encode())
        elif self.line is not None and self.line.json:
            self.line.sends(json.dumps(request).encode())
        elif self.line is not None:
            self.line.sends(text.encode())


@implementer(ILogObserver)
class Bugs:
    def __init__(self, wrong: list[str]) -> None:
        self._wrong = wrong

    def __call__(self, event: LogEvent) -> None:
        if "log_failure" in event:
            self._wrong.append(f"a bug: {event['log_failure'].getTraceback()}")


Act = tuple[str, int, int, int]
"""A verb, who, and two numbers by which it is chosen what with."""


class Play:
    """``kept``: in a store that keeps what is said, and is late."""

    def __init__(self, kept: bool) -> None:
        self.rules = Rules(frozenset({"olga"}), kept)
        self.chat = Witness()
        self.chat.watch(self.rules)
        self.wrong = self.chat.wrong
        self.chat.said = self._said
        self.chat.house = chat.House(
            operators=frozenset({"olga"}), calm=False, kept="forever" if kept else "", replay=5
        )
        self._remembers("ann", "bob", "olga")
        self.house = House(self.chat, kept)
        self.clients: dict[int, Client] = {}
        console = Client(self, None, device=self.chat.console)
        self.chat.console.person.devices.append(self.chat.console)
        console.desk = self.house.sits_down(console.hears)
        self.clients[len(SEATS)] = console
        self.count = 0
        self._bugs = Bugs(self.wrong)

    def _remembers(self, *names: str) -> None:
        for name in names:
            self.chat.remember(Account(name, name, f"plain:{PASSWORD}", (), 1))
            self.rules.accounts[name] = Person(name, owned=True)

    def run(self, acts: list[Act]) -> None:
        globalLogPublisher.addObserver(self._bugs)
        try:
            for act in acts:
                self.does(*act)
            self._comes_to_rest()
        finally:
            self.house.ends()
            globalLogPublisher.removeObserver(self._bugs)

    def does(self, verb: str, seat: int, first: int, second: int) -> None:
        """One thing, and a turn of the reactor."""
        if verb == "nothing":
            return
        do: Callable[[Client, int, int], None] = getattr(self, f"_{verb}")
        client = self.clients.get(seat % (len(SEATS) + 1))
        if client is None or not self._is_connected(client):
            client = self._comes(seat % (len(SEATS) + 1), first)
        do(client, first, second)
        self.house.turn()
        if self.house.quiet:
            self._is_quiet()
        self._holds(f"{verb} {seat} {first} {second}")

    def _holds(self, after: str) -> None:
        """Nothing is wrong."""
        names = [fold(member.name) for member in self.chat.members.values()]
        if len(names) != len(set(names)):
            self.wrong.append(f"two have one name: {names}")
        assert not self.wrong, f"after {after}: " + "; ".join(self.wrong)

    def _is_quiet(self) -> None:
        self.rules.quiet()
        for client in self.clients.values():
            if not client.slow:
                client.typed = ""
            if not client.slow and client.here:
                self._has_read(client)

    def _has_read(self, client: Client) -> None:
        person = client.person
        assert person is not None
        for token, stay in client.owed.items():
            due = token.room is None or person.stays.get(token.room) == stay
            inside = token.room is None or token.room in person.rooms
            open_to_her = token.redacted > self.rules.step and self.rules.may_read(person, token)
            if due and inside and open_to_her and token.key not in person.deaf_to:
                self.wrong.append(f"{person.name} has not read {token.word} of {token.by.name}'s")
        client.owed.clear()

    def _comes_to_rest(self) -> None:
        for client in self.clients.values():
            if client.slow and client.line is not None:
                client.slow = False
                client.line.reads_on()
        self.house.settle()
        self.house.settle()
        self._is_quiet()
        self._holds("the end")

    def _said(self, token: Token) -> None:
        """Who has to read it now."""
        for client in self.clients.values():
            person = client.person
            if person is None or not client.here or token.key in person.deaf_to:
                continue
            if token.room is not None and token.room in person.rooms:
                if not (token.by is person and not (client.seat and client.seat.json)):
                    client.owed[token] = person.stays[token.room]
            elif token.to is person and token.room is None:
                client.owed[token] = 0

    def _is_connected(self, client: Client) -> bool:
        return client.desk is not None or bool(client.line and client.line.wire.connected)

    def _comes(self, number: int, first: int, after: bool = False) -> Client:
        """Somebody comes in; now and then by a name that is another's."""
        seat, old = SEATS[number], self.clients.get(number)
        client = self.clients[number] = Client(self, seat)
        address = f"192.0.2.{number + 1}"
        client.line = Line(self.house, seat.json, address, client.hears)
        name = seat.name if seat.owner or first % 4 else NAMES[first % len(NAMES)]
        known = dict(old.last) if after and old is not None else {}
        self._gives(client, name, known)
        self.house.turn()
        return client

    def _gives(self, client: Client, name: str, known: dict[str, int]) -> None:
        assert client.seat is not None
        request: dict[str, Any] = {"do": "enter", "name": name}
        if known:
            request["after"] = known
        if client.seat.owner:
            request["password"] = PASSWORD
        client.types(name, request)
        if client.seat.owner and not client.seat.json:
            client.types(PASSWORD, {})

    # what they do

    def _word(self) -> str:
        self.count += 1
        return f"tok{self.count}kot"

    def _say(self, client: Client, first: int, second: int) -> None:
        word, room = self._word(), ROOMS[first % len(ROOMS)]
        client.types(f"/say {room} {word}", {"do": "say", "text": word, "room": room})

    def _talk(self, client: Client, first: int, second: int) -> None:
        word = self._word()
        client.types(f"/say {word}", {"do": "say", "text": word})

    def _act(self, client: Client, first: int, second: int) -> None:
        word, room = self._word(), ROOMS[first % len(ROOMS)]
        client.types(f"/me {word}", {"do": "me", "text": word, "room": room})

    def _paste(self, client: Client, first: int, second: int) -> None:
        lines = [self._word(), "and", "so", "on"]
        if client.seat is not None and not client.seat.json and client.here and client.line:
            client.line.wire.brings("".join(f"{line}\n" for line in lines).encode())
        else:
            client.types(f"/say {lines[0]}", {"do": "say", "text": "\n".join(lines)})

    def _tell(self, client: Client, first: int, second: int) -> None:
        word, name = self._word(), NAMES[first % len(NAMES)]
        client.types(f"/msg {name} {word}", {"do": "msg", "to": name, "text": word})

    def _reply(self, client: Client, first: int, second: int) -> None:
        word = self._word()
        client.types(f"/reply {word}", {"do": "reply", "text": word})

    def _query(self, client: Client, first: int, second: int) -> None:
        name = NAMES[first % len(NAMES)] if second % 3 else ""
        client.types(f"/query {name}", {"do": "query", "name": name})

    def _join(self, client: Client, first: int, second: int) -> None:
        room = ROOMS[first % len(ROOMS)]
        client.types(f"/join {room}", {"do": "join", "room": room})

    def _leave(self, client: Client, first: int, second: int) -> None:
        room = ROOMS[first % len(ROOMS)]
        client.types(f"/leave {room}", {"do": "leave", "room": room})

    def _topic(self, client: Client, first: int, second: int) -> None:
        word, room = self._word() if second % 4 else "-", ROOMS[first % len(ROOMS)]
        client.types(f"/topic {room} {word}", {"do": "topic", "room": room, "topic": word})

    def _invite(self, client: Client, first: int, second: int) -> None:
        room, name = ROOMS[first % len(ROOMS)], NAMES[second % len(NAMES)]
        client.types(f"/invite {name} {room}", {"do": "invite", "name": name, "room": room})

    def _set(self, client: Client, first: int, second: int) -> None:
        self._lets_it_come()
        value = ("invite-only", "open", "invite-only", "listed", "unlisted")[second % 5]
        self._manages(client, "set", ROOMS[first % len(ROOMS)], value)

    def _lets_it_come(self) -> None:
        """While the clock is set back, what is on its way has ids of which nobody knows yet: it is
        not closed off when its room is opened."""
        if self.house.stepped:
            self.house.settle()

    def _transfer(self, client: Client, first: int, second: int) -> None:
        self._manages(client, "transfer", ROOMS[first % len(ROOMS)], NAMES[second % len(NAMES)])

    def _move(self, client: Client, first: int, second: int) -> None:
        self._manages(client, "rename", ROOMS[first % len(ROOMS)], ROOMS[second % len(ROOMS)])

    def _delete(self, client: Client, first: int, second: int) -> None:
        self._manages(client, "delete", ROOMS[first % len(ROOMS)], "")

    def _manages(self, client: Client, what: str, room: str, value: str) -> None:
        request = {"do": "room", "what": what, "room": room, "value": value}
        client.types(f"/room {what} {room} {value}", request)

    def _aim(self, client: Client, do: str, first: int, second: int, **more: str) -> None:
        room, name = ROOMS[first % len(ROOMS)], NAMES[second % len(NAMES)]
        request = {"do": do, "target": name, "room": room, **more}
        client.types(f"/{do} {room} {name} {' '.join(more.values())}", request)

    def _kick(self, client: Client, first: int, second: int) -> None:
        self._aim(client, "kick", first, second)

    def _ban(self, client: Client, first: int, second: int) -> None:
        self._aim(client, "ban", first, second, duration="10s" if second % 2 else "forever")

    def _mute(self, client: Client, first: int, second: int) -> None:
        self._aim(client, "mute", first, second, duration="10s" if second % 2 else "forever")

    def _unban(self, client: Client, first: int, second: int) -> None:
        self._aim(client, "unban", first, second)

    def _unmute(self, client: Client, first: int, second: int) -> None:
        self._aim(client, "unmute", first, second)

    def _op(self, client: Client, first: int, second: int) -> None:
        room, name = ROOMS[first % len(ROOMS)], NAMES[second % len(NAMES)]
        client.types(f"/op {room} {name}", {"do": "op", "name": name, "room": room})

    def _deop(self, client: Client, first: int, second: int) -> None:
        room, name = ROOMS[first % len(ROOMS)], NAMES[second % len(NAMES)]
        client.types(f"/deop {room} {name}", {"do": "deop", "name": name, "room": room})

    def _undo(self, client: Client, first: int, second: int) -> None:
        self._lets_it_come()
        number = str(max(1, len(self.chat.acts) - first % 4))
        client.types(f"/undo {number}", {"do": "undo", "number": number})

    def _ignore(self, client: Client, first: int, second: int) -> None:
        do, name = "ignore" if second % 4 else "unignore", NAMES[first % len(NAMES)]
        client.types(f"/{do} {name}", {"do": do, "name": name})

    def _rename(self, client: Client, first: int, second: int) -> None:
        name = NAMES[first % len(NAMES)]
        client.types(f"/nick {name}", {"do": "nick", "name": name})

    def _register(self, client: Client, first: int, second: int) -> None:
        if client.here and client.seat is not None and not client.seat.owner:
            client.types("/register", {"do": "register", "password": PASSWORD})
            for _ in range(0 if client.seat.json else 2):
                client.types(PASSWORD, {})

    def _redact(self, client: Client, first: int, second: int) -> None:
        known = sorted(client.ids.values())
        entry = str(known[-1 - first % len(known)]) if known and second % 2 else "last"
        client.types(f"/redact {entry}", {"do": "redact", "entry": entry})

    def _look(self, client: Client, first: int, second: int) -> None:
        room, name = ROOMS[second % len(ROOMS)], NAMES[second % len(NAMES)]
        text, request = LOOKS[first % len(LOOKS)]
        given = {key: value.format(room=room, name=name) for key, value in request.items()}
        client.types(text.format(room=room, name=name), given)

    # how they come and go

    def _come(self, client: Client, first: int, second: int) -> None:
        """She is here already."""

    def _vanish(self, client: Client, first: int, second: int) -> None:
        if client.line is not None:
            client.line.vanishes()

    def _back(self, client: Client, first: int, second: int) -> None:
        """She comes back, and reads on from where she was."""
        if client.line is not None and client.seat is not None:
            client.line.vanishes()
            self.house.turn()
            self._comes(SEATS.index(client.seat), first, after=True)

    def _quit(self, client: Client, first: int, second: int) -> None:
        if client.line is not None:
            client.types("/quit", {"do": "quit"})

    def _slow(self, client: Client, first: int, second: int) -> None:
        if client.line is not None and client.line.wire.connected and client.here:
            client.slow = not client.slow
            if client.slow:
                client.line.reads_no_more()
            else:
                client.line.reads_on()

    def _wait(self, client: Client, first: int, second: int) -> None:
        self.house.clock.advance(11.0)

    def _step(self, client: Client, first: int, second: int) -> None:
        """The wall clock is set back, unless something ends by it: then it would hold again."""
        if not any(one.until for one in self.rules.sanctions):
            self.house.stepped += 1.0 + 4 * second

    def _bring(self, client: Client, first: int, second: int) -> None:
        if self.house.kept:
            self.house.store.bring()

    def _settle(self, client: Client, first: int, second: int) -> None:
        self.house.settle()


LOOKS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/history {room} 50", {"do": "history", "what": "50", "room": "{room}"}),
    ("/history", {"do": "history"}),
    ("/search from:{name}", {"do": "search", "text": "from:{name}"}),
    ("/last tok", {"do": "last", "text": "tok"}),
    ("/catchup {room}", {"do": "catchup", "room": "{room}"}),
    ("/catchup", {"do": "catchup"}),
    ("/mentions", {"do": "mentions"}),
    ("/more", {"do": "more"}),
    ("/show 1", {"do": "show", "number": "1"}),
    ("/show 2", {"do": "show", "number": "2"}),
    ("/names {room}", {"do": "names", "room": "{room}"}),
    ("/list", {"do": "list"}),
    ("/whois {name}", {"do": "whois", "name": "{name}"}),
    ("/who", {"do": "who"}),
    ("/topic {room}", {"do": "topic", "room": "{room}"}),
    ("/audit", {"do": "audit"}),
    ("/bans {room}", {"do": "bans", "room": "{room}"}),
    ("/sent", {"do": "sent"}),
    ("/account info", {"do": "account", "what": "info"}),
    ("/account export", {"do": "account", "what": "export"}),
    ("/help", {"do": "help"}),
)
VERBS = (
    "nothing",
    *("say", "talk", "join", "say", "join", "look", "settle", "bring", "come", "set"),
    *("say", "say", "join", "say", "join", "leave", "settle", "bring", "leave", "set"),
    *("say", "tell", "act", "paste", "leave", "invite", "topic", "ignore", "mute", "ban", "kick"),
    *(
        "look",
        "reply",
        "query",
        "slow",
        "vanish",
        "back",
        "quit",
        "wait",
        "step",
        "redact",
        "register",
    ),
    *("look", "rename", "op", "deop", "undo", "transfer", "move", "delete", "unban", "unmute"),
)
