"""The file: made by the store's own functions, in the steps in which a daemon does it."""

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.history.made import Made
from benchmarks.wrong import Failed
from twisted_chat.core.events import LOBBY
from twisted_chat.core.history import MOST
from twisted_chat.stores import database, writing
from twisted_chat.stores.writing import Batch, Writer

STEP = 10_000
"""Entries of one commit. The index is committed as the daemon does it, or it would have another
shape, and be faster or slower to search."""

MISSED = 1_000_000


@dataclass(frozen=True, slots=True)
class Built:
    """``first`` and ``last``: ids. ``missed``: the entries of the lobby with a larger id than
    ``left``, where somebody left it."""

    path: Path
    entries: int
    first: int
    last: int
    left: int
    missed: int


def build(path: Path, count: int, tell: Callable[[str], None]) -> None:
    """``tell`` hears how far it is. Whole or not there: it is made under another name."""
    making = path.with_name(f"{path.name}.making")
    making.unlink(missing_ok=True)
    database.prepare(making)
    with closing(database.connect(making)) as connection:
        database.for_writing(connection, "process")
        connection.execute("PRAGMA synchronous = OFF")  # nobody misses it after a power cut
        cursor, writer = connection.cursor(), Writer()
        entries = Made().entries(count, int(time.time() * 1e6))
        for done in range(0, count, STEP):
            tell(f"building {path}: {done / count:.0%} of {count:,} entries")
            step = list(islice(entries, STEP))
            writer.write(cursor, Batch(step, step[-1].id))
            connection.commit()
            while writing.index(cursor):
                connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    making.rename(path)


def survey(path: Path) -> Built:
    """What there is in a file that was built, now or by another run. Raises Failed or Unusable."""
    database.prepare(path)
    with closing(database.connect(path)) as connection:
        count, first, last = connection.execute(
            "SELECT count(*), min(id), max(id) FROM entries"
        ).fetchone()
        if count < MOST:
            raise Failed(f"{path} has only {count} entries: too few to measure anything")
        missed = min(MISSED, count // 2)
        [left] = connection.execute(
            "SELECT id FROM entries JOIN logs ON log = number WHERE logs.name = ?"
            " ORDER BY id DESC LIMIT 1 OFFSET ?",
            (LOBBY, missed),
        ).fetchone()
        return Built(path, count, first, last, left, missed)


def be_away(built: Built, names: Sequence[str]) -> None:
    """These were in the lobby, and left it long ago."""
    with closing(database.connect(built.path)) as connection:
        cursor = connection.cursor()
        [latest] = cursor.execute("SELECT id FROM latest").fetchone()
        away = [(LOBBY, name, built.left, built.left) for name in names]
        Writer().write(cursor, Batch((), max(latest, built.last), away))
        connection.commit()
