"""The file: made, checked, upgraded and locked; and what can be wrong with it, in a sentence."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet import reactor

from tests.stores.house import NOW, House
from tests.stores.on_disk import FullDisk, Houses
from twisted_chat.core.events import LOBBY, Pasted
from twisted_chat.core.history import Keep, Query
from twisted_chat.core.records import Setting
from twisted_chat.stores.database import APPLICATION, VERSION, Lock, Unusable, prepare
from twisted_chat.stores.sqlite import SqliteStore

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.db"


@pytest.fixture
def made(path: Path) -> Path:
    """A file with one entry in it, and nothing beside it."""
    prepare(path)
    run(path, "INSERT INTO logs (name) VALUES ('#lobby')")
    run(path, "INSERT INTO entries VALUES (1, 1, 'said', 'ann', '', 'hi')")
    return path


@pytest.fixture
def open_folder() -> Generator[Path, None, None]:
    """One that other users can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def nobody() -> Generator[None, None, None]:
    """As a user who has no right to anything: root has every right."""
    if os.geteuid():
        pytest.skip("only root can become somebody else")
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def run(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(statement).fetchall()


def dump(path: Path) -> list[str]:
    """All that is in it, in words."""
    with closing(sqlite3.connect(path)) as connection:
        return [*connection.iterdump(), str(connection.execute("PRAGMA user_version").fetchone())]


def sentence(path: Path) -> str:
    """Why a store cannot be opened there. Fails if it can, or with anything else."""
    store = SqliteStore(path, reactor, lambda: NOW, Keep())
    with pytest.raises(Unusable) as why:
        store.open()
    told = str(why.value)
    assert told.startswith(f"{path} ")
    assert "\n" not in told
    return told.removeprefix(f"{path} ")


# a new file


def test_a_new_file_is_for_its_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        prepare(path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest_twisted.ensureDeferred
async def test_what_stands_beside_the_file_is_for_its_owner_too(
    houses: Houses, house: House
) -> None:
    house.say("hi")
    await house.settle()
    modes = {one.name: one.stat().st_mode & 0o777 for one in houses.folder.iterdir()}
    assert set(modes) == {"chat.db", "chat.db-wal", "chat.db-shm", "chat.db.lock"}
    assert set(modes.values()) == {0o600}


def test_a_new_file_says_what_it_is(path: Path) -> None:
    prepare(path)
    assert run(path, "PRAGMA application_id") == [(APPLICATION,)]
    assert run(path, "PRAGMA user_version") == [(VERSION,)]
    assert run(path, "PRAGMA journal_mode") == [("wal",)]


def test_a_file_is_made_whole_or_not_at_all(path: Path) -> None:
    disk = FullDisk()
    disk.fill()
    try:
        with pytest.raises(Unusable, match="cannot be used"):
            prepare(path)
    finally:
        disk.clear()
    assert not path.exists()
    prepare(path)
    assert run(path, "PRAGMA user_version") == [(VERSION,)]


def test_what_an_unlucky_daemon_left_half_made_is_in_nobodys_way(path: Path) -> None:
    path.with_name("chat.db.new").write_bytes(b"half")
    prepare(path)
    assert [one.name for one in path.parent.iterdir()] == ["chat.db"]


def test_an_empty_file_becomes_a_chat(path: Path) -> None:
    path.touch()
    prepare(path)
    assert run(path, "PRAGMA user_version") == [(VERSION,)]


def test_a_file_that_is_there_is_left_as_it_is(made: Path) -> None:
    before = dump(made)
    prepare(made)
    assert dump(made) == before


@pytest_twisted.ensureDeferred
async def test_what_is_left_of_a_chat_that_was_taken_away_is_not_played_into_another(
    houses: Houses, house: House
) -> None:
    """SQLite would play what is left of the old one into the new."""
    house.say("old")
    await house.settle()
    folder = houses.folder / "left by kill -9"
    folder.mkdir()
    shutil.copy(houses.folder / "chat.db-wal", folder)
    before = (folder / "chat.db-wal").read_bytes()
    with pytest.raises(Unusable, match=r"is not there, but .*chat\.db-wal is"):
        houses.open(path=folder / "chat.db")
    assert (folder / "chat.db-wal").read_bytes() == before


@pytest.mark.parametrize("name", ["a?b#c%41.db", "of ann's", "日本"])
def test_a_file_may_have_any_name(tmp_path: Path, name: str) -> None:
    prepare(tmp_path / name)
    assert [one.name for one in tmp_path.iterdir()] == [name]


# upgrades


def test_an_older_file_is_upgraded_step_by_step_after_a_copy_is_made(made: Path) -> None:
    before = dump(made)
    steps = {VERSION: "CREATE TABLE a (x)", VERSION + 1: "INSERT INTO a VALUES (7)"}
    prepare(made, steps, VERSION + 2)
    assert run(made, "PRAGMA user_version") == [(VERSION + 2,)]
    assert run(made, "SELECT x FROM a") == [(7,)]
    assert run(made, "SELECT text FROM entries") == [("hi",)]
    assert dump(made.with_name(f"chat.db.version-{VERSION}")) == before


def version_1(path: Path) -> None:
    """A file as the first version made it, with a line in it."""
    schema = Path(__file__).with_name("version-1.sql").read_text()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(f"PRAGMA application_id = {APPLICATION}; {schema}")
        connection.executescript(
            "PRAGMA user_version = 1; INSERT INTO logs VALUES (1, '#lobby', 0)"
        )
        connection.executescript("INSERT INTO entries VALUES (1, 1, 'said', 'ann', '', 'hi')")


@pytest_twisted.ensureDeferred
async def test_a_file_of_the_first_version_is_read_as_before_and_keeps_what_is_new(
    houses: Houses,
) -> None:
    version_1(houses.path)
    house = houses.open()
    house.publish(Pasted("ann", "a\nb", 7))
    house.store.remember(Setting("motd", "hello"))
    again = await houses.reopen(house)
    assert await again.found(Query((LOBBY,))) == ["hi", "a\nb"]
    assert await again.found(Query((LOBBY,), number=7)) == ["a\nb"]
    assert again.store.records() == (Setting("motd", "hello"),)


def test_an_upgraded_file_has_the_tables_of_a_new_one(path: Path) -> None:
    tables = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY type, name"
    version_1(path)
    prepare(path)
    prepare(path.with_name("new.db"))
    assert run(path, tables) == run(path.with_name("new.db"), tables)
    assert run(path.with_name("chat.db.version-1"), "PRAGMA user_version") == [(1,)]


def test_the_copy_is_for_its_owner_alone(made: Path) -> None:
    prepare(made, {VERSION: "CREATE TABLE a (x)"}, VERSION + 1)
    copy = made.with_name(f"chat.db.version-{VERSION}")
    assert copy.stat().st_mode & 0o777 == 0o600


def test_an_upgrade_that_fails_leaves_the_file_as_it_was_and_the_copy(made: Path) -> None:
    before = dump(made)
    with pytest.raises(Unusable, match="no such table: nowhere"):
        prepare(made, {VERSION: "DELETE FROM entries; INSERT INTO nowhere VALUES (1)"}, VERSION + 1)
    assert dump(made) == before
    assert dump(made.with_name(f"chat.db.version-{VERSION}")) == before


def test_an_upgrade_that_fails_late_keeps_the_steps_before_it(made: Path) -> None:
    steps = {VERSION: "CREATE TABLE a (x)", VERSION + 1: "INSERT INTO nowhere VALUES (1)"}
    with pytest.raises(Unusable):
        prepare(made, steps, VERSION + 2)
    assert run(made, "PRAGMA user_version") == [(VERSION + 1,)]
    prepare(made, {VERSION + 1: "INSERT INTO a VALUES (7)"}, VERSION + 2)
    assert run(made, "SELECT x FROM a") == [(7,)]


def test_no_copy_is_made_of_a_file_that_needs_no_upgrade(made: Path) -> None:
    prepare(made)
    assert [one.name for one in made.parent.iterdir()] == ["chat.db"]


# what cannot be used


def test_a_newer_file_is_left_alone(made: Path) -> None:
    run(made, f"PRAGMA user_version = {VERSION + 1}")
    before = made.read_bytes()
    assert "was written by a newer twisted_chat" in sentence(made)
    assert made.read_bytes() == before


@pytest.mark.parametrize("content", [b"hi", b"# my notes\n" * 1000, b"\0" * 8192])
def test_what_is_no_database_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    sentence(path)
    assert path.read_bytes() == content


def test_what_is_no_database_is_said_to_be_none(path: Path) -> None:
    path.write_bytes(b"# my notes\n" * 1000)
    assert sentence(path) == "cannot be used: it is no database"


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    run(path, "CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    assert sentence(path) == "is a database, but not of a chat"
    assert path.read_bytes() == before


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    assert "No such file or directory" in sentence(tmp_path / "away" / "chat.db")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_to_be_one(open_folder: Path) -> None:
    with nobody():
        assert sentence(open_folder / "chat.db") == "cannot be written: Permission denied"


def test_a_file_that_cannot_be_written_is_said_to_be_one(open_folder: Path) -> None:
    path = open_folder / "chat.db"
    prepare(path)
    path.chmod(0o444)
    open_folder.chmod(0o777)
    before = path.read_bytes()
    with nobody():
        assert sentence(path) == "cannot be used: it cannot be written"
    assert path.read_bytes() == before


def test_a_file_of_somebody_else_is_said_to_be_one(open_folder: Path) -> None:
    path = open_folder / "chat.db"
    prepare(path)
    open_folder.chmod(0o777)
    with nobody():
        assert sentence(path) == "cannot be used: it cannot be opened"


def test_a_folder_is_no_file(path: Path) -> None:
    path.mkdir()
    sentence(path)
    assert path.is_dir()


def test_what_is_no_file_is_left_alone(path: Path) -> None:
    """A pipe here; the same goes for a device: root's /dev/null must not become a chat."""
    os.mkfifo(path)
    sentence(path)
    assert path.is_fifo()


@pytest.mark.parametrize("size", [4096, 20000])
def test_a_file_of_which_the_end_is_missing_is_said_to_be_damaged(made: Path, size: int) -> None:
    content = made.read_bytes()[:size]
    made.write_bytes(content)
    assert sentence(made) == "cannot be used: it is damaged"
    assert made.read_bytes() == content


def test_a_file_that_was_written_over_is_said_to_be_damaged(made: Path) -> None:
    content = made.read_bytes()
    content = content[:4096] + b"\xa5" * (len(content) - 4096)
    made.write_bytes(content)
    assert sentence(made) == "cannot be used: it is damaged"
    assert made.read_bytes() == content


def test_a_file_that_could_not_be_used_can_be_when_it_is_whole_again(made: Path) -> None:
    content = made.read_bytes()
    made.write_bytes(content[:20000])
    sentence(made)
    made.write_bytes(content)
    Lock(made).release()
    prepare(made)


# one daemon alone


def test_a_second_daemon_is_turned_away(made: Path) -> None:
    lock = Lock(made)
    before = made.read_bytes()
    assert sentence(made) == "is in use by another daemon"
    assert made.read_bytes() == before
    lock.release()
    Lock(made).release()


def test_a_second_daemon_is_turned_away_by_whichever_path_it_comes(made: Path) -> None:
    other = made.with_name("other.db")
    other.symlink_to(made)
    lock = Lock(made)
    try:
        with pytest.raises(Unusable, match="is in use by another daemon"):
            Lock(other)
    finally:
        lock.release()


def test_a_lock_is_let_go_when_the_file_cannot_be_used(path: Path) -> None:
    path.write_bytes(b"# my notes\n" * 1000)
    sentence(path)
    Lock(path).release()


def test_a_file_that_another_program_writes_to_is_said_to_be_locked(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.stores.database.PATIENCE", 0.05)
    with closing(sqlite3.connect(made, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert sentence(made) == "cannot be used: database is locked"


def test_a_file_with_a_second_name_is_refused(path: Path) -> None:
    prepare(path)
    path.with_name("second.db").hardlink_to(path)
    with pytest.raises(Unusable, match="has a second name"):
        Lock(path)


def test_a_link_that_leads_in_a_circle_is_refused_in_words(path: Path) -> None:
    path.symlink_to(path)
    with pytest.raises(Unusable, match="is a link that leads nowhere"):
        Lock(path)
