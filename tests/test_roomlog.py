"""One log: its readers, those who lag, and what is kept for them."""

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

import pytest

from twisted_chat import ports
from twisted_chat.core.events import Entry, Event, Joined, Renamed, Said
from twisted_chat.core.history import END, Run, Span
from twisted_chat.core.outcomes import Answer, Earlier, Gone, Skipped
from twisted_chat.core.refusals import Refusal
from twisted_chat.roomlog import OVERHEAD, PAGE, STORM, TAIL, RoomLog
from twisted_chat.speech.asked import Asked, Tag


class Text(str):
    """A text of which a test can see whether anybody still holds it."""

    __slots__ = ("__weakref__",)


@dataclass(eq=False)
class Numbers:
    """A dialect that writes an entry's number, and counts how often it does. What is told of the
    log itself begins with a dash."""

    echo: bool = True
    greeting: bytes = b""
    encoded: int = 0

    def read(self, line: bytes, naming: bool) -> Asked | None:
        raise NotImplementedError

    def line(self, entry: Entry) -> bytes:
        self.encoded += 1
        return b"%d " % entry.id

    def earlier(self, entry: Entry) -> bytes:
        return b"past:%d " % entry.id

    def own(self, entry: Entry, tag: object) -> bytes:
        return b"own:%d:%s " % (entry.id, str(tag).encode()) if self.echo else b""

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        return b"".join(lines)

    def answer(self, answer: Answer, tag: object) -> bytes:
        match answer:
            case Skipped(count):
                return b"-skipped:%d " % count
            case Gone("#lobby", oldest):
                return b"-gone:%d " % oldest
            case Earlier("#lobby"):
                return b"-earlier "
            case _:
                raise NotImplementedError


@dataclass(eq=False)
class Reader:
    """``room``: sends until it is full; None for no end. ``stuffed``: it was sent more then."""

    room: int | None = None
    full: bool = False
    stuffed: bool = False
    sends: list[bytes] = field(default_factory=list)

    def send(self, data: bytes) -> bool:
        if data:
            self.stuffed |= self.full
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
    """Whoever follows a log. ``pipe`` is her reader, as the test knows it; ``ready``: answers that
    she was given, and has not been sent yet."""

    dialect: ports.Dialect
    pipe: Reader = field(default_factory=Reader)
    unsettled: int = 0
    gone: bool = False
    ready: bytes = b""
    reader: ports.Reader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = self.pipe

    def settle(self, count: int) -> None:
        self.unsettled -= count

    def speak(self) -> None:
        ready, self.ready = self.ready, b""
        self.pipe.send(ready)

    def answer(self, answer: Answer, tag: Tag) -> None:
        raise NotImplementedError

    def search(self) -> None:
        raise NotImplementedError

    def found(self, answer: Answer, tag: Tag) -> None:
        raise NotImplementedError

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        raise NotImplementedError

    def depart(self, tag: Tag) -> None:
        raise NotImplementedError

    def dismiss(self, told: str, why: str) -> None:
        raise NotImplementedError


_: type[ports.Session] = Session


class House:
    """A log, people who follow it, and what is said in it: its entries are 0, 1, 2 ..."""

    def __init__(self, tail: int = TAIL, kept: bool = False, first: int = 0) -> None:
        self.log = RoomLog("#lobby", kept, tail)
        self.dialect = Numbers()
        self.length = 1
        self.texts: list[weakref.ref[Text]] = []
        self._numbers: Iterator[int] = count(first)

    def session(self, room: int | None = None, dialect: Numbers | None = None) -> Session:
        return Session(dialect or self.dialect, Reader(room))

    def follower(self, room: int | None = None, dialect: Numbers | None = None) -> Session:
        session = self.session(room, dialect)
        self.log.follow(session)
        return session

    def say(self, times: int = 1, by: Session | None = None, tag: Tag = None) -> None:
        for _ in range(times):
            self.put(Said("ann", self.text()), by, tag)

    def somebody_comes(self) -> int:
        """What is not kept; gives its number."""
        return self.put(Joined(self.text())).id

    def put(self, event: Event, by: Session | None = None, tag: Tag = None) -> Entry:
        entry = Entry(next(self._numbers), "#lobby", event)
        self.log.append(entry, None if by is None else (by, tag, None))
        return entry

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

    def text(self) -> Text:
        text = Text("x" * self.length)
        self.texts.append(weakref.ref(text))
        return text


