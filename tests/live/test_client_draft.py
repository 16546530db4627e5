"""Our own client at a terminal, killed with -9 as the daemon is: what it had typed is offered."""

import signal
from pathlib import Path

import pytest

from tests.live.daemon import daemon, until
from tests.live.pseudo_terminal import seat
from tests.live.test_client import MODULE, at

STORE = ("--store", "sqlite:chat.sqlite")


def test_what_was_typed_and_not_kept_is_offered_by_the_next_and_what_was_kept_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with daemon(tmp_path, *STORE) as chat:
        program = [*MODULE, "--plain", at(chat, "ann")]
        with seat(program, tmp_path) as ann:
            ann.prints("exit leaves")
            ann.press("one\n")
            chat.prints("ann: one|ann.*one")
            chat.signal(signal.SIGSTOP)
            ann.press("two\n")
            drafts = tmp_path / "state" / "twisted-chat" / "drafts"
            until(
                lambda: any("two" in one.read_text() for one in drafts.glob("*.draft")),
                lambda: f"no draft in {list(drafts.glob('*'))}",
            )
            ann.signal(signal.SIGKILL)
        chat.is_killed()
    with (
        daemon(tmp_path, "--port", str(chat.port), *STORE, listen=False) as again,
        seat(program, tmp_path) as ann,
    ):
        ann.prints("perhaps not sent: two")
        assert "perhaps not sent: one" not in ann.output
        ann.press("two\n")
        again.prints("ann: two|ann.*two")
