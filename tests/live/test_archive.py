"""The archive as a program of its own, beside a running daemon and without one."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, daemon, finished, people
from twisted_chat.archive import lines
from twisted_chat.core.events import Entry, Pasted
from twisted_chat.core.records import Account, Charter
from twisted_chat.stores import database

ARCHIVE = (sys.executable, "-m", "twisted_chat.archive")
FILE = "chat.sqlite"


def archive(
    folder: Path, *arguments: str, given: bytes = b""
) -> "subprocess.CompletedProcess[bytes]":
    return finished([*ARCHIVE, *arguments], folder, given)


def refused(ended: "subprocess.CompletedProcess[bytes]") -> str:
    """The one line of a program that did nothing."""
    assert ended.returncode == 1
    assert ended.stdout == b""
    [line] = ended.stderr.decode().splitlines()
    assert line.startswith("archive: ")
    return line


def said(count: int) -> bytes:
    line = {"log": "#lobby", "type": "said", "name": "ann"}
    each = [line | {"id": number, "text": f"line {number}"} for number in range(1, count + 1)]
    return "".join(json.dumps(one) + "\n" for one in each).encode()


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A folder with a chat of many lines, which no daemon has."""
    assert archive(tmp_path, "import", FILE, given=said(20_000)).returncode == 0
    return tmp_path


