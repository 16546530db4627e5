"""One log among several: how it looks to who talks elsewhere, whom she does not hear, what is taken
away again, and another name."""

from dataclasses import dataclass, field

import pytest

from tests.roomlog.house import FEW, House, Library, Numbers, Session, caught_up, numbers
from twisted_chat.core.events import Acted, Entry, Joined, Redacted, Said
from twisted_chat.core.history import Span
from twisted_chat.roomlog import PAGE


class There(Numbers):
    """How it looks to who talks in another room."""

    def line(self, entry: Entry) -> bytes:
        return b"there:%d " % entry.id


class Here(Numbers):
    def __init__(self) -> None:
        super().__init__()
        self._elsewhere = There()

    @property
    def elsewhere(self) -> Numbers:
        return self._elsewhere


@dataclass(eq=False)
class Texts(Numbers):
    """It writes what is left of a text."""

    told: list[str] = field(default_factory=list)

    def line(self, entry: Entry) -> bytes:
        event = entry.event
        return (
            b"empty " if isinstance(event, Redacted) else f"{getattr(event, 'text', '-')} ".encode()
        )


# who talks elsewhere


def elsewhere(house: House) -> Session:
    session = house.session(dialect=Here())
    session.here = False
    house.log.follow(session)
    return session


def test_who_talks_elsewhere_reads_of_which_room_it_is() -> None:
    house = House()
    ann, bob = house.follower(), elsewhere(house)
    house.turn(2)
    assert (ann.pipe.take(), bob.pipe.take()) == (numbers(range(2)), ["there:0", "there:1"])


def test_who_turns_to_the_room_reads_on_as_all_others_there() -> None:
    house = House()
    bob = elsewhere(house)
    house.turn()
    bob.here = True
    house.log.turn(bob)
    house.turn()
    bob.here = False
    house.log.turn(bob)
    house.turn()
    assert bob.pipe.take() == ["there:0", "1", "there:2"]


def test_who_turns_while_she_lags_reads_on_as_one_who_is_there() -> None:
    house = House()
    bob = house.session(room=1, dialect=Here())
    bob.here = False
    house.log.follow(bob)
    house.turn(1)
    house.turn(2)
    bob.here = True
    house.log.turn(bob)
    bob.pipe.drain()
    assert caught_up(house, bob) == ["there:0", "1", "2"]


def test_who_does_not_follow_is_not_turned() -> None:
    house = House()
    bob = house.session()
    house.log.turn(bob)
    house.turn()
    assert (bob.pipe.take(), house.log.followers) == ([], 0)


# whom she does not hear


def by(house: House, name: str) -> None:
    house.put(Said(name, house.text()))


def test_who_is_ignored_is_left_out_for_one_reader_and_no_other() -> None:
    house = House()
    ann, bob = house.follower(), house.follower()
    ann.ignored = frozenset({"zoe"})
    house.log.heed(ann)
    for name in ("cy", "Zoe", "dan"):
        by(house, name)
    house.log.flush()
    assert (ann.pipe.take(), bob.pipe.take()) == (["0", "2"], ["0", "1", "2"])


def test_who_comes_and_ignores_somebody_does_so_at_once() -> None:
    house = House()
    ann = house.session()
    ann.ignored = frozenset({"zoe"})
    house.log.follow(ann)
    by(house, "zoe")
    house.log.flush()
    assert ann.pipe.take() == []


def test_who_is_heard_again_is_heard() -> None:
    house = House()
    ann = house.follower()
    for ignored in (frozenset({"zoe"}), frozenset[str]()):
        ann.ignored = ignored
        house.log.heed(ann)
        by(house, "zoe")
        house.log.flush()
    assert ann.pipe.take() == ["1"]


def test_it_is_told_of_the_ignored_that_they_come() -> None:
    house = House()
    ann = house.follower()
    ann.ignored = frozenset({"zoe"})
    house.log.heed(ann)
    house.put(Joined("zoe"))
    house.put(Acted("zoe", "waves"))
    house.log.flush()
    assert ann.pipe.take() == ["0"]


