"""Our own client at a terminal: what a person sees who talks there."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, daemon
from tests.live.screens import Person, talks


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat"), "--rate", "0", "--store", "memory:") as one:
        yield one


@pytest.fixture
def bob(chat: Daemon) -> Generator[Talker, None, None]:
    with Talker(chat.port, "bob") as talker:
        yield talker
    chat.empties()


@pytest.fixture
def ann(chat: Daemon, bob: Talker, tmp_path: Path) -> Generator[Person, None, None]:
    with talks(tmp_path, f"ann@127.0.0.1:{chat.port}") as person:
        bob.reads("-- ann joined\r\n")
        yield person


def test_what_is_said_stands_above_the_line_being_typed(ann: Person, bob: Talker) -> None:
    ann.press("I am just ty")
    bob.say("hello ann")
    ann.sees(r"^\d\d:\d\d›bob: hello ann\n> I am just ty\n #lobby .* \d+ ms$")
    ann.types("ping")
    ann.sees(r"^      ann: I am just typing\n>$")
    bob.reads("ann: I am just typing\r\n")
