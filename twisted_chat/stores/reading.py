"""What is read from the file: functions of a connection, which none of them changes."""

import re
import sqlite3
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from heapq import merge
from itertools import islice
from typing import Any, TypeVar

from twisted_chat.core import names, refusals
from twisted_chat.core.events import Entry
from twisted_chat.core.history import MOST, Page, Place, Query, Run, Span
from twisted_chat.stores.rows import COLUMNS, entry

T = TypeVar("T")

ENTRIES = 256
BYTES = 1 << 16
"""Of one run, whichever comes first: what a transport takes at once, and a hundred readers that
lag can each have in memory."""

SCANNED = 10_000
"""Lines that ``/last`` looks through, newest first: some 10 ms. ``/search`` has an index."""

WORDS = 5
"""Words of a search that are looked up; entries are checked for the rest. Measured with 5 million
entries: five common ones together take 80 ms, eight take a second."""

LONGEST = 0.1
"""Seconds after which a search is given up: nobody else's reading waits longer for it."""

STEPS = 1000
"""Of SQLite's machine, some 50 µs, between two looks at the clock."""


def snapshot(connection: sqlite3.Connection, read: Callable[..., T], *given: object) -> T:
    """All that is read is of one moment. The caller ends the transaction."""
    connection.execute("BEGIN")
    return read(connection, *given)


def run(connection: sqlite3.Connection, span: Span) -> Run:
    """The first entries of a span."""
    number, gone = _log(connection, span.log)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE log = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?",
        (number, span.after, span.until, ENTRIES + 1),
    )
    entries: list[Entry] = []
    size, more = 0, False
    for kept in rows:
        if len(entries) == ENTRIES or size >= BYTES:
            more = True
            break
        entries.append(entry(span.log, kept))
        size += len(kept[-1])
    oldest = _oldest(connection, number) if gone > span.after else None
    return Run(tuple(entries), more, oldest)


def place(connection: sqlite3.Connection, log: str, name: str, replay: int, last: int) -> Place:
    """Where a reader of that name left off, and where the last ``replay`` entries begin."""
    number, gone = _log(connection, log)
    newest = connection.execute(
        "SELECT id FROM entries WHERE log = ? AND id <= ? ORDER BY id DESC LIMIT ?",
        (number, last, replay),
    ).fetchall()
    after = newest[-1][0] - 1 if newest else gone if replay else last
    left = connection.execute(
        "SELECT at FROM readers WHERE log = ? AND name = ?", (number, names.fold(name))
    ).fetchone()
    if not left or left[0] is None:
        return Place(after, last)
    return missed(connection, number, name, Place(after, last, left[0]))


def missed(connection: sqlite3.Connection, number: int, name: str, place: Place) -> Place:
    """The same place, with what was said since counted."""
    texts = connection.execute(
        "SELECT text FROM entries WHERE log = ? AND id > ? ORDER BY id DESC LIMIT ?",
        (number, place.left, MOST + 1),
    ).fetchall()
    named = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    naming = sum(1 for (text,) in texts if named.search(text))
    return Place(place.after, place.last, place.left, len(texts), naming)


def look(connection: sqlite3.Connection, query: Query) -> Page:
    """What answers a query. Raises a Refusal if that takes too long."""
    try:
        with _in_time(connection):
            found = _found(connection, query)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_INTERRUPT":
            raise refusals.search_too_long() from None
        raise
    more = len(found) > query.limit
    found = found[: query.limit]
    if not query.forward:
        found.reverse()
    if not query.around:
        return Page(tuple(found), (), more)
    return Page(tuple(_around(connection, query, found)), tuple(one.id for one in found), more)


@contextmanager
def _in_time(connection: sqlite3.Connection) -> Iterator[None]:
    end = time.monotonic() + LONGEST
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, STEPS)


