"""The examples of docs/protocol.md, run as they stand there."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransportWithDisconnection

from tests.doors.house import KeepingStore, QuickPasswords
from tests.times import TIMES
from twisted_chat.core import refusals
from twisted_chat.core.chat import Chat, House
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.events import Event, Noted
from twisted_chat.core.limits import NO_LIMIT
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.requests import Request
from twisted_chat.doors.line import ChatFactory, ChatProtocol, DoorRules
from twisted_chat.hub import Hub
from twisted_chat.logs import LATEST
from twisted_chat.speech import commands
from twisted_chat.speech.lines_json import JsonDialect
from twisted_chat.speech.text import TextDialect
from twisted_chat.stores.memory import MemoryStore
from twisted_chat.visit import Rules
from twisted_chat.watch import Watch

PAGE = (Path(__file__).parents[1] / "docs" / "protocol.md").read_text()
EXAMPLES = re.findall(r"```chat( kept)?\n(.*?)```", PAGE, re.DOTALL)
"""Whether it happens in a chat that keeps what is said, and its lines."""


UNSEEN = (Noted,)
"""Entries that nobody reads."""


class Connection:
    """One of the connections of an example, and what it has not been compared with yet."""

    def __init__(self, factory: ChatFactory) -> None:
        self.protocol = ChatProtocol(factory)
        self.transport = StringTransportWithDisconnection()
        self.transport.protocol = self.protocol
        self.protocol.makeConnection(self.transport)

    def next_line(self) -> str:
        value: bytes = self.transport.value()
        line, end, rest = value.partition(b"\n")
        assert end, f"nothing more was sent, only {line!r}"
        self.transport.clear()
        self.transport.write(rest)
        return line.decode().removesuffix("\r")


class Example:
    """A chat of its own, at a fixed time."""

    def __init__(self, kept: bool) -> None:
        self.clock = Clock()
        chat = Chat(House(kept="for 30d", replay=20)) if kept else Chat()
        store = KeepingStore(TIMES.now) if kept else MemoryStore(TIMES.now)
        hub = Hub(chat, store, self.clock, times=TIMES)
        hub.keys.passwords = QuickPasswords()
        rules = Rules(NO_LIMIT, Watch(60))
        self.factory = ChatFactory(
            hub, rules, DoorRules(Bounds(500), 4096, TextDialect(TIMES), JsonDialect())
        )
        self.connections: dict[str, Connection] = {}

    def connection(self, name: str) -> Connection:
        if name not in self.connections:
            self.connections[name] = Connection(self.factory)
            self.clock.advance(LATEST)
        return self.connections[name]

    def run(self, text: str) -> None:
        for line in text.splitlines():
            name, kind, rest = re.fullmatch(r"(\w+)([<>]) (.*)", line).groups()  # type: ignore[union-attr]
            connection = self.connection(name)
            if kind == ">":
                connection.protocol.dataReceived(rest.encode() + b"\n")
                self.clock.advance(LATEST)
            else:
                assert re.fullmatch(as_it_stands(rest), connection.next_line())
        unread = {name: one.transport.value() for name, one in self.connections.items()}
        assert not any(unread.values()), unread
        for call in self.clock.getDelayedCalls():
            call.cancel()


def as_it_stands(line: str) -> str:
    """A pattern; ``…`` in a line stands for what is another each time."""
    return ".+".join(re.escape(part) for part in line.split("…"))


@pytest.mark.parametrize(
    ("kept", "text"), EXAMPLES, ids=[f"example {n}" for n in range(len(EXAMPLES))]
)
def test_an_example_of_the_page_happens_as_it_says(kept: str, text: str) -> None:
    Example(bool(kept)).run(text)


def test_the_page_has_examples_of_both_dialects_with_and_without_a_past() -> None:
    assert len(EXAMPLES) == 13
    assert sum('{"do"' in text for _, text in EXAMPLES) == 5
    assert [bool(kept) for kept, _ in EXAMPLES].count(True) == 5


def test_every_example_of_the_page_is_run() -> None:
    assert PAGE.count("```") == 2 * len(EXAMPLES)


def test_the_page_names_every_code_of_a_refusal_and_no_other() -> None:
    source = Path(refusals.__file__).read_text()
    page = PAGE[PAGE.index("| code | when |") :]
    first_cells = [row.split("|")[1] for row in page.splitlines()[2:] if row.startswith("|")]
    named = set(re.findall(r"`([a-z0-9-]+)`", " ".join(first_cells)))
    assert named == set(re.findall(r'Refusal\(\s*"([a-z0-9-]+)"', source))


def test_the_page_names_every_field_of_every_request_entry_and_answer() -> None:
    for kind in (*get_args(Request), *get_args(Event), *get_args(Answer)):
        if kind not in UNSEEN:
            missing = [field.name for field in fields(kind) if f"`{field.name}`" not in PAGE]
            assert not missing, (kind, missing)


@pytest.mark.parametrize("kinds", [Event, Answer])
def test_the_page_names_every_type_of_an_entry_and_an_answer(kinds: object) -> None:
    for kind in get_args(kinds):
        assert kind in UNSEEN or f"`{kind.__name__.lower()}`" in PAGE


def test_the_page_names_everything_that_can_be_asked() -> None:
    for command in commands.COMMANDS:
        assert f"`{command.name}`" in PAGE
