"""Talking, line by line: connections one after another, for one conversation."""

import time
from collections.abc import Callable
from enum import Enum, auto
from typing import Any, TypeVar, cast

from twisted.application.internet import backoffPolicy
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectError, ConnectionLost, DNSLookupError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.task import deferLater

from twisted_chat.client.choosing import AnyTerminal, plain
from twisted_chat.client.conversation import Conversation
from twisted_chat.client.model import Hands
from twisted_chat.client.protocol import ChatClientFactory, ChatClientProtocol
from twisted_chat.client.reaching import NotTrusted, reason
from twisted_chat.client.screen import Kind, Line
from twisted_chat.client.servers import Server
from twisted_chat.client.status import Status
from twisted_chat.gather import MANY, Gather, pending
from twisted_chat.speech.times import Times

T = TypeVar("T")

HELLO = 10.0
"""Seconds in which a chat has said hello, even one that is busy and far away."""


WITHOUT_A_WORD = (
    "the connection was closed without a word. If the chat is under TLS, --tls is missing; "
    "twisted-chat doctor says more"
)


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
        self.conversation = Conversation(self.terminal, server.name, Times(time.time))
        self.terminal.watch(self.conversation)
        self.was_in = False
        self._reactor = reactor
        self._server = server
        self._endpoint = endpoint
        self._returns = returns
        self._factory = ChatClientFactory(self.conversation)
        self._pauses = backoffPolicy(0.5, 60.0, 1.5)
        self._protocol: ChatClientProtocol | None = None
        self._waiting: Deferred[Any] | None = None
        self._just_in = False
        self._final = False
        self._leaving = False
        self._gather = Gather(reactor, self._burst) if pastes else None

    async def run(self) -> Status:
        failures = 0
        while True:
            status = await self._once()
            if self.conversation.status is not None:
                return self.conversation.status
            if not self._comes_back():
                return status
            failures = 0 if self._just_in else failures + 1
            pause = self._pauses(failures)
            self._trouble(f"-- trying again in {pause:.1f} seconds")
            await self._wait(deferLater(self._reactor, pause))
            if self.conversation.status is not None:
                return self.conversation.status

    def interrupt(self) -> None:
        """Ctrl-C: take leave in good order; a second one does not wait for the answer."""
        if self._leaving:
            self.terminal.restore()
            self._reactor.stop()
        self._leaving = True
        self.conversation.leave()
        self._stop_waiting()

    async def _once(self) -> Status:
        """One connection, from the first try to its end."""
        self._just_in = self._final = False
        try:
            connecting = cast("Deferred[ChatClientProtocol]", self._endpoint.connect(self._factory))
            protocol = await self._wait(connecting)
        except (ConnectError, DNSLookupError, OSError, ValueError) as error:
            self._trouble(f"-- no connection to {self._server}: {reason(error)}")
            self._final = isinstance(error, NotTrusted)
            return Status.NO_CONNECTION
        if protocol is None:
            return Status.LEFT
        self._protocol = protocol
        hello = self._reactor.callLater(HELLO, protocol.give_up)
        try:
            said = await protocol.ended
        except ConnectionLost:
            said = ""
        if hello.active():
            hello.cancel()
        self._protocol = None
        return self._ended(protocol, said)

    def _ended(self, protocol: ChatClientProtocol, said: str) -> Status:
        self._just_in = self.conversation.entered
        self.was_in = self.was_in or self._just_in
        self._end_burst()  # or it would be taken for a name
        self.conversation.lost()
        if self.conversation.status is not None:
            return self.conversation.status
        if protocol.talks:
            self._trouble("-- the connection is lost")
            return Status.LOST
        if protocol.gave_up:
            self._trouble("-- there is an answer, but not as a chat gives it")
            return Status.NO_ANSWER
        self._trouble(f"-- {said or WITHOUT_A_WORD}")
        return Status.REFUSED if said else Status.LOST

    def _comes_back(self) -> bool:
        """Who is not to be trusted is not in a moment either."""
        if self._final:
            return False
        return self._returns is Returns.ALWAYS or (self._returns is Returns.ONCE_IN and self.was_in)

    async def _wait(self, deferred: "Deferred[T]") -> T | None:
        """What comes of it, or None if somebody leaves before."""
        self._waiting = deferred
        try:
            return await deferred
        except CancelledError:
            return None
        finally:
            self._waiting = None

    def _stop_waiting(self) -> None:
        if self.conversation.status is not None and self._waiting is not None:
            self._waiting.cancel()

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
        if self._protocol is not None:
            self._protocol.close()
        self._stop_waiting()
