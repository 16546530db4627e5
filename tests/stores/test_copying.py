"""Files that others look after: entries out of them and into them, looked over, made small."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from twisted_chat.archive.commands import OF_THE_TABLES
from twisted_chat.core.events import EVERYONE, LOBBY, Acted, Announced, Entry, Said, Sent, Told
from twisted_chat.core.history import Query
from twisted_chat.core.records import Charter, Inbox, Record
from twisted_chat.stores import copying, database, reading, upkeep
from twisted_chat.stores.copying import Damaged, Differs, Taking
from twisted_chat.stores.database import Unusable

ENTRIES = [
    Entry(1, LOBBY, Said("ann", "an early bird")),
    Entry(2, LOBBY, Acted("bob", "waves")),
    Entry(3, "@bob", Told("ann", "bob", "psst")),
    Entry(4, EVERYONE, Announced("hear, hear")),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    database.prepare(tmp_path / "chat.sqlite")
    return tmp_path / "chat.sqlite"


@pytest.fixture
def file(path: Path) -> Iterator[sqlite3.Connection]:
    with copying.opened(path, "rw") as connection:
        yield connection


def take(connection: sqlite3.Connection, *entries: Entry) -> list[bool]:
    connection.execute("BEGIN IMMEDIATE")
    taking = Taking(connection.cursor())
    taken = [taking.take(entry) for entry in entries]
    connection.execute("COMMIT")
    return taken


def index(connection: sqlite3.Connection) -> None:
    assert list(copying.index(connection.cursor())) != [0]


def find(connection: sqlite3.Connection, word: str) -> list[int]:
    page = reading.look(connection, Query((LOBBY,), words=(word,)))
    return [entry.id for entry in page.entries]


def change(path: Path, sql: str) -> None:
    """What nobody of us does to a file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


# in and out


def test_what_is_taken_in_comes_out_the_same_by_id(file: sqlite3.Connection) -> None:
    assert take(file, *reversed(ENTRIES)) == [True] * 4
    assert list(copying.entries(file)) == ENTRIES
    assert copying.count(file) == 4


def test_an_entry_that_is_there_is_not_taken_twice(file: sqlite3.Connection) -> None:
    assert take(file, *ENTRIES) == [True] * 4
    assert take(file, *ENTRIES, ENTRIES[0]) == [False] * 5
    assert list(copying.entries(file)) == ENTRIES


@pytest.mark.parametrize(
    "other",
    [
        Entry(1, LOBBY, Said("ann", "a late bird")),
        Entry(1, LOBBY, Acted("ann", "an early bird")),
        Entry(1, "#lab", Said("ann", "an early bird")),
        Entry(1, LOBBY, Said("eve", "an early bird")),
    ],
)
def test_another_entry_of_the_same_id_is_refused(file: sqlite3.Connection, other: Entry) -> None:
    take(file, *ENTRIES)
    with pytest.raises(Differs):
        take(file, other)


def test_what_was_taken_in_is_found_by_its_words(file: sqlite3.Connection) -> None:
    take(file, *[Entry(number, LOBBY, Said("ann", f"word{number}")) for number in range(1, 601)])
    index(file)
    assert find(file, "word599") == [599]


def test_what_is_older_than_what_is_indexed_is_found_too(file: sqlite3.Connection) -> None:
    take(file, Entry(9, LOBBY, Said("ann", "a late bird")))
    index(file)
    take(file, *ENTRIES)
    assert find(file, "bird") == [1, 9]
    assert upkeep.check_index(file) == []


def test_a_reader_that_has_begun_does_not_see_what_is_said_meanwhile(
    path: Path, file: sqlite3.Connection
) -> None:
    take(file, *ENTRIES[:2])
    with copying.opened(path) as connection:
        connection.execute("BEGIN")
        assert copying.count(connection) == 2
        take(file, *ENTRIES[2:])
        assert list(copying.entries(connection)) == ENTRIES[:2]


def test_an_entry_that_cannot_be_read_is_named(path: Path, file: sqlite3.Connection) -> None:
    take(file, *ENTRIES)
    change(path, "UPDATE entries SET kind = 'sung' WHERE id = 2")
    with pytest.raises(Damaged, match="entry 2 "):
        list(copying.entries(file))


# records

RECORDS: list[Record] = [Charter("#lab", topic="tea"), Inbox("ann", 7)]


def remember(connection: sqlite3.Connection, *records: Record) -> list[bool]:
    connection.execute("BEGIN IMMEDIATE")
    taking = Taking(connection.cursor())
    taken = [taking.remember(record) for record in records]
    connection.execute("COMMIT")
    return taken


def test_a_record_that_is_taken_in_comes_out_the_same(file: sqlite3.Connection) -> None:
    assert remember(file, *RECORDS) == [True, True]
    assert list(copying.records(file)) == RECORDS
    assert remember(file, *RECORDS) == [False, False]


def test_another_record_of_the_same_key_is_refused(file: sqlite3.Connection) -> None:
    remember(file, *RECORDS)
    with pytest.raises(Differs):
        remember(file, Inbox("ann", 8))


def test_a_record_that_cannot_be_read_is_named(path: Path, file: sqlite3.Connection) -> None:
    remember(file, *RECORDS)
    change(path, "UPDATE records SET value = '{' WHERE key = 'ann'")
    for read in (lambda: list(copying.records(file)), lambda: remember(file, RECORDS[1])):
        with pytest.raises(Damaged, match="the record inbox ann cannot be read: it is not JSON"):
            read()


