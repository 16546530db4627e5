"""The registry of sessions, and the way of every entry: publish, deliver, flush."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from twisted_chat.core import durations, refusals
from twisted_chat.core.chat import Chat, Member
from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    OPERATORS,
    Closing,
    Entry,
    Event,
    Joined,
    inbox,
)
from twisted_chat.core.outcomes import (
    Answer,
    Deed,
    Depart,
    Done,
    Evict,
    Explain,
    Figures,
    Measure,
    Outcome,
    Post,
    Stop,
)
from twisted_chat.ports import Asker, Delivery, Session, Store
from twisted_chat.roomlog import RoomLog
from twisted_chat.speech import commands
from twisted_chat.speech.asked import Asked, Tag

PACE = 1e-3
"""Seconds per reader between two flushes of joins and leaves alone. One costs some 10 µs a reader,
so a storm of them takes a hundredth of the CPU. The first of them comes at once, and the next,
among a hundred people, after a tenth of a second."""

LATEST = 5.0
"""Seconds after which even ten thousand people are told who came and went."""


@dataclass(slots=True)
class Counters:
    """What ``/stats`` shows. ``started``: of the hub's clock."""

    started: float
    connections: int = 0
    turned_away: int = 0
    entries: int = 0


class Hub:
    """``clock``: the reactor's. ``delay``: seconds between two flushes of one log, 0 for none.

    ``stop(seconds, reason)`` is called when somebody who may asks for the daemon's end, or with
    None to take that back; it gives a sentence for the asker.
    """

    log = Logger()

    def __init__(self, chat: Chat, store: Store, clock: IReactorTime, delay: float = 0.0) -> None:
        self.chat = chat
        self.clock = clock
        self.sessions: dict[Member, Session] = {}
        self.counters = Counters(clock.seconds())
        self.stop: Callable[[float | None, str], str] = lambda seconds, reason: ""
        self._store = store
        self._delay = delay
        self._logs: dict[str, RoomLog] = {}
        self._lagging: dict[Session, set[RoomLog]] = {}
        self._due: dict[RoomLog, float] = {}
        self._expecting: dict[Session, None] = {}
        self._alarm: IDelayedCall | None = None
        self._alarm_at = inf
        store.start(self)

    # who is here

    async def enter(self, session: Session, asked: Asked, name: str) -> Member:
        """Somebody comes in by that name. Raises a Refusal."""
        member, outcomes = self.chat.enter(name, self.clock.seconds())
        self.sessions[member] = session
        self._log(EVERYONE).follow(session)
        self._carry_out(session, asked[1], outcomes)
        return member

    def seat(self, session: Session) -> Member:
        """An operator sits down at a console, and sees all that is not private."""
        for name in (LOBBY, EVERYONE, OPERATORS):
            self._log(name).follow(session)
        return self.chat.operator(self.clock.seconds())

    def leave(self, session: Session, member: Member, why: str) -> None:
        """Somebody is gone; the others are told why."""
        logs = {self._log(name) for name in (LOBBY, EVERYONE, OPERATORS)}
        for log in logs | self._lagging.pop(session, set()):
            log.unfollow(session)
        self._detach_inbox(member.key)
        self.sessions.pop(member, None)
        for post in self.chat.leave(member, why):
            self._store.publish(post.log, post.event, None)

    def perform(self, session: Session, member: Member, asked: Asked) -> None:
        """Do what a member asks. Raises a Refusal."""
        request, tag = asked
        key = member.key
        self._carry_out(session, tag, self.chat.perform(member, request, self.clock.seconds()))
        if member.key != key:
            self._detach_inbox(key)

    def notice(self, event: Event) -> None:
        """Something that only the operators want to know."""
        if self.watched:
            self._store.publish(OPERATORS, event, None)

    @property
    def watched(self) -> bool:
        """An operator is there to read notices: if not, they need not even be worded."""
        return self._log(OPERATORS).followers > 0

    def announce(self, event: Event) -> None:
        """Something that the daemon itself tells everyone."""
        self._store.publish(EVERYONE, event, None)

    async def close(self, reason: str) -> None:
        """Everyone is told the end; returns when all that was said before has been handed out."""
        self.announce(Closing(0.0, reason))
        await self._store.stop()
        self.flush(everything=True)

    # what follows from a request

    def _carry_out(self, session: Session, tag: Tag, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Post):  # nearly all are
                self._publish(session, tag, outcome)
            else:
                self._do(session, tag, outcome)

    def _publish(self, session: Session, tag: Tag, post: Post) -> None:
        waits = not post.event.passing
        session.unsettled += waits
        try:
            self._store.publish(post.log, post.event, (session, tag))
        except Exception:
            session.unsettled -= waits
            raise

    def _do(self, session: Session, tag: Tag, outcome: Deed | Answer) -> None:
        match outcome:
            case Depart():
                session.depart(tag)
            case Evict(key, why):
                self.sessions[self.chat.members[key]].dismiss(f"You were {why}.", why)
            case Stop(seconds, reason):
                done = Done(self.stop(seconds, reason))
                if not session.gone:
                    session.answer(done, tag)
            case Explain(command, right):
                session.answer(commands.help_on(command, right), tag)
            case Measure():
                session.answer(self._figures(), tag)
            case _:
                session.answer(outcome, tag)

    def _figures(self) -> Figures:
        counted = self.counters
        return Figures(
            (
                ("up for", durations.say(self.clock.seconds() - counted.started)),
                ("people here", str(len(self.sessions))),
                ("connections so far", str(counted.connections)),
                ("turned away", str(counted.turned_away)),
                ("entries", str(counted.entries)),
                ("readers that lag", str(len(self._lagging))),
            )
        )

    # delivery

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        """The store has it: everybody who follows its log reads it at the end of the turn."""
        log = self._logs.get(entry.log) or self._open(entry.log)
        if entry.event.passing:
            log.append(entry, None)
            self._begin_to_follow(log, entry, asker)
            pace = min(LATEST, PACE * log.followers)
            due = log.flushed + max(self._delay, pace)
        else:
            log.append(entry, asker)
            due = log.flushed + self._delay if self._delay else 0.0
        if due < self._due.get(log, inf):
            self._due[log] = due
            self._set_alarm(due)

    def _begin_to_follow(self, log: RoomLog, entry: Entry, asker: Asker | None) -> None:
        """Who joins a room reads what comes after that, and so not her own coming."""
        match entry.event:
            case Joined() if asker is not None and log.name.startswith("#"):
                session, _ = asker
                if not session.gone:
                    log.follow(session)

    def expect(self, session: Session) -> None:
        """At the end of the turn ``session`` speaks."""
        self._expecting[session] = None
        self._set_alarm(0.0)

    def _let_speak(self) -> None:
        expecting, self._expecting = self._expecting, {}
        for session in expecting:
            try:
                session.speak()
            except Exception:
                self.log.failure("a bug, met while a session spoke")

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        """The store cannot keep it: only who asked is told."""
        if asker is not None:
            session, tag = asker
            if isinstance(event, Joined):  # she would be in no room, and hear nothing
                session.dismiss(refusals.not_kept().sentence, "not kept")
                return
            session.refuse(refusals.not_kept(), tag)
            if not event.passing:
                session.settle(1)

    def flush(self, everything: bool = False) -> None:
        """Hand out what is due, each log by itself: one that fails does not hold up the others."""
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        self._alarm, self._alarm_at = None, inf
        self._let_speak()  # what was answered before anybody spoke in this turn
        now = self.clock.seconds()
        for log in [log for log, due in self._due.items() if everything or due <= now]:
            del self._due[log]
            log.flushed = now
            self.counters.entries += log.waiting
            try:
                for session in log.flush():
                    self._lagging.setdefault(session, set()).add(log)
            except Exception:
                self.log.failure("a bug, met while handing out {log}", log=log.name)
            self._forget_inbox(log)
        self._let_speak()
        if self._due:
            self._set_alarm(min(self._due.values()))

    def catch_up(self, session: Session) -> None:
        """A reader that lagged has room again: one page of each log, and the rest in later turns,
        so that it does not hold up those who keep pace."""
        logs = self._lagging.get(session, set())
        for log in list(logs):
            if session.reader.full:
                return
            if not log.catch_up(session):
                logs.discard(log)
                self._forget_inbox(log)
        if not logs:
            self._lagging.pop(session, None)
        elif not session.reader.full:
            self.clock.callLater(0, self.catch_up, session)

    def _set_alarm(self, due: float) -> None:
        """One call of ``flush`` at the earliest time at which a log is due."""
        if due >= self._alarm_at:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm_at = due
        self._alarm = self.clock.callLater(max(0.0, due - self.clock.seconds()), self.flush)

    def _log(self, name: str) -> RoomLog:
        return self._logs.get(name) or self._open(name)

    def _open(self, name: str) -> RoomLog:
        log = self._logs[name] = RoomLog(name)
        if name[0] == "@":
            member = self.chat.reader_of(name[1:])
            if member in self.sessions:
                log.follow(self.sessions[member])
        return log

    def _forget_inbox(self, log: RoomLog) -> None:
        """An inbox is open only while something in it is under way."""
        if log.name[0] == "@" and not log.lagging and self._logs.get(log.name) is log:
            del self._logs[log.name]

    def _detach_inbox(self, key: str) -> None:
        """A name is free again: what is under way goes to whom it was meant for, and whoever takes
        the name next has an inbox of her own."""
        self._logs.pop(inbox(key), None)


_: type[Delivery] = Hub
