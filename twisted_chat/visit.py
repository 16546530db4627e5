"""One connection from the first byte to the last: naming, entering, talking, leaving, gone.

Shared by all doors. A door brings lines, and is told when to wait and when to close.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.python.failure import Failure

from twisted_chat.core import names, refusals
from twisted_chat.core.chat import Device
from twisted_chat.core.limits import Allowance
from twisted_chat.core.outcomes import Answer, Done, Goodbye, Pong, Refused, Slowed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Help, Leave, Ping, Right, Say
from twisted_chat.core.state import ignored
from twisted_chat.core.texts import admitted_lines
from twisted_chat.gather import MANY, Gather
from twisted_chat.hub import Hub
from twisted_chat.ports import Dialect, Door, Hold, Reader, Session
from twisted_chat.speech import commands, questions
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.questions import Question
from twisted_chat.watch import Watch

__all__ = ["FOLLOWS", "Door", "Hold", "Rules", "Stage", "Visit"]


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


SHOWN = " (your terminal shows what you type; telnet and twisted-chat hide it)"
"""Behind a question for a secret, where that is so."""

LINES_OF_ONE = 20
"""Lines of a paste that cost as much as one line that is said."""

IN_FLIGHT = 64
"""Lines of one client that may wait for the store: more are not read before these are settled, so
that a store that is slow slows the talkers, and nobody's lines pile up in memory."""

ENOUGH = 1 << 16
"""Bytes of answers in one turn: then the next lines wait for the next turn, so that nobody holds up
the others by asking ten thousand things at once."""

_NAMING, _TALKING = Stage.NAMING, Stage.TALKING  # looked up for every line: enums are slow at it
_NOBODY: frozenset[str] = frozenset()
_OVER = frozenset({Stage.LEAVING, Stage.GONE})


@dataclass(slots=True, eq=False)
class Rules:
    """What holds for every visit. May be changed while people are here."""

    allowance: Allowance
    watch: Watch


