"""What the hub asks of others, and they of it: promises, and no code."""

from typing import Protocol, TypeAlias

from twisted_chat.core.events import Entry, Event
from twisted_chat.core.history import Page, Place, Query, Run, Span
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.asked import Asked, Tag


class Dialect(Protocol):
    """How one kind of client speaks. Encodes an entry once, however many read it."""

    greeting: bytes

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

    def settle(self, count: int) -> None:
        """So many of the unsettled entries have been, and were handed out."""

    def speak(self) -> None:
        """Send what is ready for this session alone."""

    def answer(self, answer: Answer, tag: Tag) -> None:
        """Tell the session what it alone reads, after all that it asked for before."""

    def search(self) -> None:
        """Its answer has to be looked for: one more is unsettled, and nothing is heard before."""

    def found(self, answer: Answer, tag: Tag) -> None:
        """What was looked for: it comes before all that waited for it."""

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        """Tell the session that something is not done."""

    def depart(self, tag: Tag) -> None:
        """The session's owner takes leave."""

    def dismiss(self, told: str, why: str) -> None:
        """Disconnect: what the owner is told, and what the others are."""


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


class Archive(Protocol):
    """What was kept, for those who read it later. All of it may raise StoreFailed."""

    async def run(self, span: Span) -> Run:
        """The first entries of a span, as many as are good to have in memory at once."""

    async def look(self, query: Query) -> Page:
        """What answers a query. Raises a Refusal if that takes too long."""

    async def place(self, logs: tuple[str, ...], name: str, replay: int) -> Place:
        """Where a reader of that name left off in the first of these logs and what came since in
        all of them, and where the last ``replay`` entries of the first begin."""

    def left_off(self, log: str, name: str, read: int) -> None:
        """Somebody is about to leave a log who has read it up to that id only."""


class Store(Protocol):
    """Keeps what is said, and gives it its number."""

    archive: Archive | None
    """None for a store that keeps nothing."""

    def start(self, delivery: Delivery) -> None:
        """From now on ``publish`` may be called."""

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        """Keep it; then, now or later, tell the delivery. Returns at once and never raises."""

    async def stop(self) -> None:
        """Returns when every publish has been told."""
