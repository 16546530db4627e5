"""A daemon that root starts: it says that it is root's, and the line that it shows is another
user's. ``pytest -n 0 tests/live/test_root.py`` as root runs what is passed over elsewhere."""

import os
import pwd
import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, as_daemon, people
from tests.live.nursery import TWISTD
from twisted_chat.welcome import as_root

NOBODY = pwd.getpwnam("nobody")

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")


def is_readable(path: str) -> bool:
    """By whoever is on this machine."""
    return all(one.stat().st_mode & 0o5 == 0o5 for one in Path(path).resolve().parents)


needs_a_python_for_all = pytest.mark.skipif(
    not (is_readable(os.__file__) and is_readable(TWISTD)), reason="this Python is root's alone"
)


@pytest.fixture
def hers() -> Iterator[Path]:
    """A folder of hers, at a place where she may look: pytest's own are for root alone."""
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, NOBODY.pw_uid, NOBODY.pw_gid)
        yield Path(folder)


@pytest.fixture
def chat(tmp_path: Path, hers: Path) -> Iterator[Daemon]:
    argv = [TWISTD, "-n", "--pidfile=", "chat", "--port", "0"]
    line = as_root(argv, NOBODY.pw_name, str(hers))[-1]
    with as_daemon(shlex.split(line), tmp_path) as chat:
        yield chat


@needs_a_python_for_all
def test_the_line_that_root_is_shown_runs_it_as_another_in_her_folder(
    chat: Daemon, hers: Path
) -> None:
    with people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("hello")
        bob.reads("ann: hello\r\n")
        status = Path(f"/proc/{chat.process.pid}/status").read_text()
        assert f"Uid:\t{NOBODY.pw_uid}\t{NOBODY.pw_uid}\t" in status
        assert {path.stat().st_uid for path in hers.iterdir()} == {NOBODY.pw_uid}
        assert "this runs as root" not in chat.output


def test_roots_own_says_so_once(tmp_path: Path) -> None:
    argv = [TWISTD, "-n", "--pidfile=", "chat", "--port", "0"]
    with as_daemon(argv, tmp_path) as chat, Talker(chat.port, "ann"):
        chat.prints("-- ann joined")
        assert chat.output.count("this runs as root") == 1
