"""twistd's log file while others lay hands on it, and a stdout that nobody reads."""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.daemon import (
    PATIENCE,
    Daemon,
    Talker,
    as_daemon,
    daemon,
    people,
    until,
)
from tests.live.nursery import TWISTD

ARGV = [TWISTD, "-n", "--pidfile=", "--logfile=chat.log", "chat", "--port", "0"]


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Daemon]:
    with as_daemon(ARGV, tmp_path) as chat:
        yield chat


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "chat.log"


def comes(chat: Daemon, name: str, log: Path) -> None:
    """Somebody comes in, and stands in the log."""
    with Talker(chat.port, name):
        until(lambda: log.exists() and f"-- {name} joined" in log.read_text(), lambda: name)


def test_a_log_that_is_moved_away_is_begun_anew(chat: Daemon, log: Path) -> None:
    comes(chat, "ann", log)
    log.rename(log.with_suffix(".1"))
    comes(chat, "bob", log)
    assert "this log begins here: the one before was moved away" in log.read_text()
    assert "ann joined" not in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_log_that_is_removed_is_begun_anew(chat: Daemon, log: Path) -> None:
    comes(chat, "ann", log)
    log.unlink()
    comes(chat, "bob", log)


def test_a_signal_rotates_it_as_it_does_twistds_own(chat: Daemon, log: Path) -> None:
    comes(chat, "ann", log)
    chat.signal(signal.SIGUSR1)
    until(log.with_suffix(".log.1").exists, lambda: "it is not rotated")
    comes(chat, "bob", log)


def test_a_log_that_is_cut_short_goes_on_at_its_end(chat: Daemon, log: Path) -> None:
    comes(chat, "ann", log)
    os.truncate(log, 0)
    comes(chat, "bob", log)
    assert "\0" not in log.read_text()


def test_a_log_on_a_full_disk_says_what_is_missing_when_there_is_room(
    chat: Daemon, log: Path
) -> None:
    comes(chat, "ann", log)
    pid, size = chat.process.pid, log.stat().st_size
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    with people(chat.port, "bob", "cy") as (bob, _):
        bob.say("/names")
        bob.reads("are here: ")
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)
    comes(chat, "dan", log)
    assert "entries are missing here: File too large" in log.read_text()


def test_a_stdout_that_nobody_reads_any_more_ends_nothing(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        port = chat.port
        assert chat.process.stdout is not None
    argv = [TWISTD, "-n", "--pidfile=", "chat", "--no-console", "--port", str(port)]
    reading, writing = os.pipe()
    process = subprocess.Popen(argv, cwd=tmp_path, stdout=writing, stderr=writing)
    os.close(writing)
    try:
        seen = b""
        while b"LISTENING" not in seen:
            seen += os.read(reading, 4096)
        os.close(reading)
        with people(port, "ann", "bob") as (ann, bob):
            ann.say("hello")
            bob.reads("ann: hello")
        assert process.poll() is None
    finally:
        process.terminate()
        assert process.wait(PATIENCE) in (0, 120)  # Python's, for a stdout that takes nothing
