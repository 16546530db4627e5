"""What was said and is not confirmed yet, in order: none of it is lost, and none said twice.

Each line that is sent has a word of its own, ``once``, by which it is known again when it is read
back over the next connection. What the chat had kept by then is settled by that; the rest is sent
again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from secrets import token_hex
from typing import TypeAlias

from twisted_chat.core.events import Entry
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Act, Reply, Say, Tell

Speech: TypeAlias = Say | Act | Tell | Reply
"""Requests that say something."""

WINDOW = 64
"""Lines on their way at once: the chat reads no more before these are kept, and knows again the
last 128 of somebody's."""

MOST = 500
"""Lines that may wait: what somebody types in an hour without a line, and not a book."""

UNDECIDED = 50
"""Lines that were refused, or perhaps not said, of which somebody may still want something."""


class SendState(Enum):
    """``WAITING``: the line is down, or what was said before it is not settled. ``UNSURE``: the
    connection was lost, and nobody can tell whether it was said: in a chat that keeps nothing, or
    in private by a guest; or a program that ended suddenly had left it."""

    WAITING = auto()
    SENT = auto()
    KEPT = auto()
    REFUSED = auto()
    UNSURE = auto()


UNDER_WAY = frozenset({SendState.WAITING, SendState.SENT})
"""Something still becomes of it by itself."""


@dataclass(slots=True, eq=False)
class Send:
    """One of them. ``entry``: what became of it, when it is kept; ``why``: the sentence with which
    it was refused; ``code``: of that refusal. ``doubtful``: it was sent over a connection that is
    gone. ``left``: by a program that ended suddenly."""

    request: Speech
    once: str
    state: SendState = SendState.WAITING
    entry: Entry | None = None
    why: str = ""
    code: str = ""
    doubtful: bool = False
    left: bool = False

    @property
    def open(self) -> bool:
        """It is neither kept nor given up: somebody has to look after it."""
        return self.state is not SendState.KEPT


class Sending:
    """``changed(send)`` is called whenever one has another state. ``word``: gives a word that
    nobody can guess, or somebody else could say something by it."""

    offers = False
    """What an earlier run left is said only when somebody says so."""

    def __init__(
        self, changed: Callable[[Send], None], word: Callable[[], str] = lambda: token_hex(6)
    ) -> None:
        self._changed = changed
        self._word = word
        self._open: dict[str, Send] = {}

    @property
    def open(self) -> tuple[Send, ...]:
        """All that are, in the order in which they were said."""
        return tuple(self._open.values())

    @property
    def under_way(self) -> int:
        """How many of them wait or are sent."""
        return sum(send.state in UNDER_WAY for send in self._open.values())

    def add(self, request: Speech) -> Send:
        """Raises a Refusal if too many are open already."""
        if self.under_way >= MOST:
            raise Refusal("too-many-open", f"not taken: {MOST} lines wait already to be sent.")
        send = Send(request, self._word())
        self._open[send.once] = send
        return send

    def left(self, sends: Iterable[Send]) -> None:
        """An earlier run had these open: they come before all else."""
        before = {send.once: send for send in sends}
        for send in before.values():
            send.left = True
        self._open = before | self._open

    def ready(self) -> list[Send]:
        """Those that may be sent now."""
        sent = sum(send.state is SendState.SENT for send in self._open.values())
        waiting = [send for send in self._open.values() if send.state is SendState.WAITING]
        return waiting[: max(0, WINDOW - sent)]

    def sent(self, send: Send) -> None:
        self._become(send, SendState.SENT)

    def reads(self, entry: Entry) -> Send | None:
        """One's own entry; the send that it was, if it was one of these."""
        send = self._open.get(getattr(entry.event, "once", ""))
        if send is not None:
            self.settles(send, entry)
        return send

    def settles(self, send: Send, entry: Entry) -> None:
        """It was kept as that."""
        send.entry = entry
        self._open.pop(send.once, None)
        self._become(send, SendState.KEPT)

    def refused(self, send: Send, refusal: Refusal) -> None:
        """What was said already was, over an earlier connection: its entry comes."""
        if refusal.code == "said-already" or not send.open:
            return
        send.why, send.code = refusal.sentence, refusal.code
        self._become(send, SendState.REFUSED)

    def lost(self) -> None:
        """The connection is: of what was sent over it nobody knows yet."""
        for send in self.open:
            if send.state is SendState.SENT:
                send.doubtful = True
                self._become(send, SendState.WAITING)

    def resumes(self, told: Callable[[Send], bool]) -> None:
        """All has been read that was kept of them; ``told``: it would have been there."""
        for send in self.open:
            if send.state is SendState.WAITING and (send.doubtful or send.left):
                unsure = (send.left and self.offers) or not told(send)
                send.doubtful = send.left = False
                self._become(send, SendState.UNSURE if unsure else SendState.WAITING)

    def again(self, send: Send) -> None:
        """Say it after all that was said since."""
        if send.once in self._open and send.state not in UNDER_WAY:
            self._open[send.once] = self._open.pop(send.once)
            send.why = send.code = ""
            self._become(send, SendState.WAITING)

    def drop(self, send: Send) -> None:
        """Say it no more; what was sent may be said all the same."""
        if self._open.pop(send.once, None) is not None:
            self._changed(send)

    def _become(self, send: Send, state: SendState) -> None:
        send.state = state
        undecided = [one for one in self._open.values() if one.state not in UNDER_WAY]
        for old in undecided[:-UNDECIDED]:
            del self._open[old.once]
        self._changed(send)
