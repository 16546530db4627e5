"""One log: its readers, those who lag, and what is kept for them."""

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from twisted_chat import ports
from twisted_chat.core.events import Entry, Said
from twisted_chat.core.outcomes import Answer, Skipped
from twisted_chat.core.refusals import Refusal
from twisted_chat.roomlog import OVERHEAD, PAGE, STORM, TAIL, RoomLog
from twisted_chat.speech.asked import Asked, Tag


class Text(str):
    """A text of which a test can see whether anybody still holds it."""

    __slots__ = ("__weakref__",)


@dataclass(eq=False)
class Numbers:
    """A dialect that writes an entry's number, and counts how often it does."""

    echo: bool = True
    greeting: bytes = b""
    encoded: int = 0

    def read(self, line: bytes, naming: bool) -> Asked | None:
        raise NotImplementedError

    def line(self, entry: Entry) -> bytes:
        self.encoded += 1
        return b"%d " % entry.id

    def own(self, entry: Entry, tag: object) -> bytes:
        return b"own:%d:%s " % (entry.id, str(tag).encode()) if self.echo else b""

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        return b"".join(lines)

    def answer(self, answer: Answer, tag: object) -> bytes:
        raise NotImplementedError


@dataclass(eq=False)
class Reader:
    """``room``: sends until it is full; None for no end."""

    room: int | None = None
    full: bool = False
    sends: list[bytes] = field(default_factory=list)

    def send(self, data: bytes) -> bool:
        if data:
            self.sends.append(data)
            if self.room is not None:
                self.room -= 1
                self.full = self.room <= 0
        return not self.full

    def drain(self, room: int | None = None) -> None:
        """What waited is read, and there is room again."""
        self.room, self.full = room, False

    def take(self) -> list[str]:
        """All that came since this was asked last, entry by entry."""
        came, self.sends = b"".join(self.sends), []
        return came.decode().split()


@dataclass(eq=False)
class Session:
    """Whoever follows a log. ``pipe`` is her reader, as the test knows it."""

    dialect: ports.Dialect
    pipe: Reader = field(default_factory=Reader)
    unsettled: int = 0
    gone: bool = False
    answers: list[Answer] = field(default_factory=list)
    reader: ports.Reader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = self.pipe

    def settle(self, count: int) -> None:
        self.unsettled -= count

    def answer(self, answer: Answer, tag: Tag) -> None:
        self.answers.append(answer)

    def speak(self) -> None:
        """Its answers are counted as they are given."""

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        raise NotImplementedError

    def depart(self, tag: Tag) -> None:
        raise NotImplementedError

    def dismiss(self, told: str, why: str) -> None:
        raise NotImplementedError


_: type[ports.Session] = Session


class House:
    """A log, people who follow it, and what is said in it: its entries are 0, 1, 2 ..."""

    def __init__(self, tail: int = TAIL) -> None:
        self.log = RoomLog("#lobby", tail)
        self.dialect = Numbers()
        self.length = 1
        self.texts: list[weakref.ref[Text]] = []
        self._numbers: Iterator[int] = count()

    def session(self, room: int | None = None, dialect: Numbers | None = None) -> Session:
        return Session(dialect or self.dialect, Reader(room))

    def follower(self, room: int | None = None, dialect: Numbers | None = None) -> Session:
        session = self.session(room, dialect)
        self.log.follow(session)
        return session

    def say(self, times: int = 1, by: Session | None = None, tag: Tag = None) -> None:
        for _ in range(times):
            text = Text("x" * self.length)
            self.texts.append(weakref.ref(text))
            entry = Entry(next(self._numbers), "#lobby", Said("ann", text))
            self.log.append(entry, None if by is None else (by, tag))

    def turn(
        self, times: int = 1, by: Session | None = None, tag: Tag = None
    ) -> list[ports.Session]:
        """This is said, and handed out."""
        self.say(times, by, tag)
        return self.log.flush()

    @property
    def kept(self) -> int:
        """Entries that are still in memory."""
        return sum(text() is not None for text in self.texts)