# opening


def test_a_file_is_opened_to_be_read_only(path: Path) -> None:
    with pytest.raises(Unusable, match="it cannot be written"), copying.opened(path) as connection:
        connection.execute("DELETE FROM entries")


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("PRAGMA application_id = 0", "is a database, but not of a chat"),
        ("PRAGMA user_version = 99", "newer twisted_chat"),
    ],
)
def test_a_file_that_is_not_ours_is_refused(path: Path, sql: str, why: str) -> None:
    change(path, sql)
    with pytest.raises(Unusable, match=why), copying.opened(path):
        pass


def test_a_file_of_an_older_version_is_left_as_it_is(path: Path) -> None:
    change(path, "PRAGMA user_version = 0")
    with copying.opened(path) as connection:
        with pytest.raises(Unusable, match="older twisted_chat"):
            copying.require_current(connection, path)
        assert database.version(connection) == 0


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="there is no"), copying.opened(tmp_path / "chat"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_held_by_one_only(path: Path) -> None:
    refused = pytest.raises(Unusable, match="in use by a daemon: stop it first")
    with copying.held(path), refused, copying.held(path):
        pass
    with copying.held(path):
        pass


def test_a_file_in_no_folder_cannot_be_held(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="No such file"), copying.held(tmp_path / "no" / "chat"):
        pass


# checks


def test_a_sound_file_passes_every_check(file: sqlite3.Connection) -> None:
    take(file, *ENTRIES)
    remember(file, *RECORDS)
    for check in (upkeep.check_pages, *OF_THE_TABLES.values()):
        assert upkeep.found_by(check, file) == []
    assert upkeep.found_by(upkeep.check_index, file) == []


def test_an_index_that_is_behind_is_sound_and_stays_behind(file: sqlite3.Connection) -> None:
    take(file, *ENTRIES)
    assert upkeep.check_index(file) == []
    assert file.execute("SELECT up_to FROM indexed").fetchone() == (0,)


def test_an_index_of_other_words_is_found(path: Path, file: sqlite3.Connection) -> None:
    take(file, *ENTRIES)
    index(file)
    change(path, "UPDATE entries SET text = 'other' WHERE id = 1")
    assert upkeep.found_by(upkeep.check_index, file) == ["it is damaged"]
    assert not file.in_transaction


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entries SET kind = 'sung' WHERE id = 2",
        "UPDATE entries SET text = x'00' WHERE id = 2",
        f"UPDATE entries SET id = {2**53} WHERE id = 2",
        "UPDATE entries SET id = -2 WHERE id = 2",
    ],
)
def test_an_entry_that_a_chat_does_not_keep_is_found(
    path: Path, file: sqlite3.Connection, sql: str
) -> None:
    take(file, *ENTRIES)
    change(path, sql)
    assert len(upkeep.check_entries(file)) == 1


@pytest.mark.parametrize("other", ["", "[]", "{}", '{"to": "bob", "waits": "yes"}'])
def test_an_entry_that_lacks_what_its_kind_wants_is_found(
    path: Path, file: sqlite3.Connection, other: str
) -> None:
    take(file, Entry(1, "@ann", Sent("ann", "bob", "psst", True)))
    change(path, f"UPDATE entries SET other = '{other}'")
    [found] = upkeep.check_entries(file)
    assert found.startswith("entry 1 cannot be read: ")


def test_a_record_that_is_none_is_found(path: Path, file: sqlite3.Connection) -> None:
    remember(file, *RECORDS)
    change(path, "INSERT INTO records VALUES ('cat', 'tom', '{}')")
    wanted = "the record cat tom cannot be read: nobody knows that kind"
    assert upkeep.check_records(file) == [wanted]


def test_an_entry_of_no_log_is_found(path: Path, file: sqlite3.Connection) -> None:
    take(file, *ENTRIES)
    change(path, "UPDATE entries SET log = 99 WHERE id = 2")
    [found] = upkeep.check_references(file)
    assert "row 2 of entries" in found


def test_a_table_that_is_missing_is_damage(path: Path, file: sqlite3.Connection) -> None:
    change(path, "DROP TABLE entries")
    assert upkeep.found_by(upkeep.check_entries, file) == ["no such table: entries"]


def test_a_file_that_is_busy_is_not_damaged(path: Path, file: sqlite3.Connection) -> None:
    file.execute("PRAGMA busy_timeout = 0")
    with copying.opened(path, "rw") as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            upkeep.found_by(upkeep.check_index, file)


# making it small


def test_a_vacuum_gives_back_what_is_empty(path: Path, file: sqlite3.Connection) -> None:
    take(file, *[Entry(number, LOBBY, Said("ann", "x" * 1000)) for number in range(1, 500)])
    before = upkeep.size(file)
    file.execute("DELETE FROM entries WHERE id > 2")
    kept = list(copying.entries(file))
    upkeep.vacuum(file, path.parent)
    assert upkeep.size(file) < before / 3
    assert list(copying.entries(file)) == kept


def test_a_vacuum_wants_room_for_twice_what_is_used() -> None:
    upkeep.require_room(used=1_000_000, free=2_000_000)
    with pytest.raises(Unusable, match=r"has 1\.9 MB left, and 2\.0 MB are needed"):
        upkeep.require_room(used=1_000_000, free=1_900_000)