FEW = 3
"""Entries of one letter that the tail of a library has room for."""


class Library(House):
    """A house that keeps what is said, and not who comes and goes: its entries are 1, 2, 3 ...

    ``gone``: up to which id it has let go of it.
    """

    def __init__(self, tail: int = FEW * (OVERHEAD + 1), kept: bool = True) -> None:
        super().__init__(tail, kept, first=1)
        self.archive: list[Entry] = []
        self.gone = 0

    def put(self, event: Event, by: Session | None = None, tag: Tag = None) -> Entry:
        entry = super().put(event, by, tag)
        if isinstance(event, Said):
            self.archive.append(replace(entry, event=Said(event.name, str(event.text))))
        return entry

    def comer(self, after: int = 0) -> Session:
        """Somebody comes who has read up to ``after``, which is another entry."""
        session = self.session()
        self.log.follow(session, Span("#lobby", after, self.somebody_comes()))
        return session

    def lagging(self, times: int = 10) -> Session:
        """Somebody who has read the first of so many entries, and has room for the others now."""
        slow = self.follower(room=1)
        for _ in range(times):
            self.turn()
        slow.pipe.take()
        slow.pipe.drain()
        return slow

    def wanted(self, session: Session) -> Span:
        """What has to be brought from the archive next."""
        assert self.log.catch_up(session)
        span = self.log.wants(session)
        assert span is not None
        return span

    def run(self, span: Span, size: int) -> Run:
        found = [entry for entry in self.archive if span.after < entry.id <= span.until]
        oldest = self.archive[0].id if self.archive else 0
        gone = oldest if self.gone > span.after else None
        return Run(tuple(found[:size]), len(found) > size, gone)

    def bring(self, session: Session, span: Span, size: int = 100) -> None:
        self.log.bring(session, span, self.run(span, size))

    def let_go(self, count: int) -> None:
        """The oldest are not kept any more."""
        if count:
            self.gone = self.archive[count - 1].id
            del self.archive[:count]

    def read(self, session: Session, size: int = 100) -> list[str]:
        """What she reads who has room, as the hub has it, until she does not lag any more."""
        while not session.pipe.full and self.log.catch_up(session):
            if span := self.log.wants(session):
                self.bring(session, span, size)
            assert not self.log.awaits(session)
        return session.pipe.take()


def numbers(*spans: Iterable[int]) -> list[str]:
    return [str(number) for span in spans for number in span]


def past(span: Iterable[int]) -> list[str]:
    """As they are read by somebody who was not there."""
    return [f"past:{number}" for number in span]


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


# what she asked for herself who lags is settled when she is sent the receipt


def asked(
    house: House, session: Session, event: Event | None = None, tag: Tag = None
) -> list[ports.Session]:
    """She asked for this, and it is handed out."""
    session.unsettled += 1
    house.put(event or Said("ann", house.text()), session, tag)
    return house.log.flush()


def is_settled_for_good(house: House, session: Session) -> bool:
    """And once, whatever comes next."""
    settled = session.unsettled == 0
    session.pipe.take()
    session.pipe.drain()
    house.turn(FEW + 1)
    house.log.catch_up(session)
    house.log.unfollow(session)
    house.turn()
    assert not any(text.startswith("own") for text in session.pipe.take())
    return settled and session.unsettled == 0


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


# who reads on from where she left off


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
