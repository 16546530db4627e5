"""Our own client as a program: pipes on either side, and how it ended in its exit status."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.daemon import BIN, PATIENCE, Daemon, Talker, client, daemon, finished, started

MODULE = (sys.executable, "-m", "twisted_chat.client")
PROGRAMS = pytest.mark.parametrize(
    "program", [MODULE, (str(BIN / "twisted-chat"),)], ids=["module", "script"]
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat"), "--rate", "100") as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    shared.empties()
    return shared


def piped(lines: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """``printf lines | python -m twisted_chat.client arguments | cat``"""
    done = finished([*MODULE, *arguments], Path.cwd(), lines.encode())
    told = (done.stdout + done.stderr).decode()
    return subprocess.CompletedProcess(done.args, done.returncode, told)


def at(chat: Daemon, name: str | None = None) -> str:
    return f"{name}@127.0.0.1:{chat.port}" if name else f"127.0.0.1:{chat.port}"


@contextmanager
def server_that_says(data: bytes) -> Generator[int, None, None]:
    """A port where everyone is answered so, whatever they say, and then nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            with listening.accept()[0] as connection:
                connection.recv(4096)
                connection.sendall(data)

        answering = threading.Thread(target=answer)
        answering.start()
        yield listening.getsockname()[1]
        answering.join(PATIENCE)


def free_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


# talking


@PROGRAMS
def test_two_clients_talk_to_each_other(
    chat: Daemon, tmp_path: Path, program: tuple[str, ...]
) -> None:
    with (
        client(tmp_path, at(chat, "ann"), argv=program) as ann,
        Talker(chat.port, "bob") as bob,
    ):
        ann.prints("Hello ann, you are now connected!\n")
        bob.say("hi ann")
        ann.prints("bob: hi ann\n")
        ann.type("hi bob", "exit")
        bob.reads("ann: hi bob\r\n-- ann left\r\n")
        ann.prints("Goodbye!\n$")
        assert ann.ends() == 0


def test_without_a_name_it_asks_for_one(chat: Daemon, tmp_path: Path) -> None:
    with client(tmp_path, at(chat)) as ann:
        ann.prints("What's your name\\?\n")
        ann.type("ann")
        ann.prints("Hello ann, you are now connected!\n")


def test_what_one_says_is_not_shown_to_oneself(chat: Daemon) -> None:
    assert "hello" not in piped("hello\n", at(chat, "ann")).stdout


def test_a_refused_name_is_told_and_asked_for_again(chat: Daemon, tmp_path: Path) -> None:
    with Talker(chat.port, "ann"), client(tmp_path, at(chat, "ann")) as other:
        other.prints("-- The name ann is taken .*\nWhat's your name\\?\n")
        other.type("server")
        other.prints("-- The name server is kept .*\nWhat's your name\\?\n")
        other.type("bob", "exit")
        other.prints("Hello bob, you are now connected!\n")
        assert other.ends() == 0


