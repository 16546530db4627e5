"""Every text that means harm, in every place where a text can stand, in both dialects: what all
others read, and the console, and the log, acts on no terminal and forges no line."""

import json
from collections.abc import Generator, Iterator
from dataclasses import fields
from io import StringIO
from math import inf
from typing import Any, get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from twisted.internet.testing import StringTransport
from twisted.logger import globalLogPublisher, textFileLogObserver

from tests.doors.house import House, KeepingStore, Person
from tests.doors.test_line import TextSpeech
from tests.times import TIMES
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat
from twisted_chat.core.limits import NO_LIMIT, Allowance
from twisted_chat.core.requests import Leave, Request
from twisted_chat.doors.console import Console
from twisted_chat.doors.journal import Journal
from twisted_chat.speech.clean import clean
from twisted_chat.speech.commands import COMMANDS
from twisted_chat.speech.text import GREETING
from twisted_chat.visit import Rules
from twisted_chat.watch import Watch

FORGED = "Server: forged"

HOSTILE = {
    "sequences": [
        "\x1b[2Jx",
        "x\x1b]0;owned\x07",
        "x\x1bPq\x1b\\",
        "\x1b_x\x1b\\",
        "\x1b^x",
        "x\x1b(0q",
    ],
    "unfinished": ["\x1b", "x\x1b[", "x\x1b[31;", "\x1bXx", "\x1b]0;x", "\x1bP"],
    "colours": [
        "\x1b[31mx\x1b[K\x1b[m",
        "\x1b]8;;http://x\x07x\x1b]8;;\x07",
        "\x1b[200~x\x1b[201~",
    ],
    "eight bits": ["\x9b2Jx", "\x90x\x9c", "\x9dx", "\x98x", "\x9ex", "\x9fx", "x\x84y"],
    "controls": [
        "x\x07\x07",
        "x\x08\x08\x08y",
        "x\x7f\x7fy",
        "x\x00y",
        "x\x0ey",
        "x\x0fy",
        "\x05x",
    ],
    "ends": [f"x{end}{FORGED}" for end in "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"],
    "order": [
        "x\u202egnp.exe",
        "x\u202dy",
        "x\u2066y",
        "x\u2067y\u2069",
        "x\u2069",
        "\u200fx",
        "\u061cx",
    ],
    "hidden": [
        "x\ufeffy",
        "x\u206ay",
        "x\ufff9y\ufffaz\ufffb",
        "x\U000e0041\U000e0042",
        "\U000e0001x",
    ],
    "nothing": ["x\ufffe", "x\ufdd0", "x\U0010ffff", "x\ue000"],
    "marks": ["x\u200b\u200c\u200dy", "x" + "\u0301" * 40, "\u0301x", "x\ufe0f\ufe0e"],
    "names": ["-h", "--help", "../x", "{x}", "%s%n", "x'\"\\", "x\tb", "Server", "a" * 60],
}
JSON_ONLY = {
    "lines": [
        f"x\n{FORGED}",
        f"x\r\n{FORGED}",
        f"x\n-- end of paste 1\n{FORGED}",
        "x\n\x1b[2J",
        "x\n\x85",
    ],
    "halves": ["x\ud800", "\udfffx", "x\n\ud800"],
}
"""What no line of text can have in it."""

LINES = [
    f"/{command.name} {before}"
    for command in COMMANDS
    for before in ("", "zed ", "#lab ", "set ", "zed 1h ")
    if command.request is not Leave
]


class Stage:
    """Ann may do everything, eve is a guest; bob and a program read, and so do the operator, the
    log, and who comes later."""

    def __init__(self, log: StringIO) -> None:
        house = House(TextSpeech(), most=1000)
        house.chat = Chat(chat.House(kept="forever", replay=20, operators=frozenset({"ann"})))
        house.chat.house.calm = False
        house.store = KeepingStore(TIMES.now)
        house.open().hub.stop = lambda seconds, reason: reason
        house.hub.reread = lambda what: what
        house.hub.seat(Journal())
        self.house, self.log = house, log
        self.screen = StringTransport()
        Console(house.hub, Rules(NO_LIMIT, Watch(inf))).makeConnection(self.screen)
        self.ann, self.eve = house.owns("ann"), house.arrives()
        self.eve.enters("eve")
        self.bob, self.bot = house.arrives(), self.program("bot")
        self.bob.enters("bob")
        for person in (self.ann, self.eve, self.bob):
            person.says("/join #lab")
        self.bot.sends(asked({"do": "join", "room": "#lab"}))

    def program(self, name: str) -> Person:
        program = self.house.arrives()
        program.sends(b"/json\n" + asked({"do": "enter", "name": name}))
        return program

    def read_by_all(self) -> tuple[list[str], list[str]]:
        """The lines that people read, and those that programs do."""
        late = self.house.arrives()
        late.enters("late")
        late.says("/motd", "/who", "/list", "/history 20", "/show 1", "/bans", "exit")
        people = [*(person.wire for person in (self.ann, self.eve, self.bob, late)), self.screen]
        told = [wire.value().decode() for wire in people]
        assert all(text.count("\n") == text.count("\r\n") for text in told[:-1])
        lines = [line for text in told for line in text.replace("\r\n", "\n").split("\n")]
        assert self.bob.wire.connected
        self.log.seek(0)
        greeting, *objects = self.bot.wire.value().decode().removesuffix("\n").split("\n")
        assert greeting == f"{GREETING}\r"
        return lines + self.log.read().split("\n"), objects


