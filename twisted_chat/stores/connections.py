"""The open file: its lock, the thread that writes it, and the two that read it."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from twisted.enterprise.adbapi import ConnectionPool
from twisted.internet.defer import Deferred

from twisted_chat.ports import StoreFailed
from twisted_chat.stores import database, reading
from twisted_chat.stores.database import Durability, Lock, Unusable
from twisted_chat.stores.fields import Unreadable
from twisted_chat.stores.troubles import Troubles

T = TypeVar("T")

READING = "reading what was said"


class Connections:
    """``clock``: a reactor. One reading thread is for those who search, which may take a while; the
    other for those who come and those who lag, who wait for no search."""

    def __init__(self, path: Path, clock: Any, durability: Durability, troubles: Troubles) -> None:
        self.path = path
        self._clock = clock
        self._durability: Durability = durability
        self._troubles = troubles
        self._lock: Lock | None = None
        self._file: tuple[int, int] | None = None
        self._ending = False

    def open(self, first: Callable[[sqlite3.Connection], T]) -> T:
        """Take the file, and make it if there is none; gives what ``first`` finds there. Raises
        Unusable."""
        self.path = database.resolved(self.path)
        self._lock = Lock(self.path)
        try:
            found = self._prepared(first)
        except BaseException:
            self._lock.release()
            raise
        self._file = self._identity()
        durability = self._durability
        self._writes = self._pool(lambda made: database.for_writing(made, durability))
        self._reads = self._pool(database.for_reading)
        self._looks = self._pool(database.for_reading)
        self._hold_open()
        return found

    @property
    def there(self) -> bool:
        """The file has not been removed, replaced or emptied: SQLite itself would go on writing to
        what nobody can find any more."""
        return self._file is not None and self._identity() == self._file

    def end(self) -> None:
        """Who still waits for a search is refused, so that ``close`` need not wait for them."""
        self._ending = True

    def close(self) -> None:
        """Returns when the threads have ended."""
        for pool in (self._writes, self._reads, self._looks):
            pool.close()
        if self._lock is not None:
            self._lock.release()

    def write(self, write: Callable[..., T], *given: object) -> "Deferred[T]":
        """One transaction, after those that were asked for before. Fails with a sqlite3.Error."""
        return self._writes.runInteraction(write, *given)  # type: ignore[no-any-return]

    async def read(self, read: Callable[..., T], *given: object) -> T:
        """Raises StoreFailed, and what ``read`` refuses."""
        return await self._of_one_moment(self._reads, reading.snapshot, read, *given)

    async def look(self, read: Callable[..., T], *given: object) -> T:
        """The same, for what may take a while."""
        return await self._of_one_moment(self._looks, self._unless_it_ends, read, *given)

    async def _of_one_moment(self, pool: ConnectionPool, read: Callable[..., T], *given: Any) -> T:
        try:
            found: T = await pool.runWithConnection(read, *given)
        except (sqlite3.Error, Unreadable) as error:
            self._troubles.begin(READING, error)
            raise StoreFailed(database.reason(error)) from error
        self._troubles.end(READING)
        return found

    def _unless_it_ends(
        self, connection: sqlite3.Connection, read: Callable[..., T], *given: Any
    ) -> T:
        if self._ending:
            raise StoreFailed("the daemon ends")
        return reading.snapshot(connection, read, *given)

    def _identity(self) -> tuple[int, int] | None:
        """Of the file that has our name now; None if there is nothing in it."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return (found.st_dev, found.st_ino) if found.st_size else None

    def _hold_open(self) -> None:
        """Now, and not when somebody asks: there may be no file descriptors left by then."""
        for pool in (self._writes, self._reads, self._looks):
            opened = pool.runWithConnection(database.touch)
            opened.addErrback(lambda failure: self._troubles.begin(READING, failure.value))

    def _prepared(self, first: Callable[[sqlite3.Connection], T]) -> T:
        database.prepare(self.path)
        try:
            connection = database.connect(self.path)
            try:
                return first(connection)
            finally:
                connection.close()
        except (sqlite3.Error, Unreadable) as error:
            raise Unusable(f"{self.path} cannot be used: {database.reason(error)}") from None

    def _pool(self, prepare: Callable[[sqlite3.Connection], None]) -> ConnectionPool:
        """Of one thread."""
        return ConnectionPool(
            "sqlite3",
            **database.arguments(self.path),
            cp_min=1,
            cp_max=1,
            cp_openfun=prepare,
            cp_reactor=self._clock,
            cp_noisy=False,
        )
