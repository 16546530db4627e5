"""What somebody says and reads, whatever carries it. Knows neither terminal nor socket."""

from twisted.internet.interfaces import IReactorTime

from twisted_chat.client.aim import Aim
from twisted_chat.client.around import Around
from twisted_chat.client.attendance import Attendance, Connection
from twisted_chat.client.link import Link, LinkState
from twisted_chat.client.screen import Kind, Line, RoomView, Screen
from twisted_chat.client.seat import Seat
from twisted_chat.client.sending import UNDER_WAY, Send, SendState
from twisted_chat.client.status import Status
from twisted_chat.client.wording import entry_line, own_lines, past_line
from twisted_chat.core import refusals
from twisted_chat.core.events import Entry
from twisted_chat.core.outcomes import (
    Answer,
    Done,
    Entered,
    Goodbye,
    HelpText,
    Refused,
    Welcomed,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Act,
    Converse,
    Enter,
    Help,
    Leave,
    Reply,
    Request,
    Say,
    Tell,
    Who,
)
from twisted_chat.speech import questions
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.commands import Command
from twisted_chat.speech.lines_json import Heard
from twisted_chat.speech.questions import Question
from twisted_chat.speech.text import TextDialect
from twisted_chat.speech.times import Times

IN_FLIGHT = 32
"""Requests that may wait for their answers before no more lines are read: a pipe that is faster
than the chat allows waits here, and nothing of it is lost."""


