"""What is written to the file: functions of a cursor, each one transaction of its caller's."""

from collections.abc import Iterable
from sqlite3 import Cursor
from typing import TypeAlias

from twisted_chat.core.events import Entry
from twisted_chat.stores.rows import COLUMNS, row

Presence: TypeAlias = tuple[str, str, int | None]
"""A log, a folded name, and the id at which she left it; None: she has come."""

CHUNK = 256
"""Entries that the index takes in at once. Measured: 1 ms, and 11 to 20 in one step of twenty, when
it merges; 1000 at once cost a fifth less CPU and hold up the writing three times as long."""

PRUNED = 250
"""Entries that are let go at once: 1 to 2 ms."""


class Writer:
    """Knows the numbers of the logs, which it gives out itself. Belongs to one thread. When a
    transaction fails, those that were given out in it are not: there has to be another Writer."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def write(
        self, cursor: Cursor, entries: Iterable[Entry], presence: Iterable[Presence], last: int
    ) -> None:
        """``last``: the largest id so far, of whatever kind of entry."""
        rows = [(self._number(cursor, one.log), *row(one)) for one in entries]
        cursor.executemany(f"INSERT INTO entries (log, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        cursor.executemany(
            "INSERT OR REPLACE INTO readers (log, name, at) VALUES (?, ?, ?)",
            [(self._number(cursor, log), name, at) for log, name, at in presence],
        )
        cursor.execute("UPDATE latest SET id = ?", (last,))

    def _number(self, cursor: Cursor, log: str) -> int:
        number = self._numbers.get(log)
        if number is None:
            cursor.execute("INSERT OR IGNORE INTO logs (name) VALUES (?)", (log,))
            [number] = cursor.execute("SELECT number FROM logs WHERE name = ?", (log,)).fetchone()
            self._numbers[log] = number
        return number


def index(cursor: Cursor) -> int:
    """Take the next entries into the index; how many."""
    [done] = cursor.execute("SELECT up_to FROM indexed").fetchone()
    wanted = "FROM entries WHERE id > ? ORDER BY id LIMIT ?"
    [count, last] = cursor.execute(
        f"SELECT count(*), max(id) FROM (SELECT id {wanted})", (done, CHUNK)
    ).fetchone()
    if count:
        cursor.execute(
            f"INSERT INTO words (rowid, log, name, text) SELECT id, log, name, text {wanted}",
            (done, CHUNK),
        )
        cursor.execute("UPDATE indexed SET up_to = ?", (last,))
    return int(count)


def prune(cursor: Cursor, log: int, until: int) -> bool:
    """Let go the oldest entries of a log up to an id; True if there may be more.

    Their words go first, since the index asks the entries what they were, and only those that are
    in the index.
    """
    chosen = cursor.execute(
        "SELECT id FROM entries WHERE log = ? AND id <= min(?, (SELECT up_to FROM indexed))"
        " ORDER BY id LIMIT ?",
        (log, until, PRUNED),
    ).fetchall()
    if not chosen:
        return False
    last: int = chosen[-1][0]
    cursor.execute("UPDATE logs SET gone = max(gone, ?) WHERE number = ?", (last, log))
    cursor.execute(
        "INSERT INTO words (words, rowid, log, name, text)"
        " SELECT 'delete', id, log, name, text FROM entries WHERE log = ? AND id <= ?",
        (log, last),
    )
    cursor.execute("DELETE FROM entries WHERE log = ? AND id <= ?", (log, last))
    return len(chosen) == PRUNED
