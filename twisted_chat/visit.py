"""One connection from the first byte to the last: naming, entering, talking, leaving, gone.

Shared by all doors. A door brings lines, and is told when to wait and when to close.
"""

from dataclasses import dataclass
from enum import Enum, IntFlag, auto
from math import inf
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from twisted_chat.core import refusals
from twisted_chat.core.chat import Member
from twisted_chat.core.limits import Allowance
from twisted_chat.core.outcomes import Answer, Done, Goodbye, Refused, Slowed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Help, Leave, Right
from twisted_chat.hub import Hub
from twisted_chat.ports import Dialect, Reader, Session
from twisted_chat.speech import commands
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.watch import Watch


class Stage(Enum):
    """How far a visit has come."""

    __hash__ = object.__hash__  # Enum's own is Python code, and this is hashed for every line

    NAMING = auto()
    ENTERING = auto()
    TALKING = auto()
    LEAVING = auto()
    GONE = auto()


FOLLOWS: dict[Stage, frozenset[Stage]] = {
    Stage.NAMING: frozenset({Stage.ENTERING, Stage.TALKING, Stage.LEAVING, Stage.GONE}),
    Stage.ENTERING: frozenset({Stage.NAMING, Stage.TALKING, Stage.LEAVING, Stage.GONE}),
    Stage.TALKING: frozenset({Stage.LEAVING, Stage.GONE}),
    Stage.LEAVING: frozenset({Stage.GONE}),
    Stage.GONE: frozenset(),
}
"""All that may follow what. An operator's console talks at once, without a name to give."""


IN_FLIGHT = 64
"""Lines of one client that may wait for the store: more are not read before these are settled, so
that a store that is slow slows the talkers, and nobody's lines pile up in memory."""

ENOUGH = 1 << 16
"""Bytes of answers in one turn: then the next lines wait for the next turn, so that nobody holds up
the others by asking ten thousand things at once."""

_NAMING, _TALKING = Stage.NAMING, Stage.TALKING  # looked up for every line: enums are slow at it
_OVER = frozenset({Stage.LEAVING, Stage.GONE})


class Hold(IntFlag):
    """Why no line is read just now."""

    PACE = auto()
    ORDER = auto()
    ENTERING = auto()
    FULL = auto()
    ENDED = auto()


class Door(Protocol):
    """What a visit asks of the door by which it came."""

    dialect: Dialect

    def wait(self, seconds: float) -> None:
        """Bring the next line no sooner than that."""

    def hold(self, why: Hold) -> None:
        """Bring no line until this is released."""

    def release(self, why: Hold) -> None:
        """This is no reason to hold any more."""

    def close(self) -> None:
        """Close when everything that was sent has been read."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for every visit. ``allowance`` None is no limit."""

    allowance: Allowance | None
    watch: Watch


