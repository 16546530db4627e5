"""What the hub asks of others, and they of it: promises, and no code."""

from collections.abc import Container
from enum import IntFlag, auto
from typing import Protocol, TypeAlias

from twisted.python.failure import Failure

from twisted_chat.core.events import Entry, Event
from twisted_chat.core.history import Page, Place, Query, Run, Span
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.records import Record
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.asked import Asked, Tag


class Dialect(Protocol):
    """How one kind of client speaks. Encodes an entry once, however many read it."""

    greeting: bytes
    asks: bool
    """There is a person, who is asked for what is missing; a program has to know."""

    @property
    def elsewhere(self) -> "Dialect":
        """How the same client reads what is said in rooms where it does not talk."""

    def read(self, line: bytes, naming: bool) -> Asked | None:
        """What a line asks for. Raises a Refusal."""

    def line(self, entry: Entry) -> bytes:
        """An entry as others read it."""

    def earlier(self, entry: Entry) -> bytes:
        """An entry that was said before its reader came, and must not be taken for a new one."""

    def own(self, entry: Entry, tag: object) -> bytes:
        """An entry as it is read by whoever caused it; empty for nothing."""

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        """One chunk of these entries, given each one's ``line``."""

    def answer(self, answer: Answer, tag: object) -> bytes:
        """What only the asker reads."""


class Reader(Protocol):
    """Where the bytes for one client go."""

    full: bool
    """It has enough waiting, and takes more later."""

    def send(self, data: bytes) -> bool:
        """Take ``data``, all of it and in order. False when the reader is full: it gets nothing
        more before it has said that it is not."""


class Hold(IntFlag):
    """Why no line is read just now."""

    PACE = auto()
    ORDER = auto()
    ENTERING = auto()
    FULL = auto()
    ENDED = auto()


class Door(Protocol):
    """What a visit asks of the door by which it came."""

    dialect: Dialect

    def wait(self, seconds: float) -> None:
        """Bring the next line no sooner than that."""

    def hold(self, why: Hold) -> None:
        """Bring no line until this is released."""

    def release(self, why: Hold) -> None:
        """This is no reason to hold any more."""

    def more(self) -> bool:
        """Other lines have come with the one that was brought last."""

    def echo(self, on: bool) -> bool:
        """What is typed is shown, or it is not; False if that is not for us to say."""

    def probe(self) -> None:
        """Find out soon whether there is anybody at the other end."""

    @property
    def address(self) -> str:
        """From where it comes: an IP address, ``uid:1000`` for a user of this machine, or empty
        where there is nothing to tell."""

    def named(self) -> None:
        """Whoever it is has come in by a name."""

    def close(self) -> None:
        """Close when everything that was sent has been read."""


class Session(Protocol):
    """One connection whose owner is here, as the hub and the room logs know it."""

    dialect: Dialect
    reader: Reader
    unsettled: int
    """Entries that this session asked for, without passing ones, and that were neither delivered
    nor refused yet; and answers that are still looked for."""

    @property
    def gone(self) -> bool:
        """It reads nothing more."""

    @property
    def ignored(self) -> Container[str]:
        """The folded names of those whom its owner does not hear; false for nobody."""

    @property
    def address(self) -> str:
        """From where it comes; see Door."""

    def dialect_in(self, log: str) -> Dialect:
        """How it reads that log."""

    def probe(self) -> None:
        """Somebody asks whether there is still anybody at the other end: find out soon."""

    def settle(self, count: int) -> None:
        """So many of the unsettled entries have been, and were handed out."""

    def speak(self) -> None:
        """Send what is ready for this session alone."""

    def answer(self, answer: Answer, tag: Tag) -> None:
        """Tell the session what it alone reads, after all that it asked for before."""

    def search(self) -> None:
        """Its answer has to be looked for: one more is unsettled, and nothing is heard before."""

    def found(self) -> None:
        """What was looked for has been answered."""

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        """Tell the session that something is not done."""

    def depart(self, tag: Tag) -> None:
        """The session's owner takes leave."""

    def dismiss(self, told: str, why: str) -> None:
        """Disconnect: what the owner is told, and what the others are."""

    def bug(self, failure: Failure | None = None) -> None:
        """A bug of ours was met on its behalf, the one that is being handled unless given: it is
        logged, and costs this connection a sentence, and nobody else anything. Never raises."""


Asker: TypeAlias = tuple[Session, Tag, object]
"""Who wants an entry published, to be handed back with it; and what the hub wants to know then."""


class Delivery(Protocol):
    """What a store calls: exactly one of these for every publish."""

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        """It is kept; once per entry, in the order of ids per log."""

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        """It could not be kept, and never will be delivered."""


class StoreFailed(Exception):
    """What was kept cannot be read just now."""


Floors: TypeAlias = tuple[tuple[str, int], ...]
"""Logs, and in each the id up to which it is closed."""


class Archive(Protocol):
    """What was kept, for those who read it later. All of it may raise StoreFailed."""

    async def run(self, span: Span) -> Run:
        """The first entries of a span, as many as are good to have in memory at once."""

    async def look(self, query: Query) -> Page:
        """What answers a query. Raises a Refusal if that takes too long."""

    async def place(
        self, logs: tuple[str, ...], name: str, replay: int, floors: Floors = ()
    ) -> Place:
        """Where a reader of that name left off in the first of these logs and what came since in
        all of them, and where the last ``replay`` entries of the first begin. ``floors``: what is
        not larger than these ids is none of hers."""

    def left_off(self, log: str, name: str, read: int) -> None:
        """Somebody is about to leave a log who has read it up to that id only."""


class Store(Protocol):
    """Keeps what is said, and gives it its number."""

    archive: Archive | None
    """None for a store that keeps nothing."""

    @property
    def latest(self) -> int:
        """All that was told so far, in this daemon's life or before, has no larger id."""

    def start(self, delivery: Delivery) -> None:
        """From now on ``publish`` may be called."""

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        """Keep it; then, now or later, tell the delivery. Returns at once and never raises."""

    def records(self) -> tuple[Record, ...]:
        """What was remembered when this store was started."""

    def remember(self, record: Record) -> None:
        """In place of what was remembered under the same kind and key. What is published after it
        is told when this is kept too; what is not to be kept itself, at least when that was tried.
        Returns at once, never raises, and is never refused: if it cannot be written, it is written
        as soon as that is possible."""

    def forget(self, record: Record) -> None:
        """Nothing is remembered under this kind and key; the same goes for when."""

    async def stop(self) -> None:
        """Returns when every publish has been told."""
