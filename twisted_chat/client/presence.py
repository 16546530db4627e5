"""Somebody who is in a chat on behalf of a script, over connections that come and go.

What may go wrong ends it with a Stop: a script has nobody who could be asked.
"""

from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from twisted.internet.defer import Deferred

from twisted_chat.client.attendance import Attendance
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.link import End, Ending, Habits, Link
from twisted_chat.client.protocol import ChatClientProtocol
from twisted_chat.client.seat import Seat
from twisted_chat.client.sending import Send, SendState
from twisted_chat.client.status import Status
from twisted_chat.client.talking import STATUSES, WITHOUT_A_WORD
from twisted_chat.core import names
from twisted_chat.core.events import Entry
from twisted_chat.core.outcomes import Answer, Goodbye, Outside, Welcomed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Join, Request, Say, Tell
from twisted_chat.speech.lines_json import Heard

MOST = 500
"""Entries that wait to be shown before no more are read."""

MOST_NAMES = 50
"""Scripts of one name at once, of which each gets a number: more are a mistake."""

GHOSTS = 5
"""Tries to have one's own name back, before another is taken: a lost connection has it for some
seconds."""

ENDS = "Server is shutting down"
"""How the chat says goodbye that may be there again in a moment."""


class Presence:
    """``seat`` says by which name. ``inside`` fires when one is in, and in all of ``rooms``; it
    fails with Stop. ``limit``: bytes in a line. ``anew``: one of the rooms was not there, or is not
    the one any more from which one wanted to read on."""

    def __init__(self, errand: Errand, seat: Seat, rooms: Sequence[str]) -> None:
        self.inside: Deferred[None] = Deferred()
        self.limit = 0
        self.anew = False
        self.seat = seat
        self._errand = errand
        self._link = Link(errand.reactor, errand.reach.endpoint, habits(errand))
        self._attendance = Attendance(seat, self, errand.reactor)
        self._rooms = list(rooms)
        self._wanted = seat.name
        self._taken: set[str] = set()
        self._ghosts = 0
        self._leaves = False
        self._trouble = ""
        self._sends: dict[Send, Deferred[Entry]] = {}
        self._settled: list[Send] = []
        self._entries: deque[Entry] | None = None
        self._more: Deferred[None] | None = None
        self._end: Stop | None = None
        self._gone: Deferred[None] = Deferred()

    def start(self) -> None:
        Deferred.fromCoroutine(self._link.run(self)).addBoth(self._over)

    # what a script wants

    async def say(self, room: str, text: str) -> Entry:
        """The entry, when it is kept. Raises Stop."""
        return await self._said(Say(text, room))

    async def tell(self, person: str, text: str) -> Entry:
        return await self._said(Tell(person, text))

    async def ask(self, request: Request) -> Answer | Entry:
        """Raises Stop."""
        answered: Deferred[Answer | Entry] = Deferred()
        self._require_going()
        self._attendance.ask(request, lambda answer: _answer(answered, answer))
        return await answered

    def listen(self) -> None:
        """From now on entries are there to be read."""
        self._entries = deque()

    async def entries(self) -> AsyncIterator[Entry]:
        """All, each once. Who reads them slowly slows the connection. Raises Stop."""
        assert self._entries is not None
        while True:
            while self._entries:
                yield self._entries.popleft()
            self._link.go_on()
            self._require_going()
            self._more = Deferred()
            await self._more

    async def leave(self) -> None:
        """Returns when the connection is gone."""
        self._leaves = True
        self._attendance.leave()
        if self._attendance.connection is None:
            self._link.stop()
        await self._gone

    def drop(self) -> None:
        """Now, and without a word."""
        self._link.stop()

    # what the link brings

    def connected(self, connection: ChatClientProtocol) -> None:
        self._trouble = ""
        self.limit = connection.limit
        self._attendance.connected(connection)

    def heard(self, heard: Heard) -> None:
        self._attendance.heard(heard)
        self._settle()

    def unclear(self, why: str) -> None:
        self._errand.tell(f"the server sent something that this client does not understand: {why}")

    def lost(self, end: End) -> None:
        self._attendance.lost()
        self._settle()
        if self._leaves:
            self._link.stop()
            return
        stop = self._words(end)
        comes_back = self.seat.was_in or self._errand.typed.reconnect
        if self._end is None and not end.final and comes_back and not self._errand.typed.once:
            self._tell_trouble(stop.sentence)
        else:
            self._fail(stop)

    def _tell_trouble(self, sentence: str) -> None:
        """The same one only once: a server that is away overnight would fill a log with it."""
        if sentence != self._trouble:
            self._errand.tell(f"{sentence}; trying again")
        self._trouble = sentence

    def _words(self, end: End) -> Stop:
        words = end.words or "the connection is lost"
        match end.ending:
            case Ending.NO_CONNECTION:
                words = f"no connection to {self._errand.server}: {words}"
            case Ending.NO_ANSWER:
                words = "there is an answer, but not as a chat gives it"
            case Ending.LOST if not end.greeted:
                words = WITHOUT_A_WORD
        return Stop(STATUSES[end.ending], words)

    def _over(self, result: object) -> None:
        self._fail(Stop(Status.LOST, "the connection is lost"))
        self._gone.callback(None)

    # what comes of it: attendance.Hearer, and the link's state

    def nameless(self) -> None:
        """There is always a name."""

    def changed(self, link: Link | None = None) -> None:
        """Of the link."""

    def becomes(self, send: Send) -> None:
        """What follows in the script follows when all that came has been taken in."""
        self._settled.append(send)

    def _settle(self) -> None:
        settled, self._settled = self._settled, []
        for send in settled:
            outcome = _outcome(send)
            kept = self._sends.pop(send, None) if outcome is not None else None
            if kept is not None and isinstance(outcome, Entry):
                kept.callback(outcome)
            elif kept is not None and isinstance(outcome, Stop):
                kept.errback(outcome)

    def entry(self, heard: Heard, own: Request | None) -> None:
        assert isinstance(heard.what, Entry)
        if self._entries is None:
            return
        self._entries.append(heard.what)
        if len(self._entries) >= MOST:
            self._link.hold()
        self._wake()

    def answer(self, answer: Answer, request: Request | None) -> None:
        match answer:
            case Welcomed():
                self._link.settled()
                self._ghosts = 0
                self._go_in()
            case Goodbye(why) if why and not why.startswith(ENDS):
                self._fail(Stop(Status.REFUSED, why))
            case Goodbye(""):
                self._link.stop()
            case Outside(room, _, why) if room in self._rooms:
                self._fail(Stop(Status.REFUSED, why))

    def unsaved(self, error: OSError) -> None:
        """What a script says is its own to keep."""

    def not_let_in(self, request: Enter, refusal: Refusal) -> None:
        """With the password that is wanted, or by another name if that one is taken."""
        secret = self._errand.reach.password
        match refusal.code:
            case "name-taken" if self.seat.was_in and self._ghosts < GHOSTS:
                self._ghosts += 1
                self._link.drop()  # our own ghost has the name: it is gone by a later try
            case "name-taken" if len(self._taken) < MOST_NAMES:
                self._taken.add(names.fold(request.name))
                name = names.free_name(self._wanted, self._taken)
                self._errand.tell(f"{request.name} is taken: trying {name}")
                self._enter(replace(request, name=name))
            case "password-needed" | "password-or-guest" if secret and not request.password:
                self._enter(replace(request, password=secret))
            case "house-password-needed" if secret and not request.house:
                self._enter(replace(request, house=secret))
            case _:
                self._fail(Stop(Status.REFUSED, refusal.sentence, refusal.code))

    def _enter(self, request: Enter) -> None:
        self.seat.takes(request)
        self._attendance.enter()

    def _go_in(self) -> None:
        """Into the next of the rooms where one is not, or else one is there."""
        missing = [room for room in self._rooms if room not in self.seat.rooms]
        if missing:
            self.anew = True
            self._attendance.ask(Join(missing[0]), self._went_in)
        elif not self.inside.called:
            self.inside.callback(None)

    def _went_in(self, answer: Answer | Entry | Refusal) -> None:
        if isinstance(answer, Refusal) and answer.code != "connection-lost":
            self._fail(Stop(Status.REFUSED, answer.sentence, answer.code))
        elif not isinstance(answer, Refusal):
            self._go_in()

    # the end

    def _fail(self, stop: Stop) -> None:
        """The first reason is the one that counts."""
        if self._end is not None:
            return
        self._end = stop
        self._link.stop()
        sends, self._sends = self._sends, {}
        for kept in sends.values():
            kept.errback(stop)
        if not self.inside.called:
            self.inside.errback(stop)
        self._wake()

    def _wake(self) -> None:
        more, self._more = self._more, None
        if more is not None:
            more.callback(None)

    def _require_going(self) -> None:
        if self._end is not None:
            raise self._end

    async def _said(self, request: Say | Tell) -> Entry:
        self._require_going()
        send = self._attendance.say(request)
        outcome = _outcome(send)
        if outcome is None:
            kept: Deferred[Entry] = Deferred()
            self._sends[send] = kept
            return await kept
        if isinstance(outcome, Stop):
            raise outcome
        return outcome


def habits(errand: Errand) -> Habits:
    return Habits(reconnects=not errand.typed.once)


def _outcome(send: Send) -> Entry | Stop | None:
    """None while it is open."""
    match send.state:
        case SendState.KEPT:
            assert send.entry is not None
            return send.entry
        case SendState.REFUSED:
            return Stop(Status.REFUSED, send.why, send.code)
        case SendState.UNSURE:
            return Stop(Status.LOST, "perhaps not said: the connection was lost on the way")
        case _:
            return None


def _answer(answered: "Deferred[Answer | Entry]", answer: Answer | Entry | Refusal) -> None:
    if isinstance(answer, Refusal):
        lost = answer.code == "connection-lost"
        answered.errback(
            Stop(Status.LOST if lost else Status.REFUSED, answer.sentence, answer.code)
        )
    else:
        answered.callback(answer)
