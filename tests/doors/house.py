"""A whole chat in memory, people at its door, and stores that fail on purpose. For tests."""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionAborted, ConnectionDone, ConnectionLost
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from tests.times import TIMES
from twisted_chat.core import names, refusals
from twisted_chat.core.chat import Chat, Device, Moment
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.events import Entry, Event, Redaction, Said, Told
from twisted_chat.core.history import END, Page, Place, Query, Run, Span
from twisted_chat.core.limits import NO_LIMIT
from twisted_chat.core.outcomes import Outcome
from twisted_chat.core.records import Record
from twisted_chat.core.requests import Act, Kick, Request
from twisted_chat.doors.journal import Journal
from twisted_chat.doors.line import ChatFactory, ChatProtocol, DoorRules
from twisted_chat.hub import Hub
from twisted_chat.passwords import Passwords
from twisted_chat.ports import Archive, Asker, Delivery, Floors, Store, StoreFailed
from twisted_chat.roomlog import redacted, speaker
from twisted_chat.speech.lines_json import JsonDialect
from twisted_chat.speech.text import TextDialect
from twisted_chat.stores.memory import MemoryStore
from twisted_chat.visit import Rules
from twisted_chat.watch import Watch

RUN = 5
"""Entries that an archive here brings at once."""

PASSWORD = "correct horse"
"""Of everybody who owns a name here."""

LONGEST = 100
"""Bytes in a line here."""


class Speech(Protocol):
    """How one speaks at a door."""

    opening: bytes
    """What comes before a name."""

    longest: int
    """Bytes in a line."""

    def enters(self, name: str, password: str | None = None) -> bytes:
        """The bytes by which a name is given, and the password that goes with it."""

    def registers(self, password: str) -> bytes:
        """The bytes by which the name becomes one's own."""

    def says(self, line: str) -> bytes:
        """The bytes for what a person types once she is in."""

    def ear(self) -> "Ear":
        """Somebody's own, who listens from now on."""


class Ear(Protocol):
    """How one listens at a door."""

    def seen(self, data: bytes) -> list[str]:
        """What the server sent since this was asked last, as a person sees it."""


class Wire(StringTransport):
    """A transport in memory that brings nothing while it is paused, and that ends, as real ones do,
    some time after it was asked to."""

    protocol: ChatProtocol

    def __init__(self, clock: Clock, host: str) -> None:
        super().__init__(peerAddress=IPv4Address("TCP", host, 54321))
        self._clock = clock
        self._incoming: list[bytes | None] = []

    def brings(self, data: bytes | None) -> None:
        """Some bytes from the other end, or None for the end of them."""
        self._incoming.append(data)
        self._deliver()

    def resumeProducing(self) -> None:
        super().resumeProducing()
        self._clock.callLater(0, self._deliver)

    def _deliver(self) -> None:
        while self._incoming and self.connected and self.producerState == "producing":
            data = self._incoming.pop(0)
            if data is None:
                self.protocol.readConnectionLost()
            else:
                self.protocol.dataReceived(data)

    def loseConnection(self) -> None:
        self._end(ConnectionDone())

    def abortConnection(self) -> None:
        self._end(ConnectionAborted())

    def loseWriteConnection(self) -> None:
        """Nothing follows: a peer that reads is told by what it has read."""

    def pauseProducing(self) -> None:
        if self.connected:  # a lost one takes this without a word, as a real one does
            super().pauseProducing()

    def _end(self, why: Exception) -> None:
        if not self.disconnecting:
            self.disconnecting = True
            self._clock.callLater(0, self.lost, why)

    def lost(self, why: Exception) -> None:
        self.disconnecting = True
        if self.connected:
            self.connected = False
            self.protocol.connectionLost(Failure(why))


class Person:
    """Somebody at the other end of a connection."""

    def __init__(self, house: "House", protocol: ChatProtocol, host: str = "192.168.1.1") -> None:
        self.protocol = protocol
        self.wire = Wire(house.clock, host)
        self.wire.protocol = protocol
        self._house = house
        self._ear = house.speech.ear()
        protocol.makeConnection(self.wire)

    @property
    def here(self) -> bool:
        """The connection is up."""
        return bool(self.wire.connected)

    def sends(self, data: bytes) -> None:
        """Some bytes, and a turn of the reactor."""
        self.sends_at_once(data)
        self._house.turn()

    def sends_at_once(self, data: bytes) -> None:
        self.wire.brings(data)

    def enters(self, name: str, password: str | None = None) -> None:
        """With a password, by the name that she owns."""
        self.sends(self._house.speech.enters(name, password))

    def says(self, *lines: str) -> None:
        """These lines, in one segment."""
        self.sends(b"".join(self._house.speech.says(line) for line in lines))

    def ends_input(self) -> None:
        self.wire.brings(None)
        self._house.turn()

    def reads_no_more(self) -> None:
        """The transport has enough waiting."""
        self.protocol.outbox.pauseProducing()

    def reads_on(self) -> None:
        self.protocol.outbox.resumeProducing()

    def vanishes(self) -> None:
        self.wire.lost(ConnectionLost())
        self._house.turn()

    def reads(self) -> list[str]:
        """All that came since it was asked last."""
        data = self.wire.value()
        self.wire.clear()
        return self._ear.seen(data)


