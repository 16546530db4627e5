"""Our own client at a plain terminal: what is pasted there, and what is not shown."""

from pathlib import Path

import pytest

from tests.live.daemon import Talker, daemon
from tests.live.pseudo_terminal import seat
from tests.live.test_client import MODULE, at


def test_what_is_pasted_into_a_terminal_is_one_entry(tmp_path: Path) -> None:
    with (
        daemon(tmp_path) as chat,
        Talker(chat.port, "bob") as bob,
        seat([*MODULE, "--plain", at(chat, "ann")], tmp_path) as ann,
    ):
        ann.prints("exit leaves")
        ann.press("".join(f"line {number}\n" for number in range(20)))
        bob.reads("-- ann pasted 20 lines, /show 1 shows them\r\n")
        ann.prints("-- your paste is shown by /show 1")


def test_a_password_is_not_shown_at_a_terminal_and_what_is_typed_after_it_is(
    tmp_path: Path,
) -> None:
    with daemon(tmp_path) as chat, seat([*MODULE, "--plain", at(chat, "ann")], tmp_path) as ann:
        ann.prints("exit leaves")
        ann.press("/register\n")
        ann.prints("A new password")
        ann.press("correct horse\n")
        ann.prints("The same once more")
        ann.press("correct horse\n")
        ann.prints(r"\A((?!correct)[\s\S])*ann is yours")
        assert ann.mode == ann.mode_before
        ann.press("exit\n")
        assert ann.ends() == 0
        assert ann.mode == ann.mode_before


def test_without_a_server_it_is_the_one_where_one_was_last_by_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with daemon(tmp_path) as chat:
        with seat([*MODULE, "--plain", at(chat, "ann")], tmp_path) as ann:
            ann.prints("exit leaves")
            ann.press("exit\n")
            assert ann.ends() == 0
        chat.empties()
        with seat([*MODULE, "--plain"], tmp_path) as ann:
            ann.prints("Hello ann, you are now connected!")
            ann.press("exit\n")
            assert ann.ends() == 0
