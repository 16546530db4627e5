"""A store with somebody who listens to it, and a clock that a test can set."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from twisted.internet.defer import Deferred

from twisted_chat.core.events import LOBBY, Entry, Event, Said
from twisted_chat.core.history import Page, Place, Query, Run, Span, rest
from twisted_chat.ports import Archive, Asker, Delivery, Session, Store

Make: TypeAlias = Callable[[Callable[[], float]], Store]
"""A store that reads this wall clock, in seconds since 1970."""

NOW = 1_700_000_000.0


@dataclass
class Told:
    """A delivery that remembers what it was told, in order."""

    delivered: list[tuple[Entry, Asker | None]] = field(default_factory=list)
    refusals: list[tuple[str, Event, Asker | None]] = field(default_factory=list)
    order: list[Event] = field(default_factory=list)
    """What was delivered and what was refused, as it came."""
    _awaited: tuple[int, Deferred[None]] | None = None

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        self.delivered.append((entry, asker))
        self._hear(entry.event)

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        self.refusals.append((log, event, asker))
        self._hear(event)

    @property
    def entries(self) -> list[Entry]:
        return [entry for entry, _ in self.delivered]

    def kept(self, *logs: str) -> list[Entry]:
        """What has to be history: of these logs, or of all."""
        return [one for one in self.entries if one.event.kept and (one.log in logs or not logs)]

    def ids(self, log: str) -> list[int]:
        return [entry.id for entry in self.entries if entry.log == log]

    def texts(self, log: str) -> list[str]:
        events = [entry.event for entry in self.entries if entry.log == log]
        return [event.text for event in events if isinstance(event, Said)]

    async def heard(self, count: int) -> None:
        """Returns when so much has been told."""
        if len(self.order) < count:
            waited: Deferred[None] = Deferred()
            self._awaited = count, waited
            await waited

    def _hear(self, event: Event) -> None:
        self.order.append(event)
        if self._awaited is not None and len(self.order) >= self._awaited[0]:
            (_, waited), self._awaited = self._awaited, None
            waited.callback(None)


_: type[Delivery] = Told


@dataclass
class WallClock:
    """Seconds since 1970 that a test can set, back too."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def asker() -> Asker:
    """Somebody who asked. A store hands her back and looks no further, so anything will do."""
    nobody: Session = object()  # type: ignore[assignment]
    return nobody, "t1", object()


@dataclass
class House:
    """A store, made and started; ``stop`` it as often as you like."""

    make: Make
    clock: WallClock = field(default_factory=WallClock)
    told: Told = field(default_factory=Told)
    store: Store = field(init=False)
    published: int = 0
    stopped: bool = False

    def __post_init__(self) -> None:
        self.store = self.make(self.clock)
        self.store.start(self.told)

    @property
    def archive(self) -> Archive:
        assert self.store.archive is not None
        return self.store.archive

    def publish(self, event: Event, log: str = LOBBY, asker: Asker | None = None) -> None:
        self.published += 1
        self.store.publish(log, event, asker)

    def say(self, *texts: str, name: str = "ann", log: str = LOBBY) -> None:
        for text in texts:
            self.publish(Said(name, text), log)

    async def settle(self) -> None:
        """Returns when all that was published so far has been told."""
        await self.told.heard(self.published)

    async def stop(self) -> None:
        if not self.stopped:
            self.stopped = True
            await self.store.stop()

    async def run(self, span: Span) -> list[Entry]:
        """All of a span, run by run."""
        found: list[Entry] = []
        more = True
        while more:
            run: Run = await self.archive.run(span)
            found += run.entries
            more = run.more
            span = Span(span.log, found[-1].id if found else span.after, span.until)
        return found

    async def pages(self, query: Query | None) -> list[Page]:
        """All that a query has, page by page."""
        found = []
        while query is not None:
            page = await self.archive.look(query)
            found.append(page)
            query = rest(query, page)
        return found

    async def look(self, query: Query) -> list[Entry]:
        """All that a query has, in the order in which it is looked for."""
        step = 1 if query.forward else -1
        return [one for page in await self.pages(query) for one in page.entries[::step]]

    async def found(self, query: Query) -> list[str]:
        """The texts of one page."""
        return texts((await self.archive.look(query)).entries)

    async def place(self, name: str, replay: int = 0, log: str = LOBBY, floor: int = 0) -> Place:
        return await self.archive.place((log,), name, replay, ((log, floor),))


def texts(entries: tuple[Entry, ...] | list[Entry]) -> list[str]:
    """Of entries that are kept; empty for those that have none."""
    return [
        str(getattr(entry.event, "text", getattr(entry.event, "topic", ""))) for entry in entries
    ]
