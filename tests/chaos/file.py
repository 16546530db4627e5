"""The chat's file, read from outside: with nothing but sqlite3 and the names of its tables."""

import sqlite3
from array import array
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.book import LOBBY, ROOMS, digest


@dataclass(slots=True)
class Kept:
    """``ids``: by room. ``contents``: digests by id. ``lines``: by talker, number and id of each
    line, in order. ``complaints``: what is wrong with the file itself."""

    ids: dict[str, "array[int]"] = field(
        default_factory=lambda: {room: array("q") for room in ROOMS}
    )
    contents: dict[int, int] = field(default_factory=dict)
    lines: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def last_id(path: Path) -> int:
    """The last in the lobby, while a daemon has the file open."""
    with _opened(path) as file:
        [last] = file.execute(
            "SELECT max(id) FROM entries WHERE log = (SELECT number FROM logs WHERE name = ?)",
            (LOBBY,),
        ).fetchone()
    return last or 0


def read(path: Path) -> Kept:
    kept = Kept()
    with _opened(path) as file:
        rows = file.execute(
            "SELECT entries.id, logs.name, kind, entries.name, text FROM entries"
            " JOIN logs ON entries.log = logs.number ORDER BY entries.id"
        )
        for number, room, kind, name, text in rows:
            kept.ids[room].append(number)
            kept.contents[number] = digest(room, kind, name, text)
            if kind == "said":
                line = int(text.partition(" ")[0])
                kept.lines.setdefault(name, []).append((line, number))
        kept.complaints += _whole(file)
    return kept


def _whole(file: sqlite3.Connection) -> Iterator[str]:
    """SQLite's own look at it, and whether the index has all that it says it has."""
    [well] = file.execute("PRAGMA integrity_check").fetchone()
    if well != "ok":
        yield f"the file: {well}"
    for number, name in file.execute("SELECT number, name FROM logs").fetchall():
        [indexed] = file.execute(
            "SELECT count(*) FROM words WHERE words MATCH ?", (f'log:"{number}"',)
        ).fetchone()
        [wanted] = file.execute(
            "SELECT count(*) FROM entries WHERE log = ? AND id <= (SELECT up_to FROM indexed)",
            (number,),
        ).fetchone()
        if indexed != wanted:
            yield f"the file: the index has {indexed} of {wanted} entries of {name}"


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as file:
        yield file
