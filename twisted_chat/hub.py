"""The registry of sessions, and the way of every entry: publish, deliver, flush."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import inf

from twisted.internet.defer import Deferred
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
from twisted_chat.core.history import Place, Span, rest
from twisted_chat.core.outcomes import (
    Answer,
    Deed,
    Depart,
    Done,
    Evict,
    Explain,
    Figures,
    Look,
    Measure,
    Outcome,
    Post,
    Refused,
    Stop,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter
from twisted_chat.laggards import Laggards
from twisted_chat.ports import Asker, Delivery, Session, Store, StoreFailed
from twisted_chat.roomlog import RoomLog
from twisted_chat.speech import commands
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.times import Times

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
    ``times``: the wall clock, for those who ask for a day or an hour of the past.

    ``stop(seconds, reason)`` is called when somebody who may asks for the daemon's end, or with
    None to take that back; it gives a sentence for the asker.
    """

    log = Logger()

    def __init__(
        self,
        chat: Chat,
        store: Store,
        clock: IReactorTime,
        delay: float = 0.0,
        times: Times | None = None,
    ) -> None:
        self.chat = chat
        self.clock = clock
        self.times = times or Times(clock.seconds)
        self.sessions: dict[Member, Session] = {}
        self.counters = Counters(clock.seconds())
        self.stop: Callable[[float | None, str], str] = lambda seconds, reason: ""
        self._store = store
        self._archive = store.archive
        self._delay = delay
        self._logs: dict[str, RoomLog] = {}
        self.laggards = Laggards(store.archive, clock)
        self._starts: dict[Session, dict[str, int]] = {}
        self._due: dict[RoomLog, float] = {}
        self._expecting: dict[Session, None] = {}
        self._alarm: IDelayedCall | None = None
        self._alarm_at = inf
        store.start(self)

    # who is here

    async def place(self, request: Enter) -> Place | None:
        """Where somebody who wants to come in left off, if it is kept. Raises a Refusal if she
        cannot come in."""
        name = self.chat.may_enter(request)
        logs = self.chat.open_to_all
        if self._archive is None or request.after or not logs:
            return None
        try:
            return await self._archive.place(logs, name, self.chat.house.replay)
        except StoreFailed:
            return None

    def enter(self, session: Session, asked: Asked, request: Enter, place: Place | None) -> Member:
        """Somebody comes in, and reads on from her place. Raises a Refusal."""
        member, outcomes = self.chat.enter(request, self.clock.seconds(), place)
        self.sessions[member] = session
        starts = dict(request.after)
        if place is not None:
            starts = {LOBBY: place.after}
            if self._log(EVERYONE).latest > place.last:  # told to all while she was let in
                starts[EVERYONE] = place.last
        if starts and self.chat.open_to_all:
            self._starts[session] = starts
        if EVERYONE not in self._starts.get(session, ()):
            self._log(EVERYONE).follow(session)
        self._carry_out(session, member, asked[1], outcomes)
        return member

    def seat(self, session: Session) -> Member:
        """An operator sits down at a console, and sees all that is not private."""
        for name in (LOBBY, EVERYONE, OPERATORS):
            self._log(name).follow(session)
        return self.chat.operator(self.clock.seconds())

    def leave(self, session: Session, member: Member, why: str) -> None:
        """Somebody is gone; the others are told why."""
        self._note_place(session, member)
        logs = {self._log(name) for name in (LOBBY, EVERYONE, OPERATORS)}
        for log in logs | self.laggards.forget(session):
            log.unfollow(session)
        self._starts.pop(session, None)
        self._detach_inbox(member.key)
        self.sessions.pop(member, None)
        for post in self.chat.leave(member, why):
            self._store.publish(post.log, post.event, None)

    def _note_place(self, session: Session, member: Member) -> None:
        """Who lags has not read all that was said by now."""
        read = self._log(LOBBY).read_by(session)
        if read is not None and self._archive is not None:
            self._archive.left_off(LOBBY, member.name, max(read, member.left))

    def perform(self, session: Session, member: Member, asked: Asked) -> None:
        """Do what a member asks. Raises a Refusal."""
        request, tag = asked
        key = member.key
        outcomes = self.chat.perform(member, request, self.clock.seconds())
        self._carry_out(session, member, tag, outcomes)
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
        for member, session in self.sessions.items():
            self._note_place(session, member)
        self.announce(Closing(0.0, reason))
        await self._store.stop()
        self.flush(everything=True)

    # what follows from a request

    def _carry_out(
        self, session: Session, member: Member, tag: Tag, outcomes: Iterable[Outcome]
    ) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Post):  # nearly all are
                self._publish(session, tag, outcome)
            elif isinstance(outcome, Look):
                session.search()
                looking = Deferred.fromCoroutine(self._look(session, member, tag, outcome))
                looking.addErrback(lambda failure: self.log.failure("a bug in an answer", failure))
            else:
                self._do(session, tag, outcome)

    def _publish(self, session: Session, tag: Tag, post: Post) -> None:
        """A private message is for who has the name now, whoever has it when it is kept."""
        inbox = self._log(post.log) if post.log[0] == "@" else None
        waits = not post.event.passing
        session.unsettled += waits
        try:
            self._store.publish(post.log, post.event, (session, tag, inbox))
        except Exception:
            session.unsettled -= waits
            raise

    async def _look(self, session: Session, member: Member, tag: Tag, look: Look) -> None:
        """Find what a member wants to read of the past. Never raises."""
        try:
            session.found(await self._found(member, look), tag)
        except Exception:
            self.log.failure("a bug, met while looking for what was said")
            session.found(Refused.of(refusals.cannot_read()), tag)

    async def _found(self, member: Member, look: Look) -> Answer:
        query, archive = look.query, self._archive
        if archive is None:
            return Refused.of(refusals.nothing_kept())
        since = int(self.times.since(query.ago, query.today) * 1e6)
        query = replace(query, after=max(query.after, since), ago=None, today=False)
        try:
            page = await archive.look(query)
        except Refusal as refusal:
            return Refused.of(refusal)
        except StoreFailed:
            return Refused.of(refusals.cannot_read())
        member.rest = rest(query, page)
        return replace(page, more=member.rest is not None) if page.entries else Done(look.none)

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
                ("readers that lag", str(len(self.laggards))),
            )
        )

    # delivery

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        """The store has it: everybody who follows its log reads it at the end of the turn."""
        inbox = asker[2] if asker is not None else None
        log = inbox if isinstance(inbox, RoomLog) else self._log(entry.log)
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
        if type(entry.event) is not Joined or asker is None:
            return
        session = asker[0]
        starts = self._starts.pop(session, {})
        if session.gone:
            return
        if log.name[0] == "#" and log.name not in starts:
            log.follow(session)
        for name, after in starts.items():
            self.laggards.begin(self._log(name), session, Span(name, after, entry.id))

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
            session, tag, _ = asker
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
                    self.laggards.add(session, log)
            except Exception:
                self.log.failure("a bug, met while handing out {log}", log=log.name)
        self._let_speak()
        if self._due:
            self._set_alarm(min(self._due.values()))

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
        log = self._logs[name] = RoomLog(name, kept=self._archive is not None)
        if name[0] == "@" and (member := self.chat.members.get(name[1:])) is not None:
            log.follow(self.sessions[member])
        return log

    def _detach_inbox(self, key: str) -> None:
        """A name is free again: what is under way has the inbox that it was meant for, and whoever
        takes the name next has one of her own."""
        self._logs.pop(inbox(key), None)


_: type[Delivery] = Hub
