"""What a program asks for its own sake: is anybody there, and was this said already."""

import json
from typing import Any

import pytest

from tests.doors.house import House, Person
from tests.doors.test_line import JsonSpeech

PING = b'{"do":"ping","tag":7}\n'
PONG = {"type": "pong", "tag": 7, "time": 1763667000.0}


@pytest.fixture
def house() -> House:
    return House(JsonSpeech()).open()


def told(person: Person) -> list[dict[str, Any]]:
    """The objects that came since this was asked last."""
    data = person.wire.value()
    person.wire.clear()
    return [json.loads(line) for line in data.splitlines() if line.startswith(b"{")]


def say(text: str, once: str) -> bytes:
    return json.dumps({"do": "say", "text": text, "once": once, "tag": once}).encode() + b"\n"


def test_it_is_answered_before_a_name_is_given_and_after(house: House) -> None:
    someone = house.arrives()
    someone.sends(PING)
    assert told(someone)[-1] == PONG
    someone.enters("ann")
    someone.reads()
    someone.sends(PING)
    assert told(someone) == [PONG]


def test_who_only_asks_that_has_no_name_in_time(house: House) -> None:
    someone = house.arrives()
    for _ in range(3):
        house.passes(25)
        someone.sends(PING)
    assert not someone.here


def test_who_only_asks_that_is_silent(house: House) -> None:
    [ann] = house.enter("ann")
    for _ in range(21):
        house.passes(30)
        ann.sends(PING)
    assert not ann.here


def test_who_asks_that_is_as_silent_as_before_for_others(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    house.passes(60)
    ann.sends(PING)
    bob.says("/who")
    assert any("ann  here 1m, idle 1m" in line for line in bob.reads())


def test_what_is_said_by_a_word_is_refused_on_another_device_and_read_there(house: House) -> None:
    first, second = house.owns("ann"), house.owns("ann")
    for one in (first, second):
        told(one)
    first.sends(say("hi", "k1"))
    second.sends(say("hi", "k1") + say("ho", "k2"))
    assert [(one["type"], one.get("once")) for one in told(first)] == [
        ("said", "k1"),
        ("said", "k2"),
    ]
    read = told(second)
    assert [one.get("once") for one in read if one["type"] == "said"] == ["k1", "k2"]
    assert [one["tag"] for one in read if one["type"] == "refused"] == ["k1"]


@pytest.mark.parametrize("once", ["", "a-b", "é", "x" * 65, 7, "a b", "\x1b[2J"])
def test_a_word_is_of_letters_and_digits_and_not_long(house: House, once: object) -> None:
    [ann] = house.enter("ann")
    ann.sends(json.dumps({"do": "say", "text": "hi", "once": once}).encode() + b"\n")
    assert told(ann)[-1]["code"] == "bad-request"
