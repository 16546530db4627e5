"""One log of this daemon's: who reads it, who lags, and the chunk that all the others get.

Entries are collected during a turn of the reactor; ``flush`` encodes them once per dialect, joins
them once, and hands the same bytes to every reader. What a reader who lags still has to read is
kept up to a bound; when nobody lags, nothing is. What is further back comes from the archive, if
there is one: whoever asks it brings it here.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from twisted.python.failure import Failure

from twisted_chat.core import names
from twisted_chat.core.events import SPOKEN, Entry, Redacted
from twisted_chat.core.history import END, Run, Span
from twisted_chat.core.outcomes import CaughtUp, Earlier, Gone, Skipped
from twisted_chat.core.value import value
from twisted_chat.ports import Asker, Dialect, Reader, Session
from twisted_chat.speech.asked import Tag
from twisted_chat.wording import crowded, word, worded

TAIL = 1 << 19
"""Bytes, roughly, kept for those who lag: the kernel holds some 4 MB more for each of them, so who
is further behind than this has stopped reading and not merely stumbled."""

SHORT_TAIL = 1 << 18
"""The same where an archive has the rest."""

PAGE = 256
"""Entries that go to a lagging reader in one turn: some 20 KB, which a transport takes."""

STORM = 64
"""Comers in one batch up to which each reads just what came after her. In a larger one all read
the same, folded: to tell each of N people apart what N others do costs N times N."""

OVERHEAD = 400
"""Bytes counted for an entry beside its text. By tracemalloc it is 262 on Python 3.11; the rest is
margin, so that the bound above errs towards keeping less."""


@value
class Batch:
    """The entries of one flush, and who asked for each.

    ``came``: who began to follow in the middle, and before which entry; ``read``: those of them who
    have read what was before. ``causes``: which of the entries each asker asked for. ``unheard``:
    which of them somebody does not hear, because of who said it.
    """

    entries: list[Entry]
    askers: list[Asker | None]
    came: dict[Session, int]
    read: set[Session]
    causes: dict[Session, list[int]]
    unheard: dict[Session, list[int]]

    def apart(self) -> set[Session]:
        """The sessions that do not read what the crowd reads."""
        comers = self.came.keys() if len(self.came) <= STORM else self.read
        return self.causes.keys() | comers | self.unheard.keys()

    def seen_by(self, session: Session, lines: list[bytes]) -> bytes:
        """What a follower reads who spoke, or came in the middle: others' lines and her own."""
        seen = lines.copy()
        if session in self.came:
            seen[: self.came[session]] = [b""] * self.came[session]
        for index in self.unheard.get(session, ()):
            seen[index] = b""
        for index in self.causes.get(session, ()):
            seen[index] = self._own(session, index)
        return b"".join(seen)

    def caused_by(self, session: Session) -> bytes:
        """What somebody reads of her own doing who does not follow this log."""
        return b"".join([self._own(session, index) for index in self.causes[session]])

    def asked_by(self, session: Session) -> dict[int, tuple[Entry, Tag]]:
        """By id, what she asked for, and what she wants to find it by."""
        asked = ((self.entries[index], self.askers[index]) for index in self.causes[session])
        return {entry.id: (entry, asker[1]) for entry, asker in asked if asker is not None}

    def _own(self, session: Session, index: int) -> bytes:
        asker = self.askers[index]
        tag = asker[1] if asker else None
        return word(session.dialect, session.dialect.own, self.entries[index], tag)


@value
class Kept:
    """What was handed out in one flush, while somebody still has to read it. ``start``: how many
    entries the log had before. ``weight``: in bytes, roughly."""

    start: int
    entries: list[Entry]
    weight: int

    @property
    def end(self) -> int:
        return self.start + len(self.entries)


@dataclass(slots=True)
class Lag:
    """Where a reader is who does not read what the others read now.

    First she reads from the archive: the entries with ``after`` < id <= ``seen``; nothing where
    both are equal. Then from the tail: from ``position`` on, whose entry is the one after ``seen``.
    ``came``: what has a smaller id was said before she came. ``own``: what she asked for herself,
    by id: it is settled when it is sent. ``awaits``: what is being brought from the archive.
    ``replays``: she has not been told yet that what comes first was said before; ``tells``: nor
    that she has read all of that.
    """

    position: int
    seen: int
    after: int
    came: int = 0
    own: dict[int, tuple[Entry, Tag]] = field(default_factory=dict)
    awaits: Span | None = None
    replays: bool = False
    tells: bool = False


