"""The registry of sessions, and what follows from what is asked: publish, deliver, answer."""

from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from twisted_chat.core import durations, names, refusals
from twisted_chat.core.chat import Arrival, Chat, Device, Moment
from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    NOTES,
    OPERATORS,
    RESTING,
    Closed,
    Closing,
    Entry,
    Event,
    Joined,
    Moved,
    Noted,
    Redaction,
    Said,
    inbox,
)
from twisted_chat.core.outcomes import (
    Alert,
    Answer,
    Approach,
    Deed,
    Depart,
    Done,
    Evict,
    Explain,
    Face,
    Figures,
    Forget,
    Inform,
    Look,
    Measure,
    Outcome,
    Post,
    Refused,
    Remember,
    Reread,
    Seal,
    Stop,
    Withdraw,
)
from twisted_chat.core.records import Inbox, Record
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Request
from twisted_chat.entrance import Entrance, Keys
from twisted_chat.errands import Asking, Errands
from twisted_chat.logs import Logs
from twisted_chat.ports import Asker, Delivery, Session, Store
from twisted_chat.roomlog import RoomLog
from twisted_chat.seats import Seats
from twisted_chat.speech import commands
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.times import Times


@dataclass(slots=True)
class Counters:
    """What ``/stats`` shows. ``started``: of the hub's clock."""

    started: float
    connections: int = 0
    turned_away: int = 0


@dataclass(frozen=True, slots=True)
class Silent:
    """For whom it is that is told without a receipt: the log of a guest, who may be gone by then,
    and another may have her name."""

    log: RoomLog


@dataclass(frozen=True, slots=True)
class Later:
    """What is told when it is kept."""

    asking: Asking
    told: Answer | Alert | Inform


