"""Who comes while no more files may be opened waits."""

import os
import resource
from typing import Any, cast

import pytest
from twisted.internet.task import Clock
from twisted.internet.tcp import Port

from twisted_chat.gate import AGAIN, AT_ONCE, QUIET, SPARE, Gate, files_left


class Place:
    """A listening port, and people before it. ``room``: files that may still be opened."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.numberAccepts = 100
        self.waiting = self.taken = 0
        self.told: list[str] = []
        self.reading = True
        self.clock = Clock()
        self.gate = Gate(cast(Port, self), self.clock, self.told.append, self._left)

    def come(self, count: int) -> None:
        self.waiting += count
        self.turn()

    def turn(self) -> None:
        """The reactor asks those who are ready to be read."""
        if self.reading and self.waiting:
            self.doRead()

    def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.turn()

    def _left(self, most: int) -> int:
        return min(most, self.room)

    # what the gate asks of a port

    def doRead(self) -> Any:
        came = min(self.waiting, self.numberAccepts)
        self.waiting -= came
        self.taken += came
        self.room -= came

    def stopReading(self) -> None:
        self.reading = False

    def startReading(self) -> None:
        self.reading = True


def test_who_comes_is_let_in() -> None:
    place = Place(1000)
    place.come(3)
    assert (place.taken, place.told) == (3, [])


def test_of_a_crowd_some_are_let_in_at_once() -> None:
    place = Place(1000)
    place.come(100)
    assert place.taken == AT_ONCE


def test_as_many_are_let_in_as_files_may_be_opened_beside_the_spare_ones() -> None:
    place = Place(SPARE + 2)
    place.come(5)
    assert (place.taken, place.room) == (2, SPARE)


def test_the_others_wait_and_that_is_told_once() -> None:
    place = Place(SPARE + 2)
    place.come(5)
    for _ in range(int(QUIET / AGAIN) - 1):
        place.passes(AGAIN)
    assert place.waiting == 3
    [told] = place.told
    assert "no more files may be opened (ulimit -n)" in told


def test_while_somebody_waits_the_reactor_is_left_in_peace() -> None:
    place = Place(SPARE)
    place.come(1)
    assert not place.reading


def test_who_waits_is_let_in_within_a_second_after_there_is_room() -> None:
    place = Place(SPARE)
    place.come(1)
    place.room += 1
    place.passes(AGAIN)
    assert (place.taken, place.waiting) == (1, 0)


def test_a_gate_that_is_closed_lets_nobody_in_and_leaves_nothing_behind() -> None:
    place = Place(SPARE)
    place.come(1)
    place.gate.close()
    assert place.clock.getDelayedCalls() == []


def test_the_files_that_are_left_are_counted_and_left_as_they_were() -> None:
    before = len(os.listdir("/proc/self/fd"))
    assert files_left(5) == 5
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("more", [0, 3])
def test_no_more_are_counted_than_may_be_opened(more: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(50)]
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (held[-1] + 1 + more, hard))
        assert files_left(100) == more
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for one in held:
            os.close(one)
