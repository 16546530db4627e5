"""What a real daemon does when its machine runs out of something, or stops it for a while."""

import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon, people
from twisted_chat.gate import SPARE

SHORTAGE = "no more files may be opened"


@contextmanager
def room_for(chat: Daemon, more: int) -> Generator[None, None, None]:
    """So many more may come in: the daemon may open no other files, beside the spare ones."""
    pid = chat.process.pid
    opened = {int(one.name) for one in Path(f"/proc/{pid}/fd").iterdir()}
    free = set(range(max(opened))) - opened
    most = max(opened) + 1 + more + SPARE - len(free)
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


def is_silent(talker: Talker) -> bool:
    """Nothing comes for a while."""
    talker.socket.settimeout(0.3)
    try:
        return not talker.socket.recv(1)
    except TimeoutError:
        return True
    finally:
        talker.socket.settimeout(PATIENCE)


def test_without_files_who_comes_waits_and_all_others_talk_and_read_on(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        with (
            room_for(chat, 1),
            Talker(chat.port, "cy") as cy,
            people(chat.port, None, None, None) as waiting,
        ):
            assert all(is_silent(one) for one in waiting)
            ann.say("hello", "/history")
            bob.reads("ann: hello")
            ann.reads("ann: hello")
            cy.say("exit")
            cy.reads_to_the_end()
            waiting[0].enters("dan")
            assert is_silent(waiting[1])
        with Talker(chat.port, "eve"):
            chat.prints("-- eve joined")
        assert chat.output.count(SHORTAGE) == 1
        assert "EMFILE" not in chat.output
