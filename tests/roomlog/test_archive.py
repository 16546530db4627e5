"""What a reader who lags is brought from the archive."""

import pytest

from tests.roomlog.house import FEW, Library, numbers, past
from twisted_chat.core.history import Span
from twisted_chat.roomlog import OVERHEAD, PAGE

# what the archive has


def test_what_the_tail_has_let_go_is_wanted_from_the_archive_and_told_once() -> None:
    house = Library()
    slow = house.lagging(10)
    assert house.log.wants(slow) is None
    assert house.wanted(slow) == Span("#lobby", 1, 10 - FEW)
    assert house.log.awaits(slow)
    assert house.log.wants(slow) is None


def test_who_does_not_lag_wants_nothing() -> None:
    house = Library()
    ann = house.follower()
    house.turn(10)
    assert house.log.wants(ann) is None
    assert not house.log.awaits(ann)


def test_a_reader_whom_the_tail_reaches_wants_nothing() -> None:
    house = Library()
    slow = house.lagging(1 + FEW)
    house.log.catch_up(slow)
    assert house.log.wants(slow) is None
    assert slow.pipe.take() == numbers(range(2, 2 + FEW))


def test_nothing_comes_before_what_was_wanted_has_been_brought() -> None:
    house = Library()
    slow = house.lagging()
    house.wanted(slow)
    house.turn()
    assert house.log.catch_up(slow) is True
    assert slow.pipe.sends == []


@pytest.mark.parametrize("size", [1, 2, 5, 6, 100])
def test_what_is_read_from_the_archive_has_no_gap_and_no_double(size: int) -> None:
    house = Library()
    slow, fast = house.lagging(10), house.follower()
    assert house.read(slow, size) == numbers(range(2, 11))
    house.turn()
    assert slow.pipe.take() == fast.pipe.take() == ["11"]


def test_after_each_page_of_the_archive_the_rest_is_wanted() -> None:
    house = Library()
    slow = house.lagging()
    house.bring(slow, house.wanted(slow), size=4)
    assert slow.pipe.take() == numbers(range(2, 6))
    assert house.wanted(slow) == Span("#lobby", 5, 7)


def test_the_tail_follows_when_the_archive_has_been_read() -> None:
    house = Library()
    slow = house.lagging()
    house.bring(slow, house.wanted(slow))
    assert not house.log.awaits(slow)
    assert house.log.catch_up(slow) is False
    assert house.log.wants(slow) is None
    assert slow.pipe.take() == numbers(range(2, 11))


def test_what_is_said_while_she_reads_from_the_archive_comes_once_and_after_that() -> None:
    house = Library()
    slow = house.lagging()
    house.bring(slow, house.wanted(slow), size=4)
    house.turn(2)
    house.say()
    assert house.read(slow) == numbers(range(2, 13))
    house.turn()
    assert slow.pipe.take() == ["13", "14"]


def test_what_the_tail_lets_go_while_she_waits_is_wanted_next() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    for _ in range(10):
        house.turn()
    house.bring(slow, span)
    span = house.wanted(slow)
    assert span == Span("#lobby", 7, 17)
    house.bring(slow, span)
    assert house.read(slow) == numbers(range(2, 21))


def test_a_page_of_the_archive_does_not_go_beyond_what_was_wanted() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    for _ in range(10):
        house.turn()
    house.log.catch_up(slow)
    house.bring(slow, span)
    assert house.wanted(slow).after == span.until


def test_who_reads_the_tail_when_it_moves_on_reads_the_rest_of_it_from_the_archive() -> None:
    house = Library(tail=2 * PAGE * (OVERHEAD + 1))
    slow = house.follower(room=1)
    house.turn()
    house.turn(2 * PAGE)
    slow.pipe.drain()
    house.log.catch_up(slow)
    house.turn(2 * PAGE)
    span = house.wanted(slow)
    assert span == Span("#lobby", PAGE + 1, 2 * PAGE + 1)
    house.bring(slow, span, size=PAGE)
    assert house.read(slow) == numbers(range(1, 4 * PAGE + 2))


def test_several_readers_read_from_the_archive_each_from_her_own_place() -> None:
    house = Library()
    slow, slower = house.follower(room=2), house.follower(room=1)
    for _ in range(10):
        house.turn()
    for one in (slow, slower):
        one.pipe.take()
        one.pipe.drain()
    first, second = house.wanted(slow), house.wanted(slower)
    assert (first.after, second.after) == (2, 1)
    house.bring(slower, second)
    house.bring(slow, first)
    assert house.read(slower) == numbers(range(2, 11))
    assert house.read(slow) == numbers(range(3, 11))


def test_a_reader_whom_a_page_of_the_archive_fills_is_sent_nothing_before_there_is_room() -> None:
    house = Library()
    slow = house.lagging()
    slow.pipe.drain(room=1)
    house.bring(slow, house.wanted(slow), size=2)
    house.turn()
    assert len(slow.pipe.sends) == 1
    slow.pipe.drain()
    assert house.read(slow) == numbers(range(2, 12))