class Visit:
    """``door`` brings lines, ``reader`` takes bytes: both are of the same connection."""

    __slots__ = (
        "_due",
        "_held",
        "_hub",
        "_member",
        "_ready",
        "_rules",
        "_slowed",
        "_waits",
        "dialect",
        "door",
        "reader",
        "stage",
        "unsettled",
    )

    log = Logger()

    def __init__(self, hub: Hub, rules: Rules, door: Door, reader: Reader) -> None:
        self.door = door
        self.reader = reader
        self.dialect = door.dialect
        self.stage = Stage.NAMING
        self.unsettled = 0
        self._hub = hub
        self._rules = rules
        self._member: Member | None = None
        self._due = 0.0
        self._slowed = self._waits = False
        self._ready = self._held = b""

    # what the door brings

    def begin(self) -> None:
        """The connection is made, and a name is asked for."""
        self._rules.watch.naming.touch(self, self._hub.clock.seconds())
        self._say(self.dialect.greeting)

    def begin_as_operator(self) -> None:
        """Whoever can type here may do everything, and needs no name."""
        self._become(Stage.TALKING)
        self._member = self._hub.seat(self)

    def heard(self, line: bytes) -> None:
        """One line of the client's, without its end. Nothing that is in it raises."""
        if self.stage in _OVER:
            return
        asked = None
        try:
            self._pace()
            asked = self.dialect.read(line, self.stage is _NAMING)
            if asked is not None:
                self._ask(asked)
                if self.unsettled >= IN_FLIGHT:
                    self._wait()
        except Refusal as refusal:
            self.refuse(refusal, asked[1] if asked else refusal.tag)
        except Exception:
            self._bug()

    def unreadable(self, refusal: Refusal) -> None:
        """There was a line that could not even be read."""
        if self.stage not in _OVER:
            self._pace()
            self.refuse(refusal, None)

    def switch(self, dialect: Dialect, hello: Answer) -> None:
        """Another dialect; only while there is no name yet, since logs group readers by it."""
        self.dialect = dialect
        self.answer(hello, None)

    def stalled(self, full: bool) -> None:
        """The reader takes no more, or again: whoever does not read is not heard either, so that
        no answers pile up for it."""
        stalled = self._rules.watch.stalled
        if full:
            stalled.touch(self, self._hub.clock.seconds())
            self.door.hold(Hold.FULL)
        else:
            stalled.forget(self)
            self._hub.laggards.catch_up(self)
            self.door.release(Hold.FULL)

    def hung_up(self) -> None:
        """The client will say nothing more, and may still read."""
        self._take_leave(Goodbye(""), None, "connection closed")

    def end(self) -> None:
        """The daemon ends. Who is here has been told by the hub, and leaving is no news now."""
        if self.stage in _OVER:
            return
        if self._member is None:
            self.answer(Goodbye("Server is shutting down."), None)
        self._become(Stage.LEAVING)
        self._rules.watch.forget(self)
        self._member = None
        if self.unsettled:  # the store has stopped: nothing will be settled any more
            self.settle(self.unsettled)
        self.speak()

    def lost(self, why: str) -> None:
        """The connection is gone, in two or three words why. Happens once."""
        if self.stage is Stage.GONE:
            return
        self._become(Stage.GONE)
        self._rules.watch.forget(self)
        self._unseat(why)

    # what the hub asks: see ports.Session

    @property
    def gone(self) -> bool:
        return self.stage in _OVER

    def answer(self, answer: Answer, tag: Tag) -> None:
        self._say(self.dialect.answer(answer, tag))

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        self.answer(Refused.of(refusal), tag)

    def search(self) -> None:
        self.unsettled += 1
        self._wait()

    def found(self, answer: Answer, tag: Tag) -> None:
        if not self.unsettled:  # the daemon has ended meanwhile
            return
        self._held = self.dialect.answer(answer, tag) + self._held
        self.settle(1)

    def settle(self, count: int) -> None:
        self.unsettled -= count
        if not self.unsettled and (self._waits or self.stage in _OVER):
            self._ready += self._held
            self._held = b""
            self._hub.expect(self)

    def speak(self) -> None:
        ready, self._ready = self._ready, b""
        if ready:
            self.reader.send(ready)
        if self.unsettled:
            return
        if self.stage is Stage.LEAVING:
            self.door.close()
        elif self._waits:
            self._waits = False
            self.door.release(Hold.ORDER)

    def depart(self, tag: Tag) -> None:
        self._take_leave(Goodbye(""), tag, "")

    def dismiss(self, told: str, why: str) -> None:
        self._take_leave(Goodbye(told), None, why)

    # how it goes on

    def _say(self, data: bytes) -> None:
        """At the end of the turn, joined with what else there is for this client by then: a send
        for each line would wake the client, and the kernel with it, as often. And after all that
        it asked for before: while something of that is unsettled, this is held back, and so are the
        lines that follow."""
        if self.unsettled:
            self._held += data
            self._wait()
        else:
            self._ready += data
            self._hub.expect(self)
            if len(self._ready) >= ENOUGH:
                self._wait()

    def _wait(self) -> None:
        """No line is read before all that was asked for is settled."""
        self._waits = True
        self.door.hold(Hold.ORDER)

    def _become(self, stage: Stage) -> None:
        if stage not in FOLLOWS[self.stage]:
            raise AssertionError(f"{stage} cannot follow {self.stage}")
        self.stage = stage

    def _pace(self) -> None:
        """A line was read: note it, and slow down who is faster than allowed."""
        rules = self._rules
        allowance, idle = rules.allowance, rules.watch.idle
        if allowance is None and idle.limit == inf:
            return
        now = self._hub.clock.seconds()
        if self.stage is _TALKING:
            idle.touch(self, now)
        if allowance is None:
            return
        self._due = allowance.spend(self._due, now)
        wait = allowance.wait(self._due, now)
        if wait > 0:
            if not self._slowed:
                self._slowed = True
                self.answer(Slowed(allowance.rate), None)
            self.door.wait(wait)

    def _ask(self, asked: Asked) -> None:
        if self._member is not None:
            self._hub.perform(self, self._member, asked)
            return
        request, tag = asked
        match request:
            case Enter():
                self._enter(asked, request)
            case Leave():
                self.depart(tag)
            case Help(command):
                self.answer(commands.help_on(command, Right.GUEST), tag)
            case _:
                raise refusals.not_entered()

    def _enter(self, asked: Asked, request: Enter) -> None:
        self._become(Stage.ENTERING)
        entering = Deferred.fromCoroutine(self._entering(asked, request))
        if not entering.called:
            self.door.hold(Hold.ENTERING)
            entering.addBoth(self._entered)
        entering.addErrback(self._bug)

    def _entered(self, result: object) -> object:
        self.door.release(Hold.ENTERING)
        return result

    async def _entering(self, asked: Asked, request: Enter) -> None:
        try:
            place = await self._hub.place(request)
            if self.stage is not Stage.ENTERING:  # it went while it was being let in
                return
            self._member = self._hub.enter(self, asked, request, place)
        except Refusal as refusal:
            if self.stage is Stage.ENTERING:
                self._become(Stage.NAMING)
                self.refuse(refusal, asked[1])
            return
        self._become(Stage.TALKING)
        self._rules.watch.naming.forget(self)
        self._rules.watch.idle.touch(self, self._hub.clock.seconds())

    def _take_leave(self, goodbye: Goodbye, tag: Tag, why: str) -> None:
        if self.stage in _OVER:
            return
        self._become(Stage.LEAVING)
        self._rules.watch.forget(self)
        self._unseat(why)
        self.answer(goodbye, tag)

    def _unseat(self, why: str) -> None:
        member, self._member = self._member, None
        if member is not None:
            self._hub.leave(self, member, why)

    def _bug(self, failure: Failure | None = None) -> None:
        """Ours, not the client's: logged, this connection closed, everybody else lives on. But an
        operator keeps her console, from which the chat is ended."""
        self.log.failure("a bug, met by one connection", failure or Failure())
        told = "Something went wrong in the chat itself."
        if self._member is not None and self._member.right >= Right.OPERATOR:
            self.answer(Done(f"{told} The log says more."), None)
        else:
            self.dismiss(f"{told} Please connect again.", "an error")


_: type[Session] = Visit