class Conversation:
    """``status`` is None while it could go on over another connection. ``around``: the people and
    topics of the rooms, and what is unread in them. ``attendance``: all that is asked and comes
    back. ``link``: what carries it, if that is known."""

    def __init__(
        self, screen: Screen, name: str | None, times: Times, clock: IReactorTime | None = None
    ) -> None:
        self.status: Status | None = None
        self.around = Around()
        self.link: Link | None = None
        self.password: str | None = None
        """The answer to the first secret that is asked for, by somebody who cannot be asked."""
        self.attendance = Attendance(Seat(name or ""), self, clock)
        self.attendance.sending.offers = self.attendance.reopens = True
        self._screen = screen
        self._clock = clock
        self._times = times
        self._dialect = TextDialect(times)
        self._input_ended = False
        self._refused = False
        self._question: Question | None = None
        self._aim = Aim()

    # what a bottom bar and a completion want to know

    @property
    def entered(self) -> bool:
        return self.attendance.entered

    @property
    def name(self) -> str:
        """One's own; empty while there is none."""
        return self.attendance.seat.name

    @property
    def room(self) -> str:
        """Where one talks."""
        return self.attendance.seat.room

    @property
    def topic(self) -> str:
        """Of that room."""
        return self.around.room(self.room).topic

    @property
    def rooms(self) -> tuple[RoomView, ...]:
        """All that one is in, with what is unread there."""
        return self.around.views(self.attendance.seat.rooms)

    @property
    def people(self) -> tuple[str, ...]:
        """Those of the room where one talks; who spoke last is the first."""
        return self.around.room(self.room).people

    @property
    def away(self) -> frozenset[str]:
        """Those of whom it is known: ``look_around`` asks."""
        return self.around.away

    @property
    def commands(self) -> tuple[Command, ...]:
        """Those that one may use: ``look_around`` asks."""
        return self.around.commands

    @property
    def link_state(self) -> LinkState:
        if self.link is not None:
            return self.link.state
        return LinkState.WAITING if self.attendance.connection is None else LinkState.TALKING

    @property
    def next_try(self) -> float | None:
        """In seconds from now, while the link waits for it."""
        if self.link is None or self.link.next_try is None or self._clock is None:
            return None
        return max(0.0, self.link.next_try - self._clock.seconds())

    @property
    def delay(self) -> float | None:
        """Seconds to the chat and back, as last measured."""
        return None if self.link is None else self.link.delay

    @property
    def pending(self) -> tuple[Send, ...]:
        """What was said and is not kept, in order: it waits, is on its way, or somebody has to
        decide what becomes of it."""
        return self.attendance.sending.open

    def again(self, send: Send) -> None:
        """Say once more what was refused, or may not have been said."""
        self.attendance.again(send)

    def drop(self, send: Send) -> None:
        """It shall not be said."""
        self.attendance.drop(send)

    def now(self) -> None:
        """A key was pressed, or the network has changed: try at once."""
        if self.link is not None:
            self.link.now()

    def look_around(self) -> None:
        """Ask who is here, who is away, and what one may do; the answers are not shown."""
        if self.entered:
            self.attendance.ask(Who(), self._looked)
            self.attendance.ask(Help(), self._looked)

    def _looked(self, answer: Answer | Entry | Refusal) -> None:
        if isinstance(answer, HelpText):
            self.around.helped(answer)
        elif not isinstance(answer, Entry | Refusal):
            self.around.answered(answer)

    # what the connection brings

    def connected(self, connection: Connection) -> None:
        self._dialect = TextDialect(self._times, connection.confirm)
        self.attendance.connected(connection)

    def heard(self, heard: Heard) -> None:
        self.attendance.heard(heard)
        self._read_on()
        self._screen.changed()

    def unclear(self, why: str) -> None:
        self._trouble(f"-- the server sent something that this client does not understand: {why}")

    def lost(self) -> None:
        """The connection is gone. What waits for an answer is known when there is another."""
        self.attendance.lost()
        self._no_question()
        self._screen.hold()
        self._read_on()
        self._screen.changed()
        if self._input_ended and self.status is None:
            self.status = Status.LOST

    def gives_up(self) -> None:
        """There will be no other connection: what waits was perhaps not said, or surely not."""
        for send in self.pending:
            if send.state in UNDER_WAY:
                words = "perhaps not sent" if send.doubtful else "not sent"
                self._trouble(f"-- {words}: {send.request.text}")

    # what comes of it: see attendance.Hearer

    def nameless(self) -> None:
        self._show(Line("What's your name?", Kind.QUESTION))
        self._screen.go_on()

    def entry(self, heard: Heard, own: Request | None) -> None:
        entry, seat = heard.what, self.attendance.seat
        assert isinstance(entry, Entry)
        elsewhere = entry.log != seat.room
        if heard.earlier:
            lines = [past_line(entry, self.name, elsewhere, self._times)]
        elif own is not None:
            lines = own_lines(entry, self.name, elsewhere, self._dialect, heard.tag)
        else:
            lines = [entry_line(entry, self.name, elsewhere)]
        others = lines[0] if lines and not lines[0].own else None
        self.around.happened(entry, elsewhere and others is not None, _mentions(others))
        self._aim.follows(entry.event)
        self._show(*lines)

    def answer(self, answer: Answer, request: Request | None) -> None:
        self.around.answered(answer)
        match answer:
            case Entered(room):
                self._aim.to = ""
                self.around.talks_in(room)
            case Welcomed(room=room):
                self.around.talks_in(room)
                self._screen.go_on()
                if self.link is not None:
                    self.link.settled()
            case Goodbye(why) if why and not self.entered and self.attendance.seat.was_in:
                pass  # who comes back while the chat ends comes back once more
            case Goodbye(why):
                in_peace = not why and (self.entered or not self._refused)
                self.status = Status.LEFT if in_peace else Status.REFUSED
                if self.link is not None:
                    self.link.stop()  # whoever says it may not close
            case Done() if isinstance(request, Converse):
                self._aim.to = request.name.strip()
        kind = Kind.TROUBLE if isinstance(answer, Refused) else Kind.ANSWER
        if told := answer_lines(answer, self._times):
            self._show(Line("\n".join(told), kind))

    def not_let_in(self, request: Enter, refusal: Refusal) -> None:
        """A secret is missing or wrong, which is asked for; or there is no way in by that name."""
        question = questions.after(refusal, request)
        if question is not None and self.password is not None:
            given, self.password = self.password, None
            self._answered(question, given.encode())
        elif question is None or self._input_ended:
            self._trouble(f"-- {refusal.sentence}")
            self._name_refused()
        else:
            self._question_is(question)
            self._screen.go_on()

    def becomes(self, send: Send) -> None:
        """Where nobody can tell whether it was said, somebody has to know; who drops it does."""
        if send.state is SendState.UNSURE and send in self.pending:
            self._trouble(f"-- perhaps not sent: {send.request.text}")
        self._screen.changed()

    def unsaved(self, error: OSError) -> None:
        self._trouble(f"-- what you type is not safe from a sudden end: {error.strerror or error}")

    # what is typed

    def typed(self, line: bytes) -> None:
        if self._question is not None:
            self._answered(self._question, line)
            return
        try:
            asked = self._dialect.read(line, naming=not self.attendance.seat.was_in)
        except Refusal as refusal:
            self._trouble(f"-- {refusal.sentence}")
            return
        if asked is None:
            return
        request, _ = asked
        question = questions.about(request)
        if question is not None and self.entered:
            self._question_is(question)
        else:
            self._request(request)

    def gathers(self, line: bytes) -> bool:
        """It is said where one talks, or empty, and may be one of many that are pasted."""
        is_command = line.startswith(b"/") and not line.startswith(b"//")
        if not self.attendance.seat.was_in or self._question is not None or is_command:
            return False
        try:
            asked = self._dialect.read(line, naming=False)
        except Refusal:
            return False
        return asked is None or (isinstance(asked[0], Say) and not asked[0].room)

    def pasted(self, lines: list[bytes]) -> None:
        """Many lines came at once: they are one thing that is said."""
        text = b"\n".join(lines).decode("utf-8", "replace")
        self._request(Say(text))

    def input_ended(self) -> None:
        """Nobody types any more: leave, when what was said before has arrived."""
        self._input_ended = True
        self.leave()

    def leave(self) -> None:
        if self.attendance.connection is not None:
            self.attendance.leave()
        else:
            self.status = Status.LEFT

    # how it goes on

    def _request(self, request: Request) -> None:
        try:
            self._do(request)
        except Refusal as refusal:
            self._trouble(f"-- {refusal.sentence}")
        if self._unsettled >= IN_FLIGHT:
            self._screen.hold()

    def _do(self, request: Request) -> None:
        """Raises a Refusal."""
        match request:
            case Say() | Act() | Tell() | Reply():
                self.attendance.say(self._aim.at(request, self.attendance.seat))
            case Leave():
                self.leave()
            case Enter():
                self.attendance.seat.takes(request)
                self._screen.hold()  # what follows is said by that name
                self._enter()
            case _ if self.attendance.connection is None:
                raise Refusal("no-connection", "not done: there is no connection just now.")
            case _:
                self.attendance.ask(request)

    def _enter(self) -> None:
        try:
            self.attendance.enter()
        except Refusal as refusal:
            self._trouble(f"-- {refusal.sentence}")
            self._name_refused()

    @property
    def _unsettled(self) -> int:
        waits = sum(send.state is SendState.WAITING for send in self.pending)
        return self.attendance.unanswered + waits

    def _question_is(self, question: Question) -> None:
        self._question = question
        self._show(Line(f"-- {question.prompt}", Kind.QUESTION))
        self._screen.echo(False)

    def _no_question(self) -> None:
        if self._question is not None:
            self._question = None
            self._screen.echo(True)

    def _answered(self, question: Question, line: bytes) -> None:
        self._no_question()
        try:
            follows = question.answered(line.decode())
        except UnicodeDecodeError:
            self._trouble(f"-- {refusals.not_utf8().sentence}")
        except Refusal as refusal:
            self._trouble(f"-- {refusal.sentence}")
            if not self.entered:
                self._name_refused()
        else:
            if isinstance(follows, Question):
                self._question_is(follows)
            else:
                self._request(follows)

    def _name_refused(self) -> None:
        self._refused = True
        connection = self.attendance.connection
        if self.attendance.seat.was_in and connection is not None:
            connection.close()  # our own ghost has the name: it is gone by a later try
            return
        self.attendance.seat.forgets()
        if self._input_ended:
            self.attendance.leave()
        else:
            self.nameless()

    def _read_on(self) -> None:
        """What is typed while the line is down waits, and is said after it."""
        if self.attendance.seat.was_in and self._unsettled < IN_FLIGHT:
            self._screen.go_on()

    def _show(self, *lines: Line) -> None:
        for line in lines:
            self._screen.show(line)

    def _trouble(self, text: str) -> None:
        self._show(Line(text, Kind.TROUBLE))


def _mentions(line: Line | None) -> bool:
    return line is not None and line.mentions
