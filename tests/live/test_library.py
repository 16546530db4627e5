"""The library against a real daemon: the bot of docs/library.md, on both kinds of reactor."""

import re
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, client, daemon

PAGE = (Path(__file__).parents[2] / "docs" / "library.md").read_text()
ASYNCIO = "from twisted.internet import asyncioreactor; asyncioreactor.install()\n"


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    folder = tmp_path_factory.mktemp("chat")
    with daemon(folder, "--store", "sqlite:chat.sqlite", "--rate", "0") as running:
        yield running


@pytest.mark.parametrize("before", ["", ASYNCIO], ids=["default", "asyncio"])
def test_the_bot_of_the_page_answers(chat: Daemon, tmp_path: Path, before: str) -> None:
    [bot] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert bot.count("\n") <= 17
    (tmp_path / "bot.py").write_text(before + bot)
    program = (sys.executable, "bot.py", f"127.0.0.1:{chat.port}")
    with Talker(chat.port, "ann") as ann:
        ann.say("/join #ops")
        ann.reads("you talk in #ops")
        with client(tmp_path, argv=program):
            ann.reads("-- bot joined\r\n")
            ann.say("add 1 2 3")
            ann.reads("bot: ann: 6\r\n")
        ann.reads("-- bot left")
