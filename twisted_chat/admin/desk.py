"""An operator at a terminal: the console as it is where the daemon was started."""

import os
import select
from collections.abc import Callable

from twisted_chat.admin.wire import Failed, Lost, Reply, Status, Wire
from twisted_chat.core.events import Closing, Entry
from twisted_chat.core.outcomes import Goodbye
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Leave, Request
from twisted_chat.prompt import Prompt
from twisted_chat.speech import questions
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.speech.questions import Next, Question
from twisted_chat.speech.times import Times
from twisted_chat.terminal import Terminal

GREETING = "-- you are at the console: exit leaves it, shutdown ends the chat\n"

MINE = 1
"""The tag of all that is asked here: each answer is shown when it comes, so one will do."""

IN_FLIGHT = 32
"""Requests that may wait for their answers before no more keys are read: of a text that is pasted,
neither end may wait for the other to read."""


class Desk:
    """Keys in, and what the screen shows out. ``ask(request, tag)`` may raise a Refusal.

    ``over``: she has left, or the daemon has told its end.
    """

    def __init__(
        self,
        times: Times,
        ask: Callable[[Request, Tag], None],
        show: Callable[[bytes], None],
        columns: Callable[[], int],
    ) -> None:
        self.over = False
        self._dialect = ConsoleDialect(times)
        self._ask = ask
        self._write = show
        self._columns = columns
        self._prompt = Prompt()
        self._question: Question | None = None
        self._waiting = 0
        self._show(GREETING.encode())

    @property
    def busy(self) -> bool:
        """No keys should be brought."""
        return self._waiting >= IN_FLIGHT

    def draw(self) -> None:
        """The line being typed, on a screen that somebody else has used."""
        self._show(b"")

    def pressed(self, keys: bytes) -> None:
        """Some keys; none at all are the end of the terminal. One after another: whether a line is
        a secret, which the prompt forgets, is known when the line before it was read."""
        for key in keys:
            for line in self._prompt.typed(bytes((key,))):
                self._show(f"> {'' if self._prompt.hidden else line}\n".encode())
                self._typed(line)
        if self._prompt.ended or not keys:
            self._ask(Leave(), MINE)
        self.draw()

    def told(self, reply: Reply) -> None:
        """Something came from the daemon."""
        what, tag = reply.heard.what, reply.heard.tag
        self._waiting -= tag is not None
        if not isinstance(what, Entry):
            self.over = self.over or isinstance(what, Goodbye)
            self._show(self._dialect.answer(what, tag))
            return
        self.over = self.over or (isinstance(what.event, Closing) and what.event.seconds == 0)
        line = self._dialect.line(what) if tag is None else self._dialect.own(what, tag)
        if line:  # else it stands on her screen already
            self._show(line)

    def _typed(self, line: str) -> None:
        question, self._question = self._question, None
        self._prompt.hidden = False
        try:
            follows = self._meant(line) if question is None else question.answered(line)
            if isinstance(follows, Question):
                self._question_is(follows)
            elif follows is not None:
                self._ask(follows, MINE)
                self._waiting += 1
        except Refusal as refusal:
            self._show(f"-- {refusal.sentence}\n".encode())

    def _meant(self, line: str) -> Next | None:
        """What a line asks for, or what is missing in that."""
        asked = self._dialect.read(line.encode(), False)
        return None if asked is None else questions.about(asked[0]) or asked[0]

    def _question_is(self, question: Question) -> None:
        """The next line is its answer, and nobody else's to read."""
        self._question = question
        self._prompt.hidden = True
        self._show(f"-- {question.prompt}\n".encode())

    def _show(self, text: bytes) -> None:
        """Above the line being typed."""
        self._prompt.columns = self._columns()
        self._write(self._prompt.around(text) if text else self._prompt.drawn())


def sit(wire: Wire, terminal: Terminal, times: Times) -> None:
    """Be at the console until one of the two ends leaves. Raises Failed if it is lost."""

    def show(data: bytes) -> None:
        while data:
            data = data[os.write(terminal.fd, data) :]

    def keys() -> bytes:
        try:
            return os.read(terminal.fd, 4096)
        except OSError:  # of a terminal that is gone
            return b""

    desk = Desk(times, wire.ask, show, terminal.columns)
    terminal.resumed = desk.draw
    try:
        while True:
            keyboard = [] if desk.busy else [terminal.fd]
            ready, _, _ = select.select([wire.fileno(), *keyboard], [], [])
            if wire.fileno() in ready:
                for reply in wire.replies():
                    desk.told(reply)
            if terminal.fd in ready:
                desk.pressed(keys())
    except (Lost, TimeoutError):
        if not desk.over:
            raise Failed("the connection is lost", Status.NO_CONNECTION) from None
