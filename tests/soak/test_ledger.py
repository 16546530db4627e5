"""The checkers of the soak find what is wrong: each of the faults that they are there for."""

import pytest

from tests.chaos.check import Fault
from tests.soak.forbidden import controls, forbidden
from tests.soak.ledger import Latencies, Ledger
from tests.soak.people import Evening, Person, Program

ANN = "#lobby well1"


def read(*numbers: int, said: int = 3) -> list[Fault]:
    ledger = Ledger("well0")
    for number in numbers:
        ledger.note(ANN, number)
    return ledger.faults({ANN: said})


def fault(kind: str, count: int, example: int) -> list[Fault]:
    return [Fault(kind, f"well0 of {ANN}", count, example)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        ((1, 2, 3), []),
        ((1, 3), fault("lost", 1, 2)),
        ((1,), fault("lost", 2, 2)),
        ((), fault("lost", 3, 1)),
        ((1, 2, 2, 3), fault("doubled", 1, 3)),
        ((1, 3, 2), fault("out of order", 1, 3)),
        ((1, 2, 3, 4), fault("altered", 1, 4)),
    ],
)
def test_what_is_wrong_with_what_was_read_is_found(
    numbers: tuple[int, ...], faults: list[Fault]
) -> None:
    assert read(*numbers) == faults


def test_of_somebody_nobody_has_heard_of_nothing_can_have_been_said() -> None:
    ledger = Ledger("well0")
    ledger.note("#lobby well99", 1)
    assert [fault.kind for fault in ledger.faults({})] == ["altered"]


def test_half_of_the_latencies_are_below_the_median() -> None:
    latencies = Latencies()
    for milliseconds in range(1, 1001):
        latencies.note(milliseconds)
    assert latencies.of(0.5) == pytest.approx(500, rel=0.03)
    assert latencies.of(0.99) == pytest.approx(990, rel=0.03)
    assert latencies.figures["max"] == 1000


@pytest.mark.parametrize(
    "line",
    [
        b"ann: \x1b[2J",
        b"ann: \x07",
        b"ann: a\rbob: b",
        b"ann: \x7f",
        b"ann: \xff",
        "ann: \x9b1m".encode(),
        "ann: \x85".encode(),
        "ann: \u202e".encode(),
        "ann: \u2028".encode(),
    ],
)
def test_what_is_forbidden_is_seen(line: bytes) -> None:
    assert forbidden(line)


@pytest.mark.parametrize("line", ["ann: hello", "ann: grüße 你好 👩‍👩‍👧‍👦", "שלום", ""])
def test_what_people_write_is_not(line: str) -> None:
    assert not forbidden(line.encode())
    assert not controls(line.encode())


def at(kind: type[Person], *lines: str) -> tuple[Person, Evening]:
    evening = Evening(port=0)
    person = kind(0, "#room0", "well1", evening)
    person.data_received("".join(lines).encode())
    return person, evening


def test_a_person_notes_what_is_said_where_and_what_is_told_to_her() -> None:
    said = ("well1: ~1 0\r\n", "#lobby well2: ~1 0\r\n", "[well3] ~1 0\r\n", "bob: ~2 0\r\n")
    person, evening = at(Person, *said)
    assert set(person.ledger.of) == {"#room0 well1", "#lobby well2", "@well0 well3"}
    assert not evening.words


def test_a_program_notes_the_same() -> None:
    person, evening = at(
        Program,
        '{"type":"said","room":"#room0","name":"well1","text":"~1 0"}\n',
        '{"type":"told","room":"@well0","name":"well3","to":"well0","text":"~1 0"}\n',
        '{"type":"said","room":"#room0","name":"bob","text":"~1 0"}\n',
    )
    assert set(person.ledger.of) == {"#room0 well1", "@well0 well3"}
    assert not evening.words


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        (Person, "ann: \x1b[2J\r\n"),
        (Person, "ann: no carriage return\n"),
        (Person, "-- not sent: the chat cannot keep it just now.\r\n"),
        (Person, "-- 213 messages skipped\r\n"),
        (Program, '{"type":"refused","code":"not-kept","text":"no"}\n'),
        (Program, '{"type":"said","text":"\x1b"}\n'),
    ],
)
def test_each_complains_of_what_nobody_should_read(kind: type[Person], line: str) -> None:
    _, evening = at(kind, line)
    assert len(evening.words) == 1


def test_who_loses_the_connection_complains() -> None:
    person, evening = at(Person)
    person.connection_lost(None)
    assert "lost its connection" in evening.words[0]
