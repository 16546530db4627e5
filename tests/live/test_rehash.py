"""A daemon that reads its files again: SIGHUP, /rehash, and the end of its terminal."""

import os
import signal
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon, not_outlived, people, twistd
from tests.live.pseudo_terminal import seat, take_terminal
from tests.live.test_listen import ipv6, over_tls, write_certificate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a file of options and a MOTD."""
    (tmp_path / "motd").write_text("be kind\n")
    (tmp_path / "chat.toml").write_text('motd = "motd"\nrate = 0\n')
    return tmp_path


@pytest.fixture
def chat(folder: Path) -> Iterator[Daemon]:
    with daemon(folder, "--config", "chat.toml") as chat:
        yield chat


def test_a_hangup_reads_all_again_and_drops_nobody(folder: Path, chat: Daemon) -> None:
    with people(chat.port, "ann", "bob") as (ann, bob):
        (folder / "motd").write_text("be quick\n")
        (folder / "chat.toml").write_text('motd = "motd"\nrate = 1\n')
        chat.signal(signal.SIGHUP)
        chat.prints("-- rate, motd: changed\n")
        with Talker(chat.port) as cy:
            cy.say("cy")
            cy.reads("-- be quick\r\n")
        bob.say("still here")
        ann.reads("bob: still here\r\n")
        ann.say(*["/who"] * 9)  # lines that are said at once are one paste
        ann.reads("your lines are read at 1 a second")


def test_a_file_that_is_wrong_changes_nothing_and_each_line_of_it_is_told(
    folder: Path, chat: Daemon
) -> None:
    with people(chat.port, "ann", "bob") as (ann, bob):
        (folder / "chat.toml").write_text("rate = 1\nmax-line = 1\nmotto = 2\n")
        chat.signal(signal.SIGHUP)
        chat.prints("-- nothing is changed:\n-- chat.toml, line 2: --max-line wants a number")
        chat.prints("-- chat.toml, line 3: there is no option motto. Did you mean motd")
        ann.say(*["spam"] * 99, "/motd")
        assert "slowly" not in ann.reads("-- be kind\r\n")
        bob.reads("spam\r\n" + "ann: spam\r\n" * 98)


def test_an_operator_has_them_read_at_the_console(folder: Path, chat: Daemon) -> None:
    (folder / "chat.toml").write_text("solo = true\n")
    chat.type("/rehash")
    chat.prints("-- rate, motd: changed\n-- solo: cannot change while the chat runs")
    (folder / "chat.toml").write_text("rate = \n")
    chat.type("/rehash")
    chat.prints("-- Nothing is changed: chat.toml, line 1: invalid value, at column 8.\n")


def test_without_a_console_the_log_has_what_came_of_it(folder: Path) -> None:
    with daemon(folder, "--config", "chat.toml", "--no-console") as chat:
        chat.signal(signal.SIGHUP)
        chat.prints(r"ChatService#info\] -- nothing has changed\n")


@ipv6
def test_a_certificate_that_was_renewed_is_shown_from_then_on(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    place = rf"tls:{tmp_path}:0:interface=\:\:1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        here = ("::1", chat.port)
        with Talker(over_tls(here), "ann") as ann:
            assert isinstance(ann.socket, ssl.SSLSocket)
            before = ann.socket.getpeercert(binary_form=True)
            write_certificate(tmp_path, "localhost")
            chat.signal(signal.SIGHUP)
            chat.prints("-- certificates: read again")
            with over_tls(here) as later, Talker(later, "bob") as bob:
                assert later.getpeercert(binary_form=True) != before
                bob.say("hello")
                ann.reads("bob: hello\r\n")


@ipv6
def test_a_certificate_that_cannot_be_used_leaves_the_old_one(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    place = rf"tls:{tmp_path}:0:interface=\:\:1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        (tmp_path / "both.pem").write_text("half a certificate\n")
        chat.signal(signal.SIGHUP)
        chat.prints("-- nothing is changed:\n-- --listen tls:[^\n]* holds no certificate")
        with Talker(over_tls(("::1", chat.port)), "ann"):
            chat.prints("-- ann joined")


# a terminal


def test_at_a_terminal_that_is_there_a_hangup_reads_again(folder: Path) -> None:
    with seat(twistd("--config", "chat.toml"), folder) as desk:
        desk.prints("LISTENING")
        desk.signal(signal.SIGHUP)
        desk.prints("-- nothing has changed")
        desk.press("exit\n")
        assert desk.ends() == 0


@pytest.mark.parametrize("options", [(), ("--no-console",)])
def test_a_terminal_that_is_closed_ends_what_runs_there(
    folder: Path, options: tuple[str, ...]
) -> None:
    keyboard, terminal = os.openpty()
    process = subprocess.Popen(
        twistd("--store", "memory:", *options),
        cwd=folder,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
        preexec_fn=take_terminal,
    )
    with not_outlived(process):
        os.close(terminal)
        shown = b""
        while b"LISTENING" not in shown:
            shown += os.read(keyboard, 4096)
        os.close(keyboard)
        assert process.wait(PATIENCE) == 0


def hold_on() -> None:
    """What nohup does."""
    take_terminal()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_nohup_keeps_what_runs_at_a_terminal_that_is_closed(folder: Path) -> None:
    keyboard, terminal = os.openpty()
    process = subprocess.Popen(
        twistd("--store", "memory:", "--no-console"),
        cwd=folder,
        stdin=terminal,
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=hold_on,
    )
    with not_outlived(process):
        assert process.stdout is not None
        chat = Daemon(process, process.stdout.fileno())
        port = chat.port
        os.close(terminal)
        os.close(keyboard)
        chat.prints("-- nothing has changed")
        with Talker(port, "ann"):
            chat.prints("-- ann joined")


# to look and not to start


def test_to_look_makes_no_file_and_takes_no_port(folder: Path, chat: Daemon) -> None:
    before = {path.name for path in folder.iterdir()}
    argv = [*twistd(listen=False), "--config", "chat.toml", "--check-config"]
    argv.remove("--pidfile=")
    done = subprocess.run(
        [*argv, "--port", str(chat.port), "--store", "sqlite:other.sqlite"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "chat.toml is fine\n", "")
    assert {path.name for path in folder.iterdir()} == before
