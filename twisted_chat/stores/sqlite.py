"""The store that keeps everything in a SQLite file, and tells nobody before it has it.

What is published while the last batch is written is the next batch: so one commit is shared by as
many lines as the disk is slow, and one line alone waits for its own commit only.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from twisted.enterprise.adbapi import ConnectionPool
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from twisted_chat.core import names
from twisted_chat.core.events import Entry, Event, Joined, Left, Renamed
from twisted_chat.core.history import Keep, Page, Place, Query, Run, Span
from twisted_chat.core.refusals import Refusal
from twisted_chat.ports import Archive, Asker, Delivery, Store, StoreFailed
from twisted_chat.stores import database, reading, writing
from twisted_chat.stores.database import Durability, Lock, Unusable
from twisted_chat.stores.writing import CHUNK, Presence, Writer

T = TypeVar("T")
Published: TypeAlias = tuple[Entry, Asker | None]

MOST = 1024
"""Entries of one batch: told in one turn of the reactor, which they may hold for some 2 ms."""

BUSY = 8
GATHER = 1e-3
"""After a batch of so many entries the next waits so many seconds from its first line on, so that
those who have read that batch have answered it. Measured with 32 lines in flight: for 1000 people
0.12 µs of CPU a delivery and not 0.21, for 100 people 0.30 and not 0.53; 3.6 ms of delay in place
of 5.9, or 2.2 of 1.6. One line alone never waits."""

DAY = 86400.0

READERS = 2
"""Threads that read: one may be busy with a long search while the other serves those who come."""

NOTED = 1.0
"""Seconds after which it is written who came and went, if nothing is said meanwhile."""

PRUNING = 60.0
"""Seconds between two looks for what need not be kept any more."""

BREATH = 0.02
"""Seconds between two steps of letting go: the writer is free for others most of the time."""


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
        self._path = path
        self._clock = clock
        self._now = now
        self._keep = keep
        self._durability: Durability = durability
        self._delivery: Delivery
        self._lock: Lock | None = None
        self._last = self._told = 0
        self._waiting: list[tuple[int, Deferred[None]]] = []
        self._pending: list[Published] = []
        self._presence: dict[tuple[str, str], int | None] = {}
        self._unindexed = 0
        self._planned = False
        self._failing = ""
        self._busy = False
        self._writing = False
        self._calls: dict[str, IDelayedCall] = {}
        self._stopping: Deferred[None] | None = None
        self._stopped = False

    def open(self) -> None:
        """Take the file, and make it if there is none. Raises database.Unusable."""
        self._lock = Lock(self._path)
        try:
            database.prepare(self._path)
            self._go_on_from_file()
        except sqlite3.Error as error:
            self._lock.release()
            why = database.reason(error)
            raise Unusable(f"{self._path} cannot be used: {why}") from None
        except BaseException:
            self._lock.release()
            raise
        self._writer = Writer()
        self._writes = self._pool(
            1, lambda connection: database.for_writing(connection, self._durability)
        )
        self._reads = self._pool(READERS, database.for_reading)
        if self._keep != Keep():
            self._later("prune", PRUNING, self._prune)

    def start(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        number = int(self._now() * 1_000_000)
        if number <= self._last:
            number = self._last + 1
        self._last = number
        if event.passing or type(event) is Renamed:
            self._note(log, event, number)
        self._pending.append((Entry(number, log, event), asker))
        if not self._writing and not self._planned:
            self._plan()

    async def stop(self) -> None:
        """Nothing is published from now on; what was, is told before this returns."""
        self._stopping = Deferred()
        self._write()
        await self._stopping
        self._stopped = True
        for call in self._calls.values():
            if call.active():
                call.cancel()
        await self._keep_presence()
        self._writes.close()
        self._reads.close()
        if self._lock is not None:
            self._lock.release()

    # writing

    def _plan(self) -> None:
        """Write what has come by the end of the turn, or of the time in which it gathers."""
        self._planned = True
        self._later("write", GATHER if self._busy else 0, self._write)

    def _write(self) -> None:
        """Write the next batch, unless one is under way: then it follows that."""
        self._planned = False
        if self._writing:
            return
        batch, self._pending = self._pending[:MOST], self._pending[MOST:]
        kept = [entry for entry, _ in batch if entry.event.kept]
        self._writing = True
        if not kept:
            self._told_all(batch)
            return
        presence = self._take_presence()
        written = self._in_writer(self._writer.write, kept, presence, batch[-1][0].id)
        written.addCallbacks(
            lambda _: self._written(batch, len(kept)),
            lambda failure: self._not_written(failure, batch, presence),
        )
        written.addErrback(self._bug)

    def _written(self, batch: list[Published], count: int) -> None:
        self._works()
        self._busy = count >= BUSY
        self._unindexed += count
        self._told_all(batch, index=True)

    def _not_written(
        self, failure: Failure, batch: list[Published], presence: list[Presence]
    ) -> None:
        """Each of those that are to be kept is refused; what passes need not be kept."""
        self._give_back(presence)
        self._fails("nothing that is said can be kept", failure.value)
        self._told_all(batch, kept=False)

    def _told_all(self, batch: list[Published], kept: bool = True, index: bool = False) -> None:
        self._tell(batch, kept)
        self._writing = False
        self._go_on(index)

    def _go_on(self, index: bool = False) -> None:
        """``index``: the file can be written, so the index may follow."""
        while self._waiting and self._waiting[0][0] <= self._told:
            self._waiting.pop(0)[1].callback(None)
        if index and self._unindexed >= CHUNK:
            self._writing = True
            self._index().addCallbacks(self._indexed, self._not_indexed).addErrback(self._bug)
        elif self._pending:
            self._plan()
        elif self._stopping is not None and not self._writing and not self._stopping.called:
            self._stopping.callback(None)

    def _tell(self, batch: list[Published], kept: bool = True) -> None:
        """``kept``: what was to be written is. A bug in what follows from one entry costs no other
        entry anything."""
        for entry, asker in batch:
            try:
                if kept or not entry.event.kept:
                    self._delivery.deliver(entry, asker)
                else:
                    self._delivery.refused(entry.log, entry.event, asker)
            except Exception:
                self.log.failure("a bug, met while an entry was told")
            self._told = entry.id

    def _fails(self, what: str, error: BaseException | None) -> None:
        """Logged once, and not for each line, which would fill what is left of a disk."""
        if not self._failing:
            self._failing = f"{what}: {database.reason(error)}"
            self.log.error("{what}", what=self._failing)

    def _works(self) -> None:
        if self._failing:
            self._failing = ""
            self.log.info("what is said is kept again")

    # the index

    def _index(self) -> "Deferred[int]":
        def count(indexed: int) -> int:
            self._unindexed -= indexed
            return indexed

        return self._in_writer(writing.index).addCallback(count)

    def _indexed(self, _: int) -> None:
        self._writing = False
        self._go_on()

    def _not_indexed(self, failure: Failure) -> None:
        self._writing = False
        self._fails("the index waits", failure.value)
        self._go_on()

    # who came and went

    def _note(self, log: str, event: Event, number: int) -> None:
        if log[0] != "#":
            return
        match event:
            case Joined(name):
                self._presence[log, names.fold(name)] = None
            case Left(name, _):
                if self._presence.get((log, names.fold(name))) is None:
                    self._presence[log, names.fold(name)] = number
            case Renamed(name, to):
                self._presence[log, names.fold(name)] = number
                self._presence[log, names.fold(to)] = None
        self._later("note", NOTED, self._write_presence)

    def _take_presence(self) -> list[Presence]:
        taken, self._presence = self._presence, {}
        return [(log, name, at) for (log, name), at in taken.items()]

    def _give_back(self, presence: list[Presence]) -> None:
        """It was not written, and neither were the numbers of the logs."""
        self._writer = Writer()
        self._presence = {(log, name): at for log, name, at in presence} | self._presence

    def _write_presence(self) -> None:
        if self._presence:
            Deferred.fromCoroutine(self._keep_presence()).addErrback(self._bug)

    async def _keep_presence(self) -> None:
        """Who came and went, when nothing is said with which it could be written."""
        presence = self._take_presence()
        try:
            await self._in_writer(self._writer.write, (), presence, self._last)
        except sqlite3.Error as error:
            self._give_back(presence)
            self._fails("who came and went is not kept", error)

    # letting go

    def _prune(self) -> None:
        Deferred.fromCoroutine(self._let_go()).addErrback(self._bug)

    async def _let_go(self) -> None:
        """All that is kept for long enough, step by step; and again in a while."""
        try:
            await self._index_all()  # what is not in the index yet is not let go
            for log, until in await self._read(reading.outlived, self._keep, self._now()):
                while not self._stopping and await self._in_writer(writing.prune, log, until):
                    await self._pause()
        except (sqlite3.Error, StoreFailed) as error:
            self._fails("nothing is let go just now", error)
        self._later("prune", PRUNING, self._prune)

    async def _pause(self) -> None:
        waited: Deferred[None] = Deferred()
        self._later("breath", BREATH, waited.callback, None)
        await waited

    # reading: see ports.Archive

    async def run(self, span: Span) -> Run:
        return await self._read(reading.run, span)

    async def look(self, query: Query) -> Page:
        await self._all_told()
        if query.words or query.by:
            await self._index_all()
        return await self._read(reading.look, query)

    async def place(self, log: str, name: str, replay: int) -> Place:
        if self._writing or (log, names.fold(name)) in self._presence:
            await self._keep_presence()
        return await self._read(reading.place, log, name, replay, self._last)

    def left_off(self, log: str, name: str, read: int) -> None:
        self._presence[log, names.fold(name)] = read

    async def _all_told(self) -> None:
        """So that who looks at what was said finds what she said just before."""
        if self._told < self._last:
            told: Deferred[None] = Deferred()
            self._waiting.append((self._last, told))
            await told

    async def _index_all(self) -> None:
        """So that what was said a moment ago is found too."""
        try:
            while self._unindexed > 0 and await self._index():
                pass
        except sqlite3.Error as error:
            self._fails("the index waits", error)

    async def _read(self, read: Callable[..., T], *given: object) -> T:
        try:
            return await self._reads.runWithConnection(reading.snapshot, read, *given)  # type: ignore[no-any-return]
        except Refusal:
            raise
        except sqlite3.Error as error:
            raise StoreFailed(database.reason(error)) from error

    # the file and its threads

    def _go_on_from_file(self) -> None:
        """Where the ids go on. Whoever was here when the daemon was killed left then."""
        with closing(database.connect(self._path)) as connection:
            [last] = connection.execute("SELECT max(id) FROM entries").fetchone()
            [gone] = connection.execute("SELECT max(gone) FROM logs").fetchone()
            [self._unindexed] = connection.execute(
                "SELECT count(*) FROM entries WHERE id > (SELECT up_to FROM indexed)"
            ).fetchone()
            [latest] = connection.execute("SELECT id FROM latest").fetchone()
            self._last = self._told = max(last or 0, gone or 0, latest)
            if self._last > (self._now() + DAY) * 1e6:
                self.log.warn("the file has entries from the future: new ones are dated after them")
            connection.execute("UPDATE readers SET at = ? WHERE at IS NULL", (self._last,))
            connection.commit()

    def _pool(self, threads: int, prepare: Callable[[sqlite3.Connection], None]) -> ConnectionPool:
        return ConnectionPool(
            "sqlite3",
            f"{self._path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=database.PATIENCE,
            isolation_level="IMMEDIATE",
            check_same_thread=False,
            cp_min=threads,
            cp_max=threads,
            cp_openfun=prepare,
            cp_reactor=self._clock,
            cp_noisy=False,
        )

    def _in_writer(self, write: Callable[..., T], *given: object) -> "Deferred[T]":
        return self._writes.runInteraction(write, *given)  # type: ignore[no-any-return]

    def _later(self, name: str, seconds: float, call: Callable[..., None], *given: object) -> None:
        """Once, however often it is asked for until then."""
        planned = self._calls.get(name)
        if not self._stopped and (planned is None or not planned.active()):
            self._calls[name] = self._clock.callLater(seconds, call, *given)

    def _bug(self, failure: Failure) -> None:
        self.log.failure("a bug in the store", failure)


_: type[Store] = SqliteStore
_archive: type[Archive] = SqliteStore
