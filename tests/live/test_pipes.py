"""Scripts and pipes: all is delivered and answered before the connection closes."""

import shutil
import socket
import struct
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon

netcat = pytest.mark.skipif(shutil.which("nc") is None, reason="there is no nc here")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat"), "--rate", "0") as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    shared.empties()
    return shared


def nc(chat: Daemon, lines: bytes, *options: str) -> str:
    """``printf lines | nc options 127.0.0.1 port``: what it prints."""
    argv = ["nc", *options, "127.0.0.1", str(chat.port)]
    done = subprocess.run(argv, input=lines, stdout=subprocess.PIPE, timeout=PATIENCE, check=True)
    return done.stdout.decode()


@netcat
@pytest.mark.parametrize("option", ["-q1", "-N"])
def test_a_name_a_line_and_exit_through_nc_are_delivered_and_answered(
    chat: Daemon, option: str
) -> None:
    with Talker(chat.port, "bob") as bob:
        printed = nc(chat, b"ann\nhello\nexit\n", option)
        assert "Hello ann, you are now connected!\r\n" in printed
        assert printed.endswith("Goodbye!\r\n")
        bob.reads("ann: hello\r\n-- ann left\r\n")


@netcat
def test_an_answer_is_read_through_nc_that_only_hangs_up(chat: Daemon) -> None:
    assert "-- 1 is here: ann\r\n" in nc(chat, b"ann\n/names\n", "-q1")


def test_all_that_was_sent_before_a_half_close_is_delivered_and_answered(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port) as ann:
        ann.say("ann", "hello", "/names")
        ann.hangs_up()
        assert "-- 2 are here: bob, ann\r\nGoodbye!\r\n" in ann.reads_to_the_end()
        bob.reads("ann: hello\r\n-- ann left (connection closed)\r\n")


def test_nothing_is_lost_of_what_comes_before_an_exit_and_a_half_close(chat: Daemon) -> None:
    lines = [f"line {number}" for number in range(1000)]
    with Talker(chat.port, "bob") as bob, Talker(chat.port) as ann:
        ann.say("ann", *lines, "exit")
        ann.hangs_up()
        assert ann.reads_to_the_end().endswith("Goodbye!\r\n")
        heard = bob.reads("-- ann left\r\n")
        assert heard.endswith("".join(f"ann: {line}\r\n" for line in lines) + "-- ann left\r\n")


def test_who_exits_reads_the_goodbye_although_more_lines_follow(chat: Daemon) -> None:
    with Talker(chat.port) as ann:
        ann.say("ann", "exit", *["too late"] * 1000)
        assert ann.reads_to_the_end().endswith("Goodbye!\r\n")


def test_a_last_line_without_an_end_is_not_said_and_that_is_told(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port) as ann:
        ann.send(b"ann\nhello\nrm -rf /tmp/a")
        ann.hangs_up()
        assert "-- not sent: the last line had no end\r\nGoodbye!\r\n" in ann.reads_to_the_end()
        assert "rm" not in bob.reads("-- ann left")


def test_lines_may_end_in_cr_lf(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port) as ann:
        ann.send(b"ann\r\nhello\r\nEXIT\r\n")
        assert "Hello ann, you are now connected!\r\n" in ann.reads_to_the_end()
        bob.reads("ann: hello\r\n-- ann left\r\n")


def test_many_lines_in_one_segment_are_all_read_in_order(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        ann.say(*[f"line {number}" for number in range(100)])
        bob.reads("-- ann joined\r\n")
        heard = bob.reads("line 99\r\n")
        assert heard == "".join(f"ann: line {number}\r\n" for number in range(100))


def test_a_line_may_come_one_byte_at_a_time(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port) as ann:
        for byte in "ann\r\ngrüß dich\r\n".encode():
            ann.send(bytes([byte]))
        bob.reads("ann: grüß dich\r\n")


def test_a_pipe_faster_than_the_allowance_loses_nothing_when_it_hangs_up(tmp_path: Path) -> None:
    lines = [f"line {number}" for number in range(150)]
    with daemon(tmp_path, "--rate", "30") as chat, Talker(chat.port, "bob") as bob:
        with Talker(chat.port) as ann:
            ann.say("ann", *lines)
            ann.hangs_up()
            assert ann.reads_to_the_end().endswith("Goodbye!\r\n")
        bob.reads("-- ann left (connection closed)\r\n")
        bob.say("/show 1")
        assert "".join(f"{line}\r\n" for line in lines) in bob.reads("-- end of paste 1")


def test_a_pipe_that_reads_nothing_until_its_end_gets_all_answers(chat: Daemon) -> None:
    count = 10_000  # megabytes of answers: more than the kernel holds
    with Talker(chat.port) as ann:
        ann.say("ann")
        ann.send(b"/help\n" * count)
        ann.hangs_up()
        read = ann.reads_to_the_end()
        assert read.count("-- /help [COMMAND]") == count
        assert read.endswith("Goodbye!\r\n")


def test_lines_before_a_reset_are_said_whatever_they_wait_for(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "bob") as bob:
        ann = Talker(chat.port)
        ann.reads("name?")
        ann.say("ann", "hello", "/who", "last words")
        bob.reads("ann: hello")
        linger = struct.pack("ii", 1, 0)
        ann.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        ann.socket.close()
        bob.reads("ann: last words")
        bob.reads("-- ann left (connection lost)")