def asked(message: dict[str, Any]) -> bytes:
    return json.dumps({"tag": 1, **message}).encode() + b"\n"


@pytest.fixture
def stage() -> Generator[Stage, None, None]:
    log = StringIO()
    observer = textFileLogObserver(log)
    globalLogPublisher.addObserver(observer)
    yield Stage(log)
    globalLogPublisher.removeObserver(observer)


def strings(held: object) -> Iterator[str]:
    """All texts in an object, whatever it is made of."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict | list):
        for one in held.values() if isinstance(held, dict) else held:
            yield from strings(one)


def require_harmless(stage: Stage) -> None:
    shown, objects = stage.read_by_all()
    in_paste = False
    for line in shown:
        in_paste = line.startswith("-- paste ") or (in_paste and not line.startswith("-- end of"))
        assert clean(line.replace("\t", "")) == line.replace("\t", ""), repr(line)
        assert in_paste or not line.startswith(FORGED), line
    for line in objects:
        assert clean(line) == line, repr(line)
        for text in strings(json.loads(line)):
            for part in text.split("\n"):
                held = part.removesuffix("\r").replace("\t", "")
                assert clean(held) == held, repr(line)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_line_harms_nobody_wherever_it_stands(stage: Stage, kind: str) -> None:
    for text in HOSTILE[kind]:
        lines = [*(f"{before}{text}" for before in LINES), text, f"#lab {text}", f"/{text}"]
        stage.ann.sends("".join(f"{line}\n\n" for line in lines).encode())
        stage.eve.sends("".join(f"{line}\n\n" for line in lines).encode())
        stage.house.arrives().sends(f"{text}\nzed\n{text}\n/{text}\n".encode())
        stage.house.passes(1)
    stage.ann.sends(f"/kick eve {HOSTILE[kind][0]}\n".encode())
    require_harmless(stage)


@pytest.mark.parametrize("kind", HOSTILE | JSON_ONLY)
def test_a_field_harms_nobody_whatever_is_asked(stage: Stage, kind: str) -> None:
    usual = {"to": "bob", "name": "bob", "target": "zed", "room": "#lab", "what": "set"}
    speaker, guest = stage.program("ann2"), stage.program("eve2")
    for text in (HOSTILE | JSON_ONLY)[kind]:
        lines = [asked({"do": text}), asked({"do": "who", "tag": text}), asked({text: text})]
        for request in get_args(Request):
            name = next((one.name for one in COMMANDS if one.request is request), "enter")
            texts = [one.name for one in fields(request) if one.type is str]
            given = {"do": name} | {one: usual.get(one, "x") for one in texts}
            lines += [asked(given | {one: text}) for one in texts]
        for person in (speaker, guest):
            person.sends(b"".join(lines))
        stage.house.arrives().sends(b"/json\n" + b"".join(lines))
        stage.house.passes(1)
    require_harmless(stage)


@pytest.mark.parametrize("kind", HOSTILE | JSON_ONLY)
def test_a_paste_harms_nobody(stage: Stage, kind: str) -> None:
    stage.house.factory.rules.allowance = Allowance(rate=1000.0, burst=4000.0)
    program = stage.program("eve2")
    for text in (HOSTILE | JSON_ONLY)[kind]:
        if kind in HOSTILE:
            stage.ann.sends(f"one\n\ttwo\n{text}\nthree\nfour\nfive\n{text}\n".encode())
        program.sends(asked({"do": "say", "text": f"one\n{text}\r\nthree"}))
        stage.house.passes(1)
    require_harmless(stage)


FIELDS = st.sampled_from(["do", "tag", "text", "name", "after", "room", "yes", "to"])
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)
ODD = [
    b'{"do":"who","tag":1e999}',
    b'{"do":"who","tag":-0,"x":[' + b"9" * 100_000 + b"]}",
    b'{"do":"who","tag":7,"tag":8}',
    b'{"do":"who","tag":7,"x":' + b"[" * 60_000 + b"]" * 60_000 + b"}",
    b'{"do":"who","tag":7,"x":' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
    b"[1,2]",
    b"\xef\xbb\xbf{}",
    b"",
    b'{"do":"who","tag":"\\ud800"}',
    b"\x00",
]


@settings(max_examples=60)
@given(st.lists(ANY_JSON.map(json.dumps).map(str.encode) | st.binary(max_size=40), max_size=6))
@example(ODD)
def test_whatever_a_program_sends_it_is_answered_and_heard_on(lines: list[bytes]) -> None:
    house = House(TextSpeech()).open()
    program = house.arrives()
    program.sends(b"/json\n")
    for line in lines:
        program.sends(line.replace(b"\n", b"") + b"\n")
    program.sends(asked({"do": "help", "tag": "still here"}))
    assert program.here
    answers = [json.loads(line) for line in program.wire.value().split(b"\n")[1:-1]]
    assert answers[-1]["tag"] == "still here"
