"""Those who lag, and what they are told of it."""

import pytest

from tests.roomlog.house import FEW, House, Library, Reader, Session, caught_up, numbers
from twisted_chat.roomlog import PAGE

# those who lag


def test_a_full_reader_lags_and_the_others_do_not_notice() -> None:
    house = House()
    slow, fast = house.follower(room=1), house.follower()
    assert house.turn(2) == [slow]
    assert house.turn(2) == []
    assert house.log.lagging
    assert slow.pipe.take() == ["0", "1"]
    assert fast.pipe.take() == ["0", "1", "2", "3"]


def test_a_lagging_reader_catches_up_without_a_gap_and_without_a_double() -> None:
    house = House()
    slow = house.follower(room=1)
    for _ in range(5):
        house.turn(7)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is False
    house.turn(7)
    assert slow.pipe.take() == numbers(range(42))
    assert not house.log.lagging


def test_a_reader_catches_up_page_by_page_while_more_is_said() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn(2 * PAGE)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is True
    assert slow.pipe.take() == numbers(range(PAGE + 1))
    house.turn(10)
    assert house.log.catch_up(slow) is True
    assert house.log.catch_up(slow) is False
    assert slow.pipe.take() == numbers(range(PAGE + 1, 2 * PAGE + 11))


def test_what_waits_for_the_flush_comes_after_what_was_missed() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn(2)
    house.say(2)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is False
    house.log.flush()
    assert slow.pipe.take() == numbers(range(5))


def test_who_missed_nothing_has_caught_up_at_once() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    slow.pipe.drain()
    assert house.log.catch_up(slow) is False
    assert not house.log.lagging


def test_who_does_not_lag_has_nothing_to_catch_up_with() -> None:
    house = House()
    ann = house.follower()
    house.turn()
    assert house.log.catch_up(ann) is False
    assert house.log.catch_up(house.session()) is False
    assert ann.pipe.take() == ["0"]


def test_several_readers_lag_each_from_her_own_place() -> None:
    house = House()
    slow, slower = house.follower(room=2), house.follower(room=1)
    house.turn()
    house.turn()
    house.turn()
    for one in (slow, slower):
        one.pipe.drain()
    assert caught_up(house, slow) == caught_up(house, slower) == numbers(range(3))


def test_who_lags_reads_her_own_words_once() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.say()
    house.say(by=slow, tag="t1")
    house.turn()
    slow.pipe.drain()
    read = caught_up(house, slow)
    assert sorted(read) == ["0", "1", "3", "own:2:t1"]


def test_who_lags_reads_her_own_words_in_their_place() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn(PAGE + 1)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is True
    house.turn(by=slow)  # she is heard again as soon as there is room, one page before the end
    read = caught_up(house, slow)
    assert read == [*numbers(range(PAGE + 2)), f"own:{PAGE + 2}:None"]


def test_a_full_reader_is_not_even_sent_her_own_words() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    slow.pipe.take()
    house.turn(by=slow)
    assert slow.pipe.full
    assert slow.pipe.sends == []


def test_a_reader_whom_the_last_page_fills_is_sent_nothing_before_there_is_room() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn()
    slow.pipe.drain(room=1)
    house.log.catch_up(slow)
    slow.pipe.take()
    house.turn()
    assert slow.pipe.full
    assert slow.pipe.sends == []


def test_who_has_caught_up_may_lag_again() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn()
    slow.pipe.drain()
    house.log.catch_up(slow)
    slow.pipe.drain(room=1)
    assert house.turn() == [slow]
    house.turn()
    slow.pipe.drain()
    assert caught_up(house, slow) == numbers(range(4))


def test_who_leaves_while_lagging_and_comes_back_reads_only_what_is_new() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn()
    house.log.unfollow(slow)
    slow.pipe.drain()
    house.log.follow(slow)
    house.turn()
    assert house.log.catch_up(slow) is False
    assert slow.pipe.take() == ["0", "2"]


# what is told in between


@pytest.mark.parametrize("kept", [False, True])
def test_whom_it_fills_to_be_told_of_a_gap_is_sent_nothing_more_before_there_is_room(
    kept: bool,
) -> None:
    house = Library(kept=kept)
    slow = house.lagging()
    house.let_go(4)
    slow.pipe.drain(room=1)
    house.read(slow)
    assert not slow.pipe.stuffed


def test_who_leaves_as_she_is_told_of_a_gap_is_gone() -> None:
    class Leaver(Session):
        def speak(self) -> None:
            house.log.unfollow(self)

    house = Library(kept=False)
    slow = Leaver(house.dialect, Reader(room=1))
    house.log.follow(slow)
    house.turn()
    house.turn(FEW + 1)
    slow.pipe.drain()
    assert house.log.catch_up(slow) is False
    assert house.log.followers == 0
