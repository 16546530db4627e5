"""The store that keeps everything in a SQLite file, and tells nobody before it has it.

What is published while the last batch is written is the next batch: so one commit is shared by as
many lines as the disk is slow, and one line alone waits for its own commit only.
"""

import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from twisted_chat.core.events import RESTING, Entry, Event
from twisted_chat.core.history import Keep, Page, Place, Query, Run, Span
from twisted_chat.core.records import Record
from twisted_chat.ports import Archive, Asker, Delivery, Store, StoreFailed
from twisted_chat.stores import reading
from twisted_chat.stores.connections import Connections
from twisted_chat.stores.database import Durability
from twisted_chat.stores.indexing import Indexing
from twisted_chat.stores.letting_go import LettingGo
from twisted_chat.stores.presence import Presence
from twisted_chat.stores.reading import Comer, Facts
from twisted_chat.stores.remembering import Remembering
from twisted_chat.stores.timers import Timers
from twisted_chat.stores.troubles import Troubles
from twisted_chat.stores.writing import Batch, Writer

Published: TypeAlias = tuple[Entry, Asker | None]

MOST = 1024
"""Entries of one batch: told in one turn of the reactor, which they may hold for some 2 ms."""

BUSY = 8
GATHER = 1e-3
SPELL = 0.05
"""After a batch of BUSY entries, and for SPELL seconds, the next waits GATHER seconds from its
first line on, so that those who have read that batch have answered it. Measured with 32 lines in
flight: for 1000 people 0.12 µs of CPU a delivery and not 0.21, for 100 people 0.30 and not 0.53;
3.6 ms of delay in place of 5.9, or 2.2 of 1.6. One line alone never waits."""

NOTED = 1.0
"""Seconds after which it is written who came and went and what is to be remembered, if nothing is
said meanwhile."""

DAY = 86400.0

WRITING = "keeping what is said"


