"""What a daemon has taken of the memory, it gives back."""

import json
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, daemon
from tests.soak.meter import memory
from twisted_chat.heap import give_back_what_is_large

PATIENCE = 10.0


def guesses(chat: Daemon, address: str, count: int) -> list[Talker]:
    """So many passwords at the same time, each for a name of its own."""
    guessing = []
    for number in range(count):
        plug = socket.create_connection(("127.0.0.1", chat.port), PATIENCE, (address, 0))
        one = Talker(plug)
        asked = {"do": "enter", "name": f"ann{number}", "password": "battery staple"}
        one.say("/json", json.dumps(asked))
        guessing.append(one)
    return guessing


@pytest.mark.skipif(not give_back_what_is_large(), reason="this is no glibc")
def test_the_memory_for_hashing_passwords_is_given_back(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, ExitStack() as stack:
        stack.enter_context(Talker(chat.port, "ann"))  # what the first who comes needs is there
        start = memory(chat.process.pid)
        for one in guesses(chat, "127.0.2.1", 16):
            stack.enter_context(one).reads('"wrong-password"')
        end = time.monotonic() + PATIENCE
        while memory(chat.process.pid) > start + 15 and time.monotonic() < end:
            time.sleep(0.05)
        assert memory(chat.process.pid) < start + 15
