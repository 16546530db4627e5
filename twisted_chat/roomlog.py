"""One log of this daemon's: who reads it, who lags, and the chunk that all the others get.

Entries are collected during a turn of the reactor; ``flush`` encodes them once per dialect, joins
them once, and hands the same bytes to every reader. What a reader who lags still has to read is
kept up to a bound; when nobody lags, nothing is.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from twisted.logger import Logger

from twisted_chat.core.events import Entry
from twisted_chat.core.outcomes import Skipped
from twisted_chat.ports import Asker, Dialect, Reader, Session

_log = Logger()

TAIL = 1 << 19
"""Bytes, roughly, kept for those who lag: the kernel holds some 4 MB more for each of them, so who
is further behind than this has stopped reading and not merely stumbled."""

PAGE = 256
"""Entries that go to a lagging reader in one turn: some 20 KB, which a transport takes."""

STORM = 64
"""Comers in one batch up to which each reads just what came after her. In a larger one all read
the same, folded: to tell each of N people apart what N others do costs N times N."""

OVERHEAD = 400
"""Bytes counted for an entry beside its text. By tracemalloc it is 262 on Python 3.11; the rest is
margin, so that the bound above errs towards keeping less."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The entries of one flush, and who asked for each.

    ``start``: how many entries the log had before. ``came``: who began to follow in the middle, and
    before which entry. ``causes``: which of the entries each asker asked for.
    """

    start: int
    entries: list[Entry]
    askers: list[Asker | None]
    came: dict[Session, int]
    causes: dict[Session, list[int]]

    def apart(self) -> set[Session]:
        """The sessions that do not read what the crowd reads."""
        return self.causes.keys() | (self.came.keys() if len(self.came) <= STORM else ())

    def seen_by(self, session: Session, lines: list[bytes]) -> bytes:
        """What a follower reads who spoke, or came in the middle: others' lines and her own."""
        seen = lines.copy()
        if session in self.came:
            seen[: self.came[session]] = [b""] * self.came[session]
        for index in self.causes.get(session, ()):
            seen[index] = self._own(session, index)
        return b"".join(seen)

    def caused_by(self, session: Session) -> bytes:
        """What somebody reads of her own doing who does not follow this log."""
        return b"".join([self._own(session, index) for index in self.causes[session]])

    def _own(self, session: Session, index: int) -> bytes:
        asker = self.askers[index]
        return session.dialect.own(self.entries[index], asker[1] if asker else None)


