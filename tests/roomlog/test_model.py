"""One log in any order: its readers, what is kept for them, and an archive, against lists."""

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.roomlog.house import House, Library, Numbers, Session
from twisted_chat.core.events import Renamed
from twisted_chat.core.history import Run, Span
from twisted_chat.roomlog import OVERHEAD, PAGE, TAIL

# without an archive: who reads what, to the last line


@dataclass(eq=False)
class Owed:
    """What somebody still has to read, as the model has it: the numbers of others' entries, and of
    her own."""

    others: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
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
            owed.following = owed.behind = False
            owed.others.clear()
            self._takes(one, owed, one.pipe.take())  # her receipts
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
                    owed.own.append(position)
                elif owed.following and position >= owed.comes_at:
                    owed.others.append(position)
        self.flushed = len(self.said)
        for one, owed in self.model.items():
            self._takes(one, owed, one.pipe.take())
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
        owed.behind = self.house.log.catch_up(one)
        came = one.pipe.take()
        if came and came[0].startswith("-"):
            self._skips(owed, int(came.pop(0).removeprefix("-skipped:")))
        owed.cursor = min(owed.cursor + PAGE, self.flushed)
        assert owed.behind == (owed.cursor < self.flushed)
        self._takes(one, owed, came)

    def _skips(self, owed: Owed, count: int) -> None:
        """Others' words; of her own there is a receipt."""
        assert self.tail < TAIL
        assert count > 0
        owed.cursor += count
        assert owed.cursor <= self.flushed
        owed.others = [number for number in owed.others if number >= owed.cursor]

    def _takes(self, one: Session, owed: Owed, came: list[str]) -> None:
        """What came is what was owed, in order and once, and nothing else."""
        until = owed.cursor if owed.behind else self.flushed
        seen = {number: str(number) for number in owed.others if number < until}
        if self._echoes(one):
            seen |= {number: f"own:{number}:None" for number in owed.own if number < until}
        assert came == [seen[number] for number in sorted(seen)]
        owed.others = [number for number in owed.others if number >= until]
        owed.own = [number for number in owed.own if number >= until]

    def _echoes(self, one: Session) -> bool:
        return isinstance(one.dialect, Numbers) and one.dialect.echo

    @invariant()
    def what_was_sent_is_settled(self) -> None:
        for one, owed in self.model.items():
            waiting = self.said[self.flushed :].count(one)
            assert one.unsettled == waiting + len(owed.own)

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
        own = sum(len(owed.own) for owed in self.model.values())
        assert (kept - own) * OVERHEAD <= self.tail


class AnyOrderWithAShortTail(AnyOrder):
    tail = 300 * OVERHEAD


# with an archive, and without: who comes back, and is brought what she missed


@dataclass(eq=False)
class Visit:
    """One reader from her coming to her going.

    ``comes_at``: the place in the log of what is said first when she is here. ``cursor``: what is
    before this place she has read, or was told of, or it is not for her. ``last``: the id of it.
    ``behind``: she lags. ``fetch``: what was wanted for her, and what the archive had of it then.
    ``earlier``: she was told that what follows is. ``gone``: up to which id she knows it is.
    ``own``: the places of what she said herself and was handed out, but not sent to her.
    """

    session: Session
    comes_at: int
    cursor: int
    last: int
    behind: bool = False
    fetch: tuple[Span, Run] | None = None
    earlier: bool = False
    gone: int = 0
    own: list[int] = field(default_factory=list)