class Hub:
    """``clock``: the reactor's. ``delay``: seconds between two flushes of one log, 0 for none.
    ``times``: the wall clock, for those who ask for a day or an hour of the past.

    ``stop(seconds, reason)`` is called when somebody who may asks for the daemon's end, or with
    None to take that back; it gives a sentence for the asker. ``reread(what)`` is called when the
    options are to be read again, and gives lines for the asker. Both may raise a Refusal.
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
        self.keys = Keys()
        self.counters = Counters(clock.seconds())
        self.stop: Callable[[float | None, str], str] = lambda seconds, reason: ""
        self.reread: Callable[[str], str] = lambda what: ""
        self.logs = Logs(store, clock, delay)
        self.laggards = self.logs.laggards
        self.laggards.kept_pace = self._kept_pace
        self.entrance = Entrance(chat, store.archive, self.keys, self.moment, self._remember)
        self._store = store
        self._archive = store.archive
        self.seats = Seats(chat, self.logs, store)
        self.sessions = self.seats.sessions
        self._errands = Errands(self.entrance, self.times, self.seats.starts)
        store.start(self)

    def moment(self) -> Moment:
        self.chat.latest = self._store.latest
        return Moment(self.clock.seconds(), self.times.now())

    def recall(self) -> None:
        """What was remembered when the chat ended."""
        self.chat.recall(self._store.records())

    # who is here

    async def arrival(self, request: Enter, address: str) -> Arrival:
        """How somebody comes in. Raises a Refusal if she does not."""
        try:
            return await self.entrance.arrival(request, address)
        except Refusal as refusal:
            if refusal.code == "name-taken":
                self.seats.probe(names.fold(request.name.strip()))
            raise

    def enter(self, session: Session, asked: Asked, request: Enter, arrival: Arrival) -> Device:
        """Somebody comes in, and reads on from her place. Raises a Refusal."""
        guest = self.chat.members.get(names.fold(request.name.strip()))
        device, outcomes = self.chat.enter(request, arrival, self.moment())
        if guest is not None and guest.key != device.member.key:  # she made way, with what was hers
            self.logs.detach(inbox(device.member.key))
        self.seats.take(session, device, request, arrival)
        self._carry_out(Asking(session, device, asked[1]), outcomes)
        if device in self.sessions:  # or she had to go again at once
            self.seats.follow_hers(session, device)
        return device

    def seat(self, session: Session) -> Device:
        """An operator sits down at a console, and sees all that is said to all."""
        device = self.chat.operator(self.clock.seconds())
        self.seats.console(session, device)
        return device

    def leave(self, session: Session, device: Device, why: str) -> None:
        """A device is gone; with the last of hers somebody is, and the others are told why."""
        member = device.member
        self.seats.give_up(session, device)
        outcomes = self.chat.leave(device, why)
        if not member.owned:
            self.logs.detach(inbox(member.key))
        for outcome in outcomes:
            if isinstance(outcome, Post):
                self._store.publish(outcome.log, outcome.event, None)

    def perform(self, session: Session, device: Device, asked: Asked) -> None:
        """Do what a member asks. Raises a Refusal."""
        request, tag = asked
        key = device.member.key
        outcomes = self.chat.perform(device, request, self.moment())
        if len(outcomes) == 1 and type(outcomes[0]) is Post and device.member.key == key:
            self._publish(session, tag, outcomes[0])  # nearly always
            return
        self._carry_out(Asking(session, device, tag), outcomes)
        if device.member.key != key:
            self.logs.detach(inbox(key))
        if device.member.ignores is not None:
            self.seats.heed(device.member)

    def require(self, device: Device, request: Request) -> None:
        """Raises a Refusal if it would be none of hers to ask, before she is asked for secrets."""
        self.chat.require(device, request, self.moment())

    def notice(self, event: Event) -> None:
        """Something that only the operators want to know."""
        if self.watched:
            self._store.publish(OPERATORS, event, None)

    @property
    def watched(self) -> bool:
        """An operator is there to read notices: if not, they need not even be worded."""
        log = self.logs.find(OPERATORS)
        return log is not None and log.followers > 0

    def announce(self, event: Event) -> None:
        """Something that the daemon itself tells everyone."""
        self._store.publish(EVERYONE, event, None)

    async def close(self, reason: str) -> None:
        """Everyone is told the end; returns when all that was said before has been handed out."""
        for device, session in self.sessions.items():
            self.seats.note_places(session, device)
        self.announce(Closing(0.0, reason))
        await self._store.stop()
        self.logs.flush(everything=True)

    def expect(self, session: Session) -> None:
        """At the end of the turn ``session`` speaks."""
        self.logs.expect(session)

    # what follows from a request

    def _carry_out(self, asking: Asking, outcomes: Iterable[Outcome]) -> None:
        """Each in turn. What answers something that has to be remembered waits until it is."""
        session, tag = asking.session, asking.tag
        remembered = False
        for outcome in outcomes:
            match outcome:
                case Post():
                    self._publish(session, tag, outcome)
                case Remember(record):
                    self._store.remember(record)
                    remembered = True
                case Forget(record):
                    self._store.forget(record)
                    remembered = True
                case Look() | Approach() | Seal():
                    self._wait_for(asking, self._errands.run(asking, outcome))
                case Depart() | Evict() | Withdraw() | Face() | Stop() | Explain() | Reread():
                    self._do(asking, outcome)
                case Measure():
                    session.answer(self._figures(), tag)
                case _ if remembered:
                    self._note(asking, outcome)
                case _:
                    self._tell(asking, outcome)

    def _publish(self, session: Session, tag: Tag, post: Post) -> None:
        """What is told to a guest is for who has the name now, whoever has it when it is kept."""
        own = self.seats.log(post.log) if self._is_for_a_guest(post.log) else None
        if post.silent:
            asker = None if own is None else (session, tag, Silent(own))
            self._store.publish(post.log, post.event, asker)
            return
        self._ask_for(session, (session, tag, own), post)

    def _is_for_a_guest(self, log: str) -> bool:
        return log[0] == "@" and log[1:] not in self.chat.accounts

    def _note(self, asking: Asking, told: Answer | Alert | Inform) -> None:
        """What is told when what was to be remembered before it is kept."""
        asker = (asking.session, asking.tag, Later(asking, told))
        self._ask_for(asking.session, asker, Post(NOTES, Noted()))

    def _tell(self, asking: Asking, told: Answer | Alert | Inform) -> None:
        """The asker, or who is concerned."""
        match told:
            case Alert(key, answer):
                member = self.chat.members.get(key)
                for one in self.seats.sessions_of(member) if member is not None else ():
                    if one is not asking.session:
                        one.answer(answer, None)
            case Inform(device, answer):
                there = self.sessions.get(device)  # type: ignore[call-overload]
                if there is not None:
                    there.answer(answer, None)
            case _:
                asking.session.answer(told, asking.tag)

    def _ask_for(self, session: Session, asker: Asker, post: Post) -> None:
        waits = not post.event.passing
        session.unsettled += waits
        try:
            self._store.publish(post.log, post.event, asker)
        except Exception:
            session.unsettled -= waits
            raise

    def _remember(self, record: Record) -> None:
        self._store.remember(self.chat.remember(record).record)

    def _do(self, asking: Asking, deed: Deed) -> None:
        session, tag = asking.session, asking.tag
        match deed:
            case Depart():
                session.depart(tag)
            case Evict(key, told, why, others):
                self._evict(key, told, why, session if others else None)
            case Withdraw(key, log):
                self.seats.withdraw(self.chat.members[key], log)
            case Face(old, new):
                for room in (old, new):
                    self.logs.turn(session, room)
            case Stop(seconds, reason):
                done = Done(self.stop(seconds, reason))
                if not session.gone:
                    session.answer(done, tag)
            case Reread(what):
                session.answer(Done(self.reread(what)), tag)
            case Explain(command, right):
                session.answer(commands.help_on(command, right), tag)
            case _:
                raise AssertionError(f"{deed} is carried out elsewhere")

    def _evict(self, key: str, told: str, why: str, but: Session | None) -> None:
        member = self.chat.members.get(key)
        for one in self.seats.sessions_of(member) if member is not None else ():
            if one is not but:
                one.dismiss(told, why)

    def _figures(self) -> Figures:
        counted = self.counters
        return Figures(
            (
                ("up for", durations.say(self.clock.seconds() - counted.started)),
                ("people here", str(len(self.chat.members))),
                ("their devices", str(len(self.sessions))),
                ("rooms", str(len(self.chat.rooms))),
                ("connections so far", str(counted.connections)),
                ("turned away", str(counted.turned_away)),
                ("entries", str(self.logs.flushed)),
                ("readers that lag", str(len(self.laggards))),
            )
        )

    # what takes a while

    def _wait_for(self, asking: Asking, found: Coroutine[Any, Any, list[Outcome]]) -> None:
        """Nothing else of this session's is heard before it is there."""
        asking.session.search()
        waiting = Deferred.fromCoroutine(self._then(asking, found))
        waiting.addErrback(lambda failure: self.log.failure("a bug in an answer", failure))

    async def _then(self, asking: Asking, found: Coroutine[Any, Any, list[Outcome]]) -> None:
        """Never raises; the session is told one thing at least, or has gone."""
        session = asking.session
        try:
            outcomes = await found
        except Refusal as refusal:
            outcomes = [Refused.of(refusal)]
        except Exception:
            self.log.failure("a bug, met while something was looked for")
            outcomes = [Refused.of(refusals.cannot_read())]
        try:
            if not session.gone:
                self._carry_out(asking, outcomes)
        except Refusal as refusal:
            session.refuse(refusal, asking.tag)
        except Exception:
            session.bug()
        session.found()

    # delivery

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        """The store has it: everybody who follows its log reads it at the end of the turn."""
        try:
            self._deliver(entry, asker)
        except Exception:
            if asker is None:
                raise
            asker[0].bug()
            asker[0].settle(asker[0].unsettled)  # nobody else may do it any more

    def _deliver(self, entry: Entry, asker: Asker | None) -> None:
        event = entry.event
        if type(event) is Said:  # nearly all are
            self.logs.append(self.seats.log(entry.log), entry, asker)
            return
        if type(event) is Noted:
            self._noted(asker)
            return
        if type(event) is Closed and entry.log[0] == "@":  # an account: she is told it in words
            self.logs.detach(entry.log)
            return
        own = asker[2] if asker is not None else None
        if isinstance(own, Silent):
            asker, own = None, own.log
        log = own if isinstance(own, RoomLog) else self.seats.log(entry.log)
        self.logs.append(log, entry, asker)
        match event:
            case Joined(name):
                self.seats.joined(log.name, name, asker)
            case Redaction(entry=number):
                log.redact(number)
            case Moved(to=new):
                self.seats.moved(entry.log, new)
            case Closed():
                self.logs.detach(entry.log)
            case _ if entry.log[0] == "@":
                self._read(entry.log, entry.id)

    def _noted(self, asker: Asker | None) -> None:
        """What somebody asked for is remembered: she is told so, or who is concerned."""
        if asker is not None and isinstance(asker[2], Later):
            asker[0].settle(1)
            self._tell(asker[2].asking, asker[2].told)

    def _kept_pace(self, session: Session, log: RoomLog) -> None:
        """Somebody has read all that there was; if it had waited for her, who wrote it is told."""
        device = self.seats.owners.get(session)
        if device is None or log.name != inbox(device.member.key):
            return
        for post in self.chat.arrived(device.member, self.logs.latest):
            self._store.publish(post.log, post.event, None)
        self._read(log.name, max(self.logs.latest, self._store.latest))

    def _read(self, log: str, number: int) -> None:
        """What was told to somebody who owns her name has reached her, if she is here."""
        key = log[1:]
        member = self.chat.members.get(key)
        if member is None or key not in self.chat.accounts:
            return
        there = self.logs.find(log)
        sessions = self.seats.sessions_of(member)
        if there is not None and any(there.keeps_pace(one) for one in sessions):
            self._remember(Inbox(key, number))

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        """The store cannot keep it: only who asked is told."""
        self.chat.unsaid(event)
        if asker is None or isinstance(asker[2], Silent):
            return
        session, tag, later = asker
        if isinstance(later, Later) and isinstance(later.told, Alert | Inform):
            session.settle(1)  # it holds all the same, and who is concerned has to know
            self._tell(later.asking, later.told)
            return
        if isinstance(event, Joined) and log == LOBBY:  # she would be in no room, and hear nothing
            session.dismiss(refusals.not_kept().sentence, "not kept")
            return
        holds = isinstance(event, RESTING)
        session.refuse(refusals.not_remembered() if holds else refusals.not_kept(), tag)
        if not event.passing:
            session.settle(1)


_: type[Delivery] = Hub
