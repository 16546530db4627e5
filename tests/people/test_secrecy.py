"""Nothing of a private room is to be had outside it, by any command in either dialect.

Who is outside is answered as if there were no such room: the same words, in a house in which there
is none. Every command of the table is asked, and so is one that comes later.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import fields

import pytest

from tests.people.house import House, Line
from twisted_chat.core.chat import Chat
from twisted_chat.core.chat import House as Law
from twisted_chat.core.records import Account
from twisted_chat.core.requests import Join, Leave, Logout, Right
from twisted_chat.speech.commands import COMMANDS, Command

OWNERS = ("ann", "eve", "olga")
PASSWORD = "correct horse battery"
SECRETS = ("waterfall", "moonshine", "candlestick")
"""A topic, what was said, and what was done there and why."""

REVEALS = frozenset({"join", "room"})
"""Commands that have to say that a name is taken; they tell no more than that."""

ENDS = (Leave, Logout)

SHAPES = (
    *("", "#den", "den", "#den word", "word #den", "word #den word", "ann", "ann #den", "#den ann"),
    *("1", "2", "last ann", "#den 50 ids", "from:ann {topic}", "{topic}", "{said}", "{reason}"),
    *("set #den open", "transfer #den eve", "rename #den #pit", "delete #den", "set #den listed"),
    *("--dry-run #den ann", "--dry-run ann", "--yes #den ann forever", "info", "export", "ann 10m"),
)
VALUES = {
    "room": ("", "#den"),
    "name": ("", "ann", "eve"),
    "to": ("ann", "#den"),
    "target": ("ann", "eve", "#den"),
    "what": ("", "set", "delete", "rename", "transfer", "info", "export", "list", "#den"),
    "value": ("", "open", "#pit", "eve"),
    "entry": ("last", "1"),
    "number": ("1", "2"),
    "text": ("#den", *SECRETS),
    "reason": ("",),
    "duration": ("",),
    "delay": ("cancel",),
}
"""What a request in JSON has in its fields; a field that comes later has what may give it away."""

OTHERS = ("", "#den")


class Outsider:
    """One connection outside, and all that it reads."""

    def __init__(self, house: House, json: bool, name: str) -> None:
        self.house, self.read = house, b""
        self.line = Line(house, json, "192.0.2.9", self._hears)
        owned = name in OWNERS
        if json:
            self.sends(_json(do="enter", name=name, password=PASSWORD if owned else None))
        for text in () if json else (name, PASSWORD)[: 1 + owned]:
            self.sends(text)

    def _hears(self, data: bytes) -> None:
        self.read += data

    def sends(self, line: str) -> str:
        """What is answered to it, all told."""
        self.read = b""
        self.line.sends(line.encode())
        self.house.settle()
        return self.read.decode()


def _json(**request: object) -> str:
    return json.dumps({name: given for name, given in request.items() if given is not None})


def opened(secret: bool) -> House:
    """A chat of ann and eve. If there is a secret, ann is in her private room #den, where eve has
    been too."""
    law = Law(calm=False, kept="forever", replay=5, operators=frozenset({"olga"}))
    chat = Chat(house=law)
    for name in OWNERS:
        chat.remember(Account(name, name, f"plain:{PASSWORD}", (), 1))
    house = House(chat, kept=True)
    lines = {name: Line(house, False, "192.0.2.1", _nobody) for name in ("ann", "eve")}
    came = [(name, text) for name in lines for text in (name, PASSWORD)]
    came.append(("eve", "/join #lobby"))
    for name, text in (*came, *(HAPPENED if secret else ())):
        lines[name].sends(text.encode())
        house.settle()
    return house


def _nobody(data: bytes) -> None:
    """It is not looked at."""


HAPPENED = (
    ("ann", "/join #den"),
    ("eve", "/join #den"),
    ("ann", "/room set #den invite-only"),
    ("eve", "/leave #den"),
    ("ann", f"/topic {SECRETS[0]}"),
    ("ann", f"/me looks for {SECRETS[1]}, eve"),
    ("ann", f"/say #den {SECRETS[1]}, eve"),
    ("ann", f"/ban #den zoe forever {SECRETS[2]}"),
    ("ann", f"/mute #den yan forever {SECRETS[2]}"),
)


def typed(command: Command) -> Iterator[str]:
    words = dict(zip(("topic", "said", "reason"), SECRETS, strict=True))
    for name in (command.name, *command.aliases):
        for shape in SHAPES:
            yield f"/{name} {shape.format(**words)}".rstrip()


def requested(command: Command) -> Iterator[str]:
    """Each field with each of its values, beside others as they are first; and all together."""
    names = [field.name for field in fields(command.request) if field.type is not bool]
    first = {name: VALUES.get(name, OTHERS)[-1] for name in names}
    yield _json(do=command.name)
    yield _json(do=command.name, **first)
    for name in names:
        for value in VALUES.get(name, OTHERS):
            yield _json(do=command.name, **(first | {name: value}))
            yield _json(do=command.name, **{name: value, "room": "#den"})


def answers(secret: bool, person: tuple[bool, str], lines: list[str]) -> list[str]:
    house = opened(secret)
    outsider = Outsider(house, *person)
    told = [_timeless(outsider.sends(line)) for line in lines]
    house.ends()
    return told


def _timeless(told: str) -> str:
    """Without what depends on how long all that took."""
    return re.sub(
        r'\d\d:\d\d|here \S+, idle \S+|idle \S+|"(?:id|time|here|idle|last)":[\d.]+', "", told
    )


Lines = Callable[[Command], Iterator[str]]
DIALECTS = ((False, typed), (True, requested))
TALKING = [command for command in COMMANDS if command.request not in ENDS]
ASKING = [
    command
    for command in TALKING
    if command.request.needs is Right.GUEST and command.request is not Join
]
"""An operator may enter, which all who are there see."""


@pytest.mark.parametrize("dialect", DIALECTS, ids=("text", "json"))
@pytest.mark.parametrize("name", ["gil", "eve"])
@pytest.mark.parametrize("command", TALKING, ids=lambda command: command.name)
def test_outside_a_private_room_it_is_as_if_there_were_none(
    command: Command, name: str, dialect: tuple[bool, Lines]
) -> None:
    json, lines = dialect
    asked = list(lines(command))
    told, without = (answers(secret, (json, name), asked) for secret in (True, False))
    for line, there, nowhere in zip(asked, told, without, strict=True):
        assert not any(secret in there and secret not in line for secret in SECRETS), line
        if command.name not in REVEALS:
            assert there == nowhere, line


@pytest.mark.parametrize("dialect", DIALECTS, ids=("text", "json"))
@pytest.mark.parametrize("command", ASKING, ids=lambda command: command.name)
def test_an_operator_outside_reads_no_topic_and_no_line_either(
    command: Command, dialect: tuple[bool, Lines]
) -> None:
    json, lines = dialect
    asked = list(lines(command))
    for line, told in zip(asked, answers(True, (json, "olga"), asked), strict=True):
        assert not any(secret in told and secret not in line for secret in SECRETS[:2]), line
