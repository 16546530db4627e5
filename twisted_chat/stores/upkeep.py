"""What is done for a file as a whole: it is looked over, and it is made small."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from twisted_chat.core.history import END
from twisted_chat.stores import database, rows, writing
from twisted_chat.stores.database import Unusable
from twisted_chat.stores.fields import Unreadable

SHOWN = 20
"""What is wrong is told so many times of each kind: a broken page can make a million."""

DAMAGE = ("SQLITE_CORRUPT", "SQLITE_ERROR")
"""What SQLite says when something is wrong with what the file holds. A file that is busy, or a disk
that is full, says nothing of damage."""


def check_pages(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(f"PRAGMA integrity_check({SHOWN})").fetchall()
    return [line for (text,) in found for line in text.splitlines() if line != "ok"]


def check_references(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("PRAGMA foreign_key_check").fetchmany(SHOWN)
    return [f"row {row} of {table} belongs to no row of {other}" for table, row, other, _ in found]


def check_entries(connection: sqlite3.Connection) -> list[str]:
    """A kind that we know, an id that every reader has exactly, text wherever text is, and in it
    what the kind wants."""
    kinds = ", ".join("?" * len(rows.KEPT))
    found = connection.execute(
        f"SELECT id, kind FROM entries WHERE kind NOT IN ({kinds}) OR id < 1 OR id >= {END}"
        " OR 'text' <> min(typeof(kind), typeof(name), typeof(other), typeof(text))"
        " OR 'text' <> max(typeof(kind), typeof(name), typeof(other), typeof(text))"
        f" LIMIT {SHOWN}",
        tuple(rows.KEPT),
    )
    wrong = [f"entry {number}, {kind!r}, is none that a chat keeps" for number, kind in found]
    return wrong or list(islice(_coded_wrongly(connection), SHOWN))


def _coded_wrongly(connection: sqlite3.Connection) -> Iterator[str]:
    kinds = ", ".join("?" * len(rows.CODED))
    kept = f"SELECT {rows.COLUMNS} FROM entries WHERE kind IN ({kinds})"
    for row in connection.execute(kept, rows.CODED):
        try:
            rows.entry("", row)
        except Unreadable as error:
            yield str(error)


def check_records(connection: sqlite3.Connection) -> list[str]:
    return list(islice(_records_wrong(connection), SHOWN))


def _records_wrong(connection: sqlite3.Connection) -> Iterator[str]:
    for kept in connection.execute("SELECT kind, key, value FROM records"):
        try:
            rows.record(kept)
        except Unreadable as error:
            yield str(error)


def check_index(connection: sqlite3.Connection) -> list[str]:
    """Whether it has the words of all entries. Writes, and takes that back: FTS5 is asked by an
    INSERT, and calls an index damaged that is only behind, as ours may be."""
    cursor = connection.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        [(lines,)] = cursor.execute("SELECT count(*) FROM indexed").fetchall()
        if lines != 1:
            return [f"it should know how far it has come, and has {lines} notes of that"]
        while writing.index(cursor):
            pass
        cursor.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    finally:
        with suppress(sqlite3.Error):  # the error that ended it may have done that already
            cursor.execute("ROLLBACK")
    return []


def found_by(
    check: Callable[[sqlite3.Connection], list[str]], connection: sqlite3.Connection
) -> list[str]:
    """What a check finds, or what kept it from looking if that is damage too."""
    try:
        return check(connection)
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", "SQLITE_CORRUPT")  # Python's own: no UTF-8
        if not code.startswith(DAMAGE):
            raise
        return [database.reason(error)]


def vacuum(connection: sqlite3.Connection, folder: Path) -> None:
    """Make the file as small as what it holds, and leave nothing else in it. Raises Unusable if the
    disk has no room for that."""
    require_room(used(connection), shutil.disk_usage(folder).free)
    # or it goes to /var/tmp, which may be another disk, and a small one
    quoted = str(folder.absolute()).replace("'", "''")
    connection.execute(f"PRAGMA temp_store_directory = '{quoted}'")
    # The index only notes what it has to forget: the words are in it until its parts are merged.
    # 0.7 s for a million entries, beside 0.9 for the rest.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute("VACUUM")


def size(connection: sqlite3.Connection) -> int:
    """Bytes."""
    return _page(connection, "count") * _page(connection, "size")


def used(connection: sqlite3.Connection) -> int:
    """Bytes that hold something."""
    [empty] = connection.execute("PRAGMA freelist_count").fetchone()
    return size(connection) - int(empty) * _page(connection, "size")


def _page(connection: sqlite3.Connection, what: str) -> int:
    [number] = connection.execute(f"PRAGMA page_{what}").fetchone()
    return int(number)


def require_room(used: int, free: int) -> None:
    """What is used is written twice before anything is given back: once into a file of its own, and
    from there into the write-ahead log."""
    if free < 2 * used:
        raise Unusable(
            f"the disk has {megabytes(free)} left, and {megabytes(2 * used)} are needed in the "
            "meantime: make room first"
        )


def megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
