"""Who follows a log: in step with the others, as a speaker, coming and going."""

import weakref

import pytest

from tests.roomlog.house import (
    House,
    Numbers,
    numbers,
)
from twisted_chat.core.events import Entry
from twisted_chat.roomlog import STORM

# those who keep pace


def test_everyone_gets_each_entry_once_and_in_order() -> None:
    house = House()
    ann, bob = house.follower(), house.follower()
    house.turn(3)
    house.turn(2)
    assert ann.pipe.take() == bob.pipe.take() == numbers(range(5))


def test_what_is_said_is_sent_at_the_flush_and_not_before() -> None:
    house = House()
    ann = house.follower()
    house.say(2)
    assert house.log.waiting == 2
    assert ann.pipe.sends == []
    assert house.log.flush() == []
    assert house.log.waiting == 0
    assert house.log.flush() == []
    assert ann.pipe.sends == [b"0 1 "]


def test_all_readers_get_the_very_same_bytes() -> None:
    house = House()
    people = [house.follower() for _ in range(5)]
    house.turn(3)
    assert len({id(one.pipe.sends[0]) for one in people}) == 1


def test_an_entry_is_encoded_once_for_a_dialect_however_many_read_it() -> None:
    house = House()
    for _ in range(50):
        house.follower()
    house.turn(3)
    assert house.dialect.encoded == 3


def test_nothing_is_encoded_for_a_dialect_that_nobody_reads() -> None:
    house = House()
    house.log.unfollow(house.follower())
    house.turn(3)
    assert house.dialect.encoded == 0


def test_everyone_reads_her_own_dialect() -> None:
    class Letters(Numbers):
        def line(self, entry: Entry) -> bytes:
            return b"abc"[entry.id : entry.id + 1]

    house = House()
    ann, bob = house.follower(), house.follower(dialect=Letters())
    house.turn(3)
    assert ann.pipe.sends == [b"0 1 2 "]
    assert bob.pipe.sends == [b"abc"]


# speakers


def test_a_speaker_reads_her_own_words_as_a_receipt_in_their_place() -> None:
    house = House()
    ann, bob = house.follower(), house.follower()
    house.say()
    house.say(by=ann, tag="t1")
    house.turn()
    assert ann.pipe.take() == ["0", "own:1:t1", "2"]
    assert bob.pipe.take() == ["0", "1", "2"]


def test_a_speaker_whose_dialect_gives_no_receipt_reads_only_the_others() -> None:
    house, silent = House(), Numbers(echo=False)
    ann, bob = house.follower(dialect=silent), house.follower(dialect=silent)
    house.say(by=ann)
    house.turn(by=bob)
    assert ann.pipe.sends == [b"1 "]
    assert bob.pipe.sends == [b"0 "]


def test_who_speaks_into_a_log_that_she_does_not_follow_gets_the_receipt_alone() -> None:
    house = House()
    ann, bob = house.session(), house.follower()
    house.say()
    house.turn(by=ann, tag="t1")
    assert ann.pipe.take() == ["own:1:t1"]
    assert bob.pipe.take() == ["0", "1"]


def test_what_a_speaker_asked_for_is_settled_at_the_flush_whoever_she_is() -> None:
    house = House()
    ann, bob = house.follower(), house.session()
    ann.unsettled = bob.unsettled = 5
    house.say(2, by=ann)
    house.say(3, by=bob)
    assert (ann.unsettled, bob.unsettled) == (5, 5)
    house.turn()
    assert (ann.unsettled, bob.unsettled) == (3, 2)


def test_what_somebody_said_who_left_in_the_same_turn_is_settled_and_confirmed() -> None:
    house = House()
    ann = house.follower()
    ann.unsettled = 1
    house.say(by=ann)
    house.log.unfollow(ann)
    house.turn()
    assert ann.unsettled == 0
    assert ann.pipe.take() == ["own:0:None"]


# coming and going


def test_who_follows_in_the_middle_of_a_turn_gets_only_what_comes_later() -> None:
    house = House()
    house.say(2)
    ann = house.follower()
    house.turn(2)
    house.turn()
    assert ann.pipe.take() == ["2", "3", "4"]


def test_who_comes_and_speaks_in_one_turn_reads_from_there() -> None:
    house = House()
    house.say(2)
    ann = house.follower()
    house.say()
    house.turn(by=ann)
    assert ann.pipe.take() == ["2", "own:3:None"]


def test_who_speaks_and_only_then_follows_gets_the_receipt_too() -> None:
    house = House()
    ann = house.session()
    house.say(by=ann, tag="t1")
    house.log.follow(ann)
    house.turn()
    assert ann.pipe.take() == ["own:0:t1", "1"]


def test_who_comes_last_in_a_turn_reads_nothing_of_it() -> None:
    house = House()
    house.say(2)
    ann = house.follower()
    house.log.flush()
    assert ann.pipe.sends == []


@pytest.mark.parametrize(("comers", "first_reads"), [(STORM, 3), (STORM + 1, 4)])
def test_in_a_storm_of_comers_all_read_the_same(comers: int, first_reads: int) -> None:
    house = House()
    house.say()
    people = [house.follower() for _ in range(comers)]
    house.turn(3)
    assert {len(one.pipe.take()) for one in people} == {first_reads}


def test_who_goes_reads_no_more() -> None:
    house = House()
    ann, bob = house.follower(), house.follower()
    house.say()
    house.log.unfollow(ann)
    house.turn()
    assert ann.pipe.sends == []
    assert bob.pipe.take() == ["0", "1"]


def test_who_goes_and_comes_back_in_one_turn_reads_what_came_after() -> None:
    house = House()
    ann = house.follower()
    house.say()
    house.log.unfollow(ann)
    house.say()
    house.log.follow(ann)
    house.turn()
    assert ann.pipe.take() == ["2"]


def test_followers_are_counted_those_who_lag_too() -> None:
    house = House()
    ann, bob = house.follower(), house.follower(room=1)
    house.turn()
    assert house.log.followers == 2
    house.log.unfollow(bob)
    house.log.unfollow(bob)
    assert house.log.followers == 1
    house.log.unfollow(ann)
    assert house.log.followers == 0


def test_a_dialect_is_forgotten_with_its_last_reader() -> None:
    house, dialect = House(), Numbers()
    house.log.unfollow(house.follower(dialect=dialect))
    house.turn()
    seen = weakref.ref(dialect)
    del dialect
    assert seen() is None
