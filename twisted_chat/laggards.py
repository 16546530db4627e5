"""Those who read what others have read already: because they were slow, have come back, or are new.

Each reads on from her place until she keeps pace, from the tails of her logs or from the archive.
"""

from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from twisted_chat.core import refusals
from twisted_chat.core.history import Run, Span
from twisted_chat.core.outcomes import CaughtUp, Gone
from twisted_chat.ports import Archive, Session, StoreFailed
from twisted_chat.roomlog import RoomLog


class Laggards:
    """``archive``: None where nothing is kept. ``kept_pace(session, log)`` is called when somebody
    has read all that was in a log."""

    def __init__(self, archive: Archive | None, clock: IReactorTime) -> None:
        self._archive = archive
        self._clock = clock
        self._logs: dict[Session, set[RoomLog]] = {}
        self._soon: set[Session] = set()
        self.kept_pace: Callable[[Session, RoomLog], None] = lambda session, log: None

    def __len__(self) -> int:
        return len(self._logs)

    def add(self, session: Session, log: RoomLog) -> None:
        """She has become full, and wants ``catch_up`` when she is not any more."""
        self._logs.setdefault(session, set()).add(log)

    def forget(self, session: Session) -> set[RoomLog]:
        """She leaves; the logs in which she lags."""
        return self._logs.pop(session, set())

    def drop(self, session: Session, log: RoomLog) -> None:
        """She reads that log no more."""
        logs = self._logs.get(session, set())
        logs.discard(log)
        if not logs:
            self._logs.pop(session, None)

    def begin(self, log: RoomLog, session: Session, earlier: Span) -> None:
        """She follows a log from a place in its past."""
        if self._archive is None:
            log.follow(session)
            session.answer(Gone(log.name, 0), None)
            session.answer(CaughtUp(log.name), None)
            return
        log.follow(session, earlier)
        self.add(session, log)
        self.catch_up(session)

    def catch_up(self, session: Session) -> None:
        """She has room: one page of each log, and the rest in later turns, so that she does not
        hold up those who keep pace."""
        self._soon.discard(session)
        try:
            self._page_of_each(session)
        except Exception:  # or she would wait for ever
            session.bug()

    def _page_of_each(self, session: Session) -> None:
        logs = self._logs.get(session, set())
        again = False
        for log in list(logs):
            if session.reader.full:
                return
            if log.awaits(session):
                continue
            if not log.catch_up(session):
                logs.discard(log)
                self.kept_pace(session, log)
            elif span := log.wants(session):
                self._fetch(log, session, span)
            else:
                again = True
        if not logs:
            self._logs.pop(session, None)
        elif again and not session.reader.full:
            self._catch_up_soon(session)

    def _catch_up_soon(self, session: Session) -> None:
        if session not in self._soon:
            self._soon.add(session)
            self._clock.callLater(0, self.catch_up, session)

    def _fetch(self, log: RoomLog, session: Session, span: Span) -> None:
        """What the tail does not reach. Who cannot have it is sent away rather than given less: she
        reads on from there when she comes back."""
        assert self._archive is not None
        fetching = Deferred.fromCoroutine(self._archive.run(span))
        fetching.addCallback(self._fetched, log, session, span)
        fetching.addErrback(self._not_fetched, session)

    def _fetched(self, run: Run, log: RoomLog, session: Session, span: Span) -> None:
        log.bring(session, span, run)
        self._catch_up_soon(session)

    def _not_fetched(self, failure: Failure, session: Session) -> None:
        if failure.check(StoreFailed):
            session.dismiss(refusals.cannot_read().sentence, "an error")
        else:
            session.bug(failure)