def test_a_pipe_is_said_whole_and_then_it_leaves(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob:
        done = piped("ann\nhello\n", at(chat))
        assert done.returncode == 0
        assert done.stdout.endswith("Goodbye!\n")
        bob.reads("ann: hello\r\n-- ann left\r\n")


def test_a_last_line_needs_no_end(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob:
        assert piped("ann\nhello", at(chat)).returncode == 0
        bob.reads("ann: hello\r\n-- ann left\r\n")


@pytest.mark.parametrize("last", ["exit\n", ""], ids=["exit", "end of file"])
def test_a_pipe_faster_than_the_chat_allows_is_said_whole_and_in_order(
    chat: Daemon, last: str
) -> None:
    lines = [f"line {number}" for number in range(600)]  # 400 at once, then 100 a second
    with Talker(chat.port, "bob") as bob:
        assert piped("\n".join(["ann", *lines, last]), at(chat)).returncode == 0
        heard = bob.reads("-- ann left\r\n")
        assert "".join(f"ann: {line}\r\n" for line in lines) in heard


@pytest.mark.parametrize(("lines", "name"), [("ann\n", None), ("", "ann")])
def test_a_pipe_that_ends_at_a_refused_name_was_refused(
    chat: Daemon, lines: str, name: str | None
) -> None:
    with Talker(chat.port, "ann"):
        done = piped(lines, at(chat, name))
        assert "-- The name ann is taken" in done.stdout
        assert done.returncode == 3


def test_no_input_at_all_is_an_end_in_good_order(chat: Daemon) -> None:
    assert piped("", at(chat, "ann")).returncode == 0


def test_output_that_nobody_reads_any_more_ends_it(chat: Daemon, tmp_path: Path) -> None:
    """As in: twisted-chat ... | head -1"""
    with (
        Talker(chat.port, "bob") as bob,
        started([*MODULE, at(chat, "ann")], tmp_path) as process,
    ):
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        bob.say("hello")
        assert process.wait(PATIENCE) == 0
        bob.reads("-- ann left")


def test_an_endpoint_may_be_a_unix_socket(tmp_path: Path) -> None:
    with daemon(tmp_path, "--listen", f"unix:{tmp_path}/s", listen=False):
        for named in (["ann@"], ["--name", "ann"]):
            done = piped("hello\n", "--endpoint", f"unix:{tmp_path}/s", *named)
            assert "Hello ann" in done.stdout
            assert done.returncode == 0


def test_ctrl_c_takes_leave_in_good_order(chat: Daemon, tmp_path: Path) -> None:
    with Talker(chat.port, "bob") as bob, client(tmp_path, at(chat, "ann")) as ann:
        ann.prints("exit leaves")
        ann.signal(signal.SIGINT)
        assert ann.ends() == 0
        assert ann.output.endswith("Goodbye!\n")
        bob.reads("-- ann left\r\n")


# how it may end


def test_where_nobody_listens_it_says_so() -> None:
    done = piped("", f"127.0.0.1:{free_port()}")
    assert "nothing listens there" in done.stdout
    assert done.returncode == 2


def test_a_host_that_is_not_there_is_no_connection() -> None:
    done = piped("", "nowhere.invalid")
    assert "-- no connection to nowhere.invalid:9999: " in done.stdout
    assert done.returncode == 2


def test_a_full_chat_is_told(tmp_path: Path) -> None:
    with daemon(tmp_path, "--max-clients", "1") as chat, Talker(chat.port, "bob"):
        done = piped("ann\n", at(chat))
        assert done.stdout == "-- The chat is full (1 of 1). Please try again later.\n"
        assert done.returncode == 3


def test_who_is_kicked_reads_why(chat: Daemon, tmp_path: Path) -> None:
    with client(tmp_path, at(chat, "ann")) as ann:
        ann.prints("exit leaves")
        chat.type("/kick ann too many adverts")
        ann.prints("-- You were kicked by Server: too many adverts\nGoodbye!\n")
        assert ann.ends() == 3


def test_a_server_that_ends_is_told(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, client(tmp_path, at(chat, "ann")) as ann:
        ann.prints("exit leaves")
        chat.type("shutdown")
        ann.prints("-- Server is shutting down.\n")
        assert ann.ends() == 5


def test_a_server_that_vanishes_is_told(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, client(tmp_path, at(chat, "ann")) as ann:
        ann.prints("exit leaves")
        chat.signal(signal.SIGKILL)
        ann.prints("-- the connection is lost\n")
        assert ann.ends() == 5


def test_reconnect_comes_back_by_the_same_name(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        port = chat.port
        with client(tmp_path, "--reconnect", at(chat, "ann")) as ann:
            ann.prints("exit leaves")
            chat.signal(signal.SIGKILL)
            ann.prints(r"-- the connection is lost\n-- trying again, less and less often\n")
            chat.ends()
            with (
                daemon(tmp_path, "--port", str(port), listen=False),
                Talker(port, "bob") as bob,
            ):
                ann.prints("(?s)trying again.*Hello ann, you are now connected!")
                ann.type("here again")
                bob.reads("ann: here again\r\n")


def test_reconnect_waits_for_a_server_that_is_not_there_yet(tmp_path: Path) -> None:
    port = free_port()
    with client(tmp_path, "--reconnect", f"ann@127.0.0.1:{port}") as ann:
        ann.prints(r"nothing listens there\n-- trying again, less and less often\n")
        with daemon(tmp_path, "--port", str(port), listen=False):
            ann.prints("Hello ann")
            ann.type("exit")
            assert ann.ends() == 0


def test_who_waits_to_reconnect_may_leave(tmp_path: Path) -> None:
    with client(tmp_path, "--reconnect", f"127.0.0.1:{free_port()}") as ann:
        ann.prints("trying again")
        ann.signal(signal.SIGINT)
        assert ann.ends() == 0


def test_a_web_server_is_no_chat() -> None:
    answer = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
    with server_that_says(answer) as port:
        done = piped("ann\nhello\n", f"127.0.0.1:{port}")
    assert done.stdout.startswith("-- ")
    assert done.returncode in (3, 5)


def test_a_server_that_closes_at_once_is_no_chat() -> None:
    with server_that_says(b"") as port:
        done = piped("ann\n", f"127.0.0.1:{port}")
    assert done.stdout.startswith("-- ")
    assert done.returncode == 5


def test_escapes_of_a_hostile_server_do_not_reach_the_terminal() -> None:
    with server_that_says(b"-- \x1b]0;title\x07\x1b[2Jgo away\r\n") as port:
        assert piped("", f"127.0.0.1:{port}").stdout == "-- go away\n"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--nonsense"],
        ["a", "b"],
        ["ann@"],
        [":9999"],
        ["localhost:port"],
        ["localhost:0"],
        ["localhost:65536"],
        ["--endpoint"],
        ["--endpoint", "nonsense"],
        ["--endpoint", "tcp:localhost:port"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_sentence_and_status_1(wrong: list[str]) -> None:
    done = piped("", *wrong)
    assert done.returncode == 1
    assert done.stdout.count("\n") == 1


def test_version_and_help_are_shown() -> None:
    assert piped("", "--version").stdout.startswith("twisted_chat ")
    done = piped("", "--help")
    assert "exit status:\n  0    you left" in done.stdout
    assert done.returncode == 0


def test_the_terminal_blocks_again_after_the_end(chat: Daemon) -> None:
    """Twisted makes it not block, and the shell that shares it would be surprised."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb"), os.fdopen(writing, "wb") as output:
        done = subprocess.run(
            [*MODULE, at(chat, "ann")], stdin=subprocess.DEVNULL, stdout=output, timeout=PATIENCE
        )
        assert done.returncode == 0
        assert os.get_blocking(output.fileno())
