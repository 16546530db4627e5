"""Many lines of a script, one behind the other: at the pace that the chat allows, and none lost."""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from twisted_chat.client.coming import within
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.pipes import Unread
from twisted_chat.client.presence import Presence
from twisted_chat.client.status import Status
from twisted_chat.core import names
from twisted_chat.core.events import LOBBY, Entry
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.lines_json import write

AT_ONCE = 32
"""Lines that are on their way: a pipe that is faster than the chat allows waits for its turn."""

CAREFUL = 2
"""Lines that are said one by one at first: where there has to be a pause between two, the second is
refused, and no third may be said before it."""

PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a line that came too early is said again."""


@dataclass(frozen=True, slots=True)
class Target:
    """A room, or a person, of which the other is empty."""

    room: str = ""
    person: str = ""

    @classmethod
    def of(cls, typed: str) -> "Target":
        """Raises Stop."""
        try:
            if typed.startswith("#"):
                return cls(room=names.legal_room(typed))
            return cls(person=names.legal(typed))
        except Refusal as refusal:
            raise Stop(Status.USAGE, f"{refusal.sentence} (A room is '#lab', in quotes.)") from None

    @property
    def rooms(self) -> tuple[str, ...]:
        """Those that have to be entered first."""
        return (self.room,) if self.room and self.room != LOBBY else ()

    def said(self, chat: Presence, text: str) -> Coroutine[Any, Any, Entry]:
        return chat.say(self.room, text) if self.room else chat.tell(self.person, text)


def receipt(errand: Errand, entry: Entry) -> None:
    """For programs; that nobody reads it any more is no reason to say no more."""
    if errand.typed.json:
        with suppress(Unread):
            errand.out.put(write(entry, None))


@dataclass(slots=True, eq=False)
class Line:
    """``early``: it was refused for having come too early."""

    text: str
    early: bool = False


class Sending:
    """Says lines in their order, some of them at once. One that came too early is said again, and
    so are those behind it; anything else that is refused is the end, and ``failed`` is told."""

    def __init__(self, errand: Errand, chat: Presence, target: Target) -> None:
        self.kept = 0
        self.failure: Stop | None = None
        self.failed: Callable[[], None] = lambda: None
        self._errand = errand
        self._chat = chat
        self._target = target
        self._open: list[Line] = []
        self._smooth = 0
        self._mending = self._told = False
        self._change: Deferred[None] = Deferred()
        self._late: IDelayedCall | None = None

    async def add(self, text: str) -> None:
        """Returns when it is on its way. Raises Stop."""
        while self._mending or len(self._open) >= self._at_once():
            await self._changed()
        self._begin(Line(text))

    async def rest(self) -> None:
        """Returns when all is kept. Raises Stop."""
        while self._open:
            await self._changed()

    async def _changed(self) -> None:
        if self.failure is None:
            await self._change
        if self.failure is not None:
            raise self.failure

    def _begin(self, line: Line) -> None:
        self._open.append(line)
        self._watch()
        Deferred.fromCoroutine(self._say(line)).addErrback(self._bug)

    async def _say(self, line: Line) -> None:
        try:
            entry = await within(self._errand, None, self._target.said(self._chat, line.text))
        except Stop as stop:
            if stop.code != "too-fast":
                self._fail(stop)
                return
            line.early, self._smooth = True, 0
            self._slowed(stop)
        else:
            self._is_kept(line, entry)
        if self._open and all(line.early for line in self._open) and not self._mending:
            await self._mend()
        self._tell()

    def _is_kept(self, line: Line, entry: Entry) -> None:
        self._open.remove(line)
        self.kept += 1
        self._smooth += 1
        receipt(self._errand, entry)
        self._watch()
        self._tell()

    async def _mend(self) -> None:
        """What is open came too early: one after another, with pauses."""
        self._mending, pause = True, PAUSE
        while self._open and self.failure is None:
            await deferLater(self._errand.reactor, pause)
            before = self.kept
            await self._say(self._open[0])
            pause = PAUSE if self.kept > before else min(2 * pause, LONGEST_PAUSE)
        self._mending, self._smooth = False, 0

    def _at_once(self) -> int:
        return 1 if self._smooth < CAREFUL else AT_ONCE

    def _fail(self, stop: Stop) -> None:
        if self.failure is None:
            self.failure = stop
            self._unwatch()
            self._tell()
            self.failed()

    def _bug(self, failure: Failure) -> None:
        self._fail(Stop(Status.LOST, str(failure.value)))

    def _slowed(self, stop: Stop) -> None:
        if not self._told:
            self._told = True
            self._errand.tell(f"{stop.sentence} Nothing is lost: it is said more slowly.")

    def _tell(self) -> None:
        change, self._change = self._change, Deferred()
        change.callback(None)

    def _watch(self) -> None:
        """With --timeout, something is kept every so often while anything waits for it."""
        self._unwatch()
        patience = self._errand.typed.timeout
        if patience is not None and self._open:
            late = Stop(Status.NO_ANSWER, f"{len(self._open)} lines are not kept by now")
            self._late = self._errand.reactor.callLater(patience, self._fail, late)

    def _unwatch(self) -> None:
        if self._late is not None and self._late.active():
            self._late.cancel()
