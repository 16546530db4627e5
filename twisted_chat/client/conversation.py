"""What somebody says and reads, whatever carries it. Knows neither terminal nor socket."""

from dataclasses import replace
from typing import Protocol

from twisted_chat.client.around import Around
from twisted_chat.client.link import LinkState
from twisted_chat.client.screen import Kind, Line, RoomView, Screen
from twisted_chat.client.sending import Send
from twisted_chat.client.status import Status
from twisted_chat.client.wording import entry_line, own_lines, past_line
from twisted_chat.core import refusals
from twisted_chat.core.events import EVERYONE, LOBBY, Entry, Event, Moved, Renamed
from twisted_chat.core.outcomes import (
    Answer,
    Entered,
    Goodbye,
    HelpText,
    Outside,
    Refused,
    Welcomed,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Act,
    ChangePassword,
    Enter,
    Help,
    Join,
    Leave,
    Register,
    Reply,
    Request,
    Say,
    Tell,
    Who,
)
from twisted_chat.speech import questions
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.commands import Command
from twisted_chat.speech.lines_json import Heard
from twisted_chat.speech.questions import Question
from twisted_chat.speech.text import TextDialect
from twisted_chat.speech.times import Times

IN_FLIGHT = 32
"""Requests that may wait for their answers before no more lines are read: a pipe that is faster
than the chat allows waits here, and nothing of it is lost."""

_ALWAYS = frozenset({LOBBY, EVERYONE})
"""Logs that nobody is refused who is let in."""


class Connection(Protocol):
    @property
    def confirm(self) -> bool:
        """The server wants a receipt shown for what is said."""

    def ask(self, request: Request, tag: Tag) -> None: ...

    def close(self) -> None: ...


