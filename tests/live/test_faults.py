"""What a real daemon does when its machine runs out of something, or stops it for a while."""

import resource
import signal
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.live.daemon import PATIENCE, UNBUFFERED, Daemon, Talker, daemon, people
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


def test_while_it_is_stopped_nobody_is_idle_and_what_came_is_read(tmp_path: Path) -> None:
    limits = ("--idle-timeout", "3s", "--handshake-timeout", "3s", "--stall-timeout", "3s")
    with (
        daemon(tmp_path, *limits) as chat,
        people(chat.port, "ann", "bob", None) as (ann, bob, nameless),
    ):
        chat.signal(signal.SIGSTOP)
        ann.say("is anybody there?")
        time.sleep(6)
        chat.signal(signal.SIGCONT)
        bob.reads("ann: is anybody there?")
        bob.say("I am")
        ann.reads("bob: I am")
        nameless.enters("cy")
        assert "were silent" not in ann.text + bob.text


# what it never asks for

NAMES = """
import os, socket, time
def asked(*args, **kwargs):
    open(os.environ["ASKED"], "a").write(repr(args))
    time.sleep(3600)  # a name server that does not answer
for function in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getfqdn"):
    setattr(socket, function, asked)
"""


def test_no_name_server_is_asked_for_anything(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(NAMES)
    asked = tmp_path / "asked"
    env = {**UNBUFFERED, "PYTHONPATH": str(tmp_path), "ASKED": str(asked)}
    more = ("--listen", "tcp:0:interface=127.0.0.1", "--admin", "unix:a.sock")
    with daemon(tmp_path, *more, env=env) as chat:
        with people(chat.port, "ann", "bob") as (ann, bob):
            ann.say("hello", "/whois bob", "/msg bob psst", "/who", "/history", "exit")
            ann.reads_to_the_end()
            bob.reads("-- ann left")
            bob.say("/register", "a shed full of ladders", "a shed full of ladders")
            bob.reads("write them down")
        chat.type("/ban ip:192.0.2.7", "/bans", "/stats")
        chat.prints("connections so far")
        chat.empties()
        chat.signal(signal.SIGHUP)
        chat.prints("-- nothing has changed")
    assert not asked.exists(), asked.read_text()
