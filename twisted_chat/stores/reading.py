"""What is read from the file: functions of a connection, which none of them changes."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from heapq import merge
from itertools import islice
from math import inf
from typing import Any, Literal, TypeVar

from twisted_chat.core import names, refusals
from twisted_chat.core.events import Acted, Announced, Entry, Pasted, Said, Told
from twisted_chat.core.history import MOST, Keep, Page, Place, Query, Run, Span
from twisted_chat.core.records import Charter, Record
from twisted_chat.core.refusals import Refusal
from twisted_chat.stores import rows
from twisted_chat.stores.rows import COLUMNS, TOMB, entry

T = TypeVar("T")

ENTRIES = 256
BYTES = 1 << 16
"""Of one run, whichever comes first: what a transport takes at once, and a hundred readers that
lag can each have in memory."""

SCANNED = 10_000
"""Lines that ``/last`` looks through, newest first: some 10 ms. ``/search`` has an index."""

LONGEST = 0.08
"""Seconds after which a search ends, whatever it has found: nobody else's reading waits longer for
it. Measured with 5 million entries: nearly all take less than 20 ms, eight common words 200."""

MESSAGES = frozenset((Said, Acted, Told, Pasted, Announced))
"""What somebody missed who was away. What was done to a room, or was her own, is none of it."""

STEPS = 1000
"""Of SQLite's machine, some 50 µs, between two looks at the clock."""


def snapshot(connection: sqlite3.Connection, read: Callable[..., T], *given: object) -> T:
    """All that is read is of one moment. The caller ends the transaction."""
    connection.execute("BEGIN")
    return read(connection, *given)