class House:
    """A whole chat in memory. Its operator's word is law."""

    def __init__(self, speech: Speech, most: int = 10) -> None:
        self.speech = speech
        self.clock = Clock()
        self.bounds = Bounds(most)
        self.chat = Chat()
        self.store: Store = MemoryStore(self.clock.seconds)
        self.allowance = NO_LIMIT
        self.watch = Watch(naming=60.0, idle=600.0)
        self.text = TextDialect(TIMES)
        self.passwords = QuickPasswords()

    def open(self) -> "House":
        """Build it, with whatever was put in place of its parts."""
        self.hub = Hub(self.chat, self.store, self.clock, times=TIMES)
        self.hub.keys.passwords = self.passwords
        self.factory = ChatFactory(
            self.hub,
            Rules(self.allowance, self.watch),
            DoorRules(self.bounds, LONGEST, self.text, JsonDialect(LONGEST)),
        )
        return self

    def turn(self) -> None:
        """Time enough for all that is joined and paced, and far too little for any limit."""
        for _ in range(3):
            self.clock.advance(0.01)

    def passes(self, seconds: float) -> None:
        """Time passes, and the sweeper comes by."""
        self.clock.advance(seconds)
        self.watch.sweep(self.clock.seconds())
        self.turn()

    def connects(self, host: str = "192.168.1.1") -> Person:
        """A connection, before anything was said."""
        protocol = self.factory.buildProtocol(None)
        assert isinstance(protocol, ChatProtocol)
        return Person(self, protocol, host)

    def arrives(self, host: str = "192.168.1.1") -> Person:
        """A connection, before any name."""
        person = self.connects(host)
        if self.speech.opening:
            person.sends_at_once(self.speech.opening)
        self.turn()
        return person

    def enter(self, *names: str) -> list[Person]:
        """People who are in, and have read all about it."""
        people = []
        for name in names:
            person = self.arrives()
            person.enters(name)
            people.append(person)
        for person in people:
            person.reads()
        return people

    def owns(self, name: str) -> Person:
        """Somebody who is in by a name of her own, and has read all about it. Who has one already
        comes in on one more device."""
        person = self.arrives()
        person.enters(name, PASSWORD if names.fold(name) in self.chat.accounts else None)
        if names.fold(name) not in self.chat.accounts:
            person.sends(self.speech.registers(PASSWORD))
        person.reads()
        return person

    def rules(self, request: Request) -> None:
        """The operator asks for it, whose word is law."""
        operator = Journal()  # a session that is never told anything
        device = self.hub.seat(operator)
        self.hub.perform(operator, device, (request, None))
        self.hub.leave(operator, device, "")
        self.turn()

    def kick(self, name: str, reason: str) -> None:
        self.rules(Kick(name, reason))

    def closes(self, reason: str) -> None:
        """As the service ends it. Nothing in it waits for anything but the clock."""
        closed = Deferred.fromCoroutine(self.close(reason))
        self.turn()
        assert closed.called

    async def close(self, reason: str) -> None:
        await self.hub.close(reason)
        await self.factory.close()


class BrokenChat(Chat):
    """A bug: whoever does something breaks it."""

    def perform(self, device: Device, request: Request, moment: Moment) -> list[Outcome]:
        if isinstance(request, Act):
            raise ZeroDivisionError("a bug")
        return super().perform(device, request, moment)


