"""What is written to the file: functions of a cursor, each one transaction of its caller's."""

from collections.abc import Iterable
from sqlite3 import Cursor

from twisted_chat.core.events import Entry
from twisted_chat.core.history import Keep
from twisted_chat.stores.presence import Row as Left
from twisted_chat.stores.rows import COLUMNS, row

CHUNK = 256
"""Entries that the index takes in at once. Measured: 1 ms, and 11 to 20 in one step of twenty, when
it merges; 1000 at once cost a fifth less CPU and hold up the writing three times as long."""

PRUNED = 250
"""Entries that are let go at once: 1 to 2 ms."""


YEAR = 366 * 86400.0

KNOWN = 4096
"""Logs whose numbers are remembered: there may be one for each name that was ever used."""


class Writer:
    """Knows the numbers of logs. Belongs to one thread."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def write(
        self, cursor: Cursor, entries: Iterable[Entry], left: Iterable[Left], last: int
    ) -> None:
        """``left``: who came and went. ``last``: the largest id so far, of whatever kind."""
        new: dict[str, int] = {}
        rows = [(self._number(cursor, one.log, new), *row(one)) for one in entries]
        cursor.executemany(f"INSERT INTO entries (log, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)
        cursor.executemany(
            "INSERT OR REPLACE INTO readers (log, name, at) VALUES (?, ?, ?)",
            [(self._number(cursor, log, new), name, at) for log, name, at in left],
        )
        cursor.execute("UPDATE latest SET id = ?", (last,))

    def _number(self, cursor: Cursor, log: str, new: dict[str, int]) -> int:
        """A number that is given out in this transaction is remembered only when a later one finds
        it in the file: this one may yet fail, and another log be given the same."""
        number = self._numbers.get(log) or new.get(log)
        if number is not None:
            return number
        number, found = number_of(cursor, log)
        if len(self._numbers) >= KNOWN:
            self._numbers.clear()
        (self._numbers if found else new)[log] = number
        return number


def number_of(cursor: Cursor, log: str) -> tuple[int, bool]:
    """A log's number, and whether it had one before."""
    found = cursor.execute("SELECT number FROM logs WHERE name = ?", (log,)).fetchone()
    if found is not None:
        return int(found[0]), True
    cursor.execute("INSERT INTO logs (name) VALUES (?)", (log,))
    return int(cursor.lastrowid or 0), False


def forget_readers(cursor: Cursor, keep: Keep, now: float) -> None:
    """Who was here so long ago that nothing of it is kept, or a year."""
    seconds = min(keep.seconds, YEAR)
    cursor.execute("DELETE FROM readers WHERE at < ?", (int((now - seconds) * 1e6),))


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
