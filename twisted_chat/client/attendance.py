"""Being in a chat over connections that come and go: asking, being answered, coming back.

Between a link and whoever has it, be that a conversation at a terminal or a program.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol, TypeAlias

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from twisted_chat.client.draft import Draft, is_left
from twisted_chat.client.seat import Seat, gone
from twisted_chat.client.sending import Send, Sending, SendState, Speech
from twisted_chat.core import names
from twisted_chat.core.events import EVERYONE, Acted, Entry, Moved, Pasted, Said, Sent, Told, inbox
from twisted_chat.core.outcomes import (
    Answer,
    CaughtUp,
    Earlier,
    Entered,
    Gone,
    Outside,
    Refused,
    Skipped,
    Welcomed,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Act, Enter, Join, Leave, Reply, Request, Say, Tell
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.lines_json import Heard

PATIENCE = 10.0
"""Seconds of silence after which nobody waits to be told that all has been read: the chat is of an
older version, or one in which everybody is alone."""

SPEECH = (Said, Acted, Pasted, Told, Sent)
"""What a send becomes; anything else with its tag is what is done about it."""

LOST = "connection-lost"
"""The code of what was asked, and not answered."""

Then: TypeAlias = Callable[[Answer | Entry | Refusal], None]
"""What is done with the answer."""


class Connection(Protocol):
    @property
    def confirm(self) -> bool:
        """The server wants a receipt shown for what is said."""

    def ask(self, request: Request, tag: Tag) -> None: ...

    def close(self) -> None: ...


class Hearer(Protocol):
    """Who is told what comes of it."""

    def nameless(self) -> None:
        """A name is wanted."""

    def entry(self, heard: Heard, own: Request | None) -> None:
        """``own``: what was asked here, of which it came."""

    def answer(self, answer: Answer, request: Request | None) -> None:
        """To a request that was asked without saying what is done with the answer; or to none."""

    def not_let_in(self, request: Enter, refusal: Refusal) -> None: ...

    def becomes(self, send: Send) -> None:
        """This one is in another state than before, or is dropped."""

    def unsaved(self, error: OSError) -> None:
        """What is said does not outlive a sudden end."""


class Attendance:
    """``seat``: who and where one is. ``sending``: what was said and is not kept. ``entered``: one
    is in, over the connection of now. ``reopens``: rooms that are gone, as those of guests are when
    the daemon ends, are entered anew by who comes back. ``clock``: None to wait for ever for what
    is to be read. ``draft_of``: gives the file, by one's name, in which it is kept what was said
    and is not confirmed; None for nowhere."""

    def __init__(self, seat: Seat, hearer: Hearer, clock: IReactorTime | None = None) -> None:
        self.seat = seat
        self.sending = Sending(self._changed)
        self.entered = self.reopens = False
        self.connection: Connection | None = None
        self.draft_of: Callable[[str], Draft] | None = None
        self._draft: Draft | None = None
        self._hearer = hearer
        self._clock = clock
        self._waiting: dict[Tag, tuple[Request, Then | None]] = {}
        self._sent: dict[Tag, Send] = {}
        self._tag = 0
        self._after: set[str] = set()
        self._behind: set[str] = set()
        self._gaps: set[str] = set()
        self._resumed = self._leaves = False
        self._talked = ""
        self._alarm: IDelayedCall | None = None

    @property
    def unanswered(self) -> int:
        return len(self._waiting) + len(self._sent)

    # what is asked

    def ask(self, request: Request, then: Then | None = None) -> None:
        """Over the connection of now, if there is one. Raises a Refusal for what is too long."""
        if self.connection is None:
            return
        self._tag += 1
        self.connection.ask(request, self._tag)
        self._waiting[self._tag] = (request, then)

    def say(self, request: Speech) -> Send:
        """Now, or when the line is up again. Raises a Refusal if too much waits already."""
        send = self.sending.add(request)
        self._save()
        self._pump()
        return send

    def again(self, send: Send) -> None:
        self.sending.again(send)
        self._pump()

    def leave(self) -> None:
        """When all has been sent that waits, if it can be."""
        self._leaves = True
        self._pump()

    def drop(self, send: Send) -> None:
        """It is said no more."""
        self.sending.drop(send)

    def enter(self) -> None:
        self._take_up()
        request = self.seat.enter()
        self._after = {log for log, _ in request.after}
        self._behind = set(self._after)
        self.ask(request)

    # what a connection brings

    def connected(self, connection: Connection) -> None:
        self.connection = connection
        self._gaps, self._resumed = set(), False
        if self.seat.name:
            self.enter()
        else:
            self._hearer.nameless()

    def lost(self) -> None:
        """The connection is gone."""
        waiting, self._waiting, self._sent = self._waiting, {}, {}
        self.connection, self.entered = None, False
        self._stop_alarm()
        self.sending.lost()
        for _, then in waiting.values():
            if then is not None:
                then(lost_meanwhile())

    def heard(self, heard: Heard) -> None:
        if not self._resumed and self.entered:
            self._set_alarm()
        if isinstance(heard.what, Entry):
            self._entry(heard, heard.what)
        elif not (isinstance(heard.what, Earlier) and heard.what.room in self.seat.lost):
            self._answered(heard, heard.what)
        self._pump()

    def _entry(self, heard: Heard, entry: Entry) -> None:
        request, then = self._waiting.pop(heard.tag, (None, None))
        send = self._sent.pop(heard.tag, None) if isinstance(entry.event, SPEECH) else None
        if self.seat.is_me(getattr(entry.event, "name", "")):
            send = self.sending.reads(entry) or send
        if send is not None:
            self._settle(send, entry)
        if heard.earlier and self.seat.has_read(entry):
            return  # a room that one has opened again shows what was said there before
        own = request if send is None or heard.earlier else send.request
        self.seat.reads(entry, own is not None)
        if isinstance(entry.event, Moved) and entry.log in self._behind:
            self._behind = {entry.event.to if one == entry.log else one for one in self._behind}
            self._after.add(entry.event.to)
        if request is not None:
            self.seat.done(request)
        self._hearer.entry(heard, own)
        if not heard.earlier:
            self.seat.follows(entry)
        if then is not None:
            then(entry)

    def _settle(self, send: Send, entry: Entry) -> None:
        """By its tag, where the chat keeps no words; and whatever it is sent as, once is enough."""
        if send.state is not SendState.KEPT:
            self.sending.settles(send, entry)
        for tag, one in list(self._sent.items()):
            if one is send:
                del self._sent[tag]

    def _answered(self, heard: Heard, answer: Answer) -> None:
        send = self._sent.get(heard.tag)
        if send is not None:
            if isinstance(answer, Refused):
                del self._sent[heard.tag]
                self.sending.refused(send, Refusal(answer.code, answer.text))
                if answer.code == "said-already":
                    return
            self._hearer.answer(answer, send.request)
            return
        request, then = self._waiting.pop(heard.tag, (None, None))
        if request is not None and not isinstance(answer, Refused):
            self.seat.done(request)
        match answer:
            case Refused(code, text) if isinstance(request, Enter):
                self._not_let_in(request, Refusal(code, text))
                return
            case Welcomed():
                self._welcomed(answer)
                return
            case CaughtUp(room):
                self.seat.caught_up(answer)
                self._caught_up(room)
                return
            case Gone(room) if not self._resumed:
                self._gaps.add(room)
            case Skipped() if not self._resumed:
                self._gaps |= self._behind
            case Entered():
                self.seat.entered(answer)
            case Outside():
                self.seat.outside(answer)
        if then is not None:
            then(Refusal(answer.code, answer.text) if isinstance(answer, Refused) else answer)
        else:
            self._hearer.answer(answer, request)

    # coming in, and back

    def _welcomed(self, answer: Welcomed) -> None:
        self._talked = self._talked or self.seat.room
        self.seat.welcomed(answer)
        self.entered = True
        own = {inbox(names.fold(answer.name))} if answer.owned else set()
        self._behind &= {*self.seat.rooms, EVERYONE} | own
        self._hearer.answer(answer, None)
        self._go_back()
        if self._behind:
            self._set_alarm()
        else:
            self._resume()

    def _go_back(self) -> None:
        """To the rooms that were gone, and at last to where one talked."""
        self._behind |= set(self.seat.lost)
        for room in sorted(self.seat.lost, key=lambda room: room == self._talked):
            self.ask(Join(room), partial(self._went_back, room))
        elsewhere = bool(self.seat.lost) or self._talked != self.seat.room
        if self._talked in self.seat.rooms and elsewhere:
            self.ask(Join(self._talked))

    def _went_back(self, room: str, answer: Answer | Entry | Refusal) -> None:
        if isinstance(answer, Refusal):
            if answer.code == LOST:
                return
            self.seat.lost.pop(room, None)
            self._hearer.answer(Refused.of(answer), Join(room))
        elif not isinstance(answer, Entry):
            self._hearer.answer(answer, Join(room))
        self._caught_up(room)

    def _not_let_in(self, request: Enter, refusal: Refusal) -> None:
        """A room is not to be had any more, and one comes in without it; or one does not."""
        logs = gone(refusal, request)
        if not logs:
            self._hearer.not_let_in(request, refusal)
            return
        is_gone = refusal.code == "no-such-room"
        if not (self.reopens and is_gone and self.seat.loses(logs)):
            self._hearer.answer(Refused.of(refusal), request)
            self.seat.without(logs)
        self.enter()

    def _caught_up(self, log: str) -> None:
        self._behind.discard(log)
        if not self._behind and self.entered and not self._resumed:
            self._resume()

    def _resume(self) -> None:
        """All has been read that can be: what was kept of what was said is settled."""
        self._resumed, self._talked = True, ""
        self._stop_alarm()
        self._gaps |= self._behind
        self.sending.resumes(self._is_told)

    def _is_told(self, send: Send) -> bool:
        """If it had been kept, its entry would have been read by now: in a log in which one has
        read on from before it was said."""
        match send.request:
            case Say(room=room) | Act(room=room) if room:
                log = room
            case Tell() | Reply() if self.seat.owned:
                log = inbox(names.fold(self.seat.name))
            case _:
                return False
        return self.seat.kept and log in self._after and log not in self._gaps

    def _set_alarm(self) -> None:
        if self._clock is None:
            return
        if self._alarm is not None and self._alarm.active():
            self._alarm.reset(PATIENCE)
        else:
            self._alarm = self._clock.callLater(PATIENCE, self._give_up)

    def _give_up(self) -> None:
        self._resume()
        self._pump()

    def _stop_alarm(self) -> None:
        if self._alarm is not None and self._alarm.active():
            self._alarm.cancel()
        self._alarm = None

    # what waits

    def _pump(self) -> None:
        """Send what may be sent; and leave behind it, if one leaves."""
        if self.connection is None or not (self._resumed or self._leaves):
            return
        ready = self.sending.ready() if self._resumed else []
        for send in ready:
            self._send(send)
        waits = self.entered and any(one.state is SendState.WAITING for one in self.sending.open)
        if self._leaves and not waits:
            self._leaves = False
            self.ask(Leave())

    def _send(self, send: Send) -> None:
        assert self.connection is not None
        self._tag += 1
        try:
            self.connection.ask(replace(send.request, once=send.once), self._tag)
        except Refusal as refusal:
            self.sending.refused(send, refusal)
            self._hearer.answer(Refused.of(refusal), send.request)
        else:
            self._sent[self._tag] = send
            self.sending.sent(send)

    def _changed(self, send: Send) -> None:
        if self._draft is not None and not any(map(is_left, self.sending.open)):
            self._draft.clear()
        self._hearer.becomes(send)

    # what outlives a sudden end

    def _take_up(self) -> None:
        """What an earlier run by this name left."""
        if self.draft_of is None or self._draft is not None:
            return
        try:
            self._draft = self.draft_of(self.seat.name)
        except OSError as error:
            self._not_saved(error)
            return
        left = self._draft.read()
        self.sending.left(left.sends)
        if not self.seat.was_in:
            self.seat.reads_on(left.places)

    def ends(self) -> None:
        """There is no other connection: another program may have what is left."""
        if self._draft is not None:
            self._draft.close()

    def _save(self) -> None:
        if self._draft is None:
            return
        try:
            self._draft.write(self.sending.open, self.seat.places())
        except OSError as error:
            self._not_saved(error)

    def _not_saved(self, error: OSError) -> None:
        """It is told once, and not tried again."""
        self.ends()
        self.draft_of = self._draft = None
        self._hearer.unsaved(error)


def lost_meanwhile() -> Refusal:
    return Refusal(LOST, "perhaps not done: the connection was lost before the answer")
