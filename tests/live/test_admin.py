"""The operators' program, with a real daemon: from scripts, from pipes, and at a terminal."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon, finished
from tests.live.person import owner
from tests.live.pseudo_terminal import seat

PROGRAM = (sys.executable, "-m", "twisted_chat.admin", "--socket", "admin.sock")
ADMIN = ("--no-console", "--admin", "unix:admin.sock")


def admin(folder: Path, *arguments: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Runs it to its end, with these arguments and this on its standard input."""
    done = finished([*PROGRAM, *arguments], folder, typed.encode())
    out, err = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


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
        assert "-- You were kicked by Server: too many adverts\r\n" in ann.reads_to_the_end()
    assert done.stdout.startswith("-- ann was kicked by Server: too many adverts (act ")
    assert done.returncode == 0


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
        (
            "kick",
            1,
            "That is not complete. Type: /kick [--dry-run | --yes] [#ROOM] TARGET [REASON]",
        ),
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
        desk.prints("-- ann was kicked by Server")


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


# secrets

SECRET = "given by hand"
TWICE = f"{SECRET}\n{SECRET}\n"


@pytest.fixture
def house(tmp_path: Path) -> Generator[Daemon, None, None]:
    """A chat of its own, in which ann owns her name and is away."""
    with daemon(tmp_path, *ADMIN) as house:
        with owner(house.port, "ann") as ann:
            ann.goes()
        yield house


def is_let_in(house: Daemon, name: str, password: str) -> str:
    """What somebody reads who comes in with a password; the test fails if it is wrong."""
    with Talker(house.port) as person:
        person.say(name, password)
        return person.reads(f"Hello {name}, you are now connected!")


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ([], f"/passwd ann\n{TWICE}tea is ready"),
        (["--json"], f"/passwd ann\n{TWICE}tea is ready"),
        (["passwd", "ann"], SECRET),
    ],
)
def test_a_password_from_a_pipe_is_read_by_nobody(
    house: Daemon, tmp_path: Path, command: list[str], typed: str
) -> None:
    with Talker(house.port, "bob") as bob:
        done = admin(tmp_path, *command, typed=typed)
        admin(tmp_path, "announce", "that is all")
        assert SECRET not in bob.reads("Server: that is all\r\n") + house.output
    assert (done.returncode, done.stderr) == (0, "")
    assert "the password of ann is changed" in done.stdout
    assert is_let_in(house, "ann", SECRET)


@pytest.mark.parametrize("typed", ["", "\n", "short\n"])
def test_a_password_that_is_none_has_a_status_and_a_sentence(
    house: Daemon, tmp_path: Path, typed: str
) -> None:
    done = admin(tmp_path, "passwd", "ann", typed=typed)
    assert done.returncode in (1, 3)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_a_password_typed_at_a_terminal_is_read_by_nobody(
    house: Daemon, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    with seat([*PROGRAM, *arguments], tmp_path) as desk, Talker(house.port, "bob") as bob:
        desk.press("/passwd ann\r")
        desk.prints("A new password, of at least 8 characters")
        desk.press(f"{SECRET}\r")
        desk.prints("The same once more:")
        desk.press(f"{SECRET}\r")
        desk.prints("the password of ann is changed")
        desk.press("that is all\r")
        assert SECRET not in bob.reads("Server: that is all\r\n") + desk.output + house.output


def test_a_command_asks_at_the_terminal_and_gives_it_back(house: Daemon, tmp_path: Path) -> None:
    with seat([*PROGRAM, "passwd", "ann"], tmp_path) as desk:
        for asked in ("A new password, of at least 8 characters", "The same once more:"):
            desk.prints(asked)
            desk.press(f"{SECRET}\r")
        desk.prints("-- the password of ann is changed")
        assert (desk.ends(), desk.mode == desk.mode_before) == (0, True)
        assert SECRET not in desk.output
    assert is_let_in(house, "ann", SECRET)


def test_a_question_at_the_terminal_may_be_left_unanswered(house: Daemon, tmp_path: Path) -> None:
    with seat([*PROGRAM, "passwd", "ann"], tmp_path) as desk:
        desk.prints("A new password, of at least 8 characters")
        desk.press("\x04")
        desk.prints("twisted-chat-admin: the input ended, and this was not answered")
        assert (desk.ends(), desk.mode == desk.mode_before) == (1, True)
