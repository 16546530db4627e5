"""What somebody asked for herself is settled, and once, however far behind she is."""

import pytest

from tests.roomlog.house import (
    FEW,
    House,
    Library,
    Numbers,
    asked,
    caught_up,
    is_settled_for_good,
    numbers,
)
from twisted_chat.core.events import Event, Renamed
from twisted_chat.core.history import Span
from twisted_chat.roomlog import PAGE


def test_what_fills_her_who_asked_for_it_is_settled() -> None:
    house = House()
    slow = house.follower(room=1)
    assert asked(house, slow) == [slow]
    assert slow.pipe.take() == ["own:0:None"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_is_settled_when_she_reads_it_from_the_tail() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    for _ in range(2):
        asked(house, slow)
    assert slow.unsettled == 2
    slow.pipe.drain()
    assert house.log.catch_up(slow) is False
    assert slow.pipe.take() == ["0", "own:1:None", "own:2:None"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_is_settled_page_by_page() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    asked(house, slow)
    house.turn(PAGE)
    asked(house, slow)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is True
    assert slow.unsettled == 1
    assert house.log.catch_up(slow) is False
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_is_settled_though_her_dialect_gives_no_receipt() -> None:
    house = House()
    slow = house.follower(room=1, dialect=Numbers(echo=False))
    house.turn()
    asked(house, slow)
    assert slow.unsettled == 1
    slow.pipe.drain()
    assert caught_up(house, slow) == ["0"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_before_she_has_caught_up_is_settled_at_the_flush_after_that() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    slow.unsettled = 1
    house.say(by=slow)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is False
    assert slow.unsettled == 1
    house.log.flush()
    assert slow.pipe.take() == ["0", "own:1:None"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_is_settled_when_she_reads_it_from_the_archive() -> None:
    house = Library()
    slow = house.lagging()
    asked(house, slow, tag="t1")
    house.turn(FEW)
    span = house.wanted(slow)
    house.bring(slow, span, size=9)
    assert slow.unsettled == 1
    assert house.read(slow) == [*numbers(range(2, 11)), "own:11:t1", "12", "13", "14"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_and_the_archive_has_let_go_is_confirmed_too() -> None:
    house = Library()
    slow = house.lagging(2)
    asked(house, slow, tag="t1")
    house.turn(FEW)
    asked(house, slow, tag="t2")
    house.turn(FEW)
    house.let_go(5)
    assert house.read(slow) == ["-gone:6", "own:3:t1", "6", "own:7:t2", "8", "9", "10"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_is_confirmed_though_the_archive_has_nothing_any_more() -> None:
    house = Library()
    slow = house.lagging(2)
    asked(house, slow, tag="t1")
    house.turn(FEW)
    house.let_go(3 + FEW)
    assert house.read(slow) == ["-gone:0", "own:3:t1", "4", "5", "6"]
    assert is_settled_for_good(house, slow)


def test_a_receipt_from_the_archive_waits_until_there_is_room() -> None:
    house = Library()
    slow = house.lagging(2)
    asked(house, slow, tag="t1")
    house.turn(FEW)
    span = house.wanted(slow)
    slow.pipe.full = True  # by another log
    house.bring(slow, span)
    assert (slow.unsettled, slow.pipe.sends) == (1, [])
    slow.pipe.drain()
    assert "own:3:t1" in house.read(slow)
    assert is_settled_for_good(house, slow)


def test_a_rename_of_her_own_that_the_tail_lets_go_is_confirmed() -> None:
    house = Library()
    slow = house.lagging(2)
    asked(house, slow, Renamed("ann", "bo"), "t1")
    house.turn(FEW)
    assert slow.unsettled == 1
    assert house.read(slow) == ["2", "own:3:t1", "4", "5", "6"]
    assert is_settled_for_good(house, slow)


def test_a_rename_is_confirmed_in_its_place_among_the_pages_of_the_archive() -> None:
    house = Library()
    slow = house.lagging(5)
    asked(house, slow, Renamed("ann", "bo"), "t1")
    house.turn(4)
    house.turn(FEW)
    span = house.wanted(slow)
    house.bring(slow, span, size=4)
    assert slow.unsettled == 1
    assert house.read(slow, 2) == [*numbers(range(2, 6)), "own:6:t1", *numbers(range(7, 14))]
    assert is_settled_for_good(house, slow)


def test_without_an_archive_what_she_asked_for_is_confirmed_though_it_is_among_the_skipped() -> (
    None
):
    house = Library(kept=False)
    slow = house.lagging(2)
    asked(house, slow, tag="t1")
    asked(house, slow, Renamed("ann", "bo"), "t2")
    house.turn(FEW - 1)
    asked(house, slow, tag="t3")
    assert slow.unsettled == 3
    read = house.read(slow)
    assert read == ["-skipped:3", "own:3:t1", "own:4:t2", "5", "6", "own:7:t3"]
    assert is_settled_for_good(house, slow)


def test_what_she_asked_for_is_confirmed_when_all_that_she_missed_is_skipped() -> None:
    house = Library(kept=False)
    slow = house.lagging(1)
    slow.unsettled = 1
    house.say(by=slow, tag="t1")
    house.turn(2 * FEW)
    assert house.read(slow) == ["-skipped:7", "own:2:t1"]
    assert is_settled_for_good(house, slow)


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("event", [None, Renamed("ann", "bo")])
def test_whom_a_receipt_fills_is_sent_nothing_more_before_there_is_room(
    kept: bool, event: Event | None
) -> None:
    house = Library(kept=kept)
    slow = house.lagging(2)
    asked(house, slow, event, "t1")
    house.turn(FEW)
    slow.pipe.drain(room=1)
    read = house.read(slow)
    assert not slow.pipe.stuffed
    assert len(slow.pipe.sends) == 0
    slow.pipe.drain()
    assert "own:3:t1" in read + house.read(slow)
    assert is_settled_for_good(house, slow)


@pytest.mark.parametrize("full", [False, True])
def test_who_goes_is_sent_what_is_left_of_her_receipts_whether_she_has_room_or_not(
    full: bool,
) -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn()
    asked(house, slow, tag="t1")
    asked(house, slow, Renamed("ann", "bo"), "t2")
    slow.pipe.take()
    if not full:
        slow.pipe.drain()
    house.log.unfollow(slow)
    assert slow.pipe.take() == ["own:2:t1", "own:3:t2"]
    house.log.unfollow(slow)
    assert slow.pipe.sends == []
    assert is_settled_for_good(house, slow)


def test_who_goes_while_it_is_looked_for_is_sent_her_receipts_and_not_again() -> None:
    house = Library()
    slow = house.lagging()
    asked(house, slow, tag="t1")
    house.turn(FEW)
    span = house.wanted(slow)
    house.log.unfollow(slow)
    assert slow.pipe.take() == ["own:11:t1"]
    house.bring(slow, span)
    assert slow.pipe.sends == []
    assert is_settled_for_good(house, slow)


def test_who_goes_and_has_read_her_receipts_is_sent_none() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    asked(house, slow)
    house.turn(PAGE)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is True
    slow.pipe.take()
    house.log.unfollow(slow)
    assert slow.pipe.sends == []
    assert is_settled_for_good(house, slow)


def test_what_she_spoke_before_she_followed_and_is_handed_out_after_she_read_it_is_settled() -> (
    None
):
    house = Library()
    ann = house.session()
    ann.unsettled = 1
    house.say(by=ann, tag="t1")
    house.log.follow(ann, Span("#lobby", 0, house.somebody_comes()))
    house.bring(ann, house.wanted(ann))
    assert ann.pipe.take() == ["-earlier", "past:1"]
    house.log.flush()
    assert ann.unsettled == 1
    assert house.read(ann) == ["own:1:t1"]
    assert is_settled_for_good(house, ann)
