"""Flood and idle rules, as arithmetic on now."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core.limits import Allowance, Deadlines


def read_times(allowance: Allowance, pauses: list[float]) -> list[float]:
    """When each line is read of somebody who pauses so long of her own, and obeys ``wait``."""
    now, due, times = 1000.0, 0.0, []
    for pause in pauses:
        now += max(pause, allowance.wait(due, now))
        due = allowance.spend(due, now)
        times.append(now)
    return times


def test_the_burst_passes_at_once_and_the_next_line_waits() -> None:
    allowance = Allowance(rate=2.0, burst=5.0)
    times = read_times(allowance, [0.0] * 6)
    assert times == [1000.0] * 5 + [1000.5]


def test_in_the_long_run_the_rate_is_reached_and_not_passed() -> None:
    times = read_times(Allowance(rate=4.0, burst=8.0), [0.0] * 408)
    assert times[-1] - times[0] == pytest.approx(100.0)


def test_a_pause_gives_the_burst_back_and_no_more() -> None:
    allowance = Allowance(rate=1.0, burst=3.0)
    times = read_times(allowance, [0.0, 0.0, 0.0, 500.0, 0.0, 0.0, 0.0])
    assert [time - times[3] for time in times[3:]] == [0.0, 0.0, 0.0, 1.0]


def test_somebody_slower_than_the_rate_never_waits() -> None:
    allowance, due = Allowance(rate=1.0, burst=1.0), 0.0
    for now in range(10, 30):
        assert allowance.wait(due, now) == 0.0
        due = allowance.spend(due, now)


@given(
    rate=st.floats(0.1, 100.0),
    burst=st.floats(1.0, 50.0),
    pauses=st.lists(st.floats(0.0, 5.0) | st.just(0.0), min_size=2, max_size=60),
)
def test_in_no_period_more_lines_pass_than_burst_and_rate_allow(
    rate: float, burst: float, pauses: list[float]
) -> None:
    times = read_times(Allowance(rate, burst), pauses)
    for first, start in enumerate(times):
        for last in range(first, len(times)):
            period = times[last] - start
            assert last - first + 1 <= burst + rate * period + 1e-6


@given(st.floats(0.1, 100.0), st.floats(1.0, 50.0), st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_who_waits_as_long_as_told_waits_no_more(
    rate: float, burst: float, due: float, now: float
) -> None:
    allowance = Allowance(rate, burst)
    wait = allowance.wait(due, now)
    assert wait >= 0.0
    assert allowance.wait(due, now + wait) <= 1e-6


def test_rate_zero_is_no_limit() -> None:
    allowance = Allowance(rate=0.0, burst=1.0)
    assert read_times(allowance, [0.0] * 3) == [1000.0] * 3


def test_those_whose_time_is_up_come_out_the_longest_silent_first() -> None:
    deadlines: Deadlines[str] = Deadlines(10.0)
    for now, who in enumerate(["ann", "bob", "cy", "ann"]):
        deadlines.touch(who, float(now))
    assert list(deadlines.overdue(12.0)) == ["bob", "cy"]
    assert list(deadlines.overdue(13.0)) == ["ann"]


def test_nobody_is_overdue_before_the_limit_and_everybody_is_at_it() -> None:
    deadlines: Deadlines[str] = Deadlines(10.0)
    deadlines.touch("ann", 5.0)
    assert list(deadlines.overdue(14.9)) == []
    assert list(deadlines.overdue(15.0)) == ["ann"]


def test_who_is_overdue_is_given_once() -> None:
    deadlines: Deadlines[str] = Deadlines(1.0)
    deadlines.touch("ann", 0.0)
    assert list(deadlines.overdue(9.0)) == ["ann"]
    assert list(deadlines.overdue(99.0)) == []


def test_who_is_forgotten_is_never_overdue() -> None:
    deadlines: Deadlines[str] = Deadlines(1.0)
    deadlines.touch("ann", 0.0)
    deadlines.forget("ann")
    deadlines.forget("somebody who was never touched")
    assert list(deadlines.overdue(99.0)) == []


def test_others_may_be_forgotten_and_touched_while_the_overdue_are_taken() -> None:
    deadlines: Deadlines[str] = Deadlines(1.0)
    for who in ("ann", "bob", "cy"):
        deadlines.touch(who, 0.0)
    taken = deadlines.overdue(5.0)
    assert next(taken) == "ann"
    deadlines.forget("bob")
    deadlines.touch("ann", 5.0)
    assert list(taken) == ["cy"]


def test_a_limit_that_comes_later_holds_for_who_was_silent_before() -> None:
    deadlines: Deadlines[str] = Deadlines(inf)
    deadlines.touch("ann", 0.0)
    assert list(deadlines.overdue(1e9)) == []
    deadlines.limit = 1.0
    assert list(deadlines.overdue(1e9)) == ["ann"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=40))
def test_overdue_is_what_a_list_of_last_touches_says(touches: list[tuple[int, int]]) -> None:
    deadlines: Deadlines[int] = Deadlines(7.0)
    last: dict[int, int] = {}
    now = 0
    for who, passes in touches:
        now += passes
        deadlines.touch(who, now)
        last[who] = now
    given_out = list(deadlines.overdue(now + 5))
    assert set(given_out) == {who for who, at in last.items() if now + 5 - at >= 7}
    assert [last[who] for who in given_out] == sorted(last[who] for who in given_out)
