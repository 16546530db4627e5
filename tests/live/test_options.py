"""The command line: what each option does, and what is said to a wrong one."""

import re
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

import twisted_chat
from tests.live.daemon import PATIENCE, Talker, daemon, finished, people, twistd
from tests.live.nursery import TWISTD


def assert_refused(argv: Sequence[str], folder: Path, says: str) -> None:
    """One line on stderr, a status that is not 0, and no traceback."""
    done = finished(argv, folder)
    complained = done.stderr.decode()
    assert re.fullmatch(r"chat: [^\n]+\n", complained), complained
    assert says in complained
    assert done.returncode > 0
    assert b"Traceback" not in done.stdout


# what is wrong


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--nonsense"], "nonsense"),
        (["9999"], "9999"),
        (["--port"], "port"),
        (["--confirm=yes"], "confirm"),
        (["--port", "chat"], "--port wants a number from 0 to 65535, and not chat"),
        (["--port", "65536"], "--port wants a number from 0 to 65535, and not 65536"),
        (["--port", "-1"], "--port wants"),
        (["--interface", "not-an-address"], "not-an-address"),
        (["--interface", "192.0.2.1"], "192.0.2.1"),
        (["--max-clients", "0"], "--max-clients wants a number"),
        (["--max-clients", "many"], "--max-clients wants a number"),
        (["--rate", "-1"], "--rate wants a number"),
        (["--rate", "nan"], "--rate wants a number"),
        (["--max-line", "1"], "--max-line wants a number"),
        (["--flush-delay", "5ms"], "--flush-delay wants a number"),
        (["--handshake-timeout", "soon"], "--handshake-timeout wants a time"),
        (["--idle-timeout", ""], "--idle-timeout wants a time"),
        (["--motd", "missing"], "--motd missing: No such file or directory"),
        (["--motd", "."], "--motd .: Is a directory"),
        (["--store", "redis:chat"], "--store wants sqlite:FILE or memory:"),
        (["--store", "sqlite:missing/chat.sqlite"], "missing"),
        (["--keep", "0"], "--keep wants a time"),
        (["--durability", "most"], "--durability wants power or process"),
        (["--replay", "1001"], "--replay wants a number from 0 to 1000"),
        (["--stall-timeout", "soon"], "--stall-timeout wants a time"),
        (["--config", "missing"], "--config missing: No such file or directory"),
        (["--config", "."], "--config .: Is a directory"),
        (["--check-config", "--store", "sqlite:missing/chat.sqlite"], "there is no folder for it"),
        (["--listen", "nonsense"], "--listen nonsense is no endpoint"),
        (["--listen", ""], "is no endpoint"),
        (["--listen", "tcp"], "--listen tcp is no endpoint"),
        (["--listen", "tcp:chat"], "--listen tcp:chat is no endpoint"),
        (["--listen", "tcp:0:colour=red"], "is no endpoint"),
        (["--listen", "tcp:65536"], "tcp:65536"),
        (["--listen", "unix:missing/chat.sock"], "unix:missing/chat.sock: No such file"),
        (["--listen", "tls:missing:0"], "tls:missing:0"),
        (["--listen", "systemd:domain=INET:index=0"], "systemd:domain=INET:index=0"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, options: list[str], says: str
) -> None:
    own_place = any(option in ("--port", "--listen") for option in options)
    assert_refused(twistd(*options, listen=not own_place), tmp_path, says)


def test_a_port_in_use_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        argv = twistd("--port", port, listen=False)
        assert_refused(argv, tmp_path, "Address already in use")


def test_a_second_place_that_is_in_use_is_refused_too(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"tcp:{taken.getsockname()[1]}:interface=127.0.0.1"
        assert_refused(twistd("--listen", place), tmp_path, "Address already in use")


def test_a_motd_that_is_not_utf8_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "motd").write_bytes(b"gr\xfc\xdf dich\n")
    assert_refused(twistd("--motd", "motd"), tmp_path, "not UTF-8")