class WithAnArchive(RuleBasedStateMachine):
    """Readers who come, come back, speak, fill up, wait, are brought what they want and go. The
    entry at a place has the next number as its id."""

    kept = True
    tail = 1000 * TAIL

    def __init__(self) -> None:
        super().__init__()
        self.house = Library(self.tail, self.kept)
        self.dialects = [self.house.dialect, Numbers()]
        self.said: list[tuple[bool, Session | None]] = []
        self.visits: dict[int, Visit] = {}
        self.left: dict[int, int] = {}
        self.too_late: list[tuple[Session, Span, Run]] = []
        self.flushed = 0

    whom = st.integers(0, 3)
    sizes = st.sampled_from([1, 2, 3, 10, PAGE])

    # what is said

    @rule(whom=whom, times=st.integers(1, 3))
    def speaks(self, whom: int, times: int) -> None:
        if whom in self.visits:
            session = self.visits[whom].session
            session.unsettled += times
            for _ in range(times):
                self.house.say(by=session, tag=len(self.said))
                self.said.append((True, session))

    @rule(whom=whom)
    def asks_for_what_is_not_kept(self, whom: int) -> None:
        if whom in self.visits:
            session = self.visits[whom].session
            session.unsettled += 1
            renamed = Renamed("ann", self.house.text())
            self.house.put(renamed, by=session, tag=len(self.said))
            self.said.append((False, session))

    @rule(times=st.sampled_from([1, 2, 3, 4, 5, PAGE, PAGE + 40]))
    def others_speak(self, times: int) -> None:
        self.house.say(times)
        self.said += [(True, None)] * times

    @rule(times=st.integers(1, 4))
    def others_come_and_go(self, times: int) -> None:
        for _ in range(times):
            self.house.somebody_comes()
        self.said += [(False, None)] * times

    @rule(count=st.integers(1, 20))
    def the_oldest_are_let_go(self, count: int) -> None:
        self.house.let_go(min(count, len(self.house.archive)))

    # who is here

    @rule(whom=whom)
    def comes(self, whom: int) -> None:
        if whom not in self.visits:
            session, now = self._comer(whom), len(self.said)
            self.house.log.follow(session)
            self.visits[whom] = Visit(session, now, now, now)

    @precondition(lambda self: self.kept)
    @rule(whom=whom, back=st.integers(0, 400), size=sizes)
    def comes_back(self, whom: int, back: int, size: int) -> None:
        """From where she left off, or from some place in the past."""
        if whom not in self.visits:
            after = self.left.pop(whom, max(0, len(self.said) - back))
            self.others_come_and_go(1)
            session, now = self._comer(whom), len(self.said)
            self.house.log.follow(session, Span("#lobby", after, now))
            self.visits[whom] = Visit(session, now, after, after, behind=True)
            self._reads_on(self.visits[whom], size)

    @rule(whom=whom)
    def goes(self, whom: int) -> None:
        visit = self.visits.pop(whom, None)
        if visit is not None:
            visit.session.pipe.take()
            self.house.log.unfollow(
                visit.session
            )  # and reads what is left of her own, even if full
            receipts = [self._seen_by(visit, place) for place in visit.own]
            assert visit.session.pipe.take() == receipts
            visit.own.clear()
            self._is_settled(visit)
            self.left[whom] = visit.last
            if visit.fetch is not None:
                self.too_late.append((visit.session, *visit.fetch))

    def _comer(self, whom: int) -> Session:
        return self.house.session(dialect=self.dialects[whom % 2])

    # what they read

    @rule()
    def flush(self) -> None:
        late = self.house.log.flush()
        before, self.flushed = self.flushed, len(self.said)
        for visit in self.visits.values():
            places = range(before, self.flushed)
            visit.own += [place for place in places if self.said[place][1] is visit.session]
            if visit.behind:
                assert not visit.session.pipe.sends
                assert visit.session not in late
                continue
            self._takes(visit)
            self._has_all(visit)
            visit.behind = visit.session in late
            assert visit.behind or not visit.session.pipe.full

    @rule(whom=whom, room=st.integers(1, 3))
    def will_be_full(self, whom: int, room: int) -> None:
        if whom in self.visits and not self.visits[whom].session.pipe.full:
            self.visits[whom].session.pipe.room = room

    @rule(whom=whom)
    def is_filled_by_another_log(self, whom: int) -> None:
        if whom in self.visits and self.visits[whom].behind:
            self.visits[whom].session.pipe.full = True

    @rule(whom=whom, room=st.sampled_from([None, 1, 2]), size=sizes, pages=st.integers(1, 3))
    def has_room(self, whom: int, room: int | None, size: int, pages: int) -> None:
        if whom in self.visits:
            self.visits[whom].session.pipe.drain(room)
            for _ in range(pages):
                self._reads_on(self.visits[whom], size)

    @rule(whom=whom, size=st.none() | sizes)
    def is_brought_what_was_wanted(self, whom: int, size: int | None) -> None:
        """As it was when it was wanted, or as it is now."""
        if whom in self.visits:
            self._is_brought(self.visits[whom], size)

    @precondition(lambda self: self.too_late)
    @rule()
    def is_brought_what_was_wanted_by_somebody_who_left(self) -> None:
        session, span, run = self.too_late.pop()
        session.pipe.sends.clear()
        self.house.log.bring(session, span, run)
        assert not session.pipe.sends

    @rule(size=sizes)
    def all_read_to_the_end(self, size: int) -> None:
        self.flush()
        for visit in self.visits.values():
            visit.session.pipe.drain()
            while visit.behind:
                self._is_brought(visit, size)
                self._reads_on(visit, size)
            self._has_all(visit)

    def teardown(self) -> None:
        self.all_read_to_the_end(PAGE)
        assert not self.house.log.lagging
        assert self.house.kept == 0

    def _reads_on(self, visit: Visit, size: int) -> None:
        """As the hub has it, when there is room."""
        session, log = visit.session, self.house.log
        if session.pipe.full or log.awaits(session):
            return
        visit.behind = log.catch_up(session)
        if span := log.wants(session):
            visit.fetch = span, self.house.run(span, size)
        assert log.awaits(session) == (span is not None)
        self._takes(visit)
        if not visit.behind:
            self._has_all(visit)

    def _is_brought(self, visit: Visit, size: int | None) -> None:
        if visit.fetch is not None:
            (span, run), visit.fetch = visit.fetch, None
            self.house.log.bring(
                visit.session, span, run if size is None else self.house.run(span, size)
            )
            self._takes(visit)

    def _takes(self, visit: Visit) -> None:
        """What came is what comes next for her, or she knows why it is not."""
        told = ""
        for text in visit.session.pipe.take():
            if text.startswith("-"):
                told = text
                self._is_told(visit, *text[1:].split(":"))
                continue
            number = int(text.removeprefix("past:").removeprefix("own:").split(":")[0])
            assert text == self._seen_by(visit, number - 1)
            assert text.startswith("past:") or told != "-earlier"
            assert visit.earlier or not text.startswith("past:")
            if text.startswith("own:"):
                assert number - 1 == visit.own.pop(0)
                if number <= visit.cursor:
                    assert told.startswith("-skipped")
                    continue
            self._passes_over(visit, number - 1)
            visit.cursor = visit.last = number
            told = ""
        assert told != "-earlier"

    def _is_told(self, visit: Visit, what: str, number: str = "") -> None:
        match what:
            case "skipped":
                assert not self.kept
                assert int(number) > 0
                visit.cursor += int(number)
                visit.last = visit.cursor
            case "gone":
                assert int(number) == 0 or int(number) > visit.last + 1
                visit.gone = int(number) - 1 if int(number) else self.house.gone
            case "earlier":
                assert not visit.earlier
                visit.earlier = True

    def _seen_by(self, visit: Visit, place: int) -> str:
        _, by = self.said[place]
        if by is visit.session:
            return f"own:{place + 1}:{place}"
        return f"past:{place + 1}" if place < visit.comes_at else str(place + 1)

    def _passes_over(self, visit: Visit, place: int) -> None:
        """What is between the last that she read and this, she may be without."""
        assert visit.cursor <= place
        for missing in range(visit.cursor, place):
            kept, by = self.said[missing]
            assert by is not visit.session
            if kept:
                assert missing < visit.gone
            else:
                assert self.kept
                assert missing < visit.comes_at or self.tail < TAIL

    def _has_all(self, visit: Visit) -> None:
        """There is nothing more for her now."""
        if visit.cursor < self.flushed:
            self._passes_over(visit, self.flushed)
            visit.cursor = self.flushed
        assert not visit.own

    def _is_settled(self, visit: Visit) -> None:
        waiting = [by for _, by in self.said[self.flushed :]].count(visit.session)
        assert visit.session.unsettled == waiting + len(visit.own)

    # what always holds

    @invariant()
    def what_was_sent_is_settled(self) -> None:
        for visit in self.visits.values():
            self._is_settled(visit)

    @invariant()
    def the_log_knows_who_is_there_and_who_lags(self) -> None:
        assert self.house.log.followers == len(self.visits)
        assert self.house.log.lagging == any(visit.behind for visit in self.visits.values())

    @invariant()
    def nobody_is_sent_anything_while_she_is_full(self) -> None:
        assert not any(visit.session.pipe.stuffed for visit in self.visits.values())

    @invariant()
    def no_more_is_in_memory_than_somebody_has_to_read(self) -> None:
        in_tail = self.house.kept - (len(self.said) - self.flushed)
        if not self.house.log.lagging:
            assert in_tail == 0
        own = sum(len(visit.own) for visit in self.visits.values())
        assert (in_tail - own) * OVERHEAD <= self.tail


class WithAnArchiveAndAShortTail(WithAnArchive):
    tail = 300 * OVERHEAD


class WithAnArchiveAndHardlyATail(WithAnArchive):
    tail = 5 * OVERHEAD


class WithoutAnArchive(WithAnArchive):
    kept = False
    tail = 5 * OVERHEAD


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAnyOrderWithAShortTail = AnyOrderWithAShortTail.TestCase
TestAnyOrderWithAShortTail.settings = TestAnyOrder.settings
TestWithAnArchive = WithAnArchive.TestCase
TestWithAnArchive.settings = TestAnyOrder.settings
TestWithAnArchiveAndAShortTail = WithAnArchiveAndAShortTail.TestCase
TestWithAnArchiveAndAShortTail.settings = TestAnyOrder.settings
TestWithAnArchiveAndHardlyATail = WithAnArchiveAndHardlyATail.TestCase
TestWithAnArchiveAndHardlyATail.settings = TestAnyOrder.settings
TestWithoutAnArchive = WithoutAnArchive.TestCase
TestWithoutAnArchive.settings = TestAnyOrder.settings
