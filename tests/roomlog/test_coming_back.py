"""Who reads on from where she left off."""

import pytest

from tests.roomlog.house import Library, numbers, past
from twisted_chat.core.history import END, Span
from twisted_chat.roomlog import STORM, TAIL


@pytest.mark.parametrize("size", [1, 2, 4, 100])
def test_a_comer_reads_what_was_said_since_she_left_and_then_what_is_said_now(size: int) -> None:
    house = Library()
    house.turn(10)
    ann = house.comer(after=6)
    house.turn()
    assert ann.pipe.sends == []
    assert house.read(ann, size) == ["-earlier", *past(range(7, 11)), "12"]
    house.turn()
    assert ann.pipe.take() == ["13"]


def test_a_comer_wants_all_that_was_said_before_her_own_coming() -> None:
    house = Library()
    house.turn(10)
    ann = house.comer(after=6)
    assert house.wanted(ann) == Span("#lobby", 6, 11)


def test_to_whom_nothing_was_said_before_nothing_is_told_of_it() -> None:
    house = Library()
    ann = house.comer()
    house.turn(2)
    assert house.read(ann) == ["2", "3"]


def test_who_missed_nothing_wants_nothing_and_is_told_nothing() -> None:
    house = Library()
    house.turn(10)
    ann = house.session()
    house.log.follow(ann, Span("#lobby", 10, 10))
    assert house.log.wants(ann) is None
    assert house.read(ann) == []
    house.turn()
    assert ann.pipe.take() == ["11"]
    assert not house.log.lagging


def test_who_says_that_she_has_read_what_is_not_said_yet_reads_all_that_is_said_now() -> None:
    house = Library()
    ann = house.comer(after=END - 1)
    for _ in range(10):
        house.turn()
    assert house.read(ann) == numbers(range(2, 12))


def test_what_is_said_after_she_came_is_not_earlier_though_the_archive_has_it() -> None:
    house = Library()
    house.turn(10)
    ann = house.comer(after=9)
    for _ in range(10):
        house.turn()
    assert house.read(ann) == ["-earlier", "past:10", *numbers(range(12, 22))]


def test_when_all_that_the_archive_has_was_said_after_she_came_nothing_is_earlier() -> None:
    house = Library()
    ann = house.comer()
    for _ in range(10):
        house.turn()
    assert house.read(ann, size=2) == numbers(range(2, 12))


def test_what_was_said_in_the_turn_in_which_she_came_is_read_once() -> None:
    house = Library()
    house.turn()
    house.say(2)
    ann = house.comer()
    house.say()
    span = house.wanted(ann)
    house.bring(ann, span)
    house.log.flush()
    assert house.read(ann) == ["-earlier", *past(range(1, 4)), "5"]


@pytest.mark.parametrize(
    "comers",
    [
        STORM,
        STORM + 1,
    ],
)
def test_what_was_said_before_she_came_is_read_once_in_a_storm_of_comers_too(comers: int) -> None:
    house = Library(tail=TAIL)
    house.say()
    people = [house.comer() for _ in range(comers)]
    read = [house.read(one) for one in people]
    house.log.flush()
    assert all(one == ["-earlier", "past:1"] for one in read)
    assert not any("1" in one.pipe.take() for one in people)


def test_who_has_read_what_was_said_before_she_came_keeps_pace_before_the_flush() -> None:
    house = Library()
    house.turn()
    house.say()
    ann = house.comer()
    assert house.read(ann) == ["-earlier", "past:1", "past:2"]
    assert not house.log.lagging
    house.turn()
    assert ann.pipe.take() == ["4"]


def test_what_was_said_in_the_turn_in_which_she_came_is_read_once_though_the_tail_lets_it_go() -> (
    None
):
    house = Library()
    house.say(2)
    ann = house.comer()
    house.turn(10)
    assert house.read(ann) == ["-earlier", *past(range(1, 3)), *numbers(range(4, 14))]


def test_a_comer_speaks_while_she_reads_what_was_said_before() -> None:
    house = Library()
    house.turn(10)
    ann = house.comer(after=8)
    house.turn(by=ann, tag="t1")
    assert house.read(ann) == ["-earlier", *past(range(9, 11)), "own:12:t1"]


def test_what_is_gone_is_told_to_a_comer_before_the_rest_and_is_no_reason_to_announce_it() -> None:
    house = Library()
    house.turn(10)
    house.let_go(8)
    early, late = house.comer(after=3), house.comer(after=10)
    house.log.flush()
    assert house.read(early) == ["-gone:9", "-earlier", *past(range(9, 11)), "12"]
    assert house.read(late) == []


def test_a_comer_may_be_gone_before_she_has_read_what_was_said_before() -> None:
    house = Library()
    house.turn(10)
    ann = house.comer()
    house.turn()
    span = house.wanted(ann)
    house.log.unfollow(ann)
    house.bring(ann, span)
    assert ann.pipe.sends == []
    assert (house.log.followers, house.kept) == (0, 0)


def test_a_comer_counts_as_a_follower_that_lags_and_only_once() -> None:
    house = Library()
    house.turn()
    ann = house.comer()
    house.log.follow(ann)
    house.log.follow(ann, Span("#lobby", 0, 1))
    assert house.log.followers == 1
    assert house.log.lagging
    house.log.flush()
    assert house.read(ann) == ["-earlier", "past:1"]
    assert not house.log.lagging


def test_a_comer_who_is_full_before_she_has_read_all_lags_like_any_other() -> None:
    house = Library()
    house.turn(10)
    ann = house.comer(after=5)
    house.turn()
    house.bring(ann, house.wanted(ann), size=2)
    ann.pipe.full = True
    assert house.read(ann) == ["-earlier", *past(range(6, 8))]
    for _ in range(10):
        house.turn()
    ann.pipe.drain()
    assert house.read(ann) == [*past(range(8, 11)), *numbers(range(12, 23))]


# when all of that has been read


def ending(house: Library) -> Library:
    """The dialect tells it."""
    house.dialect.ends = True
    return house


@pytest.mark.parametrize("size", [1, 3, 100])
def test_a_comer_is_told_when_she_has_read_all_that_was_before_her(size: int) -> None:
    house = ending(Library())
    house.turn(10)
    ann = house.comer(after=6)
    house.turn()
    assert house.read(ann, size) == ["-earlier", *past(range(7, 11)), "-all", "12"]


def test_who_missed_nothing_is_told_so_at_once() -> None:
    house = ending(Library())
    house.turn(10)
    ann = house.session()
    house.log.follow(ann, Span("#lobby", 10, 10))
    assert house.read(ann) == ["-all"]


def test_it_is_told_once_though_she_lags_again() -> None:
    house = ending(Library())
    house.turn(3)
    ann = house.comer()
    assert house.read(ann).count("-all") == 1
    ann.pipe.drain(room=1)
    for _ in range(5):
        house.turn()
    ann.pipe.drain()
    assert "-all" not in house.read(ann)


def test_who_is_full_in_the_middle_is_told_when_she_has_read_the_rest() -> None:
    house = ending(Library())
    house.turn(4)
    ann = house.comer()
    ann.pipe.drain(room=1)
    assert house.read(ann, size=2) == ["-earlier", "past:1", "past:2"]
    ann.pipe.drain()
    assert house.read(ann, size=2) == ["past:3", "past:4", "-all"]


def test_who_reads_from_now_on_is_told_nothing_of_it() -> None:
    house = ending(Library())
    house.turn(3)
    ann = house.follower()
    house.turn()
    assert ann.pipe.take() == ["4"]
