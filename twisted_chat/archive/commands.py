"""What each of the four commands does, from opening the file to its last word."""

import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO

from twisted_chat.archive import lines
from twisted_chat.archive.files import require_elsewhere, size_of, source, target
from twisted_chat.archive.progress import Bar
from twisted_chat.core.events import Entry
from twisted_chat.speech.clean import clean
from twisted_chat.stores import copying, database, upkeep
from twisted_chat.stores.copying import Differs, Taking
from twisted_chat.stores.database import VERSION, Unusable

OK, DAMAGE = 0, 2
"""Exit statuses; 1 is for all that goes wrong otherwise."""

STEP = 256
"""Entries between two looks at the clock."""

OF_THE_TABLES = {
    "references": upkeep.check_references,
    "entries": upkeep.check_entries,
    "records": upkeep.check_records,
}


def bring_out(options: Namespace) -> int:
    """One read transaction: what is said meanwhile is not in it, and waits for nothing."""
    with copying.opened(options.file) as connection:
        copying.require_current(connection, options.file)
        require_elsewhere(options.output, options.file)
        connection.execute("BEGIN")
        total = copying.count(connection)
        with target(options.output) as stream, bar("exported") as shown:
            for record in copying.records(connection):
                stream.write(lines.write(record))
            for count, entry in enumerate(copying.entries(connection), 1):
                stream.write(lines.write(entry))
                if count % STEP == 0:
                    shown.show(count, count / total)
    return OK


def take_in(options: Namespace) -> int:
    """All of it or nothing; then the index, which may be interrupted."""
    with source(options.input) as stream, copying.held(options.file):
        database.prepare(options.file)
        with copying.opened(options.file, "rw") as connection:
            entries, records = take_all(connection, stream)
            say(entries.told("entries"))
            if records:
                say(records.told("records"))
            make_index(connection, entries.new)
    return OK


@dataclass
class Counts:
    """Of what was imported."""

    new: int = 0
    old: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.old)

    def count(self, new: bool) -> None:
        self.new += new
        self.old += not new

    def told(self, what: str) -> str:
        return f"{self.new} {what} were imported, {self.old} were there already"


def take_all(connection: Connection, stream: BinaryIO) -> tuple[Counts, Counts]:
    """How many entries and how many records. Raises lines.NoEntry; whatever is raised, the
    connection is closed without a COMMIT then."""
    database.for_writing(connection, "power")
    connection.execute("BEGIN IMMEDIATE")
    taking, size = Taking(connection.cursor()), size_of(stream)
    entries, records = Counts(), Counts()
    with bar("read") as shown:
        for number, line in lines.read_all(stream):
            try:
                if isinstance(line, Entry):
                    entries.count(taking.take(line))
                else:
                    records.count(taking.remember(line))
            except Differs:
                raise lines.NoEntry(f"line {number}: {differs(line)}") from None
            if number % STEP == 0:
                shown.show(number, stream.tell() / size if size else None)
    connection.execute("COMMIT")
    return entries, records


def differs(line: lines.Line) -> str:
    if isinstance(line, Entry):
        return f"entry {line.id} is there already, and is another one"
    kind = type(line).__name__.lower()
    return f"the record {kind} {line.key} is there already, and is another one"


def make_index(connection: Connection, total: int) -> None:
    """A power cut may cost the last steps of it, which the daemon makes up for: so they need not
    wait for the disk one by one."""
    database.for_writing(connection, "process")
    count = 0
    with bar("indexed") as shown:
        for done in copying.index(connection.cursor()):
            count += done
            shown.show(count, count / total if total else None)


def check(options: Namespace) -> int:
    """What needs no writing is done on the open file, whoever has it."""
    with copying.opened(options.file) as connection:
        version = database.version(connection)
        say(f"{options.file} is a chat's, version {version}")
        with waiting(connection, "checking"):
            found = upkeep.found_by(upkeep.check_pages, connection)
        sound = told("pages", found)
        if version != VERSION:
            say(f"all else: not checked, since this twisted_chat knows version {VERSION}")
            return OK if sound else DAMAGE
        for what, look in OF_THE_TABLES.items():
            sound &= told(what, upkeep.found_by(look, connection))
    if sound:
        sound = check_index(options.file)
    else:
        say("index: not checked, since that writes, and the file is damaged")
    return OK if sound else DAMAGE


def check_index(file: Path) -> bool:
    """A daemon could keep nothing that is said for as long as this takes."""
    try:
        with (
            copying.held(file),
            copying.opened(file, "rw") as connection,
            waiting(connection, "checking the index"),
        ):
            found = upkeep.found_by(upkeep.check_index, connection)
    except Unusable as error:
        say(f"index: not checked: {error}, or check a copy")
        return True
    return told("index", found)


def told(what: str, wrong: list[str]) -> bool:
    """Says what a check found; True if that is nothing."""
    for line in wrong or ["ok"]:
        say(f"{what}: {line}")
    return not wrong


def vacuum(options: Namespace) -> int:
    file: Path = options.file
    with copying.opened(file, "rw") as connection, copying.held(file):
        before = upkeep.size(connection)
        with waiting(connection, "vacuum"):
            upkeep.vacuum(connection, file.absolute().parent)
        after = upkeep.size(connection)
    say(f"{file}: {upkeep.megabytes(before)} before, {upkeep.megabytes(after)} now")
    return OK


@contextmanager
def waiting(connection: Connection, what: str) -> Iterator[None]:
    """A bar while SQLite is busy with one long thing."""
    with bar(what) as shown:
        connection.set_progress_handler(shown.wait, copying.STEPS)
        try:
            yield
        finally:
            connection.set_progress_handler(lambda: 0, copying.STEPS)


def bar(what: str) -> Bar:
    return Bar(what, sys.stderr, time.monotonic)


def say(line: str) -> None:
    print(clean(line), flush=True)
