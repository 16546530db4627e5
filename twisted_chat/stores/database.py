"""The file that a chat is kept in: opened, checked, made, upgraded, and open to one daemon alone.

All that can be wrong with it is raised as Unusable, in one sentence for whoever started us.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, TypeAlias

Durability: TypeAlias = Literal["power", "process"]

VERSION = 2
APPLICATION = 0x74636861  # "tcha": what file(1) and we know the file by
UPGRADES: dict[int, str] = {
    1: """
        CREATE TABLE records (
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (kind, key)
        ) WITHOUT ROWID;
        CREATE INDEX pastes ON entries (other) WHERE kind = 'pasted'
    """
}
"""From a version, the SQL that makes the next one of it. What was kept stays where it is."""

PATIENCE = 2.0
"""Seconds for which another program (sqlite3, a backup) may have the file to itself, before what is
said is refused. A daemon that ends waits no longer either."""

READING = 256
"""KiB that a reading connection holds of the file: enough for the inner pages of its trees. A
reader that pages through all of it must not fill our memory with it."""


JOURNAL = 1 << 25
"""Bytes that ``-wal`` keeps of the disk when it has grown, as it does while an export runs."""


class Unusable(Exception):
    """This file cannot be used, and in words why."""


def resolved(path: Path) -> Path:
    """The same for all the links to one file. Raises Unusable."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        raise Unusable(f"{path} is a link that leads nowhere") from None


class InUse(Unusable):
    """A daemon has it."""


class Lock:
    """Holds the file for one daemon, however that ends: the kernel lets go with the process.

    Not the file itself: SQLite has locks of its own there, which are lost when any descriptor of
    it is closed (fcntl(2), F_SETLK).
    """

    def __init__(self, path: Path) -> None:
        self._fd = -1
        path = resolved(path)
        if path.exists() and not path.is_file():
            raise Unusable(f"{path} is no file")
        if path.exists() and path.stat().st_nlink > 1:
            raise Unusable(f"{path} has a second name (a hard link), by which others could take it")
        place = path.with_name(path.name + ".lock")
        try:
            self._fd = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise InUse(f"{path} is in use by another daemon") from None
        except OSError as error:
            raise Unusable(f"{path} cannot be written: {error.strerror}") from None

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def arguments(path: Path, mode: Literal["ro", "rw"] = "rw") -> dict[str, Any]:
    """What sqlite3.connect is given for a file that is there."""
    return {
        "database": f"{path.absolute().as_uri()}?mode={mode}",
        "uri": True,
        "timeout": PATIENCE,
        "isolation_level": "IMMEDIATE",
        "check_same_thread": False,
    }


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there."""
    connection: sqlite3.Connection = sqlite3.connect(**arguments(path))
    return connection


def version(connection: sqlite3.Connection) -> int:
    [number] = connection.execute("PRAGMA user_version").fetchone()
    return int(number)


def require_chat(connection: sqlite3.Connection, path: Path) -> None:
    """Raises Unusable for a database of another program's."""
    [application] = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION:
        raise Unusable(f"{path} is a database, but not of a chat")


def touch(connection: sqlite3.Connection) -> None:
    """SQLite opens its files with the first thing that it is asked."""
    version(connection)


def for_writing(connection: sqlite3.Connection, durability: Durability) -> None:
    """``power``: each commit is on the disk before it returns. ``process``: it is with the kernel,
    which survives us and not a power cut."""
    connection.execute(f"PRAGMA journal_size_limit = {JOURNAL}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what was redacted is not left in free space
    connection.execute(f"PRAGMA synchronous = {'FULL' if durability == 'power' else 'NORMAL'}")


def for_reading(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA query_only = 1")
    connection.execute(f"PRAGMA cache_size = -{READING}")


def prepare(path: Path, upgrades: Mapping[int, str] = UPGRADES, version: int = VERSION) -> None:
    """See that the file is there, ours, and of this version. Raises Unusable."""
    try:
        if not path.exists() or not path.stat().st_size:
            _require_alone(path)
            _create(path)
        with closing(connect(path)) as connection:
            require_chat(connection, path)
            _upgrade(connection, path, upgrades, version)
            connection.execute("PRAGMA journal_mode = WAL")
    except (sqlite3.Error, OSError) as error:
        raise Unusable(f"{path} cannot be used: {reason(error)}") from None


def reason(error: BaseException | None) -> str:
    """What is wrong, in few words."""
    code = getattr(error, "sqlite_errorname", "")
    if code.startswith("SQLITE_FULL") or getattr(error, "errno", 0) == 28:
        return "the disk is full"
    if code.startswith("SQLITE_IOERR"):
        return "the disk cannot be written (is it full?)"
    if code.startswith("SQLITE_NOTADB"):
        return "it is no database"
    if code.startswith("SQLITE_READONLY"):
        return "it cannot be written"
    if code.startswith("SQLITE_CANTOPEN"):
        return "it cannot be opened"
    if code.startswith("SQLITE_CORRUPT"):
        return "it is damaged"
    return getattr(error, "strerror", None) or str(error)


def _create(path: Path) -> None:
    with _whole(path) as making, closing(connect(making)) as connection:
        connection.executescript(files(__package__).joinpath("schema.sql").read_text())
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.commit()


def _require_alone(path: Path) -> None:
    """The log of a file of that name that was taken away holds what was said last in it, and would
    be played into the new one."""
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise Unusable(f"{path} is not there, but {log} is: put it back, or move both away")


def _upgrade(
    connection: sqlite3.Connection, path: Path, upgrades: Mapping[int, str], wanted: int
) -> None:
    """Step by step, each of them whole or not at all, after a copy was made."""
    found = version(connection)
    if found > wanted:
        raise Unusable(
            f"{path} was written by a newer twisted_chat (version {found} of the file; this one "
            f"knows {wanted}). Nothing was changed"
        )
    if found < wanted:
        _copy(connection, path.with_name(f"{path.name}.version-{found}"))
    for step in range(found, wanted):
        connection.executescript(
            f"BEGIN IMMEDIATE; {upgrades[step]}; PRAGMA user_version = {step + 1}; COMMIT"
        )


def _copy(connection: sqlite3.Connection, to: Path) -> None:
    with _whole(to) as making, closing(sqlite3.connect(making)) as copy:
        connection.backup(copy)


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Made under another name and moved when it is whole, and then on the disk by its own: a daemon
    that is killed meanwhile leaves no half of a file behind."""
    making = path.with_name(f"{path.name}.new")
    making.unlink(missing_ok=True)
    os.close(os.open(making, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    yield making
    making.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
