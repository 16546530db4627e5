"""Talking, line by line: a conversation at some terminal, over a link to a chat."""

import time
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IStreamClientEndpoint

from twisted_chat.client.choosing import AnyTerminal, plain
from twisted_chat.client.conversation import Conversation
from twisted_chat.client.draft import draft
from twisted_chat.client.link import End, Ending, Habits, Link
from twisted_chat.client.model import Hands
from twisted_chat.client.protocol import ChatClientProtocol
from twisted_chat.client.screen import Kind, Line
from twisted_chat.client.servers import Server
from twisted_chat.client.status import Status
from twisted_chat.gather import MANY, Gather, pending
from twisted_chat.speech.lines_json import Heard
from twisted_chat.speech.times import Times

STATUSES = {
    Ending.NO_CONNECTION: Status.NO_CONNECTION,
    Ending.NO_ANSWER: Status.NO_ANSWER,
    Ending.TURNED_AWAY: Status.REFUSED,
    Ending.LOST: Status.LOST,
}


WITHOUT_A_WORD = (
    "the connection was closed without a word. If the chat is under TLS, --tls is missing; "
    "twisted-chat doctor says more"
)

FAREWELL = 10.0
"""Seconds for leaving where a signal asked for it: what waits is said by then, or will not be."""


class Returns(Enum):
    """Whether one comes back. ``ALWAYS``: also where there was no connection yet."""

    NEVER = auto()
    ONCE_IN = auto()
    ALWAYS = auto()


class Client:
    """One run of the program. ``pastes``: lines come from a terminal, and many at once are one.
    ``screen`` makes that terminal, or another."""

    def __init__(
        self,
        reactor: Any,
        server: Server,
        endpoint: IStreamClientEndpoint,
        returns: Returns = Returns.NEVER,
        pastes: bool = False,
        screen: Callable[[Hands], AnyTerminal] = plain,
    ) -> None:
        hands = Hands(self._typed, self._pasted, self._input_ended, self._unread)
        self.terminal = screen(hands)
        times = Times(time.time)
        self.conversation = Conversation(self.terminal, server.name, times, reactor)
        self.link = Link(reactor, endpoint, Habits())
        self.conversation.link = self.link
        self.terminal.watch(self.conversation)
        self._reactor = reactor
        self._server = server
        self._returns = returns
        self._leaving = False
        self._farewell: IDelayedCall | None = None
        self._trouble_was: End | None = None
        self._gather = Gather(reactor, self._burst) if pastes else None

    def keeps(self, drafts: Path) -> None:
        """What is typed and not confirmed is kept in that folder, and offered by the next run."""
        self.conversation.attendance.draft_of = partial(draft, drafts, str(self._server))

    @property
    def was_in(self) -> bool:
        return self.conversation.attendance.seat.was_in

    async def run(self) -> Status:
        end = await self.link.run(self)
        if self._farewell is not None and self._farewell.active():
            self._farewell.cancel()
        self.conversation.attendance.ends()
        self.conversation.gives_up()
        status = self.conversation.status
        return STATUSES[end.ending] if status is None else status

    def interrupt(self) -> None:
        """Ctrl-C: take leave in good order; a second one does not wait for the answer."""
        if self._leaving:
            self.terminal.restore()
            self._reactor.stop()
        else:
            self._farewell = self._reactor.callLater(FAREWELL, self._unanswered)
        self._leaving = True
        self.conversation.leave()
        self._stop_waiting()

    # what the link brings: see link.LinkListener

    def connected(self, connection: ChatClientProtocol) -> None:
        self._trouble_was = None
        self.conversation.connected(connection)

    def heard(self, heard: Heard) -> None:
        self.conversation.heard(heard)

    def unclear(self, why: str) -> None:
        self.conversation.unclear(why)

    def changed(self, link: Link) -> None:
        self.terminal.changed()

    def lost(self, end: End) -> None:
        self._end_burst()  # or it would be taken for a name
        self.conversation.lost()
        goes_on = self.conversation.status is None and not end.final
        comes_back = goes_on and self._comes_back()
        if self.conversation.status is None and end != self._trouble_was:
            first, self._trouble_was = self._trouble_was is None, end
            self._tell(end)  # and no word of it again, for a day if need be
            if comes_back and first:
                self._trouble("-- trying again, less and less often")
        if not comes_back:
            self.link.stop()

    def _tell(self, end: End) -> None:
        match end.ending:
            case Ending.NO_CONNECTION:
                self._trouble(f"-- no connection to {self._server}: {end.words}")
            case Ending.NO_ANSWER:
                self._trouble("-- there is an answer, but not as a chat gives it")
            case Ending.TURNED_AWAY:
                self._trouble(f"-- {end.words}")
            case Ending.LOST if end.greeted:
                self._trouble("-- the connection is lost")
            case Ending.LOST:
                self._trouble(f"-- {WITHOUT_A_WORD}")

    def _comes_back(self) -> bool:
        return self._returns is Returns.ALWAYS or (self._returns is Returns.ONCE_IN and self.was_in)

    def _unanswered(self) -> None:
        """A server that is there, and does not let go, keeps nobody."""
        if self.conversation.status is None:
            self._trouble("-- the server says no goodbye: left without")
            self.conversation.status = Status.LOST
        self.link.stop()

    def _stop_waiting(self) -> None:
        """Who has left waits for nothing."""
        if self.conversation.status is not None and self.conversation.attendance.connection is None:
            self.link.stop()

    # what is typed

    def _typed(self, line: bytes) -> None:
        """What a pipe brings is said line by line; what is pasted into a terminal, as one."""
        if self._gather is None or not self.conversation.gathers(line):
            self._end_burst()
            self._heard(line)
        else:
            self._gather.add(line.decode("utf-8", "replace"), pending(0) > 0)

    def _burst(self, lines: list[str]) -> None:
        typed = [line.encode() for line in lines]
        if len(lines) < MANY:
            for line in typed:
                self._heard(line)
        else:
            self.conversation.pasted(typed)

    def _pasted(self, lines: list[bytes]) -> None:
        self.conversation.pasted(lines)

    def _end_burst(self) -> None:
        if self._gather is not None:
            self._gather.end()

    def _trouble(self, text: str) -> None:
        self.terminal.show(Line(text, Kind.TROUBLE))

    def _heard(self, line: bytes) -> None:
        self.conversation.typed(line)
        self._stop_waiting()

    def _input_ended(self) -> None:
        self._end_burst()
        self.conversation.input_ended()
        self._stop_waiting()

    def _unread(self) -> None:
        """Nobody reads what we show: there is no point in going on."""
        if self.conversation.status is None:
            self.conversation.status = Status.LEFT
        self.link.stop()
