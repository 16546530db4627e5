"""All the logs that somebody reads: opened, appended to, handed out, and dropped again.

When a log is handed out is decided here, and nowhere else.
"""

from math import inf

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from twisted_chat.core.events import Entry
from twisted_chat.core.history import Span
from twisted_chat.laggards import Laggards
from twisted_chat.ports import Asker, Session, Store
from twisted_chat.roomlog import RoomLog

PACE = 1e-3
"""Seconds per reader between two flushes of joins and leaves alone. One costs some 10 µs a reader,
so a storm of them takes a hundredth of the CPU. The first of them comes at once, and the next,
among a hundred people, after a tenth of a second."""

LATEST = 5.0
"""Seconds after which even ten thousand people are told who came and went."""


class Logs:
    """``delay``: seconds between two flushes of one log, 0 for none. ``latest``: the id of what was
    appended last, to any of them. ``flushed``: entries that were handed out so far."""

    log = Logger()

    def __init__(self, store: Store, clock: IReactorTime, delay: float) -> None:
        self.delay = delay
        self.latest = 0
        self.flushed = 0
        self.laggards = Laggards(store.archive, clock)
        self._store = store
        self._clock = clock
        self._logs: dict[str, RoomLog] = {}
        self._due: dict[RoomLog, float] = {}
        self._expecting: dict[Session, None] = {}
        self._alarm: IDelayedCall | None = None
        self._alarm_at = inf

    # who reads what

    def open(self, name: str) -> RoomLog:
        """The log of that name; dropped when nobody reads it and nothing waits in it."""
        log = self._logs.get(name)
        if log is None:
            log = self._logs[name] = RoomLog(name, self._store.archive is not None)
        return log

    def find(self, name: str) -> RoomLog | None:
        return self._logs.get(name)

    def follow(self, session: Session, name: str, after: int | None = None) -> None:
        """From now on ``session`` reads that log; with ``after``, from there on."""
        log = self.open(name)
        if after is None:
            log.follow(session)
        elif not log.is_read_by(session):
            until = max(self.latest, self._store.latest)
            self.laggards.begin(log, session, Span(name, after, until))

    def unfollow(self, session: Session, name: str) -> None:
        log = self._logs.get(name)
        if log is not None:
            log.unfollow(session)
            self.laggards.drop(session, log)
            self._tidy(log)

    def unfollow_all(self, session: Session, names: list[str]) -> None:
        """Somebody is gone."""
        logs = {log for name in names if (log := self._logs.get(name)) is not None}
        for log in logs | self.laggards.forget(session):
            log.unfollow(session)
            self._tidy(log)

    def turn(self, session: Session, name: str) -> None:
        """The session talks there now, or does not any more."""
        if (log := self._logs.get(name)) is not None:
            log.turn(session)

    def detach(self, name: str) -> None:
        """What is under way to this log reaches those who read it now, and nobody who reads one of
        that name later."""
        self._logs.pop(name, None)

    def rename(self, old: str, new: str) -> list[Session]:
        """Gives those who read it."""
        log = self._logs.pop(old, None)
        if log is None:
            return []
        log.rename(new)
        self._logs[new] = log
        return log.sessions()

    # what they read

    def append(self, log: RoomLog, entry: Entry, asker: Asker | None) -> None:
        """It is handed out at the end of the turn; who came and went, a little later in a storm."""
        self.latest = entry.id
        if entry.event.passing:
            log.append(entry, None)
            pace = min(LATEST, PACE * log.followers)
            due = log.flushed + max(self.delay, pace)
        else:
            log.append(entry, asker)
            due = log.flushed + self.delay if self.delay else 0.0
        if due < self._due.get(log, inf):
            self._due[log] = due
            self._set_alarm(due)

    def expect(self, session: Session) -> None:
        """At the end of the turn ``session`` speaks."""
        self._expecting[session] = None
        self._set_alarm(0.0)

    def flush(self, everything: bool = False) -> None:
        """Hand out what is due, each log by itself: one that fails does not hold up the others."""
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        self._alarm, self._alarm_at = None, inf
        self._let_speak()  # what was answered before anybody spoke in this turn
        now = self._clock.seconds()
        for log in [log for log, due in self._due.items() if everything or due <= now]:
            del self._due[log]
            log.flushed = now
            self.flushed += log.waiting
            try:
                for session in log.flush():
                    self.laggards.add(session, log)
            except Exception:
                self.log.failure("a bug, met while handing out {log}", log=log.name)
            self._tidy(log)
        self._let_speak()
        if self._due:
            self._set_alarm(min(self._due.values()))

    def _let_speak(self) -> None:
        expecting, self._expecting = self._expecting, {}
        for session in expecting:
            try:
                session.speak()
            except Exception:
                self.log.failure("a bug, met while a session spoke")

    def _tidy(self, log: RoomLog) -> None:
        """An empty room costs nothing."""
        if not log.followers and not log.waiting and self._logs.get(log.name) is log:
            del self._logs[log.name]

    def _set_alarm(self, due: float) -> None:
        """One call of ``flush`` at the earliest time at which a log is due."""
        if due >= self._alarm_at:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = due
        self._alarm = self._clock.callLater(max(0.0, due - self._clock.seconds()), self.flush)