def test_who_is_full_when_it_is_brought_gets_it_when_she_has_room() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    slow.pipe.full = True  # by another log
    house.bring(slow, span)
    assert slow.pipe.sends == []
    slow.pipe.drain()
    assert house.read(slow) == numbers(range(2, 11))


# her own words, while she reads what was said before


def test_own_words_are_a_receipt_in_their_place_behind_what_the_archive_has() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    house.turn(by=slow, tag="t1")
    assert slow.pipe.sends == []
    house.bring(slow, span)
    assert house.read(slow) == [*numbers(range(2, 11)), "own:11:t1"]


def test_own_words_that_come_back_from_the_archive_are_a_receipt_with_their_tag() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    house.turn(by=slow, tag="t1")
    for _ in range(10):
        house.turn()
    house.bring(slow, span)
    read = house.read(slow, size=3)
    assert read == [*numbers(range(2, 11)), "own:11:t1", *numbers(range(12, 22))]


def test_own_words_without_a_tag_are_a_receipt_too() -> None:
    house = Library()
    slow = house.lagging()
    house.turn(by=slow)
    house.turn(FEW)
    assert house.read(slow)[-FEW - 1 :] == ["own:11:None", "12", "13", "14"]


def test_what_was_said_at_a_time_she_kept_pace_is_nothing_that_she_is_given_again() -> None:
    house = Library()
    slow = house.follower(room=1)
    house.say(by=slow, tag="t1")
    for _ in range(10):
        house.turn()
    slow.pipe.drain()
    assert house.read(slow) == ["own:1:t1", *numbers(range(2, 12))]


def test_the_words_of_others_are_no_receipt_though_the_archive_does_not_know_whose_they_are() -> (
    None
):
    house = Library()
    slow, fast = house.lagging(), house.follower()
    house.turn(by=fast, tag="t1")
    house.turn(FEW)
    assert "11" in house.read(slow)
    assert "own:11:t1" in fast.pipe.take()


# who goes while it is looked for


def test_who_left_is_brought_nothing() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    house.log.unfollow(slow)
    house.bring(slow, span)
    assert slow.pipe.sends == []
    assert not house.log.awaits(slow)
    assert house.kept == 0


def test_who_left_and_follows_again_is_not_brought_what_she_wanted_before() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    house.log.unfollow(slow)
    house.log.follow(slow)
    house.bring(slow, span)
    house.turn()
    assert slow.pipe.take() == ["11"]


def test_who_left_and_resumes_is_not_brought_what_she_wanted_before() -> None:
    house = Library()
    slow = house.lagging()
    before = house.wanted(slow)
    house.log.unfollow(slow)
    house.log.follow(slow, Span("#lobby", 5, house.somebody_comes()))
    now = house.wanted(slow)
    house.bring(slow, before)
    house.bring(slow, now)
    house.log.flush()
    assert house.read(slow) == ["-earlier", *past(range(6, 11))]


def test_what_one_wanted_is_not_brought_to_another_who_came_for_her() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    house.log.unfollow(slow)
    again = house.comer(after=5)
    house.bring(slow, span)
    house.log.flush()
    assert slow.pipe.sends == []
    assert house.read(again) == ["-earlier", *past(range(6, 11))]


def test_what_is_brought_twice_is_read_once() -> None:
    house = Library()
    slow = house.lagging()
    span = house.wanted(slow)
    house.bring(slow, span)
    house.bring(slow, span)
    assert house.read(slow) == numbers(range(2, 11))


def test_what_nobody_wanted_is_not_read() -> None:
    house = Library()
    slow, fast = house.lagging(), house.follower()
    for one in (slow, fast, house.session()):
        house.bring(one, Span("#lobby", 1, 7))
        assert one.pipe.sends == []


# what is not kept any more


def test_what_is_gone_is_told_before_what_there_is_and_once() -> None:
    house = Library()
    slow = house.lagging()
    house.let_go(4)
    assert house.read(slow, size=1) == ["-gone:5", *numbers(range(5, 11))]


def test_what_is_gone_is_told_when_nothing_else_was_kept() -> None:
    house = Library()
    slow = house.lagging()
    house.let_go(10)
    assert house.read(slow) == ["-gone:0", *numbers(range(11 - FEW, 11))]


def test_what_is_gone_is_told_after_what_she_was_answered_before() -> None:
    house = Library()
    slow = house.lagging()
    house.let_go(6)
    slow.ready = b"answer "
    assert house.read(slow)[:3] == ["answer", "-gone:7", "7"]


def test_what_goes_while_she_reads_is_told_where_it_is_missing() -> None:
    house = Library()
    slow = house.lagging()
    house.bring(slow, house.wanted(slow), size=2)
    house.let_go(5)
    assert house.read(slow) == ["2", "3", "-gone:6", *numbers(range(6, 11))]


def test_what_went_after_she_had_read_it_is_not_told() -> None:
    house = Library()
    slow = house.lagging()
    house.let_go(1)
    assert house.read(slow) == numbers(range(2, 11))