def test_who_lags_does_not_hear_them_in_any_page() -> None:
    house = House()
    ann = house.follower(room=1)
    ann.ignored = frozenset({"zoe"})
    house.log.heed(ann)
    house.turn()
    for _ in range(PAGE):
        by(house, "zoe")
    house.say()
    house.log.flush()
    ann.pipe.drain()
    assert caught_up(house, ann) == ["0", str(PAGE + 1)]


def test_who_ignores_somebody_and_is_gone_is_forgotten() -> None:
    house = House()
    ann = house.follower()
    ann.ignored = frozenset({"zoe"})
    house.log.heed(ann)
    house.log.unfollow(ann)
    by(house, "zoe")
    house.log.flush()
    assert (ann.pipe.take(), house.log.followers) == ([], 0)


# what is taken away again


def test_what_waits_for_the_flush_is_redacted_in_time() -> None:
    house = House()
    ann = house.follower(dialect=Texts())
    house.say(2)
    house.log.redact(0)
    house.log.flush()
    assert ann.pipe.take() == ["empty", "x"]


@pytest.mark.parametrize("number", [1, 3])
def test_who_lags_reads_the_emptied_entry(number: int) -> None:
    house = House()
    ann = house.follower(room=1, dialect=Texts())
    house.turn()
    house.turn(2)
    house.turn(2)
    house.log.redact(number)
    ann.pipe.drain()
    read = caught_up(house, ann)[1:]
    assert read == ["empty" if at == number else "x" for at in range(1, 5)]


def test_the_text_that_was_taken_away_is_held_by_nobody() -> None:
    house = House()
    house.follower(room=1)
    house.turn()
    house.turn()
    assert house.kept == 1
    house.log.redact(1)
    assert house.kept == 0


def test_what_is_not_there_any_more_is_no_trouble() -> None:
    house = House()
    ann = house.follower()
    house.turn()
    house.log.redact(0)
    house.log.redact(7)
    house.turn()
    assert ann.pipe.take() == ["0", "1"]


def test_what_was_read_before_it_was_redacted_is_read_again() -> None:
    library = Library()
    slow = library.lagging(times=FEW * 3)
    span = library.wanted(slow)
    before = library.run(span, 100)
    library.log.redact(span.until)
    library.log.bring(slow, span, before)
    assert slow.pipe.take() == []
    assert library.wanted(slow) == span


def test_what_is_redacted_elsewhere_is_no_reason_to_read_again() -> None:
    library = Library()
    slow = library.lagging(times=FEW * 3)
    span = library.wanted(slow)
    library.log.redact(span.until + 1)
    library.bring(slow, span)
    assert slow.pipe.take() != []


# another name


def test_what_is_further_back_is_wanted_by_the_new_name() -> None:
    library = Library()
    slow = library.lagging(times=FEW * 3)
    assert library.wanted(slow).log == "#lobby"
    library.log.rename("#lounge")
    again = library.wanted(slow)
    assert again.log == "#lounge"


def test_what_was_asked_for_by_the_old_name_is_not_read_twice() -> None:
    library = Library()
    slow = library.lagging(times=FEW * 3)
    before = library.wanted(slow)
    library.log.rename("#lounge")
    library.wanted(slow)
    library.bring(slow, before)
    assert slow.pipe.take() == []


def test_readers_read_on_by_the_new_name() -> None:
    house = House()
    ann = house.follower()
    house.turn()
    house.log.rename("#lounge")
    house.turn()
    assert ann.pipe.take() == ["0", "1"]


# one more device


def test_the_last_entry_before_she_came_is_earlier_too() -> None:
    library = Library()
    library.follower()
    library.turn(3)
    session = library.session()
    library.log.follow(session, Span("#lobby", 1, 3))  # there is no entry of her own coming
    library.turn()
    assert library.read(session) == ["-earlier", "past:2", "past:3", "4"]
