"""What one connection holds in memory, whatever comes over it, also when its peer reads nothing."""

import sys
from collections.abc import Iterator

import pytest

from tests.doors.house import House, Person
from tests.doors.test_line import TextSpeech
from twisted_chat.core.limits import Allowance
from twisted_chat.doors.line import LONGEST_REQUEST, ChatProtocol
from twisted_chat.gather import Gather
from twisted_chat.speech.questions import Question
from twisted_chat.speech.telnet import TelnetReader
from twisted_chat.visit import Visit

SEGMENT = 1 << 16
"""Bytes that Twisted reads at once."""

MOST = 2 * LONGEST_REQUEST + 4 * SEGMENT
"""A request in JSON, half of one that follows it, a paste, and answers: 512 KiB in all."""

OURS = (ChatProtocol, Visit, TelnetReader, Gather, Question)
HOSTILE = {
    "no end": b"x",
    "empty lines": b"\n",
    "short lines": b"x\n",
    "a paste": b"x" * 70 + b"\n",
    "NUL": b"\0",
    "CR": b"\r",
    "CR NUL": b"\r\0",
    "Latin-1": b"\xfcber\n",
    "UTF-16": "hello\n".encode("utf-16-le"),
    "help": b"/help\n",
    "unknown": b"/nothing of that kind\n",
    "questions": b"/register\n" + b"x" * 90 + b"\n",
    "are you there": b"\xff\xf6",
    "negotiation": b"\xff\xfd\x01",
    "a subnegotiation": b"\xff\xfa\x18" + b"x" * (SEGMENT - 3),
    "interrupts": b"ab\xff\xf4",
    "rubbing out": b"\xff\xf7a\x08",
    "bare commands": b"\xff",
}


def owned(thing: object, seen: set[int]) -> Iterator[object]:
    """All that a connection alone refers to: of others' only that they are there."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    yield thing
    for part in _parts(thing):
        yield from owned(part, seen)


def _parts(thing: object) -> Iterator[object]:
    if isinstance(thing, list | tuple):
        yield from thing
    elif isinstance(thing, OURS):
        names = [*getattr(thing, "__dict__", ()), *getattr(type(thing), "__slots__", ())]
        yield from (getattr(thing, name, None) for name in names)
    elif closure := getattr(thing, "__closure__", None):
        yield from (cell.cell_contents for cell in closure)


class Unread:
    """What it is sent piles up in its transport, which says so when there is enough."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._write = person.wire.write
        person.wire.clear()
        person.wire.write = self.write  # type: ignore[method-assign]

    def write(self, data: bytes) -> None:
        self._write(data)
        outbox = self._person.protocol.outbox
        if len(self._person.wire.value()) > SEGMENT and not (outbox.full or outbox.closed):
            outbox.pauseProducing()


def held(person: Person) -> int:
    """Bytes of all buffers of a connection, and what its transport could not send."""
    buffers = [
        one for one in owned(person.protocol, set()) if isinstance(one, str | bytes | bytearray)
    ]
    return sum(map(sys.getsizeof, buffers)) + len(person.wire.value())


def most_held(house: House, opening: bytes, noise: str) -> int:
    """At any time, of somebody who sends that and reads nothing."""
    person = house.arrives()
    person.sends(opening)
    Unread(person)
    wanted = HOSTILE[noise]
    segment = (wanted * (SEGMENT // len(wanted) + 1))[:SEGMENT]
    most = 0
    for _ in range(3):
        if person.here and not person.protocol.paused:
            person.sends_at_once(segment)
        most = max(most, held(person))
        house.turn()
        most = max(most, held(person))
    return most


@pytest.fixture
def house() -> House:
    return House(TextSpeech()).open()


@pytest.mark.parametrize("opening", [b"", b"ann\n", b"/json\n"], ids=["no name", "a name", "JSON"])
@pytest.mark.parametrize("noise", HOSTILE)
def test_whoever_reads_nothing_makes_us_hold_little(
    house: House, noise: str, opening: bytes
) -> None:
    assert most_held(house, opening, noise) < MOST


@pytest.mark.parametrize("noise", HOSTILE)
def test_nor_does_who_is_slowed(noise: str) -> None:
    house = House(TextSpeech())
    house.allowance = Allowance(rate=5.0, burst=20.0)
    assert most_held(house.open(), b"ann\n", noise) < MOST


def test_what_is_counted_is_what_comes(house: House) -> None:
    person = house.arrives()
    person.sends(b"/json\n")
    before = held(person)
    person.sends(b"x" * 50_000)
    assert 50_000 <= held(person) - before < 100_000