class RoomLog:
    """``name``: as in the entries. ``kept``: an archive has those that the tail does not reach.
    ``followers``: how many. ``flushed``: when it last was, for whoever paces it.

    A position counts the log's entries since this daemon began.
    """

    def __init__(self, name: str, kept: bool = False, tail: int | None = None) -> None:
        self.name = name
        self.flushed = float("-inf")
        self.followers = 0
        self._kept = kept
        self._bound = tail or (SHORT_TAIL if kept else TAIL)
        self._end = 0
        self._handed_out = self._floor = 0
        self._entries: list[Entry] = []
        self._askers: list[Asker | None] = []
        self._came: dict[Session, int] = {}
        self._have_read: set[Session] = set()
        self._readers: dict[Dialect, dict[Session, Reader]] = {}
        self._picky: dict[Session, None] = {}
        self._behind: dict[Session, Lag] = {}
        self._tail: deque[Kept] = deque()
        self._weight = 0

    @property
    def waiting(self) -> int:
        """Entries that the next flush sends."""
        return len(self._entries)

    @property
    def latest(self) -> int:
        """The id of the last entry since this daemon began; 0 for none."""
        return self._entries[-1].id if self._entries else self._handed_out

    @property
    def lagging(self) -> bool:
        """Somebody still has to read what others have read."""
        return bool(self._behind)

    def follow(self, session: Session, earlier: Span | None = None) -> None:
        """From now on ``session`` reads what is appended. With ``earlier`` she lags from the start:
        she reads that first, from the archive, and wants ``catch_up``."""
        if self.is_read_by(session):
            return
        self.followers += 1
        if earlier is not None:
            position, until = self._end + len(self._entries), earlier.until
            after = min(earlier.after, until)  # nobody has read what is not said yet
            self._behind[session] = Lag(position, until, after, until + 1, replays=True, tells=True)
        else:
            self._read(session)
            if self._entries:
                self._came[session] = len(self._entries)
        self.heed(session)

    def unfollow(self, session: Session) -> None:
        self._came.pop(session, None)
        self._have_read.discard(session)
        self._picky.pop(session, None)
        if self._read_no_more(session):
            self.followers -= 1
        elif (lag := self._behind.pop(session, None)) is not None:
            self.followers -= 1
            self._trim(lag.position)
            lag.after = END
            session.reader.send(_rendered((), session, lag, self.name))

    def turn(self, session: Session) -> None:
        """She talks here now, or does not any more, and reads what is said accordingly."""
        if self._read_no_more(session):
            self._read(session)

    def heed(self, session: Session) -> None:
        """Somebody hears nothing of some people, or hears them again."""
        if session.ignored and self.is_read_by(session):
            self._picky[session] = None
        else:
            self._picky.pop(session, None)

    def redact(self, number: int) -> None:
        """That entry has lost its text: who has not read it yet will not."""
        for entries in (self._entries, *(kept.entries for kept in self._tail)):
            for index, entry in enumerate(entries):
                if entry.id == number:
                    entries[index] = redacted(entry)
        for lag in self._behind.values():
            if lag.awaits is not None and lag.awaits.after < number <= lag.awaits.until:
                lag.awaits = None  # what is under way may have been read before

    def rename(self, name: str) -> None:
        """The log has another name, by which what is further back is found from now on."""
        self.name = name
        for lag in self._behind.values():
            lag.awaits = None  # what is under way was asked for by the old name

    def append(self, entry: Entry, asker: Asker | None) -> None:
        self._entries.append(entry)
        self._askers.append(asker)

    def flush(self) -> list[Session]:
        """Send what was appended. Gives those who have become full by it: they lag from now on,
        and want ``catch_up`` when they are full no more."""
        batch = self._take()
        late: list[Session] = []
        broken: dict[Session, Failure] = {}
        for dialect, readers in self._readers.items():
            late += _hand_out(batch, dialect, readers, broken)
        for session, indexes in batch.causes.items():
            if session in self._behind:
                self._behind[session].own.update(batch.asked_by(session))
                continue
            try:
                if not self.is_read_by(session):
                    session.reader.send(batch.caused_by(session))
            except Exception:
                broken[session] = Failure()
            session.settle(len(indexes))
        self._keep(batch.entries)
        for session in late:
            if self._read_no_more(session):
                self._behind[session] = Lag(self._end, self._handed_out, self._handed_out)
        for session, failure in broken.items():
            session.bug(failure)  # now that all others have read it
        return late

    def catch_up(self, session: Session) -> bool:
        """Send one page to a reader that lags and has room, if it is in memory; True if it lags
        still. What it has to read from the archive before, ``wants`` says."""
        lag = self._to_send_to(session)
        if lag is None:
            return session in self._behind
        before = lag.position
        told = self._let_go(lag, session.dialect)
        if lag.after < lag.seen:
            return True
        told += self._tell_all_is_read(lag, session.dialect)
        page = list(islice(self._kept_from(lag.position), PAGE))
        lag.position += len(page)
        lag.after = lag.seen = page[-1].id if page else lag.seen
        data = told + _rendered(page, session, lag, self.name)
        room = session.reader.send(data) if data else True
        if lag.position >= self._end and room:
            self._rejoin(session, lag)
        self._trim(before)
        return session in self._behind

    def _to_send_to(self, session: Session) -> Lag | None:
        """If it lags and has room, where it is, and all is sent that was answered before. By that
        it may be heard again, and leave."""
        session.speak()
        return None if session.reader.full else self._behind.get(session)

    def _rejoin(self, session: Session, lag: Lag) -> None:
        """She has read all that was handed out; of what waits for the flush, what came before her
        she does not read."""
        del self._behind[session]
        self._read(session)
        if lag.position > self._end:
            self._came[session] = lag.position - self._end
            self._have_read.add(session)

    def wants(self, session: Session) -> Span | None:
        """What a reader that lags has to be brought next from the archive; told once, until it has
        been."""
        lag = self._behind.get(session)
        if lag is None or lag.awaits is not None or lag.after >= lag.seen:
            return None
        lag.awaits = Span(self.name, lag.after, lag.seen)
        return lag.awaits

    def keeps_pace(self, session: Session) -> bool:
        """It reads what is said as it is said."""
        return session not in self._behind and self.is_read_by(session)

    def read_by(self, session: Session) -> int | None:
        """Up to which id a reader that lags has read; None for one that keeps pace."""
        lag = self._behind.get(session)
        return None if lag is None else lag.after

    def awaits(self, session: Session) -> bool:
        """It gets nothing before that has been brought."""
        return session in self._behind and self._behind[session].awaits is not None

    def bring(self, session: Session, span: Span, run: Run) -> None:
        """What was wanted for a reader, if it still is. One that has no room now will want it
        again."""
        lag = self._behind.get(session)
        if lag is None or lag.awaits != span:
            return
        lag.awaits = None
        if self._to_send_to(session) is not lag:
            return
        dialect = session.dialect
        told = b"" if run.gone is None else dialect.answer(Gone(self.name, run.gone), None)
        lag.after = run.entries[-1].id if run.more else span.until
        data = told + _rendered(run.entries, session, lag, self.name)
        data += self._tell_all_is_read(lag, dialect)
        if data:
            session.reader.send(data)

    def _tell_all_is_read(self, lag: Lag, dialect: Dialect) -> bytes:
        """That she has read all that was said before she came: once, and right behind it."""
        if not lag.tells or lag.after < lag.came - 1:
            return b""
        lag.tells = False
        return dialect.answer(CaughtUp(self.name), None)

    def _let_go(self, lag: Lag, dialect: Dialect) -> bytes:
        """The tail may have moved on: the archive has what it does not, or nobody has, which she is
        told."""
        oldest = self._tail[0].start if self._tail else self._end
        if lag.position >= oldest:
            return b""
        told = b""
        if not self._kept:
            told = dialect.answer(Skipped(oldest - lag.position), None)
            lag.after = self._floor
        lag.position, lag.seen = oldest, self._floor
        return told

    def _read(self, session: Session) -> None:
        dialect = session.dialect_in(self.name)
        readers = self._readers.get(dialect)
        if readers is None:
            readers = self._readers[dialect] = {}
        readers[session] = session.reader

    def _read_no_more(self, session: Session) -> bool:
        """True if it did."""
        for dialect, readers in self._readers.items():
            if readers.pop(session, None) is not None:
                if not readers:
                    del self._readers[dialect]
                return True
        return False

    def sessions(self) -> list[Session]:
        """All who read it, those who lag too."""
        reading = [session for readers in self._readers.values() for session in readers]
        return [*reading, *self._behind]

    def is_read_by(self, session: Session) -> bool:
        """Now, or when a reader that lags has caught up."""
        if session in self._behind:
            return True
        return any(session in readers for readers in self._readers.values())

    def _take(self) -> Batch:
        causes: dict[Session, list[int]] = {}
        for index, asker in enumerate(self._askers):
            if asker is not None:
                causes.setdefault(asker[0], []).append(index)
        unheard = self._unheard() if self._picky else {}
        batch = Batch(self._entries, self._askers, self._came, self._have_read, causes, unheard)
        self._end += len(batch.entries)
        self._entries, self._askers, self._came, self._have_read = [], [], {}, set()
        return batch

    def _unheard(self) -> dict[Session, list[int]]:
        """For those who ignore somebody who speaks, which entries."""
        speakers = [speaker(entry) for entry in self._entries]
        found = {}
        for session in self._picky:
            ignored = session.ignored
            if indexes := [index for index, one in enumerate(speakers) if one in ignored]:
                found[session] = indexes
        return found

    def _kept_from(self, position: int) -> Iterator[Entry]:
        for kept in self._tail:
            yield from islice(kept.entries, max(0, position - kept.start), None)

    def _keep(self, entries: list[Entry]) -> None:
        """Somebody may still have to read it; beyond the bound the oldest are let go."""
        if not entries:
            return
        self._handed_out = entries[-1].id
        if not self._tail and all(lag.position >= self._end for lag in self._behind.values()):
            self._floor = self._handed_out
            return
        weight = sum(OVERHEAD + len(getattr(entry.event, "text", "")) for entry in entries)
        self._tail.append(Kept(self._end - len(entries), entries, weight))
        self._weight += weight
        while self._weight > self._bound:
            self._drop()

    def _trim(self, before: int) -> None:
        """Let go what nobody still has to read, if it was a reader at ``before`` for whom it was
        there: to ask all of them each time would cost a storm of N comers N times N."""
        if not self._tail or before >= self._tail[0].end:
            return
        needed = min((lag.position for lag in self._behind.values()), default=self._end)
        while self._tail and self._tail[0].end <= needed:
            self._drop()

    def _drop(self) -> None:
        kept = self._tail.popleft()
        self._weight -= kept.weight
        self._floor = kept.entries[-1].id


