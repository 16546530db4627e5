"""The other ways to start it: ``twist``, and ``twistd`` as a daemon in the background."""

import os
import signal
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.live.daemon import BIN, PATIENCE, Talker, as_daemon, until


def start(folder: Path, port: int) -> "subprocess.CompletedProcess[str]":
    """``twistd chat``, which returns when the daemon is in the background, or could not start."""
    argv = [str(BIN / "twistd"), "--pidfile=chat.pid", "--logfile=chat.log"]
    argv += ["chat", "--port", str(port)]
    return subprocess.run(
        argv,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )


def is_gone(pid: int) -> bool:
    """Gone, or dead and not yet waited for by whoever inherits the daemons here."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (ProcessLookupError, FileNotFoundError):
        return True


@contextmanager
def in_background(folder: Path) -> Generator[tuple[int, int], None, None]:
    """A daemon in the background: its process id and its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    done = start(folder, port)
    assert done.returncode == 0, done.stdout
    pidfile = folder / "chat.pid"
    until(lambda: pidfile.exists() and pidfile.read_text(), lambda: "there is no pid file")
    pid = int(pidfile.read_text())
    try:
        yield pid, port
    finally:
        if not is_gone(pid):
            os.kill(pid, signal.SIGTERM)
        until(lambda: is_gone(pid), lambda: f"{pid} goes on")


def test_twist_runs_the_chat_with_its_console(tmp_path: Path) -> None:
    argv = [str(BIN / "twist"), "chat", "--port", "0"]
    with as_daemon(argv, tmp_path) as chat, Talker(chat.port, "ann") as ann:
        ann.say("hello")
        chat.prints(r"\[ann\] hello\n")
        chat.type("good evening", "shutdown")
        assert "Server: good evening\r\n-- Server is shutting down.\r\n" in ann.reads_to_the_end()
        assert chat.ends() == 0


def test_a_signal_ends_twist_in_good_order(tmp_path: Path) -> None:
    argv = [str(BIN / "twist"), "chat", "--port", "0"]
    with as_daemon(argv, tmp_path) as chat, Talker(chat.port, "ann") as ann:
        chat.signal(signal.SIGINT)
        assert "-- Server is shutting down.\r\n" in ann.reads_to_the_end()
        assert chat.ends() == 0


def test_twist_says_in_one_line_that_a_port_is_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        argv = [str(BIN / "twist"), "chat", "--port", str(taken.getsockname()[1])]
        done = subprocess.run(
            argv,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode > 0
    assert done.stderr.startswith("chat: cannot listen on ")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stdout


def test_in_the_background_people_talk(tmp_path: Path) -> None:
    with (
        in_background(tmp_path) as (_, port),
        Talker(port, "ann") as ann,
        Talker(port, "bob") as bob,
    ):
        ann.say("hello")
        bob.reads("ann: hello\r\n")


def test_the_log_says_where_it_listens(tmp_path: Path) -> None:
    with in_background(tmp_path) as (_, port), Talker(port, "ann"):
        assert f"[LISTENING] 127.0.0.1:{port}" in (tmp_path / "chat.log").read_text()


def test_the_log_has_who_came_and_went_and_not_what_was_said(tmp_path: Path) -> None:
    with in_background(tmp_path) as (_, port), Talker(port, "ann") as ann:
        ann.say("a secret", "exit")
        ann.reads_to_the_end()
    log = (tmp_path / "chat.log").read_text()
    assert "[NEW CONNECTION] 127.0.0.1:" in log
    assert "-- ann joined" in log
    assert "-- ann left" in log
    assert "secret" not in log


def test_sigterm_ends_the_daemon_and_takes_its_pid_file_away(tmp_path: Path) -> None:
    with in_background(tmp_path) as (pid, port), Talker(port, "ann") as ann:
        os.kill(pid, signal.SIGTERM)
        assert "-- Server is shutting down.\r\n" in ann.reads_to_the_end()
        until(lambda: is_gone(pid), lambda: f"{pid} goes on")
        assert not (tmp_path / "chat.pid").exists()
        assert "Traceback" not in (tmp_path / "chat.log").read_text()


def test_a_port_in_use_is_told_to_who_starts_a_daemon(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = start(tmp_path, taken.getsockname()[1])
    assert done.returncode > 0
    assert "Address already in use" in done.stdout
    assert "Traceback" not in done.stdout
    # whoever starts it is told first, and the file taken away then
    until(lambda: not (tmp_path / "chat.pid").exists(), lambda: "there is still a pid file")