class QuickPasswords(Passwords):
    """As the real ones, without threads: a hash is made and compared at once. ``asked``: what was
    hashed or compared. While ``slow`` is set, it takes until ``bring`` is called."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.slow = False
        self._waiting: list[Deferred[None]] = []

    async def hashed(self, password: str, whose: str = "") -> str:
        await self._turn(password)
        return f"hash of {sha256(password.encode()).hexdigest()}"

    async def fits(self, password: str, hashed: str | None, whose: str = "") -> bool:
        await self._turn(password)
        return hashed == f"hash of {sha256(password.encode()).hexdigest()}"

    async def renewed(self, password: str, hashed: str, whose: str = "") -> str | None:
        return None

    def bring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(None)

    async def _turn(self, password: str) -> None:
        self.asked.append(password)
        if self.slow:
            self._waiting.append(Deferred())
            await self._waiting[-1]


class Memory:
    """What a store is asked to remember."""

    def __init__(self) -> None:
        self.remembered: dict[tuple[type[Record], str], Record] = {}

    def records(self) -> tuple[Record, ...]:
        return tuple(self.remembered.values())

    def remember(self, record: Record) -> None:
        self.remembered[type(record), record.key] = record

    def forget(self, record: Record) -> None:
        self.remembered.pop((type(record), record.key), None)


class SpoiledStore(Memory):
    """A store with a switch for what is said, or another kind of event: ``wrong`` is called instead
    of keeping it."""

    def __init__(
        self,
        wrong: Callable[[Delivery, str, Event, Asker | None], None],
        spoils: tuple[type[Event], ...] = (Said, Told),
    ) -> None:
        super().__init__()
        self.archive: Archive | None = None
        self._wrong = wrong
        self._spoils = spoils
        self._kept = MemoryStore(TIMES.now)

    @property
    def latest(self) -> int:
        return self._kept.latest

    def start(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._kept.start(delivery)

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        if isinstance(event, self._spoils):
            self._wrong(self._delivery, log, event, asker)
        else:
            self._kept.publish(log, event, asker)

    async def stop(self) -> None:
        """Nothing waits here."""


_spoiled: type[Store] = SpoiledStore


def refuses(delivery: Delivery, log: str, event: Event, asker: Asker | None) -> None:
    """A disk that is full."""
    delivery.refused(log, event, asker)


def raises(delivery: Delivery, log: str, event: Event, asker: Asker | None) -> None:
    """A bug in the store: the port says that publish never raises."""
    raise ZeroDivisionError("a bug")


class SlowStore(Memory):
    """A store like an engine on another machine: what is published comes when ``bring`` is called.
    Until ``slow`` is set it brings everything at once."""

    def __init__(self) -> None:
        super().__init__()
        self.archive: Archive | None = None
        self.slow = False
        self._under_way: list[tuple[Entry, Asker | None]] = []
        self._last = self._told = 0

    @property
    def latest(self) -> int:
        return self._told

    def start(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        self._last += 1
        self._under_way.append((Entry(self._last, log, event), asker))
        if not self.slow:
            self.bring()

    @property
    def under_way(self) -> int:
        """Entries that were published and not brought."""
        return len(self._under_way)

    def bring(self) -> None:
        under_way, self._under_way = self._under_way, []
        for entry, asker in under_way:
            self._told = entry.id
            self._delivery.deliver(entry, asker)

    async def stop(self) -> None:
        self.bring()


_slow: type[Store] = SlowStore


class Shelf:
    """An archive in memory. While ``slow`` is set, what is asked of it is answered when ``bring``
    is called; while ``broken`` is, it cannot be read."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.left: dict[str, int] = {}
        self.asked: list[Query | Span] = []
        self.slow = self.broken = False
        self._waiting: list[Deferred[None]] = []

    async def run(self, span: Span) -> Run:
        self.asked.append(span)
        await self._turn()
        found = self._among((span.log,), span.after, span.until + 1)
        return Run(tuple(found[:RUN]), more=len(found) > RUN)

    async def look(self, query: Query) -> Page:
        self.asked.append(query)
        await self._turn()
        if "too long" in query.text:
            raise refusals.search_too_long()
        found = [one for one in self.entries if _answers(one, query)]
        part = found[: query.limit] if query.forward else found[-query.limit :]
        return Page(tuple(part), (), more=len(found) > len(part))

    async def place(
        self, logs: tuple[str, ...], name: str, replay: int, floors: Floors = ()
    ) -> Place:
        await self._turn()
        floor = dict(floors).get(logs[0], 0)
        kept, last = self._among(logs[:1], floor, END), self.entries[-1].id if self.entries else 0
        left = self.left.get(name, 0)
        missed = len([entry for entry in kept if entry.id > left]) if left else 0
        after = kept[-replay - 1].id if len(kept) > replay else floor
        return Place(after, last, left, missed)

    def left_off(self, log: str, name: str, read: int) -> None:
        self.left[name] = read

    def redact(self, number: int) -> None:
        self.entries = [redacted(one) if one.id == number else one for one in self.entries]

    def bring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(None)

    async def _turn(self) -> None:
        if self.slow:
            self._waiting.append(Deferred())
            await self._waiting[-1]
        if self.broken:
            raise StoreFailed("the disk is gone")

    def _among(self, logs: tuple[str, ...], after: int, before: int) -> list[Entry]:
        return [one for one in self.entries if one.log in logs and after < one.id < before]


_shelf: type[Archive] = Shelf


def _answers(entry: Entry, query: Query) -> bool:
    after = max(query.after, dict(query.floors).get(entry.log, 0))
    if entry.log not in query.logs or not after < entry.id < query.before:
        return False
    if query.number and getattr(entry.event, "number", 0) != query.number:
        return False
    said_by = not query.by or speaker(entry) == query.by
    return said_by and query.text in getattr(entry.event, "text", "")


class KeepingStore(Memory):
    """A store that keeps what is said, in memory, and tells it at once."""

    def __init__(self, now: Callable[[], float], shelf: Shelf | None = None) -> None:
        super().__init__()
        self.shelf = shelf or Shelf()
        self.archive: Archive | None = self.shelf
        self._numbers = MemoryStore(now)

    def start(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._numbers.start(self)

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        self._numbers.publish(log, event, asker)

    @property
    def latest(self) -> int:
        return self._numbers.latest

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        if isinstance(entry.event, Redaction):
            self.shelf.redact(entry.event.entry)
        elif entry.event.kept:
            self.shelf.entries.append(entry)
        self._delivery.deliver(entry, asker)

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        """It refuses nothing."""

    async def stop(self) -> None:
        """Nothing waits here."""


_keeping: type[Store] = KeepingStore
