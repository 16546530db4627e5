"""One log and people who follow it: with a tail alone, or with an archive behind it."""

import weakref
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from twisted.python.failure import Failure

from twisted_chat import ports
from twisted_chat.core.events import Entry, Event, Joined, Said
from twisted_chat.core.history import Run, Span
from twisted_chat.core.outcomes import Answer, CaughtUp, Earlier, Gone, Skipped
from twisted_chat.core.refusals import Refusal
from twisted_chat.roomlog import OVERHEAD, TAIL, RoomLog
from twisted_chat.speech.asked import Asked, Tag


class Text(str):
    """A text of which a test can see whether anybody still holds it."""

    __slots__ = ("__weakref__",)


@dataclass(eq=False)
class Numbers:
    """A dialect that writes an entry's number, and counts how often it does. What is told of the
    log itself begins with a dash; with ``ends``, that all was read that was said before too."""

    echo: bool = True
    ends: bool = False
    greeting: bytes = b""
    asks: bool = False
    encoded: int = 0

    @property
    def elsewhere(self) -> "Numbers":
        return self

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
            case CaughtUp("#lobby"):
                return b"-all " if self.ends else b""
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
    she was given, and has not been sent yet. ``here``: it is this log's room in which she talks."""

    dialect: ports.Dialect
    pipe: Reader = field(default_factory=Reader)
    unsettled: int = 0
    gone: bool = False
    ready: bytes = b""
    address: str = ""
    ignored: frozenset[str] = frozenset()
    here: bool = True
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

    def found(self) -> None:
        raise NotImplementedError

    def dialect_in(self, log: str) -> ports.Dialect:
        return self.dialect if self.here else self.dialect.elsewhere

    def probe(self) -> None:
        raise NotImplementedError

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        raise NotImplementedError

    def depart(self, tag: Tag) -> None:
        raise NotImplementedError

    def dismiss(self, told: str, why: str) -> None:
        raise NotImplementedError

    def bug(self, failure: Failure | None = None) -> None:
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
