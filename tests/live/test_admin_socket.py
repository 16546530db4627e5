"""The operators' socket: a real daemon, and people and programs at its console."""

import os
import socket
import stat
import subprocess
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.live.daemon import (
    PATIENCE,
    Daemon,
    Talker,
    daemon,
    started,
    twistd,
    until,
)

ADMIN = ("--no-console", "--admin", "unix:admin.sock")


def on(folder: Path) -> Talker:
    """Somebody with ``nc -U`` at the socket of the daemon in that folder."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    connection.connect(str(folder / "admin.sock"))
    return Talker(connection)


NOBODY = 65534

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")


def read_by_nobody(path: Path) -> str:
    """What another user of this machine gets who connects there."""
    ours, theirs = os.pipe()
    if (child := os.fork()) == 0:
        os.setuid(NOBODY)
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(PATIENCE)
                connection.connect(str(path))
                os.write(theirs, connection.recv(65536))
        except OSError as error:
            os.write(theirs, type(error).__name__.encode())
        os._exit(0)
    os.close(theirs)
    os.waitpid(child, 0)
    with os.fdopen(ours) as told:
        return told.read()


@pytest.fixture
def open_folder() -> Generator[Path, None, None]:
    """One that every user may enter, which pytest's own are not."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def chat(folder: Path) -> Generator[Daemon, None, None]:
    with daemon(folder, *ADMIN) as chat:
        chat.prints(r"-m twisted_chat.admin --socket admin\.sock")
        yield chat


# the socket


@as_root
def test_another_user_cannot_connect_and_is_refused_where_she_can(open_folder: Path) -> None:
    path = open_folder / "admin.sock"
    with daemon(open_folder, *ADMIN), on(open_folder) as operator:
        assert read_by_nobody(path) == "PermissionError"
        path.chmod(0o666)
        assert read_by_nobody(path).startswith("-- This console is for root and the user that")
        operator.say("/names")
        operator.reads("here:")


def test_nobody_else_may_come_near_it(chat: Daemon, folder: Path) -> None:
    mode = (folder / "admin.sock").stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_a_person_is_at_the_console_there(chat: Daemon, folder: Path) -> None:
    with on(folder) as operator, Talker(chat.port, "ann") as ann:
        operator.reads("-- ann joined\n")
        ann.say("hello")
        operator.reads("[ann] hello\n")
        operator.say("tea is ready")
        ann.reads("Server: tea is ready\r\n")
        operator.say("/kick ann spam")
        operator.reads("-- ann was kicked by Server: spam (act 1)\n")


def test_who_leaves_or_hangs_up_leaves_the_chat_running(chat: Daemon, folder: Path) -> None:
    with on(folder) as one, on(folder) as other:
        one.say("exit")
        assert one.reads_to_the_end().endswith("Goodbye!\n")
        other.say("/names")
        other.hangs_up()
        assert "here:" in other.reads_to_the_end()
    assert chat.process.poll() is None


def test_a_second_daemon_is_refused_in_words(chat: Daemon, folder: Path) -> None:
    second = subprocess.run(
        twistd("--store", "memory:", *ADMIN),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert second.returncode == 1
    told = "chat: no console for operators: admin.sock is in use by another daemon\n"
    assert second.stderr.endswith(told)
    with on(folder) as operator:
        operator.say("/names")
        operator.reads("here:")


def test_what_a_killed_daemon_left_is_replaced_and_at_the_end_it_is_gone(tmp_path: Path) -> None:
    with started(twistd(*ADMIN), tmp_path) as process:
        path = tmp_path / "admin.sock"
        until(path.exists, lambda: "there is no socket")
        process.kill()
        process.wait(PATIENCE)
    assert path.exists()
    with daemon(tmp_path, *ADMIN), on(tmp_path) as operator:
        operator.say("/names")
        operator.reads("here:")
    assert not path.exists()


def test_a_daemon_is_ended_through_it_and_an_operator_who_never_reads_does_not_hinder(
    tmp_path: Path,
) -> None:
    with daemon(tmp_path, *ADMIN) as chat, on(tmp_path) as operator, on(tmp_path) as lazy:
        lazy.say(*["/help"] * 4000)
        operator.say("/shutdown")
        assert "-- Server is shutting down.\n" in operator.reads_to_the_end()
        assert chat.ends() == 0


def test_a_daemon_in_the_background_has_it_too(tmp_path: Path) -> None:
    argv = [twistd()[0], "--pidfile=chat.pid", "--logfile=chat.log", "chat", "--port", "0", *ADMIN]
    subprocess.run(argv, cwd=tmp_path, check=True, timeout=PATIENCE)
    until((tmp_path / "admin.sock").exists, lambda: (tmp_path / "chat.log").read_text())
    with on(tmp_path) as operator:
        operator.say("shutdown")
        operator.reads_to_the_end()
    until(lambda: not (tmp_path / "chat.pid").exists(), lambda: "it has not ended")
