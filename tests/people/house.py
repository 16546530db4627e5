"""A chat in memory at whose doors random people come and go, and a store that keeps and is late."""

import sqlite3
from collections.abc import Callable
from datetime import UTC
from importlib.resources import files
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.task import Clock

from tests.doors.house import Wire
from twisted_chat.core.chat import Arrival, Chat, Device
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.events import Entry, Event
from twisted_chat.core.history import Page, Place, Query, Run, Span
from twisted_chat.core.limits import Allowance
from twisted_chat.core.records import Record
from twisted_chat.core.requests import Enter
from twisted_chat.doors.line import ChatFactory, ChatProtocol, DoorRules
from twisted_chat.hub import Hub
from twisted_chat.passwords import Passwords
from twisted_chat.ports import Archive, Asker, Delivery, Dialect, Session, Store
from twisted_chat.speech.asked import Asked
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.speech.lines_json import JsonDialect
from twisted_chat.speech.text import TextDialect
from twisted_chat.speech.times import Times
from twisted_chat.stores import reading, writing
from twisted_chat.stores.memory import MemoryStore
from twisted_chat.stores.presence import Presence
from twisted_chat.stores.reading import Comer
from twisted_chat.stores.writing import Batch, Writer
from twisted_chat.visit import Hold, Rules, Visit
from twisted_chat.watch import Watch

BEGAN = 1_700_000_000.0
"""When the wall clock of these houses begins, in seconds since 1970."""

LONGEST = 1000
"""Bytes in a line here."""

T = TypeVar("T")


class LateStore:
    """It keeps what is said in SQLite's memory, by the functions of the store in a file. What is
    published, and what is looked for, comes when ``bring`` is called."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.archive: Archive | None = self
        self.late = True
        self._now = now
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        schema = files("twisted_chat.stores").joinpath("schema.sql").read_text()
        self._connection.executescript(schema)
        self._writer = Writer()
        self._presence = Presence()
        self._pending: list[tuple[Entry, Asker | None]] = []
        self._waiting: list[Deferred[None]] = []
        self._last = self._told = 0
        self._delivery: Delivery

    def close(self) -> None:
        self._connection.close()

    @property
    def latest(self) -> int:
        return self._told

    @property
    def under_way(self) -> int:
        """What was published or asked, and has not come."""
        return len(self._pending) + len(self._waiting)

    def start(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        self._last = max(int(self._now() * 1e6), self._last + 1)
        if not event.kept:
            self._presence.note(log, event, self._last)
        self._pending.append((Entry(self._last, log, event), asker))

    def bring(self) -> None:
        """One batch is written and told; then those who look for something find it."""
        batch, self._pending = self._pending, []
        waiting, self._waiting = self._waiting, []
        if batch:
            self._write(batch)
        for entry, asker in batch:
            self._delivery.deliver(entry, asker)
            self._told = entry.id
        for one in waiting:
            one.callback(None)

    def _write(self, batch: list[tuple[Entry, Asker | None]]) -> None:
        last = batch[-1][0].id
        kept = [entry for entry, _ in batch if entry.event.kept]
        cursor = self._connection.cursor()
        self._writer.write(cursor, Batch(kept, last, self._presence.take(last)))
        self._presence.written()
        while kept and writing.index(cursor):
            pass

    def records(self) -> tuple[Record, ...]:
        return ()

    def remember(self, record: Record) -> None:
        """Nobody comes back to this store after its end."""

    def forget(self, record: Record) -> None:
        """Nor asks for this."""

    async def stop(self) -> None:
        while self._pending:
            self.bring()

    async def run(self, span: Span) -> Run:
        return await self._read(reading.run, span)

    async def look(self, query: Query) -> Page:
        return await self._read(reading.look, query)

    async def place(
        self,
        logs: tuple[str, ...],
        name: str,
        replay: int,
        floors: tuple[tuple[str, int], ...] = (),
    ) -> Place:
        await self._turn()
        left = self._presence.at(logs[0], name)
        return reading.place(self._connection, Comer(logs, name, replay, self._told, left, floors))

    def left_off(self, log: str, name: str, read: int) -> None:
        self._presence.left_off(log, name, read, self._last)

    async def _read(self, read: Callable[..., T], asked: object) -> T:
        await self._turn()
        return read(self._connection, asked)

    async def _turn(self) -> None:
        """As in a thread: what was published before is told by then."""
        if self.late:
            self._waiting.append(Deferred())
            await self._waiting[-1]


_late: type[Store] = LateStore
_shelf: type[Archive] = LateStore


class AtOnce(Passwords):
    """Passwords that nobody has to wait for, and that keep nothing secret."""

    def __init__(self) -> None:
        """No threads."""

    async def hashed(self, password: str, whose: str = "") -> str:
        return f"plain:{password}"

    async def fits(self, password: str, hashed: str | None, whose: str = "") -> bool:
        return hashed == f"plain:{password}"

    async def renewed(self, password: str, hashed: str, whose: str = "") -> str | None:
        return None


class Heard(Wire):
    """A transport that hands on what is written to it, when it is."""

    def __init__(self, clock: Clock, address: str, hears: Callable[[bytes], None]) -> None:
        super().__init__(clock, address)
        self._hears = hears

    def write(self, data: bytes) -> None:
        self._hears(data)


class Desk:
    """An operator's console: a door, and where its bytes go."""

    def __init__(self, hub: Hub, rules: Rules, dialect: Dialect, hears: Callable[[bytes], None]):
        self.dialect = dialect
        self.full = False
        self._hears = hears
        self._holds = Hold(0)
        self._lines: list[bytes] = []
        self.visit = Visit(hub, rules, self, self)
        self.visit.begin_as_operator()

    def types(self, line: bytes) -> None:
        self._lines.append(line)
        self._go_on()

    def send(self, data: bytes) -> bool:
        self._hears(data)
        return True

    def wait(self, seconds: float) -> None:
        """The operator is not paced."""

    def hold(self, why: Hold) -> None:
        self._holds |= why

    def release(self, why: Hold) -> None:
        self._holds &= ~why
        self._go_on()

    def _go_on(self) -> None:
        while self._lines and not self._holds:
            self.visit.heard(self._lines.pop(0))

    def more(self) -> bool:
        return False

    def echo(self, on: bool) -> bool:
        return False  # nothing is shown here

    def probe(self) -> None:
        """There is no other end."""

    @property
    def address(self) -> str:
        return ""

    def named(self) -> None:
        """She comes in without one."""

    def close(self) -> None:
        """It stays."""