class Conversation:
    """``status`` is None while it could go on over another connection. ``around``: the people and
    topics of the rooms, and what is unread in them."""

    def __init__(self, screen: Screen, name: str | None, times: Times) -> None:
        self.status: Status | None = None
        self.entered = False
        self.around = Around()
        self.password: str | None = None
        """The answer to the first secret that is asked for, by somebody who cannot be asked."""
        self._screen = screen
        self._name = name
        self._connection: Connection | None = None
        self._times = times
        self._dialect = TextDialect(times)
        self._waiting: dict[Tag, Request] = {}
        self._tag = 0
        self._silent: set[Tag] = set()
        """Of requests that nobody typed, whose answers are not shown."""
        self._input_ended = False
        self._refused = False
        self._question: Question | None = None
        self._room = ""
        self._rooms: tuple[str, ...] = ()
        self._secrets: tuple[str | None, str | None] = (None, None)
        self._was_in = False
        self._read: dict[str, int] = {}
        """Up to which id each room was read: from there it goes on over the next connection."""

    # what a bottom bar and a completion want to know

    @property
    def name(self) -> str:
        """One's own; empty while there is none."""
        return self._name or ""

    @property
    def room(self) -> str:
        """Where one talks."""
        return self._room

    @property
    def topic(self) -> str:
        """Of that room."""
        return self.around.room(self._room).topic

    @property
    def rooms(self) -> tuple[RoomView, ...]:
        """All that one is in, with what is unread there."""
        return self.around.views(self._rooms)

    @property
    def people(self) -> tuple[str, ...]:
        """Those of the room where one talks; who spoke last is the first."""
        return self.around.room(self._room).people

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
        return LinkState.WAITING if self._connection is None else LinkState.TALKING

    @property
    def next_try(self) -> float | None:
        """In seconds from now, while the link waits for it."""
        return None

    @property
    def delay(self) -> float | None:
        """Seconds to the chat and back, as last measured."""
        return None

    @property
    def pending(self) -> tuple[Send, ...]:
        """What was said and is not kept, in order: it waits, is on its way, or somebody has to
        decide what becomes of it."""
        return ()

    def again(self, send: Send) -> None:
        """Say once more what was refused, or may not have been said."""

    def drop(self, send: Send) -> None:
        """It shall not be said."""

    def now(self) -> None:
        """A key was pressed, or the network has changed: try at once."""

    def look_around(self) -> None:
        """Ask who is here, who is away, and what one may do; the answers are not shown."""
        if self.entered:
            self._ask_silently(Who())
            self._ask_silently(Help())

    # what the connection brings

    def connected(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = TextDialect(self._times, connection.confirm)
        if self._name is None:
            self._want_name()
        else:
            self._ask(Enter(self._name, self._places(), *self._secrets))

    def heard(self, heard: Heard) -> None:
        request = self._waiting.pop(heard.tag, None) if heard.tag is not None else None
        if request is not None and not isinstance(heard.what, Refused):
            self._keep_secret(request)
        if not isinstance(heard.what, Entry):
            self.around.answered(heard.what)
            if heard.tag in self._silent:
                self._not_shown(heard.tag, heard.what)
                return
        match heard.what:
            case Entry():
                self._entry(heard, request is not None)
            case Refused(code, text) if isinstance(request, Enter):
                self._not_entered(request, Refusal(code, text))
            case Welcomed():
                self._welcomed(heard.what)
            case Entered(room):
                self.around.talks_in(room)
                self._rooms = (*(one for one in self._rooms if one != room), room)
                self._read.setdefault(room, max(self._read.values(), default=0))
                self._room = room
                self._show(*self._lines(heard.what))
            case Outside(room, now):
                self._rooms = tuple(one for one in self._rooms if one != room)
                self._read.pop(room, None)
                self._room = now if self._room == room else self._room
                self._show(*self._lines(heard.what))
            case Goodbye(why):
                in_peace = not why and (self.entered or not self._refused)
                self.status = Status.LEFT if in_peace else Status.REFUSED
                self._show(*self._lines(heard.what))
            case Refused():
                self._trouble(*self._lines(heard.what))
            case answer:
                self._show(*self._lines(answer))
        self._read_on()
        self._screen.changed()

    def _not_shown(self, tag: Tag, answer: Answer) -> None:
        self._silent.discard(tag)
        if isinstance(answer, HelpText):
            self.around.helped(answer)
        self._read_on()
        self._screen.changed()

    def unclear(self, why: str) -> None:
        self._trouble(f"-- the server sent something that this client does not understand: {why}")

    def lost(self) -> None:
        """The connection is gone; what waited for an answer may or may not have been said."""
        waiting, self._waiting = self._waiting, {}
        self._silent.clear()
        self._connection, self.entered = None, False
        self._screen.changed()
        self._screen.hold()
        self._no_question()
        for request in waiting.values():
            if isinstance(request, Say | Act | Tell | Reply):
                self._trouble(f"-- perhaps not sent: {request.text}")
        if self._input_ended and self.status is None:
            self.status = Status.LOST

    # what is typed

    def typed(self, line: bytes) -> None:
        if self._question is not None:
            self._answered(self._question, line)
            return
        try:
            asked = self._dialect.read(line, naming=not self.entered)
        except Refusal as refusal:
            self._trouble(f"-- {refusal.sentence}")
            return
        if asked is None:
            return
        request, _ = asked
        question = questions.about(request)
        if question is not None:
            self._question_is(question)
            return
        self._request(request)

    def gathers(self, line: bytes) -> bool:
        """It is said where one talks, or empty, and may be one of many that are pasted."""
        is_command = line.startswith(b"/") and not line.startswith(b"//")
        if not self.entered or self._question is not None or is_command:
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

    def _request(self, request: Request) -> None:
        if isinstance(request, Enter):
            self._name = request.name
            self._secrets = (request.password, request.house)
            self._screen.hold()  # what follows is said by that name
        self._ask(request)
        if len(self._waiting) >= IN_FLIGHT:
            self._screen.hold()

    def input_ended(self) -> None:
        """Nobody types any more: leave, when what was said before has arrived."""
        self._input_ended = True
        self.leave()

    def leave(self) -> None:
        if self._connection is not None:
            self._ask(Leave())
        else:
            self.status = Status.LEFT

    # how it goes on

    def _ask(self, request: Request) -> None:
        if self._connection is None:
            return
        self._tag += 1
        try:
            self._connection.ask(request, self._tag)
        except Refusal as refusal:
            self._trouble(f"-- {refusal.sentence}")
            if isinstance(request, Enter):
                self._name_refused()
        else:
            self._waiting[self._tag] = request

    def _ask_silently(self, request: Request) -> None:
        self._ask(request)
        self._silent.add(self._tag)

    def _entry(self, heard: Heard, own: bool) -> None:
        entry, tag = heard.what, heard.tag
        assert isinstance(entry, Entry)
        if entry.log.startswith(("#", "*")):
            self._read[entry.log] = max(entry.id, self._read.get(entry.log, 0))
        if entry.log.startswith("#") and tag is None and entry.log not in self._rooms:
            self._rooms += (entry.log,)  # entered on another device
        elsewhere = entry.log != self._room
        if heard.earlier:
            lines = [past_line(entry, self.name, elsewhere, self._times)]
        elif own:
            lines = own_lines(entry, self.name, elsewhere, self._dialect, tag)
        else:
            lines = [entry_line(entry, self.name, elsewhere)]
        others = lines[0] if lines and not lines[0].own else None
        self.around.happened(
            entry, elsewhere and others is not None, bool(others and others.mentions)
        )
        self._follow(entry.log, entry.event)
        for line in lines:
            self._say(line)

    def _lines(self, answer: Answer) -> list[str]:
        return answer_lines(answer, self._times)

    def _follow(self, log: str, event: Event) -> None:
        """What changes by which name one comes back, and to which room."""
        match event:
            case Renamed(old, new) if old == self._name:
                self._name = new
            case Moved(to=new):
                self._rooms = tuple(new if one == log else one for one in self._rooms)
                self._read[new] = self._read.pop(log, 0)
                self._room = new if self._room == log else self._room

    def _places(self) -> tuple[tuple[str, int], ...]:
        """The rooms in which one was, and the one where one talked last, with what was read."""
        rooms = sorted(self._rooms, key=lambda room: room == self._room)
        read = ((log, self._read.get(log, 0)) for log in (*rooms, EVERYONE))
        return tuple((log, number) for log, number in read if number or log not in _ALWAYS)

    def _welcomed(self, answer: Welcomed) -> None:
        talked, self._room = self._room, answer.room
        self._rooms = answer.rooms or (answer.room,)
        logs = (*self._rooms, EVERYONE)
        self._read = {log: self._read.get(log, answer.last) for log in logs}
        self.entered = self._was_in = True
        self._name = answer.name
        self.around.talks_in(self._room)
        self._show(*self._lines(answer))
        if talked in self._rooms and talked != answer.room:
            self._request(Join(talked))
        self._screen.go_on()

    def _keep_secret(self, done: Request) -> None:
        """It may have been changed: the new one is what one comes back with."""
        match done:
            case Register(secret) | ChangePassword("", _, secret):
                self._secrets = (secret, self._secrets[1])
            case AccountOf(what) if what.lower() == "delete":
                self._secrets = (None, self._secrets[1])

    def _want_name(self) -> None:
        self._say(Line("What's your name?", Kind.QUESTION))
        self._screen.go_on()

    def _not_entered(self, request: Enter, refusal: Refusal) -> None:
        """A secret is missing or wrong, which is asked for; a room is not to be had any more, and
        one comes in without it; or there is no way in by that name."""
        if gone := _gone(refusal, request):
            self._trouble(f"-- {refusal.sentence}")
            self._rooms = tuple(room for room in self._rooms if room not in gone)
            self._ask(replace(request, after=self._places()))
            return
        question = questions.after(refusal, request)
        if question is not None and self.password is not None:
            given, self.password = self.password, None
            self._answered(question, given.encode())
            return
        if question is None or self._input_ended:
            self._trouble(f"-- {refusal.sentence}")
            self._name_refused()
            return
        self._question_is(question)
        self._screen.go_on()

    def _question_is(self, question: Question) -> None:
        self._question = question
        self._say(Line(f"-- {question.prompt}", Kind.QUESTION))
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
        if self._was_in and self._connection is not None:
            self._connection.close()  # our own ghost has the name: it is gone by a later try
            return
        self._name, self._secrets = None, (None, None)
        if self._input_ended:
            self._ask(Leave())
        else:
            self._want_name()

    def _read_on(self) -> None:
        if self.entered and len(self._waiting) < IN_FLIGHT:
            self._screen.go_on()

    def _show(self, *lines: str) -> None:
        if lines:
            self._say(Line("\n".join(lines)))

    def _trouble(self, *lines: str) -> None:
        if lines:
            self._say(Line("\n".join(lines), Kind.TROUBLE))

    def _say(self, line: Line) -> None:
        self._screen.show(line)


def _gone(refusal: Refusal, request: Enter) -> tuple[str, ...]:
    """The rooms because of which one is not let in. Which one it is stands in words alone; where
    they do not say it, it may be any."""
    rooms = tuple(log for log, _ in request.after if log not in _ALWAYS)
    named = tuple(room for room in rooms if room in refusal.sentence.split())
    return (named or rooms) if refusal.code == "no-such-room" else named
