"""Storms at a real daemon, in which a member's line has to come through. They take minutes."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, daemon
from tests.live.test_crowds import from_address, named
from tests.soak.meter import memory

pytestmark = pytest.mark.slow

UNBOUND = ("--per-address", "0", "--nameless", "0", "--connects", "0", "--no-console")

PROMPT = 5.0
"""Seconds for one line, on a machine that does three other things; it is told how many it took."""


def line_takes(port: int, number: int) -> float:
    """Seconds for a line of somebody who has just come."""
    with (
        named("127.0.1.1", port, f"ann{number}") as ann,
        named("127.0.1.2", port, f"bob{number}") as bob,
    ):
        began = time.monotonic()
        ann.say(f"hello {number}")
        bob.reads(f"ann{number}: hello {number}\r\n")
        return time.monotonic() - began


@contextmanager
def many(port: int, count: int) -> Iterator[list[socket.socket]]:
    """So many connections from fifty addresses."""
    with ExitStack() as stack:
        plugs = []
        for number in range(count):
            plug = stack.enter_context(closing(socket.socket()))
            plug.bind((f"127.0.2.{number % 50 + 1}", 0))
            plug.settimeout(PATIENCE)
            plug.connect(("127.0.0.1", port))
            plugs.append(plug)
        yield plugs


@pytest.fixture
def files() -> Iterator[None]:
    """As many open files as there may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 11_000:
        pytest.skip("ten thousand files may not be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("files")
def test_ten_thousand_idle_ones_slow_nobody_and_their_memory_is_used_again(tmp_path: Path) -> None:
    with daemon(tmp_path, *UNBOUND, "--max-clients", "10500") as chat:
        taken = []
        for storm in range(2):
            with many(chat.port, 10_000):
                assert line_takes(chat.port, storm) < PROMPT
            settles(chat)
            taken.append(memory(chat.process.pid))
        assert taken[1] < taken[0] * 1.15, taken


def settles(chat: Daemon) -> None:
    """Wait until the daemon has nothing more to do for those who are gone."""
    time.sleep(1)
    assert line_takes(chat.port, 99) < PATIENCE


def test_a_storm_that_goes_on_and_on_is_cut_and_costs_no_memory(tmp_path: Path) -> None:
    with daemon(tmp_path, "--no-console") as chat:
        took = [line_takes(chat.port, 0)]  # what the first who comes needs is there then
        start = memory(chat.process.pid)
        for number in range(5000):
            with from_address("127.0.2.1", chat.port):
                pass
            if number % 1000 == 999:
                took.append(line_takes(chat.port, number))
        assert max(took) < PROMPT, took
        assert memory(chat.process.pid) < start + 10
        assert chat.output.count("[TURNED AWAY]") < 200
