"""Where a password is after a session in which it was given everywhere: nowhere."""

import json
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, as_daemon, daemon, twistd

SECRETS = {
    "of the chat": "ladders-in-the-shed",
    "of ann": "ann-keeps-no-bees",
    "new of ann": "ann-keeps-two-goats",
    "given by the operator": "until-you-take-another",
    "of a program": "robots-have-no-dreams",
    "wrong": "not-the-one-of-ann",
    "wrong of the chat": "no-ladder-in-sight",
    "in a line": "in-a-line-by-mistake",
    "in half a request": "cut-in-the-middle",
    "of a checker": "known-to-the-company",
}
GIVEN_IN = {"house", "company"}
"""Files that hold some, and were written by whoever started the chat."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("chat")
    (folder / "house").write_text(f"{SECRETS['of the chat']}\n")
    (folder / "company").write_text(f"cy:{SECRETS['of a checker']}\n")
    for name in GIVEN_IN:
        (folder / name).chmod(0o600)
    return folder


@pytest.fixture(scope="module")
def chat(folder: Path) -> Iterator[Daemon]:
    """One whose user has no umask to speak of, with a log in a file, and a console."""
    argv = twistd("--password-file", "house", "--auth", "file:company", "--admin", "unix:a.sock")
    argv[argv.index("chat") : argv.index("chat")] = ["--logfile=chat.log"]
    with as_daemon(["sh", "-c", 'umask 0; exec "$@"', "sh", *argv], folder) as chat:
        yield chat


@pytest.fixture(scope="module")
def shown(chat: Daemon, folder: Path) -> str:
    """All that people, a program and an operator read who gave them."""
    read = by_people(chat.port) + by_a_program(chat.port) + by_an_operator(folder)
    chat.type("/stats", "/audit")
    chat.prints("connections so far")
    return read


def by_people(port: int) -> str:
    own, new = SECRETS["of ann"], SECRETS["new of ann"]
    with Talker(port) as ann:
        ann.say("ann", "", SECRETS["wrong of the chat"], SECRETS["of the chat"])
        read = ann.reads("exit leaves.\r\n")
        ann.say("/register", own, own)
        read += ann.reads("write them down.")
        ann.say("/passwd", own, new, new)
        read += ann.reads("the password is changed")
        ann.say(f"/msg nickserv identify {SECRETS['in a line']}")
        ann.say(f"/register {SECRETS['in a line']}", "exit")
        read += ann.reads_to_the_end()
    with Talker(port) as ann:
        ann.say("ann", SECRETS["wrong"], "", "")
        read += ann.reads("That is not the password.")
    with Talker(port) as cy:
        cy.say("cy", SECRETS["of a checker"])
        read += cy.reads("exit leaves.\r\n")
    return read


def by_a_program(port: int) -> str:
    house, own = SECRETS["of the chat"], SECRETS["of a program"]
    asked = [
        {"do": "enter", "name": "robot", "house": house, "tag": 1},
        {"do": "register", "password": own, "tag": 2},
        {"do": "enter", "name": "robot", "password": SECRETS["wrong"], "tag": 3},
        {"do": "passwd", "password": SECRETS["wrong"], "new": own, "tag": 4},
        {"do": "register", "password": [own], "tag": 5},
    ]
    lines = [json.dumps(one) for one in asked]
    lines += [f'{{"do":"enter","password":"{SECRETS["in half a request"]}"']
    with Talker(port) as robot:
        robot.say("/json", *lines)
        robot.hangs_up()
        read = robot.reads_to_the_end()
    assert read.count('"tag"') == len(asked)
    return read


def by_an_operator(folder: Path) -> str:
    argv = [sys.executable, "-m", "twisted_chat.admin", "--socket", "a.sock", "passwd", "ann"]
    done = subprocess.run(
        argv,
        cwd=folder,
        input=SECRETS["given by the operator"].encode() + b"\n",
        capture_output=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).decode()


@pytest.mark.parametrize("which", SECRETS)
def test_a_password_is_in_no_file_no_log_no_answer_and_no_list_of_processes(
    chat: Daemon, folder: Path, shown: str, which: str
) -> None:
    secret = SECRETS[which]
    assert secret not in shown
    assert secret not in chat.output
    process = Path(f"/proc/{chat.process.pid}")
    for about in ("cmdline", "environ"):
        assert secret.encode() not in (process / about).read_bytes()
    made = [path for path in folder.iterdir() if path.is_file() and path.name not in GIVEN_IN]
    assert {"chat.log", "chat.sqlite", "chat.sqlite-wal"} <= {path.name for path in made}
    assert not [path.name for path in made if secret.encode() in path.read_bytes()]


def test_what_the_daemon_makes_is_its_users_alone_whatever_the_umask(
    chat: Daemon, folder: Path, shown: str
) -> None:
    made = [path for path in folder.iterdir() if path.name not in GIVEN_IN]
    assert {"chat.log", "chat.sqlite-shm", "a.sock", "chat.sqlite.lock"} <= {
        one.name for one in made
    }
    assert not [path for path in made if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_in_the_background_its_log_and_its_pid_are_its_users_alone_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    argv = twistd("--port", str(port), listen=False)
    argv[1:3] = ["--pidfile=chat.pid", "--logfile=chat.log"]
    subprocess.run(
        ["sh", "-c", 'umask 0; exec "$@"', "sh", *argv],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        check=True,
        timeout=PATIENCE,
    )
    pid = int((tmp_path / "chat.pid").read_text())
    try:
        made = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        assert made["chat.log"] == made["chat.pid"] == 0o600
    finally:
        subprocess.run(["kill", str(pid)], check=True)


def test_no_core_is_dumped(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        limits = Path(f"/proc/{chat.process.pid}/limits").read_text()
        [core] = [line for line in limits.splitlines() if line.startswith("Max core file size")]
        assert core.split()[4] == "0"
