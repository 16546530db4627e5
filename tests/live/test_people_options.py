"""The options on who may enter, as twistd takes them."""

from pathlib import Path

import pytest

from tests.live.daemon import finished, twistd
from tests.live.nursery import TWISTD
from tests.live.test_options import assert_refused


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--auth", "nonsense"], "--auth nonsense: it checks no passwords"),
        (["--auth", "file:missing"], "--auth file:missing: No such file or directory"),
        (["--help-auth-type", "nonsense"], "nonsense"),
        (["--password-file", "missing"], "--password-file missing: No such file or directory"),
        (["--operator", "root"], "--operator root: The name root is kept"),
        (["--rooms", "all"], "--rooms wants free or operators, and not all"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_used_is_refused_in_one_line(
    tmp_path: Path, options: list[str], says: str
) -> None:
    assert_refused(twistd(*options), tmp_path, says)


def test_help_shows_those_checkers_that_check_passwords(tmp_path: Path) -> None:
    done = finished([TWISTD, "chat", "--help-auth"], tmp_path)
    shown = done.stdout.decode()
    assert [name in shown for name in ("file", "memory", "unix")] == [True] * 3
    assert "anonymous" not in shown
    assert done.returncode == 0


def test_help_shows_what_a_checker_wants(tmp_path: Path) -> None:
    done = finished([TWISTD, "chat", "--help-auth-type", "file"], tmp_path)
    assert b"username:password" in done.stdout
    assert done.returncode == 0
