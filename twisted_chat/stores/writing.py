"""What is written to the file: functions of a cursor, each one transaction of its caller's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Cursor

from twisted_chat.core.events import Closed, Entry, Moved, Redacted, Redaction
from twisted_chat.stores.presence import Row as Left
from twisted_chat.stores.remembering import Changes
from twisted_chat.stores.rows import COLUMNS, TOMB, once_of, row

CHUNK = 256
"""Entries that the index takes in at once. Measured: 1 ms, and 11 to 20 in one step of twenty, when
it merges; 1000 at once cost a fifth less CPU and hold up the writing three times as long."""

PRUNED = 250
"""Entries that are let go at once: 1 to 2 ms."""


YEAR = 366 * 86400.0

KNOWN = 4096
"""Logs whose numbers are remembered: there may be one for each name that was ever used."""


ACTS = frozenset((Redaction, Moved, Closed))
"""Events that change what was written before them."""

NO_CHANGES = Changes()


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction. ``last``: the largest id so far, of whatever kind. ``left``: who came and
    went. ``changes``: what is remembered beside the logs."""

    entries: Sequence[Entry]
    last: int
    left: Sequence[Left] = ()
    changes: Changes = NO_CHANGES


class Writer:
    """Knows the numbers of logs. Belongs to one thread."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._new: dict[str, int] = {}

    def write(self, cursor: Cursor, batch: Batch) -> None:
        self._new = {}
        left = batch.left
        for run in _runs(batch.entries):
            self._insert(cursor, run)
            if run and type(run[-1].event) in ACTS:
                now = [one for one in left if one[-1] < run[-1].id]
                left = [one for one in left if one[-1] >= run[-1].id]
                self._note(cursor, now)
                self._act(cursor, run[-1])
        self._note(cursor, left)
        if batch.changes != NO_CHANGES:
            remember(cursor, batch.changes)
        cursor.execute("UPDATE latest SET id = ?", (batch.last,))

    def _insert(self, cursor: Cursor, entries: Sequence[Entry]) -> None:
        rows = [(self._number(cursor, one.log), *row(one)) for one in entries]
        cursor.executemany(f"INSERT INTO entries (log, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _note(self, cursor: Cursor, left: Sequence[Left]) -> None:
        cursor.executemany(
            "INSERT OR REPLACE INTO readers (log, name, at) VALUES (?, ?, ?)",
            [(self._number(cursor, log), name, at) for log, name, at, _ in left],
        )

    def _act(self, cursor: Cursor, entry: Entry) -> None:
        number = self._number(cursor, entry.log)
        match entry.event:
            case Redaction():
                redact(cursor, number, entry.event)
            case Moved(to=room) if room != entry.log:
                self._bury(cursor, room, entry.id)
                self._rename(cursor, number, entry.log, room)
            case Closed():
                self._bury(cursor, entry.log, entry.id)

    def _bury(self, cursor: Cursor, log: str, at: int) -> None:
        """Nobody reads it by its name any more, if there is such a log."""
        found = cursor.execute("SELECT number FROM logs WHERE name = ?", (log,)).fetchone()
        if found is not None:
            self._rename(cursor, found[0], log, f"{TOMB}{log}{TOMB}{at}")

    def _rename(self, cursor: Cursor, number: int, log: str, to: str) -> None:
        cursor.execute("UPDATE logs SET name = ? WHERE number = ?", (to, number))
        for name in (log, to):
            self._numbers.pop(name, None)
            self._new.pop(name, None)
        self._new[to] = number

    def _number(self, cursor: Cursor, log: str) -> int:
        """A number that is given out or gets its name in this transaction is remembered only when
        a later one finds it in the file: this one may yet fail, and another log be given the
        same."""
        number = self._numbers.get(log) or self._new.get(log)
        if number is not None:
            return number
        number, found = number_of(cursor, log)
        if len(self._numbers) >= KNOWN:
            self._numbers.clear()
        (self._numbers if found else self._new)[log] = number
        return number


def _runs(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    """Each ends with one that changes what was written before it, or is the last."""
    if ACTS.isdisjoint([type(one.event) for one in entries]):  # nearly always
        yield entries
        return
    begin = 0
    for end, one in enumerate(entries, 1):
        if type(one.event) in ACTS:
            yield entries[begin:end]
            begin = end
    yield entries[begin:]


def remember(cursor: Cursor, changes: Changes) -> None:
    cursor.executemany(
        "INSERT OR REPLACE INTO records (kind, key, value) VALUES (?, ?, ?)", changes.kept
    )
    cursor.executemany("DELETE FROM records WHERE kind = ? AND key = ?", changes.gone)


def redact(cursor: Cursor, log: int, redaction: Redaction) -> None:
    """An entry of this log loses its text, and the index its words if it has them yet. Nothing is
    done if it is not there."""
    there = cursor.execute(
        "SELECT kind, name, other, text, id <= (SELECT up_to FROM indexed) FROM entries"
        " WHERE id = ? AND log = ?",
        (redaction.entry, log),
    ).fetchone()
    if there is None:
        return
    was, name, further, text, indexed = there
    once = once_of((redaction.entry, was, name, further, text))
    become = Entry(redaction.entry, "", Redacted(name, redaction.name, once))
    number, kind, _, other, nothing = row(become)
    if indexed:  # the index asks the entries what they were: first it forgets, then it learns
        cursor.execute(
            "INSERT INTO words (words, rowid, log, name, text) VALUES ('delete', ?, ?, ?, ?)",
            (number, log, name, text),
        )
        cursor.execute(
            "INSERT INTO words (rowid, log, name, text) VALUES (?, ?, ?, ?)",
            (number, log, name, nothing),
        )
    cursor.execute(
        "UPDATE entries SET kind = ?, other = ?, text = ? WHERE id = ?",
        (kind, other, nothing, number),
    )


def number_of(cursor: Cursor, log: str) -> tuple[int, bool]:
    """A log's number, and whether it had one before."""
    found = cursor.execute("SELECT number FROM logs WHERE name = ?", (log,)).fetchone()
    if found is not None:
        return int(found[0]), True
    cursor.execute("INSERT INTO logs (name) VALUES (?)", (log,))
    return int(cursor.lastrowid or 0), False


def forget_readers(cursor: Cursor, seconds: float, now: float) -> None:
    """Who was here so long ago that nothing of it is kept, or a year."""
    cursor.execute("DELETE FROM readers WHERE at < ?", (int((now - min(seconds, YEAR)) * 1e6),))


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


def bury(cursor: Cursor, log: int) -> None:
    """A log in which nothing is any more goes itself, with the places of its readers."""
    cursor.execute("DELETE FROM readers WHERE log = ?", (log,))
    cursor.execute(
        "DELETE FROM logs WHERE number = ? AND NOT EXISTS (SELECT 1 FROM entries WHERE log = ?)",
        (log, log),
    )
