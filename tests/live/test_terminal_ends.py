"""Our own client at a terminal: it comes back by itself, and leaves the terminal as it was."""

import os
import signal
from pathlib import Path

import pytest

from tests.live.daemon import Talker, daemon
from tests.live.screens import CLIENT, Person, at_terminal, talks

LEFT = b"\x1b[?1004l\x1b[?2004l\x1b[23;0t\x1b[?25h\x1b[m"
"""Focus and pastes are told no more, the title is as it was, the cursor is seen."""


def is_clean(person: Person) -> bool:
    return person.mode == person.mode_before and person.raw.rstrip().endswith(LEFT)


def test_a_daemon_is_killed_and_nothing_typed_meanwhile_is_lost(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        port = chat.port
        with talks(tmp_path, f"ann@127.0.0.1:{port}") as ann:
            ann.types("before")
            ann.sees(r"^\d\d:\d\d ann: before$")
            chat.is_killed()
            ann.sees_bar("no connection")
            ann.types("while it was down")
            with daemon(tmp_path, "--port", str(port), listen=False), Talker(port, "bob") as bob:
                ann.press("\x1br")
                bob.reads("ann: while it was down\r\n")
                ann.sees_bar(r"(connected|\d+ ms)$")
                ann.types("after")
                bob.reads("ann: after\r\n")
                ann.sees(r"ann: while it was down\n.{5} ann: after\n>\n #lobby")
            seen = [line[6:] for line in ann.text.split("\n") if line[6:].startswith("ann: ")]
            assert seen == ["ann: before", "ann: while it was down", "ann: after"]


@pytest.mark.parametrize("how", ["\x03\x03", "\x04", "signal"])
def test_the_terminal_is_left_as_it_was(how: str, tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--store", "memory:") as chat,
        talks(tmp_path, f"ann@127.0.0.1:{chat.port}") as ann,
    ):
        assert ann.mode != ann.mode_before
        if how == "signal":
            os.kill(ann.process.pid, signal.SIGTERM)
        else:
            ann.press(*how)
        assert ann.ends() == 0
        assert is_clean(ann)
        assert ann.screen[-1] == "Goodbye!"


def test_ctrl_c_takes_back_a_line_before_it_leaves(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--store", "memory:") as chat,
        talks(tmp_path, f"ann@127.0.0.1:{chat.port}") as ann,
    ):
        ann.press("never said", "\x03")
        ann.sees("^-- Ctrl-C once more leaves\n>$")
        ann.types("said")
        ann.sees("ann: said\n>$")
        assert "never" not in ann.text


def test_a_terminal_that_is_gone_ends_it(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--store", "memory:") as chat,
        talks(tmp_path, f"ann@127.0.0.1:{chat.port}") as ann,
    ):
        os.kill(ann.process.pid, signal.SIGHUP)
        ann.ends()
        assert is_clean(ann)


def test_a_dumb_terminal_is_a_plain_one(tmp_path: Path) -> None:
    """And it says in words what another shows with colours and a bar."""
    with daemon(tmp_path, "--store", "memory:") as chat, Talker(chat.port, "bob") as bob:
        argv = [*CLIENT, f"ann@127.0.0.1:{chat.port}"]
        with at_terminal(argv, tmp_path, {"TERM": "dumb"}) as ann:
            ann.sees("exit leaves")
            bob.say("hello ann")
            ann.sees("^! bob: hello ann")
            chat.is_killed()
            ann.sees("-- the connection is lost\n-- trying again, less and less often")
            assert "\x1b" not in ann.raw.decode()