class SqliteStore:
    """``clock``: a reactor. ``now``: seconds since 1970, of the wall clock. ``open`` comes before
    anything else."""

    log = Logger()

    def __init__(
        self,
        path: Path,
        clock: Any,
        now: Callable[[], float],
        keep: Keep,
        durability: Durability = "power",
    ) -> None:
        self.archive: Archive | None = self
        self._clock = clock
        self._now = now
        self._timers = Timers(clock)
        self._troubles = Troubles()
        self._connections = Connections(path, clock, durability, self._troubles)
        self._indexing = Indexing(self._connections, self._timers, self._troubles)
        self._letting_go = LettingGo(
            self._connections, self._timers, self._troubles, self._indexing
        )
        self.keep(keep)
        self._writer = Writer()
        self._presence = Presence()
        self._remembering = Remembering()
        self._records: tuple[Record, ...] = ()
        self._delivery: Delivery
        self._last = self._told = 0
        self._pending: list[Published] = []
        self._waiting: deque[tuple[int, Deferred[None]]] = deque()
        self._writing = self._planned = self._noting = False
        self._busy_until = 0.0
        self._stopping: Deferred[None] | None = None

    def open(self) -> None:
        """Take the file, and make it if there is none. Raises database.Unusable."""
        facts: Facts = self._connections.open(reading.facts)
        self._last = self._told = facts.last
        self._records = facts.records
        if facts.last > (self._now() + DAY) * 1e6:
            self.log.warn("the file has entries from the future: new ones are dated after them")
        self._indexing.grown(facts.unindexed)
        self._letting_go.start(self._now)

    def keep(self, keep: Keep) -> None:
        """From now on what is said, and what was, is kept for so long."""
        self._letting_go.keep = keep

    @property
    def latest(self) -> int:
        return self._told

    def start(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        if self._timers.stopped:
            self._delivery.refused(log, event, asker)
            return
        number = int(self._now() * 1_000_000)
        if number <= self._last:
            number = self._last + 1
        self._last = number
        if not event.kept:
            self._note(log, event, number)
        self._pending.append((Entry(number, log, event), asker))
        if not self._writing and not self._planned:
            self._plan()

    def records(self) -> tuple[Record, ...]:
        return self._records

    def remember(self, record: Record) -> None:
        self._remembering.remember(record)
        self._timers.later("note", NOTED, self._write_notes)

    def forget(self, record: Record) -> None:
        self._remembering.forget(record)
        self._timers.later("note", NOTED, self._write_notes)

    async def stop(self) -> None:
        """What was published is told before this returns; what is from then on is refused."""
        self._stopping = Deferred()
        self._noting = True
        self._connections.end()
        self._write()
        await self._stopping
        self._timers.stop()
        self._connections.close()

    # writing

    def _plan(self) -> None:
        """Write what has come by the end of the turn, or of the time in which it gathers."""
        busy = self._busy_until > self._clock.seconds()
        self._timers.later("write", GATHER if busy else 0, self._write)
        self._planned = True

    def _write(self) -> None:
        """Write the next batch, unless one is under way: then it follows that. What is not to be
        kept waits only for what was published before it."""
        if self._writing:
            return
        self._planned, self._writing = False, True
        batch, self._pending = self._pending[:MOST], self._pending[MOST:]
        kept = [entry for entry, _ in batch if entry.event.kept]
        noted = self._noting and self._presence
        self._noting = False
        if not (kept or noted or self._remembering):
            self._tell(batch)
            return
        if not self._connections.there:
            self._troubles.begin(WRITING, StoreFailed("the file is not there any more"))
            self._tell(batch, kept=False)
            return
        last = batch[-1][0].id if self._pending else self._last
        notes, changes = self._presence.take(last), self._remembering.take()
        written = self._connections.write(self._writer.write, Batch(kept, last, notes, changes))
        written.addCallbacks(
            lambda _: self._written(batch, len(kept)),
            lambda failure: self._not_written(failure, batch),
        )
        written.addErrback(lambda failure: self.log.failure("a bug in the store", failure))

    def _written(self, batch: list[Published], count: int) -> None:
        try:
            self._presence.written()
            self._remembering.written()
            self._troubles.end(WRITING)
            if count >= BUSY:
                self._busy_until = self._clock.seconds() + SPELL
            self._indexing.grown(count)
        except Exception:  # it is in the file all the same, and who waits for that is told
            self.log.failure("a bug, met after writing")
        self._tell(batch)

    def _not_written(self, failure: Failure, batch: list[Published]) -> None:
        if not isinstance(failure.value, sqlite3.Error):
            self.log.failure("a bug, met while writing", failure)
        self._presence.not_written()
        self._remembering.not_written()
        self._troubles.begin(WRITING, failure.value)
        if self._stopping is not None:  # nobody waits for the rest of it to fail too
            batch, self._pending = batch + self._pending, []
        self._tell(batch, kept=False)

    def _tell(self, batch: list[Published], kept: bool = True) -> None:
        """``kept``: what was to be written is. A bug in what follows from one entry costs no other
        entry anything."""
        for entry, asker in batch:
            try:
                if kept or self._holds_unwritten(entry.event):
                    self._delivery.deliver(entry, asker)
                else:
                    self._delivery.refused(entry.log, entry.event, asker)
            except Exception:
                self.log.failure("a bug, met while an entry was told")
            self._told = entry.id
        self._writing = False
        self._go_on()

    def _holds_unwritten(self, event: Event) -> bool:
        """It is told though nothing could be written: who came, and who went. But not what tells of
        a record that is not in the file."""
        return not event.kept and not (self._remembering and isinstance(event, RESTING))

    def _go_on(self) -> None:
        while self._waiting and self._waiting[0][0] <= self._told:
            self._waiting.popleft()[1].callback(None)
        if self._pending or self._noting or self._remembers_at_the_end():
            self._plan()
        elif self._stopping is not None and not self._stopping.called:
            self._stopping.callback(None)
        elif self._remembering:  # it could not be written, or came while others were told
            self._timers.later("note", NOTED, self._write_notes)

    # who came and went, and what is remembered

    def _note(self, log: str, event: Event, number: int) -> None:
        self._presence.note(log, event, number)
        if self._presence:
            self._timers.later("note", NOTED, self._write_notes)

    def _remembers_at_the_end(self) -> bool:
        """Something came while the last batch was told; not what could not be written."""
        stopping = self._stopping is not None and not self._stopping.called
        return stopping and bool(self._remembering) and not self._troubles.has(WRITING)

    def _write_notes(self) -> None:
        self._noting = True
        if not self._writing and not self._planned:
            self._plan()

    # reading: see ports.Archive

    async def run(self, span: Span) -> Run:
        return await self._connections.read(reading.run, span)

    async def look(self, query: Query) -> Page:
        await self._all_told()
        whole = not (query.words or query.by) or await self._indexing.caught_up()
        page = await self._connections.look(reading.look, query)
        if not page.entries and not whole:
            raise StoreFailed("the index is behind: it may be there all the same")
        return page

    async def place(
        self,
        logs: tuple[str, ...],
        name: str,
        replay: int,
        floors: tuple[tuple[str, int], ...] = (),
    ) -> Place:
        await self._all_told()
        left = self._presence.at(logs[0], name)
        comer = Comer(logs, name, replay, self._told, left, floors)
        return await self._connections.read(reading.place, comer)

    def left_off(self, log: str, name: str, read: int) -> None:
        self._presence.left_off(log, name, read, self._last)

    async def _all_told(self) -> None:
        """So that who looks finds what she said just before, and who comes what was said then."""
        if self._told < self._last:
            told: Deferred[None] = Deferred()
            self._waiting.append((self._last, told))
            await told


_: type[Store] = SqliteStore
_archive: type[Archive] = SqliteStore