class Line:
    """One connection at the door, in one dialect."""

    def __init__(self, house: "House", json: bool, address: str, hears: Callable[[bytes], None]):
        protocol = house.factory.buildProtocol(None)
        assert isinstance(protocol, ChatProtocol)
        self.protocol = protocol
        self.json = json
        self.wire = Heard(house.clock, address, hears)
        self.wire.protocol = protocol
        protocol.makeConnection(self.wire)
        if json:
            self.sends(b"/json")

    @property
    def visit(self) -> Visit:
        return self.protocol.visit

    def sends(self, line: bytes) -> None:
        if self.wire.connected:
            self.wire.brings(line + b"\n")

    def vanishes(self) -> None:
        self.wire.lost(ConnectionLost())

    def reads_no_more(self) -> None:
        self.protocol.outbox.pauseProducing()

    def reads_on(self) -> None:
        self.protocol.outbox.resumeProducing()


class Doorman(Hub):
    """A hub that notes whose each connection was."""

    came: dict[Session, Device]

    def enter(self, session: Session, asked: Asked, request: Enter, arrival: Arrival) -> Device:
        device = self.came[session] = super().enter(session, asked, request, arrival)
        return device

    def owner(self, session: Session) -> Device | None:
        """Of a connection by which somebody comes in just now, is here, or was."""
        coming = (one for one, theirs in self.sessions.items() if theirs is session)
        return self.came.get(session) or next(coming, None)


class House:
    """A whole chat in memory, in which both dialects are spoken. ``kept``: by a late store."""

    def __init__(self, chat: Chat, kept: bool) -> None:
        self.clock = Clock()
        self.stepped = 0.0
        self.chat = chat
        self.store: Any = LateStore(self.now) if kept else MemoryStore(self.now)
        self.kept = kept
        times = Times(self.now, UTC)
        self.hub = Doorman(chat, self.store, self.clock, times=times)
        self.hub.came = {}
        self.hub.keys.passwords = AtOnce()
        self.rules = Rules(Allowance(0.0, 0.0), Watch(naming=1e9))
        door = DoorRules(Bounds(100), LONGEST, TextDialect(times), JsonDialect())
        self.factory = ChatFactory(self.hub, self.rules, door)
        self.console = ConsoleDialect(times)

    def now(self) -> float:
        """By the wall clock, which may be set back."""
        return BEGAN + self.clock.seconds() - self.stepped

    def sits_down(self, hears: Callable[[bytes], None]) -> Desk:
        return Desk(self.hub, self.rules, self.console, hears)

    def turn(self) -> None:
        """Time enough for all that is joined and paced."""
        for _ in range(4):
            self.clock.advance(0.04)

    @property
    def quiet(self) -> bool:
        """Nothing is under way."""
        return not self.kept or not self.store.under_way

    def settle(self) -> None:
        """All that is under way has come, and what follows from it."""
        self.turn()
        for _ in range(200):
            if self.quiet:
                return
            self.store.bring()
            self.turn()
        raise AssertionError("it does not come to rest")

    def ends(self) -> None:
        for connection in list(self.factory.connections):
            connection.visit.end()
        self.settle()
        self.clock.advance(60.0)
        if self.kept:
            self.store.close()
