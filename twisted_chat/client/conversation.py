"""What somebody says and reads, whatever carries it. Knows neither terminal nor socket."""

from enum import IntEnum
from typing import Protocol

from twisted_chat.core.events import EVERYONE, Entry, Renamed
from twisted_chat.core.outcomes import Answer, Goodbye, Refused, Welcomed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Act, Enter, Leave, Reply, Request, Say, Tell
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.lines_json import Heard
from twisted_chat.speech.text import TextDialect, answer_lines, event_line, past_line
from twisted_chat.speech.times import Times

IN_FLIGHT = 32
"""Requests that may wait for their answers before no more lines are read: a pipe that is faster
than the chat allows waits here, and nothing of it is lost."""


class Status(IntEnum):
    """How it ended: the exit status of the program."""

    LEFT = 0
    USAGE = 1
    NO_CONNECTION = 2
    REFUSED = 3
    NO_ANSWER = 4
    LOST = 5


class Screen(Protocol):
    """Where lines come from, and where they are shown."""

    def show(self, text: str) -> None:
        """One line or several, without the last line end."""

    def hold(self) -> None:
        """Bring no more typed lines."""

    def go_on(self) -> None:
        """Bring them again."""


class Connection(Protocol):
    @property
    def confirm(self) -> bool:
        """The server wants a receipt shown for what is said."""

    def ask(self, request: Request, tag: Tag) -> None: ...

    def close(self) -> None: ...


class Conversation:
    """``status`` is None while it could go on over another connection."""

    def __init__(self, screen: Screen, name: str | None, times: Times) -> None:
        self.status: Status | None = None
        self.entered = False
        self._screen = screen
        self._name = name
        self._connection: Connection | None = None
        self._times = times
        self._dialect = TextDialect(times)
        self._waiting: dict[Tag, Request] = {}
        self._tag = 0
        self._input_ended = False
        self._refused = False
        self._was_in = False
        self._read: dict[str, int] = {}
        """Up to which id each room was read: from there it goes on over the next connection."""

    # what the connection brings

    def connected(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = TextDialect(self._times, connection.confirm)
        if self._name is None:
            self._want_name()
        else:
            read = tuple((log, number) for log, number in self._read.items() if number)
            self._ask(Enter(self._name, read))

    def heard(self, heard: Heard) -> None:
        request = self._waiting.pop(heard.tag, None) if heard.tag is not None else None
        match heard.what:
            case Entry():
                self._entry(heard, request is not None)
            case Refused(_, text) if isinstance(request, Enter):
                self._show(f"-- {text}")
                self._name_refused()
            case Welcomed(name, room, last=last):
                for log in (room, EVERYONE):
                    self._read.setdefault(log, last)
                self._welcomed(name, self._lines(heard.what))
            case Goodbye(why):
                in_peace = not why and (self.entered or not self._refused)
                self.status = Status.LEFT if in_peace else Status.REFUSED
                self._show(*self._lines(heard.what))
            case answer:
                self._show(*self._lines(answer))
        self._read_on()

    def unclear(self, why: str) -> None:
        self._show(f"-- the server sent something that this client does not understand: {why}")

    def lost(self) -> None:
        """The connection is gone; what waited for an answer may or may not have been said."""
        waiting, self._waiting = self._waiting, {}
        self._connection, self.entered = None, False
        self._screen.hold()
        for request in waiting.values():
            if isinstance(request, Say | Act | Tell | Reply):
                self._show(f"-- perhaps not sent: {request.text}")
        if self._input_ended and self.status is None:
            self.status = Status.LOST

    # what is typed

    def typed(self, line: bytes) -> None:
        try:
            asked = self._dialect.read(line, naming=not self.entered)
        except Refusal as refusal:
            self._show(f"-- {refusal.sentence}")
            return
        if asked is None:
            return
        request, _ = asked
        if isinstance(request, Enter):
            self._name = request.name
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
            self._show(f"-- {refusal.sentence}")
            if isinstance(request, Enter):
                self._name_refused()
        else:
            self._waiting[self._tag] = request

    def _entry(self, heard: Heard, own: bool) -> None:
        entry, tag = heard.what, heard.tag
        assert isinstance(entry, Entry)
        if entry.log[0] in "#*":  # what others may not read is not to be had again
            self._read[entry.log] = max(entry.id, self._read.get(entry.log, 0))
        if heard.earlier:
            self._show(past_line(entry, self._times))
            return
        if own:
            if isinstance(entry.event, Renamed):
                self._name = entry.event.to  # to come back by
            self._show(*self._dialect.own(entry, tag).decode().splitlines())
            return
        self._show(event_line(entry.event))

    def _lines(self, answer: Answer) -> list[str]:
        return answer_lines(answer, self._times)

    def _welcomed(self, name: str, lines: list[str]) -> None:
        self.entered = self._was_in = True
        self._name = name
        self._show(*lines)
        self._screen.go_on()

    def _want_name(self) -> None:
        self._show("What's your name?")
        self._screen.go_on()

    def _name_refused(self) -> None:
        self._refused = True
        if self._was_in and self._connection is not None:
            self._connection.close()  # our own ghost has the name: it is gone by a later try
            return
        self._name = None
        if self._input_ended:
            self._ask(Leave())
        else:
            self._want_name()

    def _read_on(self) -> None:
        if self.entered and len(self._waiting) < IN_FLIGHT:
            self._screen.go_on()

    def _show(self, *lines: str) -> None:
        if lines:
            self._screen.show("\n".join(lines))