def run(connection: sqlite3.Connection, span: Span) -> Run:
    """The first entries of a span."""
    number, gone = _log(connection, span.log)
    found = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE log = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?",
        (number, span.after, span.until, ENTRIES + 1),
    )
    entries: list[Entry] = []
    size, more = 0, False
    for kept in found:
        if len(entries) == ENTRIES or size >= BYTES:
            more = True
            break
        entries.append(entry(span.log, kept))
        size += len(kept[-1])
    oldest = _oldest(connection, number) if gone > span.after else None
    return Run(tuple(entries), more, oldest)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a daemon goes on from. ``last``: the largest id so far. ``unindexed``: entries that are
    not in the index. ``records``: what is remembered beside the logs."""

    last: int
    unindexed: int
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Comer:
    """Who comes by which name, and reads on in the first of these logs. ``told``: the id up to
    which all was told. ``left``: where she left off, unless that is written. ``floors``: in these
    logs, nothing up to that id is."""

    logs: tuple[str, ...]
    name: str
    replay: int
    told: int
    left: int | Literal["written"] | None
    floors: tuple[tuple[str, int], ...] = ()


def facts(connection: sqlite3.Connection) -> Facts:
    """Of a file that was opened just now: whoever is here in it was when the daemon was killed.
    Raises Unreadable for a record that is none."""
    [last] = connection.execute(
        "SELECT max((SELECT ifnull(max(id), 0) FROM entries),"
        " (SELECT ifnull(max(gone), 0) FROM logs), (SELECT max(id) FROM latest))"
    ).fetchone()
    [unindexed] = connection.execute(
        "SELECT count(*) FROM entries WHERE id > (SELECT up_to FROM indexed)"
    ).fetchone()
    connection.execute("UPDATE readers SET at = ? WHERE at IS NULL", (last,))
    connection.commit()
    return Facts(last, unindexed, tuple(records(connection)))


def records(connection: sqlite3.Connection) -> Iterator[Record]:
    """Each read when it is wanted. Raises Unreadable."""
    found = connection.execute("SELECT kind, key, value FROM records ORDER BY kind, key")
    return map(rows.record, found)


def place(connection: sqlite3.Connection, comer: Comer) -> Place:
    """Where a reader of that name left off, and where the last lines begin."""
    number, gone = _log(connection, comer.logs[0])
    floor = dict(comer.floors).get(comer.logs[0], 0)
    newest = connection.execute(
        "SELECT id FROM entries WHERE log = ? AND id > ? AND id <= ? ORDER BY id DESC LIMIT ?",
        (number, floor, comer.told, comer.replay),
    ).fetchall()
    after = newest[-1][0] - 1 if newest else max(gone, floor) if comer.replay else comer.told
    left = comer.left
    if left == "written":
        found = connection.execute(
            "SELECT at FROM readers WHERE log = ? AND name = ?", (number, names.fold(comer.name))
        ).fetchone()
        left = found and found[0]
    if not left:
        return Place(after, comer.told)
    count, naming = _missed(connection, comer, left)
    return Place(after, comer.told, left, count, naming)


def _missed(connection: sqlite3.Connection, comer: Comer, left: int) -> tuple[int, int]:
    """What was said since in these logs, and how much of that names her; the last MOST of it."""
    named = re.compile(rf"(?<!\w){re.escape(comer.name)}(?!\w)", re.IGNORECASE)
    since = Query(comer.logs, after=left, before=comer.told + 1, floors=comer.floors)
    missed = (one for one in _in_order(connection, since) if type(one.event) in MESSAGES)
    count = naming = 0
    for one in islice(missed, MOST + 1):
        count += 1
        naming += named.search(_text(one)) is not None
    return count, naming


def look(connection: sqlite3.Connection, query: Query) -> Page:
    """What answers a query. If it takes too long, what was found by then, and that there may be
    more; a Refusal if that is nothing."""
    found, whole = _found_in_time(connection, query)
    if not found and not whole:
        raise refusals.search_too_long()
    more = len(found) > query.limit or not whole
    found = found[: query.limit]
    if not query.forward:
        found.reverse()
    if not query.around:
        return Page(tuple(found), (), more)
    return Page(tuple(_around(connection, query, found)), tuple(one.id for one in found), more)


def outlived(connection: sqlite3.Connection, keep: Keep, now: float) -> list[tuple[int, int]]:
    """Of each log that has something to be let go, its number and the id up to which. ``keep``:
    for those that have none of their own."""
    own = keeps(connection)
    logs = [(number, name) for number, name in _logs(connection) if name[0] != TOMB]
    found = ((log, _outlived(connection, log, own.get(name, keep), now)) for log, name in logs)
    return [(log, until) for log, until in found if until]


def keeps(connection: sqlite3.Connection) -> dict[str, Keep]:
    """By log, for how long it is kept where that is not as everywhere. Of one moment with the names
    of the logs: what is asked of memory may be of a room that has another name in the file."""
    found: dict[str, Keep] = {}
    for kept in connection.execute("SELECT kind, key, value FROM records WHERE kind = 'charter'"):
        charter = rows.record(kept)
        if isinstance(charter, Charter) and charter.keep:
            with suppress(Refusal):  # of a later version: then it is kept as everywhere
                found[charter.key] = Keep.read(charter.keep)
    return found


def buried(connection: sqlite3.Connection) -> list[int]:
    """The numbers of logs that nobody can read any more."""
    return [number for number, name in _logs(connection) if name[0] == TOMB]


def _logs(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    return connection.execute("SELECT number, name FROM logs").fetchall()


def _outlived(connection: sqlite3.Connection, log: int, keep: Keep, now: float) -> int:
    """0 for nothing."""
    ids = []
    if keep.seconds < inf:
        oldest = "SELECT id FROM entries WHERE log = ? AND id < ? ORDER BY id DESC LIMIT 1"
        ids += connection.execute(oldest, (log, int((now - keep.seconds) * 1e6))).fetchall()
    if keep.entries < inf:
        beyond = "SELECT id FROM entries WHERE log = ? ORDER BY id DESC LIMIT 1 OFFSET ?"
        ids += connection.execute(beyond, (log, int(keep.entries))).fetchall()
    return max((number for (number,) in ids), default=0)


def _found_in_time(connection: sqlite3.Connection, query: Query) -> tuple[list[Entry], bool]:
    """In the order in which they are looked for, and whether that went on as far as is wanted: to
    one more than the limit, or to the last."""
    end, size = time.monotonic() + LONGEST, 0
    found: list[Entry] = []
    connection.set_progress_handler(lambda: time.monotonic() > end, STEPS)
    try:
        for one in islice(_matching(connection, query), query.limit + 1):
            if size >= BYTES:
                return found, False
            found.append(one)
            size += len(_text(one))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname != "SQLITE_INTERRUPT":
            raise
        return found, False
    finally:
        connection.set_progress_handler(None, STEPS)
    return found, True


def _matching(connection: sqlite3.Connection, query: Query) -> Iterator[Entry]:
    if query.number:
        return _pasted(connection, query)
    if query.words or query.by:
        return _indexed(connection, query)
    entries = _in_order(connection, query)
    if not query.text:
        return entries
    wanted = query.text.casefold()
    return (one for one in islice(entries, SCANNED) if wanted in _text(one).casefold())


def _in_order(connection: sqlite3.Connection, query: Query) -> Iterator[Entry]:
    logs = [_of_log(connection, log, query) for log in query.logs]
    return merge(*logs, key=lambda one: one.id, reverse=not query.forward)


def _of_log(connection: sqlite3.Connection, log: str, query: Query) -> Iterator[Entry]:
    number, _ = _log(connection, log)
    found = connection.execute(
        f"SELECT {COLUMNS} FROM entries WHERE log = ? AND id > ? AND id < ?"
        f" ORDER BY id {'ASC' if query.forward else 'DESC'}",
        (number, _after(query, log), query.before),
    )
    return (entry(log, kept) for kept in found)


def _after(query: Query, log: str) -> int:
    """The id behind which the entries of a log begin."""
    return max(query.after, dict(query.floors).get(log, 0))


def _pasted(connection: sqlite3.Connection, query: Query) -> Iterator[Entry]:
    """The paste of a number, if it is in one of these logs; with ``once``, the number comes first
    in ``other``. Two questions in one: with OR, SQLite looks through all pastes that there are."""
    logs = {_log(connection, log)[0]: log for log in query.logs}
    pasted = f"SELECT log, {COLUMNS} FROM entries WHERE kind = 'pasted' AND other"
    found = connection.execute(
        f"{pasted} = ? UNION ALL {pasted} > ? AND other < ?",
        (f"{query.number}", f'{{"number":{query.number},', f'{{"number":{query.number}-'),
    )
    for log, *kept in found.fetchall():
        if log in logs and _after(query, logs[log]) < kept[0] < query.before:
            yield entry(logs[log], tuple(kept))


def _indexed(connection: sqlite3.Connection, query: Query) -> Iterator[Entry]:
    """By the index, newest first. The log is asked of the index too: to join 5 million entries for
    the few of a small log took half a second."""
    logs = {_log(connection, log)[0]: log for log in query.logs}
    if not logs:
        return
    afters = {number: _after(query, log) for number, log in logs.items()}
    numbers = connection.execute(
        "SELECT rowid FROM words WHERE words MATCH ? AND rowid > ? AND rowid < ?"
        " ORDER BY rowid DESC",
        (_expression(query, list(logs)), min(afters.values()), query.before),
    )
    for (number,) in numbers:
        log, *kept = connection.execute(
            f"SELECT log, {COLUMNS} FROM entries WHERE id = ?", (number,)
        ).fetchone()
        one = entry(logs[log], tuple(kept))
        if one.id > afters[log] and _fits(one, query):
            yield one


def _fits(one: Entry, query: Query) -> bool:
    """What the index does not know: a name in all its letters, and signs."""
    event: Any = one.event
    if query.by and names.fold(getattr(event, "name", "")) != query.by:
        return False
    return all(sign in _text(one) for sign in query.words if not _known(sign))


def _known(word: str) -> bool:
    return any(char.isalnum() for char in word)


def _expression(query: Query, logs: list[int]) -> str:
    """In the language of FTS5; each word is quoted, and so whatever is in it means itself."""
    parts = ["(" + " OR ".join(f'log:"{log}"' for log in logs) + ")"]
    if query.by:
        parts.append(f"name:{_quoted(query.by)}")
    parts += [f"text:{_quoted(word)}" for word in query.words if _known(word)]
    return " AND ".join(parts)


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""').replace("\0", "") + '"'


def _text(one: Entry) -> str:
    """Empty for what has none."""
    event: Any = one.event
    return str(getattr(event, "text", getattr(event, "topic", "")))


def _around(connection: sqlite3.Connection, query: Query, found: list[Entry]) -> list[Entry]:
    """With the entry before and after each in its log, none of them twice."""
    every = {one.id: one for one in found}
    for one in found:
        own = Query((one.log,), floors=query.floors)
        for beside in (replace(own, before=one.id), replace(own, after=one.id, forward=True)):
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
