"""A file that others look after: opened as it is, and what it keeps out of it and into it.

How entries and records are written down outside of the file is not known here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from twisted_chat.core.events import Entry
from twisted_chat.core.records import Record
from twisted_chat.stores import database, reading, rows, writing
from twisted_chat.stores.database import InUse, Lock, Unusable, version
from twisted_chat.stores.fields import Unreadable
from twisted_chat.stores.remembering import Changes

STEPS = 10_000
"""Of SQLite's machine, between two looks whether somebody wants us to end."""


class Damaged(Unusable):
    """This file has lost something, and in words what."""


class Differs(Exception):
    """There is an entry of that id or a record of that key already, and it is another one."""


@contextmanager
def opened(path: Path, mode: Literal["ro", "rw"] = "ro") -> Iterator[sqlite3.Connection]:
    """A file of a chat that is there, and that is not upgraded. A bare connection: the caller
    begins and commits. Raises Unusable, also for what goes wrong in the block."""
    if not path.is_file():
        raise Unusable(f"{path} is no file" if path.exists() else f"there is no {path}")
    try:
        with closing(_connection(path, mode)) as connection:
            _require_ours(connection, path)
            yield connection
    except sqlite3.Error as error:
        raise _translated(error, path) from None


@contextmanager
def held(path: Path) -> Iterator[None]:
    """No daemon has the file in the meantime. Raises Unusable."""
    try:
        lock = Lock(path)
    except InUse:
        raise Unusable(f"{path} is in use by a daemon: stop it first") from None
    try:
        yield
    finally:
        lock.release()


def require_current(connection: sqlite3.Connection, path: Path) -> None:
    """Raises Unusable for a file whose tables may be others than ours."""
    if version(connection) != database.VERSION:
        raise Unusable(
            f"{path} was written by an older twisted_chat (version {version(connection)} of the "
            f"file; this one knows {database.VERSION}): the daemon upgrades it when it starts"
        )


def count(connection: sqlite3.Connection) -> int:
    [number] = connection.execute("SELECT count(*) FROM entries").fetchone()
    return int(number)


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """Those that can be read in the chat, by id, each read when it is wanted. Raises Damaged."""
    logs = dict(connection.execute("SELECT number, name FROM logs"))
    for log, *kept in connection.execute(f"SELECT log, {rows.COLUMNS} FROM entries ORDER BY id"):
        if log not in logs:
            raise Damaged(f"entry {kept[0]} cannot be read: `check` tells more")
        if not logs[log].startswith(rows.TOMB):
            yield _entry(logs[log], tuple(kept))


def _entry(log: str, kept: rows.Row) -> Entry:
    try:
        return rows.entry(log, kept)
    except Unreadable as error:
        raise Damaged(f"{error}: `check` tells more") from None


def records(connection: sqlite3.Connection) -> Iterator[Record]:
    """What is remembered beside the logs. Raises Damaged."""
    try:
        yield from reading.records(connection)
    except Unreadable as error:
        raise Damaged(f"{error}: `check` tells more") from None


class Taking:
    """Takes entries in, in one transaction of the caller's. The words of those that come behind
    all others are left to ``index``; it does not look back, so those of earlier ones go in here.
    Raises Damaged."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor
        self._numbers: dict[str, int] = {}
        indexed = cursor.execute("SELECT up_to FROM indexed").fetchone()
        if indexed is None:
            raise Damaged("nothing tells how far the index has come: `check` tells more")
        [self._indexed] = indexed

    def take(self, entry: Entry) -> bool:
        """False if it is there already. Raises Differs."""
        kept = (self._number(entry.log), *rows.row(entry))
        self._cursor.execute(
            f"INSERT OR IGNORE INTO entries (log, {rows.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", kept
        )
        if not self._cursor.rowcount:
            self._require_same(kept)
            return False
        if entry.id <= self._indexed:
            self._cursor.execute(
                "INSERT INTO words (rowid, log, name, text)"
                " SELECT id, log, name, text FROM entries WHERE id = ?",
                (entry.id,),
            )
        return True

    def remember(self, record: Record) -> bool:
        """False if it is remembered already. Raises Differs, and Damaged."""
        kind, key, value = rows.remembered(record)
        there = self._cursor.execute(
            "SELECT kind, key, value FROM records WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        if there is None:
            writing.remember(self._cursor, Changes([(kind, key, value)]))
            return True
        try:
            if rows.record(there) != record:
                raise Differs
        except Unreadable as error:
            raise Damaged(f"{error}: `check` tells more") from None
        return False

    def _require_same(self, kept: tuple[object, ...]) -> None:
        there = self._cursor.execute(
            f"SELECT log, {rows.COLUMNS} FROM entries WHERE id = ?", (kept[1],)
        ).fetchone()
        if there != kept:
            raise Differs

    def _number(self, log: str) -> int:
        number = self._numbers.get(log)
        if number is None:
            number, _ = writing.number_of(self._cursor, log)
            self._numbers[log] = number
        return number


def index(cursor: sqlite3.Cursor) -> Iterator[int]:
    """Bring the index up to the last entry, and say after each step how many it was. A step is
    whole or not at all, and the daemon goes on where this ends."""
    while True:
        cursor.execute("BEGIN IMMEDIATE")
        done = writing.index(cursor)
        cursor.execute("COMMIT")
        if not done:
            return
        yield done


def _connection(path: Path, mode: Literal["ro", "rw"]) -> sqlite3.Connection:
    given = database.arguments(path, mode) | {"isolation_level": None}
    connection: sqlite3.Connection = sqlite3.connect(**given)
    # Python hears a signal only between its own steps: without this, Ctrl-C waits for the end of
    # whatever SQLite does. With it, that ends with SQLITE_INTERRUPT.
    connection.set_progress_handler(lambda: 0, STEPS)
    return connection


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    database.require_chat(connection, path)
    if version(connection) > database.VERSION:
        raise Unusable(
            f"{path} was written by a newer twisted_chat (version {version(connection)} of the "
            f"file; this one knows {database.VERSION})"
        )


def _translated(error: sqlite3.Error, path: Path) -> BaseException:
    code = getattr(error, "sqlite_errorname", "")
    if code == "SQLITE_INTERRUPT":
        return KeyboardInterrupt()
    kind = Damaged if code.startswith("SQLITE_CORRUPT") else Unusable
    return kind(f"{path} cannot be used: {database.reason(error)}")
