"""An end that was announced."""

from dataclasses import dataclass, field

import pytest
from twisted.internet.task import Clock

from twisted_chat.core.events import Closing, Event
from twisted_chat.core.refusals import Refusal
from twisted_chat.countdown import REMINDERS, Countdown


@dataclass
class Told:
    """A countdown, and what it told and ended, each with the second at which it did."""

    clock: Clock = field(default_factory=Clock)
    announced: list[tuple[float, Event]] = field(default_factory=list)
    ended: list[tuple[float, str]] = field(default_factory=list)
    countdown: Countdown = field(init=False)

    def __post_init__(self) -> None:
        self.countdown = Countdown(
            self.clock,
            lambda event: self.announced.append((self.clock.seconds(), event)),
            lambda reason: self.ended.append((self.clock.seconds(), reason)),
        )


def test_an_end_without_delay_is_at_once_and_announced_by_whoever_ends() -> None:
    told = Told()
    assert told.countdown.stop(0.0, "backup") == "shutting down"
    assert told.ended == [(0.0, "backup")]
    assert told.announced == []


def test_an_end_after_a_while_is_announced_and_comes_then() -> None:
    told = Told()
    answer = told.countdown.stop(4.0, "backup")
    assert answer == "shutting down in 4s; shutdown cancel takes it back"
    told.clock.pump([3.9])
    assert told.ended == []
    told.clock.pump([0.1])
    assert told.ended == [(4.0, "backup")]
    assert told.announced == [(0.0, Closing(4.0, "backup"))]


def test_everyone_is_reminded_at_the_times_that_are_left() -> None:
    told = Told()
    told.countdown.stop(90.0, "backup")
    told.clock.pump([1.0] * 100)
    left = [(at, event.seconds) for at, event in told.announced if isinstance(event, Closing)]
    assert left == [(0.0, 90.0), (30.0, 60.0), (60.0, 30.0), (80.0, 10.0), (85.0, 5.0)]


@pytest.mark.parametrize("seconds", REMINDERS)
def test_nobody_is_told_twice_in_the_same_moment(seconds: float) -> None:
    told = Told()
    told.countdown.stop(seconds, "")
    told.clock.pump([seconds])
    assert len(told.announced) == len({event for _, event in told.announced})
    assert told.announced[0] == (0.0, Closing(seconds, ""))


def test_an_end_that_is_taken_back_does_not_come() -> None:
    told = Told()
    told.countdown.stop(90.0, "backup")
    assert told.countdown.stop(None, "not today") == "the shutdown is cancelled"
    told.clock.pump([10.0] * 20)
    assert told.announced == [(0.0, Closing(90.0, "backup")), (0.0, Closing(None, "not today"))]
    assert told.ended == []
    assert told.clock.getDelayedCalls() == []


def test_nothing_can_be_taken_back_when_nothing_is_under_way() -> None:
    told = Told()
    with pytest.raises(Refusal, match="No shutdown is under way"):
        told.countdown.stop(None, "")
    assert told.announced == []


def test_an_end_that_has_come_cannot_be_taken_back() -> None:
    told = Told()
    told.countdown.stop(1.0, "")
    told.clock.advance(1.0)
    with pytest.raises(Refusal):
        told.countdown.stop(None, "")


def test_a_second_end_takes_the_place_of_the_first() -> None:
    told = Told()
    told.countdown.stop(20.0, "first")
    told.countdown.stop(40.0, "second")
    told.clock.pump([1.0] * 60)
    assert told.ended == [(40.0, "second")]
    assert (10.0, Closing(30.0, "second")) in told.announced
    assert (10.0, Closing(10.0, "first")) not in told.announced


def test_an_end_at_once_takes_the_place_of_one_that_is_counted_down_to() -> None:
    told = Told()
    told.countdown.stop(20.0, "later")
    told.countdown.stop(0.0, "now")
    told.clock.advance(60.0)
    assert told.ended == [(0.0, "now")]
    assert told.clock.getDelayedCalls() == []


def test_cancel_says_whether_something_was_under_way() -> None:
    told = Told()
    assert not told.countdown.cancel()
    told.countdown.stop(20.0, "")
    assert told.countdown.cancel()
    assert not told.countdown.cancel()
    assert told.clock.getDelayedCalls() == []