def test_an_export_beside_the_daemon_is_what_was_said(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("hello", "/me waves", "/msg bob psst")
        bob.reads("psst")
        ended = archive(tmp_path, "export", FILE)
    assert (ended.returncode, ended.stderr) == (0, b"")
    entries = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [entry["id"] for entry in entries] == sorted(entry["id"] for entry in entries)
    assert [(entry["type"], entry["log"], entry["text"]) for entry in entries] == [
        ("said", "#lobby", "hello"),
        ("acted", "#lobby", "waves"),
        ("told", "@bob", "psst"),
    ]


def test_an_export_that_is_imported_is_the_same_history(full: Path) -> None:
    one = archive(full, "export", FILE)
    assert archive(full, "import", "other.sqlite", given=one.stdout).returncode == 0
    other = archive(full, "export", "other.sqlite")
    assert one.stdout.count(b"\n") == 20_000
    assert other.stdout == one.stdout


def test_an_export_has_what_is_remembered_too(tmp_path: Path) -> None:
    given = b"".join(
        lines.write(line)
        for line in (
            Account("ann", "Ann", "scrypt$x", (), 7),
            Charter("#lab", "Lab", topic="tea"),
            Entry(7, "#lab", Pasted("ann", "a\r\n\tb", 1)),
        )
    )
    ended = archive(tmp_path, "import", FILE, given=given)
    assert ended.stdout.splitlines()[1] == b"2 records were imported, 0 were there already"
    assert archive(tmp_path, "export", FILE).stdout == given
    ended = archive(tmp_path, "import", FILE, given=given.replace(b"tea", b"coffee"))
    assert "line 2: the record charter #lab is there already, and is another" in refused(ended)


def test_a_daemon_goes_on_where_an_import_ended(tmp_path: Path) -> None:
    archive(tmp_path, "import", FILE, given=said(30))
    with daemon(tmp_path) as chat, people(chat.port, None) as (ann,):
        ann.say("ann")
        ann.reads("line 30")
        ann.say("/search 17")
        ann.reads("line 17")


def test_import_and_vacuum_are_refused_while_a_daemon_runs(tmp_path: Path) -> None:
    with daemon(tmp_path):
        for command in ("import", "vacuum"):
            ended = archive(tmp_path, command, FILE, given=said(1))
            wanted = f"archive: {FILE} is in use by a daemon: stop it first"
            assert refused(ended) == wanted
        assert archive(tmp_path, "export", FILE).stdout == b""


def test_a_check_beside_the_daemon_says_what_it_leaves_out(tmp_path: Path) -> None:
    with daemon(tmp_path):
        ended = archive(tmp_path, "check", FILE)
    assert ended.returncode == 0
    assert ended.stdout.decode().splitlines()[1:] == [
        "pages: ok",
        "references: ok",
        "entries: ok",
        "records: ok",
        f"index: not checked: {FILE} is in use by a daemon: stop it first, or check a copy",
    ]


def test_a_check_of_a_sound_file_changes_nothing_in_it(full: Path) -> None:
    before = (full / FILE).read_bytes()
    ended = archive(full, "check", FILE)
    assert (ended.returncode, ended.stdout.count(b": ok\n")) == (0, 5)
    assert (full / FILE).read_bytes() == before


def test_a_check_of_a_damaged_file_ends_with_status_2(full: Path) -> None:
    with open(full / FILE, "r+b") as file:
        file.seek(4096 * 100)
        file.write(b"\xff" * 4096 * 50)
    ended = archive(full, "check", FILE)
    assert ended.returncode == 2
    assert b"index: not checked, since that writes, and the file is damaged" in ended.stdout


def test_a_vacuum_shows_what_it_gained(full: Path) -> None:
    size = (full / FILE).stat().st_size
    ended = archive(full, "vacuum", FILE)
    assert ended.returncode == 0
    assert f"{size / 1e6:.1f} MB before, " in ended.stdout.decode()


def test_an_import_is_all_or_nothing(full: Path) -> None:
    given = said(20_500) + b'{"id": 0}\n'
    assert refused(archive(full, "import", FILE, given=given)).startswith("archive: line 20501: ")
    assert archive(full, "export", FILE).stdout.count(b"\n") == 20_000


def test_an_import_counts_what_was_there(full: Path) -> None:
    ended = archive(full, "import", FILE, given=said(20_010))
    assert ended.stdout == b"10 entries were imported, 20000 were there already\n"


def test_an_import_of_another_entry_of_the_same_id_names_the_line(full: Path) -> None:
    given = said(2) + said(3).splitlines()[2].replace(b"line 3", b"no line 3")
    assert "line 3: entry 3 is there already, and is another" in refused(
        archive(full, "import", FILE, given=given)
    )


def test_who_reads_only_the_beginning_of_an_export_ends_it_without_a_word(full: Path) -> None:
    process = subprocess.Popen(
        [*ARCHIVE, "export", FILE], cwd=full, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process.stdout, process.stderr:
        assert process.stdout.readline().startswith(b'{"id":1,')
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.wait(PATIENCE) == 141


def test_an_exported_file_is_its_owners_alone(full: Path) -> None:
    assert archive(full, "export", FILE, "--output", "out.jsonl").returncode == 0
    assert (full / "out.jsonl").stat().st_mode & 0o777 == 0o600
    again = archive(full, "import", FILE, "--input", "out.jsonl")
    assert again.stdout.startswith(b"0 entries were imported")


def test_an_interrupted_import_says_so_and_leaves_nothing(full: Path) -> None:
    process = subprocess.Popen(
        [*ARCHIVE, "import", FILE], cwd=full, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stderr is not None
    with process.stdin, process.stderr:
        process.stdin.write(said(20_500))  # more than a pipe holds: it reads when this returns
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"archive: interrupted\n"
    assert process.wait(PATIENCE) == 130
    assert archive(full, "export", FILE).stdout.count(b"\n") == 20_000


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["export", "none"], "there is no none"),
        (["check", "text"], "text cannot be used: it is no database"),
        (["vacuum", "text"], "text cannot be used: it is no database"),
        (["import", "text"], "text cannot be used: it is no database"),
        (["check", "."], ". is no file"),
        (["import", "none", "--input", "no"], "no: No such file or directory"),
        (["import", "none/none"], "none/none cannot be written: No such file or directory"),
        (["export", FILE, "--output", FILE], "the chat itself"),
        (["export", "newer"], "newer twisted_chat"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, arguments: Sequence[str], why: str
) -> None:
    (tmp_path / "text").write_text("no database, " * 100)
    for name in (FILE, "newer"):
        database.prepare(tmp_path / name)
    database.connect(tmp_path / "newer").execute("PRAGMA user_version = 99").connection.close()
    assert why in refused(archive(tmp_path, *arguments))


def test_a_full_disk_is_told_in_one_line(full: Path) -> None:
    with open("/dev/full", "wb") as disk:
        ended = subprocess.run(
            [*ARCHIVE, "export", FILE], cwd=full, stdout=disk, stderr=subprocess.PIPE
        )
    assert (ended.returncode, ended.stderr) == (1, b"archive: the disk is full\n")
