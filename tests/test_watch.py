"""Who has been silent for too long."""

from dataclasses import dataclass, field
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.task import Clock, LoopingCall

from twisted_chat.watch import Watch, Watched


@dataclass(eq=False)
class Somebody:
    """Remembers how she was sent away, and leaves the watch as a visit does."""

    watch: Watch
    told: list[tuple[str, str]] = field(default_factory=list)

    def dismiss(self, told: str, why: str) -> None:
        self.told.append((told, why))
        self.watch.forget(self)


_: type[Watched] = Somebody


def test_who_gives_no_name_is_sent_away_with_the_time_she_had() -> None:
    watch = Watch(naming=60.0)
    one = Somebody(watch)
    watch.naming.touch(one, 0.0)
    watch.sweep(59.9)
    assert one.told == []
    watch.sweep(60.0)
    assert one.told == [("No name was given within 1m. Connect again when you like.", "no name")]


def test_who_says_nothing_is_sent_away() -> None:
    watch = Watch(naming=60.0, idle=5400.0)
    one = Somebody(watch)
    watch.idle.touch(one, 0.0)
    watch.sweep(5400.0)
    assert one.told == [("You were silent for 1h30m.", "idle")]


def test_who_reads_nothing_is_sent_away() -> None:
    watch = Watch(naming=60.0, stalled=10.0)
    one = Somebody(watch)
    watch.stalled.touch(one, 0.0)
    watch.sweep(10.0)
    assert one.told == [("You were too slow to read.", "did not read")]


def test_time_that_is_granted_counts_against_nobody() -> None:
    watch = Watch(naming=60.0, idle=10.0, stalled=10.0)
    somebody = [Somebody(watch) for _ in range(3)]
    for one, deadlines in zip(somebody, (watch.naming, watch.idle, watch.stalled), strict=True):
        deadlines.touch(one, 0.0)
    watch.grant(100.0)
    watch.sweep(105.0)
    assert [one.told for one in somebody] == [[], [], []]
    watch.sweep(110.0)
    assert [len(one.told) for one in somebody] == [0, 1, 1]


def test_who_speaks_in_time_stays() -> None:
    watch = Watch(naming=60.0, idle=10.0)
    one = Somebody(watch)
    for now in (0.0, 9.0, 18.0):
        watch.idle.touch(one, now)
        watch.sweep(now + 5.0)
    assert one.told == []


def test_nobody_is_sent_away_twice_though_she_is_late_in_two_ways() -> None:
    watch = Watch(naming=60.0, idle=10.0, stalled=10.0)
    one = Somebody(watch)
    watch.idle.touch(one, 0.0)
    watch.stalled.touch(one, 0.0)
    watch.sweep(100.0)
    watch.sweep(200.0)
    assert [why for _, why in one.told] == ["idle"]


def test_who_is_forgotten_is_watched_no_more() -> None:
    watch = Watch(naming=1.0, idle=1.0, stalled=1.0)
    one = Somebody(watch)
    for deadlines in (watch.naming, watch.idle, watch.stalled):
        deadlines.touch(one, 0.0)
    watch.forget(one)
    watch.sweep(99.0)
    assert one.told == []


def test_without_an_idle_limit_one_may_be_silent_for_ever() -> None:
    watch = Watch(naming=60.0)
    one = Somebody(watch)
    watch.idle.touch(one, 0.0)
    watch.sweep(1e9)
    assert one.told == []


def test_without_a_limit_one_may_read_nothing_for_ever() -> None:
    watch = Watch(naming=60.0)
    one = Somebody(watch)
    watch.stalled.touch(one, 0.0)
    watch.sweep(1e9)
    assert one.told == []


def test_all_who_are_late_go_in_one_sweep_the_longest_silent_first() -> None:
    watch = Watch(naming=60.0, idle=10.0)
    gone: list[Somebody] = []

    class Listed(Somebody):
        def dismiss(self, told: str, why: str) -> None:
            gone.append(self)

    people = [Listed(watch) for _ in range(3)]
    for now, one in enumerate([people[1], people[2], people[0]]):
        watch.idle.touch(one, float(now))
    watch.sweep(50.0)
    assert gone == [people[1], people[2], people[0]]


@pytest.mark.parametrize(
    ("naming", "idle", "interval"),
    [(60.0, inf, 5.0), (10.0, inf, 1.0), (60.0, 2.0, 0.2), (0.01, inf, 0.05), (inf, inf, 5.0)],
)
def test_a_sweep_comes_often_enough_and_not_too_often(
    naming: float, idle: float, interval: float
) -> None:
    assert Watch(naming, idle).interval == interval


def test_a_short_time_to_read_is_watched_as_closely() -> None:
    assert Watch(60.0, stalled=10.0).interval == 1.0


@given(st.floats(1.0, 100.0), st.floats(0.0, 20.0))
def test_nobody_is_sent_away_later_than_a_tenth_over_the_limit(limit: float, came: float) -> None:
    clock, watch = Clock(), Watch(naming=limit)
    one = Somebody(watch)
    sweeping = LoopingCall(lambda: watch.sweep(clock.seconds()))
    sweeping.clock = clock
    sweeping.start(watch.interval)
    clock.pump([came / 10] * 10)
    watch.naming.touch(one, clock.seconds())
    begun = clock.seconds()
    while not one.told:
        clock.advance(watch.interval / 4)
    sweeping.stop()
    assert limit <= clock.seconds() - begun <= limit * 1.1 + watch.interval / 4 + 1e-6