class Visit:
    """``door`` brings lines, ``reader`` takes bytes: both are of the same connection."""

    __slots__ = (
        "_device",
        "_due",
        "_gather",
        "_held",
        "_hub",
        "_question",
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
        self._device: Device | None = None
        self._question: Question | None = None
        self._gather: Gather | None = None
        self._due = 0.0
        self._slowed = self._waits = False
        self._ready = self._held = b""

    # what the door brings

    def begin(self) -> None:
        """The connection is made."""
        self._rules.watch.naming.touch(self, self._hub.clock.seconds())

    def greet(self) -> None:
        """A name is asked for."""
        if self.stage not in _OVER:
            self._say(self.dialect.greeting)

    def begin_as_operator(self) -> None:
        """Whoever can type here may do everything, and needs no name."""
        self._become(Stage.TALKING)
        self._device = self._hub.seat(self)

    def heard(self, line: bytes) -> None:
        """One line of the client's, without its end. Nothing that is in it raises."""
        if self.stage in _OVER:
            return
        if self._question is not None:
            self._answered(self._question, line)
            return
        asked = None
        try:
            if self._is_gathered(line):
                return
            asked = self.dialect.read(line, self.stage is _NAMING)
            if asked is None:
                self._pace(talks=False)  # or a million of them would cost nothing
                return
            self._pace(type(asked[0]) is not Ping)
            self._ask(asked)
            if self.unsettled >= IN_FLIGHT:
                self._wait()
        except Refusal as refusal:
            if asked is None:
                self.end_burst()
                self._pace()
            self.refuse(refusal, asked[1] if asked else refusal.tag)
        except Exception:
            self.bug()

    @property
    def asks_name(self) -> bool:
        """Somebody's next line is a name, or what she may say without one."""
        return self.stage is _NAMING and self._question is None and self.dialect.asks

    def cut(self, answer: bytes) -> None:
        """There is nobody who wants to chat, and that is all that is said to it."""
        self._become(Stage.LEAVING)
        self._rules.watch.forget(self)
        self._say(answer)
        self.speak()

    def tell(self, sentence: str) -> None:
        """Something that no line has asked for."""
        if self.stage not in _OVER:
            self.answer(Done(sentence), None)

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
        self.end_burst()
        self._take_leave(Goodbye(""), None, "connection closed")

    def end(self) -> None:
        """The daemon ends. Who is here has been told by the hub, and leaving is no news now."""
        if self.stage in _OVER:
            return
        self._ask_no_more()
        if self._device is None:
            self.answer(Goodbye("Server is shutting down."), None)
        self._become(Stage.LEAVING)
        self._rules.watch.forget(self)
        self._device = None
        if self.unsettled:  # the store has stopped: nothing will be settled any more
            self.settle(self.unsettled)
        self.speak()

    def lost(self, why: str) -> None:
        """The connection is gone, in two or three words why. Happens once."""
        if self.stage is Stage.GONE:
            return
        if self.stage is Stage.TALKING:
            self.end_burst()
        self._become(Stage.GONE)
        self._rules.watch.forget(self)
        self._unseat(why)

    # what the hub asks: see ports.Session

    @property
    def gone(self) -> bool:
        return self.stage in _OVER

    @property
    def address(self) -> str:
        return self.door.address

    @property
    def ignored(self) -> frozenset[str]:
        device = self._device
        if device is None or device.member.ignores is None:
            return _NOBODY
        return ignored(device.member, self._hub.clock.seconds())

    def dialect_in(self, log: str) -> Dialect:
        device = self._device
        if log[0] != "#" or device is None or device.room is None or device.room.key == log:
            return self.dialect
        return self.dialect.elsewhere

    def probe(self) -> None:
        self.door.probe()

    def answer(self, answer: Answer, tag: Tag) -> None:
        try:
            self._say(self.dialect.answer(answer, tag))
        except Exception:
            self.bug()

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        self.answer(Refused.of(refusal), tag)

    def search(self) -> None:
        self.unsettled += 1
        self._wait()

    def found(self) -> None:
        if self.unsettled:  # or the daemon has ended meanwhile
            self.settle(1)

    def settle(self, count: int) -> None:
        self.unsettled = max(0, self.unsettled - count)  # after a bug, more than there are
        if not self.unsettled and (self._waits or self.stage in _OVER):
            self._ready += self._held
            self._held = b""
            self._hub.expect(self)

    def speak(self) -> None:
        ready, self._ready = self._ready, b""
        try:
            if ready:
                self.reader.send(ready)
        except Exception:
            self.bug()
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

    def bug(self, failure: Failure | None = None) -> None:
        """Ours, not the client's: logged, this connection closed, everybody else lives on. But an
        operator keeps her console, from which the chat is ended."""
        self.log.failure("a bug, met by one connection", failure or Failure())
        told = "Something went wrong in the chat itself."
        if self.stage in _OVER:
            self._say(b"")  # nothing is left to be told: it is closed
        elif self._device is not None and not self._device.member.devices:
            self._say(self._words_for(Done(f"{told} The log says more.")))
        else:
            self.dismiss(f"{told} Please connect again.", "an error")

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

    def _pace(self, talks: bool = True) -> None:
        """A line was read: note it, and slow down who is faster than allowed. ``talks``: somebody
        is there, and not her program alone."""
        rules = self._rules
        allowance = rules.allowance
        now = self._hub.clock.seconds()
        if talks and self.stage is _TALKING:
            rules.watch.idle.touch(self, now)
        if not allowance.rate:
            return
        self._due = allowance.spend(self._due, now)
        wait = allowance.wait(self._due, now)
        if wait > 0:
            if not self._slowed:
                self._slowed = True
                self.answer(Slowed(allowance.rate), None)
            self.door.wait(wait)

    @property
    def _gathers(self) -> bool:
        """Where no pace is kept, lines are taken as they come, as programs want it."""
        talks = self.dialect.asks and self.stage is _TALKING
        return talks and self._rules.allowance.rate > 0

    def _is_gathered(self, line: bytes) -> bool:
        """It may be a line of a paste, which is said when it is whole. There a path is no command,
        and ``#include`` no room; of what turns out to be a line by itself it is asked again."""
        if not self._gathers:
            return False
        try:
            asked = self.dialect.read(line, naming=False)
        except Refusal as refusal:
            if refusal.code not in ("no-such-command", "ambiguous-command"):
                raise
        else:
            bare = _is_bare(asked, line) or self._is_in_the_middle(asked)
            if not bare or self._is_addressed(asked):
                self.end_burst()
                return False
        if self._gather is None:
            self._gather = Gather(self._hub.clock, self._burst)
        self._gather.add(line.decode(), self.door.more())
        return True

    def _is_in_the_middle(self, asked: Asked | None) -> bool:
        """``exit`` between the lines of a script that is pasted does not leave."""
        leaves = asked is not None and isinstance(asked[0], Leave)
        begun = self._gather is not None and self._gather.count >= 2
        return leaves and begun and self.door.more()

    def _is_addressed(self, asked: Asked | None) -> bool:
        """It is for another room in which she is."""
        request = asked[0] if asked is not None else None
        if not isinstance(request, Say) or not request.room or self._device is None:
            return False
        return self._device.member.is_in(names.fold(request.room))

    def end_burst(self) -> None:
        """What was gathered for a paste is said now."""
        if self._gather is not None:
            self._gather.end()

    def _burst(self, lines: list[str]) -> None:
        """Some lines came at once: they are one thing that is said; two or three are each alone."""
        if len(lines) < MANY:
            for line in lines:
                self._try(lambda line=line: self._say_alone(line))  # type: ignore[misc]
        else:
            self._try(lambda: self._say_all(lines))

    def _try(self, say: Callable[[], None]) -> None:
        if self.stage is not _TALKING:
            return
        try:
            say()
        except Refusal as refusal:
            self._pace()
            self.refuse(refusal, None)
        except Exception:
            self.bug()

    def _say_all(self, lines: list[str]) -> None:
        for _ in range(len(lines) // LINES_OF_ONE):
            self._pace()
        self._ask((Say(admitted_lines("\n".join(lines))), None))
        self._pace()

    def _say_alone(self, line: str) -> None:
        asked = self.dialect.read(line.encode(), naming=False)
        if asked is not None:
            self._ask(asked)
            self._pace()

    def _answered(self, question: Question, line: bytes) -> None:
        """The next line is the answer, and nobody else's to read."""
        try:
            self._ask_no_more()
            self._pace()
            follows = question.answered(line.decode())
            if isinstance(follows, Question):
                self._question_is(follows)
            else:
                self._ask((follows, None))
        except UnicodeDecodeError:
            self.refuse(refusals.not_utf8(), None)
        except Refusal as refusal:
            self.refuse(refusal, None)
        except Exception:
            self.bug()

    def _ask_no_more(self) -> None:
        """What is typed is shown again, however a question has ended."""
        if self._question is not None:
            self._question = None
            self.door.echo(True)

    def _question_is(self, question: Question) -> None:
        self._question = question
        hidden = self.door.echo(False)
        self.answer(Done(question.prompt if hidden else question.prompt + SHOWN), None)

    def _ask(self, asked: Asked) -> None:
        if self._device is not None:
            question = questions.about(asked[0]) if self.dialect.asks else None
            if question is not None:
                self._hub.require(self._device, asked[0])
                self._question_is(question)
            else:
                self._hub.perform(self, self._device, asked)
            return
        request, tag = asked
        match request:
            case Enter():
                self._enter(asked, request)
            case Leave():
                self.depart(tag)
            case Ping():
                self.answer(Pong(self._hub.moment().wall), tag)
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
        entering.addErrback(self.bug)

    def _entered(self, result: object) -> object:
        self.door.release(Hold.ENTERING)
        return result

    async def _entering(self, asked: Asked, request: Enter) -> None:
        try:
            arrival = await self._hub.arrival(request, self.address)
            if self.stage is not Stage.ENTERING:  # it went while it was being let in
                return
            self._device = self._hub.enter(self, asked, request, arrival)
            self._hub.seats.seated(self, self._device)
        except Refusal as refusal:
            if self.stage is Stage.ENTERING:
                self._become(Stage.NAMING)
                self._not_entered(refusal, asked, request)
            return
        if self.stage is not Stage.ENTERING:  # her coming could not be kept
            self._unseat("not kept")
            return
        self._become(Stage.TALKING)
        self._rules.watch.naming.forget(self)
        self.door.named()
        self._rules.watch.idle.touch(self, self._hub.clock.seconds())

    def _not_entered(self, refusal: Refusal, asked: Asked, request: Enter) -> None:
        question = questions.after(refusal, request) if self.dialect.asks else None
        if question is not None:
            self._question_is(question)
        else:
            self.refuse(refusal, asked[1])

    def _take_leave(self, goodbye: Goodbye, tag: Tag, why: str) -> None:
        if self.stage in _OVER:
            return
        self._become(Stage.LEAVING)
        self._ask_no_more()
        self._rules.watch.forget(self)
        self._unseat(why)
        self.answer(goodbye, tag)

    def _unseat(self, why: str) -> None:
        device = self._device
        if device is None:
            return
        try:
            self._hub.leave(self, device, why)
        except Exception:
            self.log.failure("a bug, met while somebody left")
        self._device = None

    def _words_for(self, answer: Answer) -> bytes:
        """Nothing where just that is the bug."""
        try:
            return self.dialect.answer(answer, None)
        except Exception:
            return b""


def _is_bare(asked: Asked | None, line: bytes) -> bool:
    """It is what a paste is made of: said, or empty; and no command."""
    typed = line[:1] != b"/" or line[:2] == b"//"
    return asked is None or (isinstance(asked[0], Say) and typed)


_: type[Session] = Visit