def redacted(entry: Entry) -> Entry:
    """What is left of it. ``by`` is told by the entry that took the rest away."""
    return Entry(
        entry.id, entry.log, Redacted(getattr(entry.event, "name", ""), "", once_of(entry))
    )


def once_of(entry: Entry) -> str:
    """By what whoever said it knows it again."""
    return getattr(entry.event, "once", "")


def speaker(entry: Entry) -> str:
    """The folded name of who put words of her own there; empty for an entry that has none."""
    return names.fold(entry.event.name) if isinstance(entry.event, SPOKEN) else ""


def _hand_out(
    batch: Batch, dialect: Dialect, readers: dict[Session, Reader], broken: dict[Session, Failure]
) -> list[Session]:
    """The hot loop: one send per reader, the same bytes for all but the few who stand apart. Gives
    those who are full by it. ``broken``: those who have met a bug by it are put there."""
    lines, chunk = worded(dialect, batch.entries)
    apart = batch.apart()
    late = []
    for session, reader in readers.items():
        try:
            data = batch.seen_by(session, lines) if session in apart else chunk
            if data and not reader.send(data):
                late.append(session)
        except Exception:
            broken[session] = Failure()
    return late


def _rendered(page: Sequence[Entry], session: Session, lag: Lag, log: str) -> bytes:
    """What one reader sees of these entries, and before the first that was said before she came,
    that it was. Up to where she has read by that, she has read all that she asked for herself,
    though nobody else has it any more."""
    dialect, ignored = session.dialect_in(log), session.ignored
    if own := {number: entry for number, (entry, _) in lag.own.items() if number <= lag.after}:
        merged = own | {entry.id: entry for entry in page}
        page = [merged[number] for number in sorted(merged)]
    lines = []
    for entry in page:
        if entry.id in lag.own:
            lines.append(word(dialect, dialect.own, *lag.own.pop(entry.id)))
            session.settle(1)
        elif ignored and speaker(entry) in ignored:
            lines.append(b"")
        elif entry.id < lag.came:
            lines.append(word(dialect, dialect.earlier, entry))
        else:
            lines.append(word(dialect, dialect.line, entry))
    marked = lag.replays and page and page[0].id < lag.came
    mark = dialect.answer(Earlier(log), None) if marked else b""
    lag.replays = lag.replays and not page
    return mark + crowded(dialect, page, lines)