def numbers(*spans: Iterable[int]) -> list[str]:
    return [str(number) for span in spans for number in span]


def caught_up(house: House, session: Session) -> list[str]:
    """What a lagging reader that has room reads until it lags no more."""
    while house.log.catch_up(session):
        pass
    return session.pipe.take()


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


def test_beyond_the_bound_a_reader_is_told_how_many_entries_are_gone() -> None:
    house = House(tail=10 * (OVERHEAD + 10))
    slow, fast = house.follower(room=1), house.follower()
    for _ in range(100):
        house.turn()
    slow.pipe.take()
    slow.pipe.drain()
    read = caught_up(house, slow)
    [skipped] = slow.answers
    assert isinstance(skipped, Skipped)
    assert read == numbers(range(1 + skipped.count, 100))
    assert 9 <= len(read) <= 11
    assert fast.pipe.take() == numbers(range(100))


def test_a_gap_of_one_entry_is_told_too() -> None:
    house = House(tail=3 * OVERHEAD + 30)
    slow = house.follower(room=1)
    for _ in range(5):
        house.turn()
    slow.pipe.drain()
    assert caught_up(house, slow) == ["0", "2", "3", "4"]
    assert slow.answers == [Skipped(1)]


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


def test_who_is_told_of_a_gap_is_told_before_she_reads_on() -> None:
    class Telling(Session):
        def answer(self, answer: Answer, tag: Tag) -> None:
            self.pipe.sends.append(b"gap ")

    house = House(tail=3 * (OVERHEAD + 10))
    slow = Telling(house.dialect, Reader(room=1))
    house.log.follow(slow)
    for _ in range(10):
        house.turn()
    slow.pipe.drain()
    read = caught_up(house, slow)
    assert read[:2] == ["0", "gap"]
    assert read[-1] == "9"


def test_a_batch_larger_than_the_bound_is_not_kept_at_all() -> None:
    house = House(tail=3 * OVERHEAD)
    slow = house.follower(room=1)
    house.turn()
    house.turn(50)
    assert house.kept == 0
    slow.pipe.drain()
    assert caught_up(house, slow) == ["0"]
    assert slow.answers == [Skipped(50)]


# all of it, in any order


@dataclass(eq=False)
class Owed:
    """What somebody still has to read, as the model has it."""

    others: list[tuple[int, str]] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    settled: int = 0
    following: bool = False
    behind: bool = False
    cursor: int = 0
    comes_at: int = 0


