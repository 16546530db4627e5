"""What is kept in memory for those who lag, and for how long."""

import pytest

from tests.roomlog.house import FEW, House, Library, Numbers, caught_up, numbers
from twisted_chat.core.events import Entry, Renamed, Said
from twisted_chat.core.history import Run
from twisted_chat.roomlog import OVERHEAD, PAGE, TAIL

# what is kept


def test_nothing_is_kept_when_nobody_lags() -> None:
    house = House()
    house.follower()
    house.turn(10)
    assert house.kept == 0


def test_what_a_lagging_reader_has_to_read_is_kept_until_it_is_read() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn(10)
    assert house.kept == 0  # it was sent
    house.turn(10)
    assert house.kept == 10
    slow.pipe.drain()
    house.log.catch_up(slow)
    assert house.kept == 0


def test_a_lagging_reader_that_goes_frees_what_was_kept() -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.turn(10)
    house.log.unfollow(slow)
    assert house.kept == 0
    assert not house.log.lagging


def test_what_the_slowest_still_has_to_read_is_kept_and_no_more() -> None:
    house = House()
    slow, slower = house.follower(room=2), house.follower(room=1)
    for _ in range(4):
        house.turn(10)
    house.log.unfollow(slower)
    assert house.kept == 20
    house.log.unfollow(slow)
    assert house.kept == 0


def test_the_slowest_of_three_loses_nothing_when_another_goes() -> None:
    house = House()
    third, second, first = (house.follower(room=room) for room in (3, 2, 1))
    for _ in range(4):
        house.turn()
    house.log.unfollow(second)
    for one in (first, third):
        one.pipe.drain()
    assert caught_up(house, first) == caught_up(house, third) == numbers(range(4))


def test_what_the_last_who_needed_it_has_read_is_let_go_though_others_lag() -> None:
    house = House()
    slow, slower = house.follower(room=2), house.follower(room=1)
    house.turn()
    house.turn(PAGE + 10)
    house.turn(20)
    slower.pipe.drain()
    assert house.log.catch_up(slower) is True
    assert house.kept == PAGE + 30
    assert house.log.catch_up(slower) is False
    assert house.kept == 20
    slow.pipe.drain()
    house.log.catch_up(slow)
    assert house.kept == 0


def test_what_others_still_need_is_kept_when_one_of_them_moves_on_or_goes() -> None:
    house = House()
    people = [house.follower(room=1) for _ in range(3)]
    house.turn()
    house.turn(10)
    people[0].pipe.drain()
    house.log.catch_up(people[0])
    assert house.kept == 10
    house.log.unfollow(people[1])
    assert house.kept == 10
    house.log.unfollow(people[2])
    assert house.kept == 0


@pytest.mark.parametrize("goes", [False, True])
def test_a_flush_without_entries_leaves_nothing_behind(goes: bool) -> None:
    house = House()
    slow = house.follower(room=1)
    house.turn()
    house.log.flush()
    house.turn(10)
    slow.pipe.drain()
    if goes:
        house.log.unfollow(slow)
    else:
        house.log.catch_up(slow)
    assert house.kept == 0


@pytest.mark.parametrize("goes", [False, True])
def test_what_was_said_before_those_came_who_lag_is_not_kept(goes: bool) -> None:
    house = Library(tail=TAIL)
    house.say(10)
    ann = house.comer()
    house.log.flush()
    assert house.kept == 0
    house.turn(5)
    assert house.kept == 5
    if goes:
        house.log.unfollow(ann)
    else:
        assert len(house.read(ann)) == 1 + 10 + 5
    assert house.kept == 0


def test_beyond_the_bound_a_reader_is_told_how_many_entries_are_gone() -> None:
    house = House(tail=10 * (OVERHEAD + 10))
    slow, fast = house.follower(room=1), house.follower()
    for _ in range(100):
        house.turn()
    slow.pipe.take()
    slow.pipe.drain()
    told, *read = caught_up(house, slow)
    skipped = int(told.removeprefix("-skipped:"))
    assert read == numbers(range(1 + skipped, 100))
    assert 9 <= len(read) <= 11
    assert fast.pipe.take() == numbers(range(100))


