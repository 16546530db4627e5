"""What a real daemon keeps in its file: through kill -9, a full disk, and files it cannot use."""

import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon, not_outlived, people, twistd, until
from twisted_chat.stores.database import VERSION


def refused(folder: Path, *options: str) -> str:
    """What a daemon says that does not start."""
    run = subprocess.run(
        twistd(*options, "--no-console"), cwd=folder, capture_output=True, timeout=PATIENCE
    )
    assert run.returncode == 1
    lines = [line for line in run.stderr.decode().splitlines() if line.startswith("chat: ")]
    assert "Traceback" not in run.stderr.decode() + run.stdout.decode()
    assert len(lines) == 1
    return lines[0]


@contextmanager
def no_room(chat: Daemon) -> Generator[None, None, None]:
    """No file of the daemon's can grow: the disk is full, as far as it can see."""
    pid, (_, hard) = chat.process.pid, resource.getrlimit(resource.RLIMIT_FSIZE)
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, hard))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_what_anybody_has_seen_is_there_after_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path, "--rate", "0") as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say(*(f"line {number}" for number in range(20)))
        bob.reads("ann: line 19")
        chat.is_killed()
    with daemon(tmp_path) as chat, Talker(chat.port, "cy") as cy:
        read = cy.reads("ann: line 19")
        assert all(f"ann: line {number}\r\n" in read for number in range(19))


def test_who_was_here_when_it_was_killed_is_told_what_came_since(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("first")
        bob.reads("ann: first")
        chat.is_killed()
    with daemon(tmp_path, "--replay", "0") as chat, Talker(chat.port, "cy") as cy:
        cy.say("bob, where are you?", "/names")
        cy.reads("1 is here")
        with Talker(chat.port, "bob") as bob:
            bob.reads(": 1 message, 1 names you. /catchup shows it")
            bob.say("/catchup")
            assert "first" not in bob.reads("cy: bob, where are you?")


def test_a_full_disk_refuses_what_is_said_and_nothing_else_and_heals(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("before")
        bob.reads("ann: before")
        with no_room(chat):
            padding = "x" * 3000  # more than what is left of the last page
            ann.say(padding)
            ann.reads("not sent: the chat cannot keep it just now")
            ann.say("/names", "/history")
            ann.reads("2 are here")
            ann.reads("ann: before")
            with Talker(chat.port, "cy") as cy:
                cy.reads("ann: before")
        ann.say("after")
        assert padding not in bob.reads("ann: after")


def test_a_file_that_a_daemon_uses_is_refused_to_another(tmp_path: Path) -> None:
    with daemon(tmp_path, "--store", "sqlite:ours.sqlite"):
        assert "ours.sqlite is in use by another daemon" in refused(
            tmp_path, "--store", "sqlite:ours.sqlite"
        )
    with daemon(tmp_path, "--store", "sqlite:ours.sqlite"):
        pass  # and free when that has ended


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("CREATE TABLE a (b)", "is a database, but not of a chat"),
        (f"PRAGMA application_id = 1952671841; PRAGMA user_version = {VERSION + 1}", "newer"),
        (None, "it is no database"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_and_left_as_it_is(
    tmp_path: Path, sql: str | None, why: str
) -> None:
    path = tmp_path / "odd.sqlite"
    if sql is None:
        path.write_bytes(b"Dear diary, " * 100)
    else:
        connection = sqlite3.connect(path)
        connection.executescript(f"CREATE TABLE x (y); {sql}")
        connection.close()
    before = path.read_bytes()
    assert why in refused(tmp_path, "--store", "sqlite:odd.sqlite")
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    said = refused(tmp_path, "--store", "sqlite:no/where/chat.sqlite")
    assert "no/where/chat.sqlite cannot be written: No such file or directory" in said


@pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
@pytest.mark.parametrize(("durability", "syncs"), [("power", True), ("process", False)])
def test_with_durability_power_the_disk_has_it_before_anybody_reads_it(
    tmp_path: Path, durability: str, syncs: bool
) -> None:
    trace = tmp_path / "trace"
    with daemon(tmp_path, "--durability", durability) as chat:
        calls = "fdatasync,fsync,sendto,pwrite64"
        with tracing(chat.process.pid, calls, trace), people(chat.port, "ann", "bob") as (ann, bob):
            ann.say("here it comes")
            bob.reads("here it comes")
            until(lambda: '"ann: here it comes' in trace.read_text(), lambda: "no delivery")
    lines = trace.read_text().splitlines()
    delivered = next(at for at, line in enumerate(lines) if '"ann: here it comes' in line)
    written = max(at for at, line in enumerate(lines[:delivered]) if "here it comes" in line)
    between = "".join(lines[written:delivered])
    assert "pwrite64" in lines[written]
    assert ("sync(" in between) is syncs


@contextmanager
def tracing(pid: int, calls: str, trace: Path) -> Generator[None, None, None]:
    """The system calls of all threads, with as much of their bytes as tells what they carry."""
    argv = ["strace", "-f", "-s", "8192", "-e", f"trace={calls}", "-o", str(trace), "-p", str(pid)]
    process = subprocess.Popen(argv, stderr=subprocess.PIPE)
    with not_outlived(process):
        assert process.stderr is not None
        said = process.stderr.readline().decode()
        if "attached" not in said:
            pytest.skip(f"strace may not look at a process here: {said}")
        yield
    process.stderr.close()


def test_a_reader_that_is_far_behind_gets_every_line(tmp_path: Path) -> None:
    """Twenty times what the kernel and the daemon's memory hold for it."""
    count, padding = 3000, "x" * 3500
    options = ("--rate", "0", "--no-console", "--replay", "0")
    with daemon(tmp_path, *options) as chat, people(chat.port, "slow", "ann") as (slow, ann):
        for number in range(count):
            ann.say(f"{number} {padding}")
        ann.say("/names")
        ann.reads("are here")
        slow.say("/names")
        for number in range(count):
            slow.reads(f"ann: {number} {padding}\r\n")


def test_a_reader_that_takes_nothing_is_cut_and_reads_on_when_it_comes_back(
    tmp_path: Path,
) -> None:
    with daemon(tmp_path, "--rate", "0", "--stall-timeout", "1s", "--replay", "0") as chat:
        with people(chat.port, "slow", "ann") as (_, ann):
            for number in range(2500):
                ann.say(f"{number} {'x' * 3500}")
            ann.reads("-- slow left (did not read)")
        with Talker(chat.port, "slow") as slow:
            slow.reads("-- since ")