class RoomLog:
    """``name``: as in the entries. ``followers``: how many. ``flushed``: when it last was, for
    whoever paces it.

    A position counts the log's entries since this daemon began.
    """

    def __init__(self, name: str, tail: int = TAIL) -> None:
        self.name = name
        self.flushed = float("-inf")
        self.followers = 0
        self._bound = tail
        self._end = 0
        self._entries: list[Entry] = []
        self._askers: list[Asker | None] = []
        self._came: dict[Session, int] = {}
        self._readers: dict[Dialect, dict[Session, Reader]] = {}
        self._behind: dict[Session, int] = {}
        self._tail: deque[tuple[Batch, int]] = deque()
        self._weight = 0

    @property
    def waiting(self) -> int:
        """Entries that the next flush sends."""
        return len(self._entries)

    @property
    def lagging(self) -> bool:
        """Somebody still has to read what others have read."""
        return bool(self._behind)

    def follow(self, session: Session) -> None:
        """From now on ``session`` reads what is appended."""
        if self._is_read_by(session):
            return
        self._read(session)
        self.followers += 1
        if self._entries:
            self._came[session] = len(self._entries)

    def unfollow(self, session: Session) -> None:
        self._came.pop(session, None)
        if self._read_no_more(session):
            self.followers -= 1
        elif self._behind.pop(session, None) is not None:
            self.followers -= 1
            self._trim()

    def append(self, entry: Entry, asker: Asker | None) -> None:
        self._entries.append(entry)
        self._askers.append(asker)

    def flush(self) -> list[Session]:
        """Send what was appended. Gives those who have become full by it: they lag from now on,
        and want ``catch_up`` when they are full no more."""
        batch = self._take()
        late: list[Session] = []
        for dialect, readers in self._readers.items():
            try:
                late += _hand_out(batch, dialect, readers)
            except Exception:
                _log.failure("a bug, met by one dialect in {log}", log=self.name)
        for session, indexes in batch.causes.items():
            try:
                if not self._is_read_by(session):
                    session.reader.send(batch.caused_by(session))
            except Exception:
                _log.failure("a bug, met while answering one asker")
            session.settle(len(indexes))
        self._keep(batch)
        for session in late:
            if self._read_no_more(session):
                self._behind[session] = self._end
        return late

    def catch_up(self, session: Session) -> bool:
        """Send one page to a reader that lags and has room; True if it lags still."""
        position = self._behind.get(session)
        if position is None:
            return False
        oldest = self._tail[0][0].start if self._tail else self._end
        if position < oldest:
            session.answer(Skipped(oldest - position), None)
            session.speak()  # before what comes after the gap
            position = oldest
        page = list(islice(self._kept_from(position), PAGE))
        position += len(page)
        room = session.reader.send(_rendered(page, session)) if page else True
        if position < self._end or not room:
            self._behind[session] = position
        else:
            del self._behind[session]
            self._read(session)
        self._trim()
        return session in self._behind

    def _read(self, session: Session) -> None:
        readers = self._readers.get(session.dialect)
        if readers is None:
            readers = self._readers[session.dialect] = {}
        readers[session] = session.reader

    def _read_no_more(self, session: Session) -> bool:
        """True if it did."""
        readers = self._readers.get(session.dialect, {})
        if readers.pop(session, None) is None:
            return False
        if not readers:
            del self._readers[session.dialect]
        return True

    def _is_read_by(self, session: Session) -> bool:
        """Now, or when a reader that lags has caught up."""
        return session in self._readers.get(session.dialect, ()) or session in self._behind

    def _take(self) -> Batch:
        causes: dict[Session, list[int]] = {}
        for index, asker in enumerate(self._askers):
            if asker is not None:
                causes.setdefault(asker[0], []).append(index)
        batch = Batch(self._end, self._entries, self._askers, self._came, causes)
        self._end += len(batch.entries)
        self._entries, self._askers, self._came = [], [], {}
        return batch

    def _kept_from(self, position: int) -> Iterator[tuple[Entry, Asker | None]]:
        for batch, _ in self._tail:
            skip = max(0, position - batch.start)
            yield from islice(zip(batch.entries, batch.askers, strict=True), skip, None)

    def _keep(self, batch: Batch) -> None:
        """Somebody may still have to read it; beyond the bound the oldest are let go."""
        if not self._behind:
            return
        weight = sum(OVERHEAD + len(getattr(entry.event, "text", "")) for entry in batch.entries)
        self._tail.append((batch, weight))
        self._weight += weight
        while self._weight > self._bound:
            self._weight -= self._tail.popleft()[1]

    def _trim(self) -> None:
        """Let go what nobody still has to read."""
        needed = min(self._behind.values(), default=self._end)
        while self._tail and self._tail[0][0].start + len(self._tail[0][0].entries) <= needed:
            self._weight -= self._tail.popleft()[1]


def _hand_out(batch: Batch, dialect: Dialect, readers: dict[Session, Reader]) -> list[Session]:
    """The hot loop: one send per reader, the same bytes for all but the few who stand apart. Gives
    those who are full by it."""
    lines = [dialect.line(entry) for entry in batch.entries]
    chunk = dialect.crowd(batch.entries, lines)
    apart = batch.apart()
    late = []
    for session, reader in readers.items():
        data = batch.seen_by(session, lines) if session in apart else chunk
        try:
            if data and not reader.send(data):
                late.append(session)
        except Exception:
            _log.failure("a bug, met while sending to one reader")
    return late


def _rendered(page: list[tuple[Entry, Asker | None]], session: Session) -> bytes:
    """What one reader sees of these entries."""
    dialect = session.dialect
    lines = [
        dialect.own(entry, asker[1])
        if asker is not None and asker[0] is session
        else dialect.line(entry)
        for entry, asker in page
    ]
    return dialect.crowd([entry for entry, _ in page], lines)
