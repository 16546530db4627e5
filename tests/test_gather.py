"""Lines that come together are one thing that is said; a line alone hardly waits."""

import os
from dataclasses import dataclass, field

import pytest
from twisted.internet.task import Clock

from twisted_chat.gather import ALONE, MOST_BYTES, MOST_LINES, QUIET, Gather, pending


@dataclass
class Typist:
    clock: Clock = field(default_factory=Clock)
    said: list[list[str]] = field(default_factory=list)
    gather: Gather = field(init=False)

    def __post_init__(self) -> None:
        self.gather = Gather(self.clock, self.said.append)


@pytest.fixture
def typist() -> Typist:
    return Typist()


def test_a_line_alone_is_said_as_soon_as_no_other_can_be_behind_it(typist: Typist) -> None:
    typist.gather.add("hello", more=False)
    typist.clock.advance(ALONE)
    assert typist.said == [["hello"]]


def test_a_line_after_a_pause_is_alone_too(typist: Typist) -> None:
    for line in ("one", "two"):
        typist.gather.add(line, more=False)
        typist.clock.advance(ALONE)
    assert typist.said == [["one"], ["two"]]


def test_lines_that_come_together_are_said_after_a_pause(typist: Typist) -> None:
    for line in "abc":
        typist.gather.add(line, more=line != "c")
    typist.clock.advance(QUIET / 2)
    assert typist.said == []
    typist.clock.advance(QUIET)
    assert typist.said == [["a", "b", "c"]]


def test_each_line_makes_the_pause_begin_anew(typist: Typist) -> None:
    typist.gather.add("a", more=True)
    for line in "bcd":
        typist.clock.advance(QUIET * 0.9)
        typist.gather.add(line, more=False)
    typist.clock.advance(QUIET)
    assert typist.said == [["a", "b", "c", "d"]]


def test_a_line_that_comes_right_behind_one_alone_is_of_its_burst(typist: Typist) -> None:
    typist.gather.add("a", more=False)
    typist.clock.advance(ALONE * 0.9)
    typist.gather.add("b", more=False)
    typist.clock.advance(QUIET)
    assert typist.said == [["a", "b"]]


def test_what_is_ended_is_said_at_once_and_once(typist: Typist) -> None:
    typist.gather.add("a", more=True)
    typist.gather.end()
    typist.gather.end()
    typist.clock.advance(1)
    assert typist.said == [["a"]]
    assert not typist.clock.getDelayedCalls()


def test_a_burst_has_so_many_lines_and_the_rest_is_another(typist: Typist) -> None:
    for number in range(MOST_LINES + 2):
        typist.gather.add(str(number), more=True)
    typist.gather.end()
    assert [len(burst) for burst in typist.said] == [MOST_LINES, 2]


def test_a_burst_has_so_many_bytes_and_the_rest_is_another(typist: Typist) -> None:
    for _ in range(3):
        typist.gather.add("x" * (MOST_BYTES // 2), more=True)
    typist.gather.end()
    assert [len(burst) for burst in typist.said] == [2, 1]


def test_the_bound_counts_bytes_and_not_characters(typist: Typist) -> None:
    for _ in range(3):
        typist.gather.add("\u20ac" * (MOST_BYTES // 5), more=True)
    typist.gather.end()
    assert [len(burst) for burst in typist.said] == [2, 1]


def test_what_has_come_and_was_not_read_yet_is_known_from_the_kernel() -> None:
    reading, writing = os.pipe()
    try:
        assert pending(reading) == 0
        os.write(writing, b"hello\n")
        assert pending(reading) == 6
    finally:
        os.close(reading)
        os.close(writing)


def test_where_there_is_no_descriptor_nothing_is_pending() -> None:
    assert pending(None) == 0