def test_a_gap_of_one_entry_is_told_too() -> None:
    house = House(tail=3 * OVERHEAD + 30)
    slow = house.follower(room=1)
    for _ in range(5):
        house.turn()
    slow.pipe.drain()
    assert caught_up(house, slow) == ["0", "-skipped:1", "2", "3", "4"]


@pytest.mark.parametrize("others", [0, 1])
def test_long_texts_count_for_the_bound_whoever_reads(others: int) -> None:
    class Spelling(Numbers):
        def line(self, entry: Entry) -> bytes:
            assert isinstance(entry.event, Said)
            return entry.event.text.encode()

    house, spelling = House(tail=8 * OVERHEAD), Spelling()
    house.length = 3 * OVERHEAD
    house.follower(room=1, dialect=spelling)
    for _ in range(others):
        house.follower(dialect=spelling)
    for _ in range(9):
        house.turn()
    assert 1 <= house.kept <= 2


def test_the_bound_holds_however_much_is_said() -> None:
    house = House(tail=20 * OVERHEAD)
    house.follower(room=1)
    house.turn()
    for _ in range(200):
        house.turn(3)
        assert house.kept <= 20


def test_who_is_told_of_a_gap_is_told_after_what_she_was_answered_and_before_she_reads_on() -> None:
    house = House(tail=3 * (OVERHEAD + 1))
    slow = house.follower(room=1)
    for _ in range(10):
        house.turn()
    slow.pipe.drain()
    slow.ready = b"answer "
    assert caught_up(house, slow) == ["0", "answer", "-skipped:6", "7", "8", "9"]


def test_each_gap_is_told_by_itself() -> None:
    house = House(tail=3 * (OVERHEAD + 1))
    slow = house.follower()
    for _ in range(2):
        slow.pipe.drain(room=1)
        for _ in range(6):
            house.turn()
        slow.pipe.drain()
        house.log.catch_up(slow)
    told = [text for text in slow.pipe.take() if text.startswith("-")]
    assert told == ["-skipped:2", "-skipped:2"]


def test_a_batch_larger_than_the_bound_is_not_kept_at_all() -> None:
    house = House(tail=3 * OVERHEAD)
    slow = house.follower(room=1)
    house.turn()
    house.turn(50)
    assert house.kept == 0
    slow.pipe.drain()
    assert caught_up(house, slow) == ["0", "-skipped:50"]


def test_without_an_archive_nothing_is_wanted_from_it() -> None:
    house = House(tail=3 * OVERHEAD)
    slow = house.follower(room=1)
    house.turn()
    house.turn(50)
    slow.pipe.drain()
    house.log.catch_up(slow)
    assert house.log.wants(slow) is None
    assert not house.log.awaits(slow)


# what passes


def test_what_is_not_kept_is_read_as_long_as_the_tail_has_it() -> None:
    house = Library()
    slow = house.lagging(1)
    house.somebody_comes()
    house.turn()
    assert house.read(slow) == ["2", "3"]


def test_what_is_not_kept_is_not_read_later_and_all_that_is_kept_is() -> None:
    house = Library()
    slow = house.lagging(2)
    passed = [house.somebody_comes(), house.put(Renamed("ann", "bo"), by=slow, tag="t1").id]
    for _ in range(10):
        house.turn()
    read = house.read(slow)
    assert passed == [3, 4]
    assert read == ["2", "own:4:t1", *numbers(range(5, 15))]  # of her own there is a receipt


def test_when_only_what_is_not_kept_was_missed_nothing_is_told() -> None:
    house = Library()
    slow = house.lagging(1)
    for _ in range(10):
        house.somebody_comes()
        house.log.flush()
    span = house.wanted(slow)
    assert house.run(span, 1) == Run((), more=False)
    house.bring(slow, span)
    assert house.read(slow) == numbers(range(12 - FEW, 12))


# what is kept beside the archive


def test_the_tail_is_no_longer_with_an_archive() -> None:
    house = Library()
    house.lagging(50)
    assert house.kept == FEW
    house.turn(FEW + 1)
    assert house.kept == 0


def test_with_an_archive_too_nothing_is_kept_when_nobody_lags() -> None:
    house = Library()
    slow = house.lagging()
    house.read(slow)
    house.turn(10)
    assert house.kept == 0
