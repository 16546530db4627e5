"""The operators' program, with a real daemon: from scripts, from pipes, and at a terminal."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon
from tests.live.pseudo_terminal import seat

PROGRAM = (sys.executable, "-m", "twisted_chat.admin", "--socket", "admin.sock")
ADMIN = ("--no-console", "--admin", "unix:admin.sock")


def admin(folder: Path, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Runs it to its end, with these arguments and this on its standard input."""
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        input=typed,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def chat(folder: Path) -> Generator[Daemon, None, None]:
    with daemon(folder, *ADMIN) as chat:
        yield chat


# from scripts


def test_who_is_here_is_told_as_json(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "wilma"):
        done = admin(folder, "who", "--json")
    [answer] = done.stdout.splitlines()
    assert "wilma" in [person["name"] for person in json.loads(answer)["people"]]
    assert (done.returncode, done.stderr) == (0, "")


def test_who_is_here_is_told_as_the_console_tells_it(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "bo"):
        done = admin(folder, "who", "bo")
    assert done.stdout.startswith("-- 1 is here\n--   bo  here ")
    assert done.returncode == 0


def test_somebody_is_kicked_with_a_reason(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "ann") as ann:
        done = admin(folder, "kick", "ann", "too", "many", "adverts")
        assert "-- You were kicked: too many adverts.\r\n" in ann.reads_to_the_end()
    assert (done.returncode, done.stdout) == (0, "-- ann was kicked: too many adverts\n")


def test_an_announcement_is_done_when_it_is_kept(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "ann") as ann:
        done = admin(folder, "announce", "tea is", "ready")
        ann.reads("Server: tea is ready\r\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        ("kick nobody", 3, "nobody is not here. /names shows who is."),
        ("shutdown cancel", 3, "No shutdown is under way."),
        ("shutdown whenever", 3, "whenever is no duration. Type 30, 90s, 10m, 1h30m or 7d."),
        ("kikc nobody", 1, "There is no /kikc. Did you mean /kick? /help shows what there is."),
        ("kick", 1, "That is not complete. Type: /kick NAME [REASON]"),
    ],
)
def test_what_is_not_done_has_a_status_and_a_sentence(
    chat: Daemon, folder: Path, command: str, status: int, told: str
) -> None:
    done = admin(folder, *command.split())
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr == f"twisted-chat-admin: {told}\n"


def test_no_daemon_is_told(tmp_path: Path) -> None:
    done = admin(tmp_path, "who")
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no such socket" in done.stderr


def test_a_daemon_that_says_nothing_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as mute:
        mute.bind(str(tmp_path / "admin.sock"))
        mute.listen()
        done = admin(tmp_path, "who")
    assert done.returncode == 4


def test_a_daemon_is_ended_by_it(tmp_path: Path) -> None:
    with daemon(tmp_path, *ADMIN) as chat:
        done = admin(tmp_path, "shutdown")
        assert (done.returncode, done.stdout) == (0, "-- shutting down\n")
        assert chat.ends() == 0
    assert not (tmp_path / "admin.sock").exists()


def test_it_is_where_the_environment_says(
    chat: Daemon, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWISTED_CHAT_ADMIN", str(folder / "admin.sock"))
    argv = [sys.executable, "-m", "twisted_chat.admin", "names"]
    assert subprocess.run(argv, capture_output=True, timeout=PATIENCE).returncode == 0


# from pipes


def test_lines_are_asked_in_turn_and_their_answers_shown(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "ann") as ann:
        done = admin(folder, typed="/names\ntea is ready\n/kick nobody\n/stats")
        ann.reads("Server: tea is ready\r\n")
    assert done.stdout.startswith("-- 1 is here: ann\n-- up for ")
    assert done.stderr == "twisted-chat-admin: nobody is not here. /names shows who is.\n"
    assert done.returncode == 3


def test_many_lines_from_a_pipe_all_arrive(chat: Daemon, folder: Path) -> None:
    done = admin(folder, "--json", typed="/names\n" * 2000)
    assert len(done.stdout.splitlines()) == 2000
    assert done.returncode == 0


def test_a_reader_who_has_enough_ends_it_quietly(chat: Daemon, folder: Path) -> None:
    command = f"yes /stats | {' '.join(PROGRAM)} | head -n 1"
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, timeout=PATIENCE
    )
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


# at a terminal


def test_at_a_terminal_it_is_the_console(chat: Daemon, folder: Path) -> None:
    with seat(PROGRAM, folder) as desk, Talker(chat.port, "ann") as ann:
        desk.prints("-- you are at the console")
        desk.press("half a li")
        desk.prints("> half a li")
        ann.say("hello")
        desk.prints(r"\[ann\] hello\r\n\r\x1b\[K> half a li$")
        desk.press("ne\r")
        ann.reads("Server: half a line\r\n")
        desk.press("/kick ann\r")
        desk.prints("-- ann was kicked")


@pytest.mark.parametrize(
    ("keys", "status"), [("exit\r", 0), ("/quit\r", 0), ("\x04", 0), ("\x03", 130)]
)
def test_it_gives_the_terminal_back_and_leaves_the_chat(
    chat: Daemon, folder: Path, keys: str, status: int
) -> None:
    with seat(PROGRAM, folder) as desk:
        desk.prints(r"(?s)console.*> $")
        assert desk.mode != desk.mode_before
        desk.press(keys)
        assert desk.ends() == status
        assert desk.mode == desk.mode_before
    assert chat.process.poll() is None


def test_after_ctrl_z_the_line_stands_there_again(chat: Daemon, folder: Path) -> None:
    with seat(PROGRAM, folder) as desk:
        desk.press("/nam")
        desk.prints("> /nam$")
        mode = desk.mode
        desk.is_left_and_taken_again()
        desk.prints(r"> /nam\r\x1b\[K> /nam$")
        assert desk.mode == mode
        desk.press("es\r")
        desk.prints("-- [0-9]+ are here|-- 1 is here")


def test_a_signal_gives_the_terminal_back(chat: Daemon, folder: Path) -> None:
    with seat(PROGRAM, folder) as desk:
        desk.prints(r"(?s)console.*> $")
        desk.signal(signal.SIGTERM)
        assert desk.ends() == 143
        assert desk.mode == desk.mode_before


def test_a_shutdown_typed_there_ends_both(tmp_path: Path) -> None:
    with daemon(tmp_path, *ADMIN) as chat, seat(PROGRAM, tmp_path) as desk:
        desk.prints(r"(?s)console.*> $")
        desk.press("shutdown\r")
        desk.prints("-- Server is shutting down.")
        assert (desk.ends(), chat.ends()) == (0, 0)
        assert desk.mode == desk.mode_before


def test_a_daemon_that_is_killed_is_told(tmp_path: Path) -> None:
    with daemon(tmp_path, *ADMIN) as chat, seat(PROGRAM, tmp_path) as desk:
        desk.prints(r"(?s)console.*> $")
        chat.process.kill()
        desk.prints("twisted-chat-admin: the connection is lost")
        assert desk.ends() == 2
        assert desk.mode == desk.mode_before