def _found(connection: sqlite3.Connection, query: Query) -> list[Entry]:
    """One more than are wanted, in the order in which they are looked for."""
    if query.words or query.by:
        entries = _indexed(connection, query)
    else:
        entries = _in_order(connection, query)
    if query.text:
        wanted = query.text.casefold()
        entries = (one for one in islice(entries, SCANNED) if wanted in _text(one).casefold())
    return list(islice(entries, query.limit + 1))


def _in_order(connection: sqlite3.Connection, query: Query) -> Iterator[Entry]:
    logs = [_of_log(connection, log, query) for log in query.logs]
    return merge(*logs, key=lambda one: one.id, reverse=not query.forward)


def _of_log(connection: sqlite3.Connection, log: str, query: Query) -> Iterator[Entry]:
    number, _ = _log(connection, log)
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE log = ? AND id > ? AND id < ?"
        f" ORDER BY id {'ASC' if query.forward else 'DESC'}",
        (number, query.after, query.before),
    )
    return (entry(log, kept) for kept in rows)


def _indexed(connection: sqlite3.Connection, query: Query) -> Iterator[Entry]:
    """By the index, newest first. The log is asked of the index too: to join 5 million entries for
    the few of a small log took half a second."""
    logs = {_log(connection, log)[0]: log for log in query.logs}
    numbers = connection.execute(
        "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? AND rowid < ?"
        " ORDER BY rowid DESC",
        (_expression(query, list(logs)), query.after, query.before),
    )
    for (number,) in numbers:
        log, *kept = connection.execute(
            f"SELECT log, {COLUMNS} FROM entries WHERE id = ?", (number,)
        ).fetchone()
        one = entry(logs[log], tuple(kept))
        if _fits(one, query):
            yield one


def _fits(one: Entry, query: Query) -> bool:
    """What the index does not look at: a name in all its letters, and words beyond the bound."""
    event: Any = one.event
    if query.by and names.fold(getattr(event, "name", "")) != query.by:
        return False
    text = _plain(_text(one))
    return all(_plain(word) in text for word in _parted(query.words)[1])


def _parted(words: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those that the index knows, and the others: it knows no signs, and not too many at once."""
    known = [word for word in words if any(char.isalnum() for char in word)]
    signs = [word for word in words if not any(char.isalnum() for char in word)]
    return known[:WORDS], known[WORDS:] + signs


def _plain(text: str) -> str:
    """Without case and accents, as the index has it."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join([char for char in parts if not unicodedata.combining(char)])


def _expression(query: Query, logs: list[int]) -> str:
    """In the language of FTS5; each word is quoted, and so whatever is in it means itself."""
    parts = ["(" + " OR ".join(f'log:"{log}"' for log in logs) + ")"]
    if query.by:
        parts.append(f"name:{_quoted(query.by)}")
    parts += [f"text:{_quoted(word)}" for word in _parted(query.words)[0]]
    return " AND ".join(parts)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""').replace("\0", "") + '"'


def _text(one: Entry) -> str:
    event: Any = one.event
    return str(event.text)


def _around(connection: sqlite3.Connection, query: Query, found: list[Entry]) -> list[Entry]:
    """With the entry before and after each, none of them twice."""
    every = {one.id: one for one in found}
    for one in found:
        before, after = Query(query.logs, before=one.id), Query(query.logs, one.id, forward=True)
        for beside in (before, after):
            for other in islice(_in_order(connection, beside), 1):
                every.setdefault(other.id, other)
    return [every[number] for number in sorted(every)]


def _log(connection: sqlite3.Connection, name: str) -> tuple[int, int]:
    """Its number, 0 for a log in which nothing was said yet, and up to which id it was let go."""
    found = connection.execute("SELECT number, gone FROM logs WHERE name = ?", (name,)).fetchone()
    return (found[0], found[1]) if found else (0, 0)


def _oldest(connection: sqlite3.Connection, log: int) -> int:
    """The oldest id that is still kept, 0 if nothing is."""
    [oldest] = connection.execute("SELECT min(id) FROM entries WHERE log = ?", (log,)).fetchone()
    return oldest or 0