class AnyOrder(RuleBasedStateMachine):
    """Readers who come, speak, fill up, drain, catch up and go, against lists of numbers."""

    tail = TAIL

    def __init__(self) -> None:
        super().__init__()
        self.house = House(self.tail)
        silent = Numbers(echo=False)
        self.people = [self.house.session(dialect=(None, silent)[n % 2]) for n in range(5)]
        self.model = {one: Owed() for one in self.people}
        self.said: list[Session | None] = []
        self.flushed = 0

    whom = st.integers(0, 4)

    @rule(whom=whom)
    def comes_or_goes(self, whom: int) -> None:
        one = self.people[whom]
        owed = self.model[one]
        if owed.following:
            self.house.log.unfollow(one)
            was_behind = owed.behind
            owed.following = owed.behind = False
            owed.others.clear()
            if was_behind:
                owed.own.clear()  # her receipts waited with the rest
        elif one not in self.said[self.flushed :]:  # that has a test of its own
            self.house.log.follow(one)
            owed.following, owed.comes_at = True, len(self.said)

    @rule(whom=whom, times=st.integers(1, 3))
    def speaks(self, whom: int, times: int) -> None:
        one = self.people[whom]
        one.unsettled += times
        self.house.say(times, by=one)
        self.said += [one] * times

    @rule(times=st.sampled_from([1, 2, PAGE - 1, PAGE, PAGE + 40]))
    def others_speak(self, times: int) -> None:
        self.house.say(times)
        self.said += [None] * times

    @rule(whom=whom, room=st.integers(1, 3))
    def will_be_full(self, whom: int, room: int) -> None:
        if not self.people[whom].pipe.full:
            self.people[whom].pipe.room = room

    @rule()
    def flush(self) -> None:
        late = self.house.log.flush()
        for one, owed in self.model.items():
            for position in range(self.flushed, len(self.said)):
                if self.said[position] is one:
                    owed.settled += 1
                    owed.own += [f"own:{position}:None"] if self._echoes(one) else []
                elif owed.following and position >= owed.comes_at:
                    owed.others.append((position, str(position)))
        self.flushed = len(self.said)
        for one, owed in self.model.items():
            self._takes(one, owed)
            if one in late:
                assert owed.following
                assert not owed.behind
                assert one.pipe.full
                owed.behind, owed.cursor = True, self.flushed

    @precondition(lambda self: any(owed.behind for owed in self.model.values()))
    @rule(data=st.data(), pages=st.integers(1, 3))
    def somebody_who_lags_has_room(self, data: st.DataObject, pages: int) -> None:
        lagging = [whom for whom, one in enumerate(self.people) if self.model[one].behind]
        one = self.people[data.draw(st.sampled_from(lagging))]
        one.pipe.drain()
        for _ in range(pages):
            self._catches_up(one, self.model[one])

    def _catches_up(self, one: Session, owed: Owed) -> None:
        if not owed.behind:
            return
        one.answers.clear()
        owed.behind = self.house.log.catch_up(one)
        for answer in one.answers:
            assert isinstance(answer, Skipped)
            self._skips(owed, answer.count)
        owed.cursor = min(owed.cursor + PAGE, self.flushed)
        assert owed.behind == (owed.cursor < self.flushed)
        self._takes(one, owed)

    def _skips(self, owed: Owed, count: int) -> None:
        assert self.tail < TAIL
        assert count > 0
        owed.cursor += count
        assert owed.cursor <= self.flushed
        owed.others = [(at, text) for at, text in owed.others if at >= owed.cursor]
        owed.own = [text for text in owed.own if int(text.split(":")[1]) >= owed.cursor]

    def _takes(self, one: Session, owed: Owed) -> None:
        """What came is what was owed: others' words in order, her own once, nothing else."""
        came = one.pipe.take()
        others = [text for text in came if not text.startswith("own")]
        assert others == [text for _, text in owed.others[: len(others)]]
        del owed.others[: len(others)]
        for text in came:
            if text.startswith("own"):
                owed.own.remove(text)
        if not owed.behind:
            assert not owed.others
            assert not owed.own

    def _echoes(self, one: Session) -> bool:
        return isinstance(one.dialect, Numbers) and one.dialect.echo

    @invariant()
    def what_was_handed_out_is_settled(self) -> None:
        for one, owed in self.model.items():
            assert one.unsettled == self.said.count(one) - owed.settled

    @invariant()
    def the_log_knows_who_is_there_and_who_lags(self) -> None:
        assert self.house.log.followers == sum(one.following for one in self.model.values())
        assert self.house.log.lagging == any(one.behind for one in self.model.values())
        assert self.house.log.waiting == len(self.said) - self.flushed

    @invariant()
    def no_more_is_kept_than_somebody_has_to_read(self) -> None:
        kept = self.house.kept - (len(self.said) - self.flushed)
        if not self.house.log.lagging:
            assert kept == 0
        assert kept * OVERHEAD <= self.tail


class AnyOrderWithAShortTail(AnyOrder):
    tail = 300 * OVERHEAD


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrderWithAShortTail = AnyOrderWithAShortTail.TestCase
TestAnyOrderWithAShortTail.settings = TestAnyOrder.settings