def test_a_motd_that_acts_on_terminals_is_refused_in_one_line_that_does_not(tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("\x1b[32mhi\x1b[m\n\x1b[2J\n")
    why = "line 2 has a terminal's control code (U+001B)"
    assert_refused(twistd("--motd", "motd"), tmp_path, f"chat: --motd motd: {why}")
    assert_refused(twistd("--rate", "\x1b[2J1"), tmp_path, "and not 1\n")


def test_a_motd_as_long_as_a_book_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("all work and no play\n" * 10_000)
    assert_refused(twistd("--motd", "motd"), tmp_path, "longer than")


def test_more_clients_than_files_may_be_open_are_refused_in_one_line(tmp_path: Path) -> None:
    argv = ["sh", "-c", 'ulimit -n 256; exec "$@"', "sh", *twistd("--max-clients", "200")]
    assert_refused(argv, tmp_path, "--max-clients 200 is more than this process may open")


def test_a_soft_limit_on_files_is_raised_as_far_as_needed(tmp_path: Path) -> None:
    options = ("--max-clients", "100", "--per-address", "0", "--nameless", "0")
    argv = ["sh", "-c", 'ulimit -Sn 64; exec "$@"', "sh", *twistd(*options)]
    process = subprocess.Popen(
        argv, cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        port = next(int(line.rpartition(":")[2]) for line in process.stdout if "[LIST" in line)
        with people(port, *[None] * 100) as crowd:
            assert all(one.reads("name?") for one in crowd)
        process.communicate("shutdown\n", PATIENCE)


# what is asked


def test_version_is_shown(tmp_path: Path) -> None:
    done = finished([TWISTD, "chat", "--version"], tmp_path)
    assert done.stdout.decode() == f"twisted_chat {twisted_chat.__version__}\n"
    assert done.returncode == 0


def test_help_shows_every_option(tmp_path: Path) -> None:
    done = finished([TWISTD, "chat", "--help"], tmp_path)
    shown = done.stdout.decode()
    wanted = ["port", "interface", "listen", "max-clients", "handshake-timeout", "idle-timeout"]
    wanted += ["rate", "max-line", "flush-delay", "motd", "no-console", "confirm", "solo"]
    wanted += ["store", "keep", "durability", "replay", "stall-timeout"]
    assert [name for name in wanted if f"--{name}" not in shown] == []
    assert done.returncode == 0


# what is right


def test_everyone_reads_the_motd_on_entering(tmp_path: Path) -> None:
    (tmp_path / "motd").write_text("Be kind.\nGrüße!\n", "utf-8")
    with daemon(tmp_path, "--motd", "motd") as chat, Talker(chat.port) as ann:
        ann.say("ann")
        ann.reads("Hello ann, you are now connected!\r\n-- Be kind.\r\n-- Grüße!\r\n")


def test_max_line_is_the_most_bytes_that_a_line_may_have(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--max-line", "100") as chat,
        people(chat.port, "ann", "bob") as (ann, bob),
    ):
        ann.say("x" * 101)
        ann.reads("-- not sent: that line has more than 100 bytes\r\n")
        ann.say("x" * 100)
        assert f"ann: {'x' * 100}\r\n" in bob.reads("x\r\n")


def test_a_flood_is_slowed_and_told_once_and_nothing_of_it_is_lost(tmp_path: Path) -> None:
    deeds = [f"does {number}" for number in range(300)]  # bare lines in a burst are a paste
    with daemon(tmp_path, "--rate", "50") as chat, people(chat.port, "bob", "ann") as (bob, ann):
        ann.say(*(f"/me {deed}" for deed in deeds), "exit")
        heard = bob.reads("-- ann left\r\n")
        assert "".join(f"* ann {deed}\r\n" for deed in deeds) in heard
        assert ann.reads_to_the_end().count("slowly, please") == 1


def test_who_is_slowed_does_not_slow_others(tmp_path: Path) -> None:
    with daemon(tmp_path, "--rate", "1") as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say(*["spam"] * 100)
        ann.reads("slowly, please")
        bob.say("/names")
        bob.reads("-- 2 are here: ann, bob\r\n")


def test_rate_0_is_no_limit(tmp_path: Path) -> None:
    with daemon(tmp_path, "--rate", "0") as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say(*["spam"] * 5000, "/names")
        assert "slowly" not in ann.reads("here: ann, bob\r\n")
        bob.reads("spam\r\n" + "ann: spam\r\n" * 4999)


def test_lines_within_the_flush_delay_are_sent_as_one(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--flush-delay", "500") as chat,
        people(chat.port, "ann", "bob", "cy") as (ann, bob, cy),
    ):
        ann.say("one")
        bob.reads("ann: one\r\n")
        ann.say("two")
        cy.say("three")
        bob.reads("\r\n")
        assert bob.text.count("\r\n") == 1


def test_who_is_silent_past_the_idle_timeout_is_told_and_cut(tmp_path: Path) -> None:
    with daemon(tmp_path, "--idle-timeout", "1s") as chat, Talker(chat.port, "ann") as ann:
        ann.send(b"half a line")
        assert "-- You were silent for 1s.\r\n" in ann.reads_to_the_end()
        chat.prints(r"-- ann left \(idle\)\n")


def test_who_speaks_is_not_cut_by_the_idle_timeout(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--idle-timeout", "1s", "--rate", "0") as chat,
        people(chat.port, "idle", "busy") as (idle, busy),
    ):
        while "You were silent" not in idle.text:
            busy.say("something")
            idle.text += idle.socket.recv(65536).decode()
        busy.say("/names")
        busy.reads("-- 1 is here: busy\r\n")
