"""Connections to one chat, one after another: when to try again, and whether one is still alive.

Knows neither what is said over them nor by whom.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from random import random
from typing import Any, Protocol, TypeVar, cast

from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import (
    ConnectingCancelledError,
    ConnectionLost,
    ConnectionRefusedError,
    DNSLookupError,
    TCPTimedOutError,
    TimeoutError,
)
from twisted.internet.interfaces import IDelayedCall, IStreamClientEndpoint

from twisted_chat.client.protocol import ChatClientFactory, ChatClientProtocol, Listener
from twisted_chat.core.requests import Ping
from twisted_chat.speech.lines_json import Heard

T = TypeVar("T")

PING = "ping-"
"""What the tags of our own questions begin with."""

LAST_CALL = 3.0
"""Seconds after which a connection is cut that does not close in good order."""


class LinkState(Enum):
    """``WAITING``: for the next try, which is at ``Link.next_try``. ``GONE``: there is no next."""

    CONNECTING = auto()
    TALKING = auto()
    WAITING = auto()
    GONE = auto()


class Ending(Enum):
    """How a try to connect, or a connection, ended."""

    NO_CONNECTION = auto()
    NO_ANSWER = auto()
    """Something answers, but not as a chat does."""
    TURNED_AWAY = auto()
    """In plain words, before any hello: the chat is full."""
    LOST = auto()


@dataclass(frozen=True, slots=True)
class End:
    """``words``: why, for people, without a full stop; may be empty. ``final``: the next try would
    end the same. ``greeted``: the chat had said hello."""

    ending: Ending
    words: str = ""
    final: bool = False
    greeted: bool = False


@dataclass(frozen=True, slots=True)
class Habits:
    """Seconds, but for ``growth`` and ``chance``.

    The first pause is ``first``; each is ``growth`` times the one before, up to ``longest``, and
    ``chance`` (a number from 0 to 1) makes each half as long to as long as that, so that a thousand
    clients do not come back at once to a daemon that was restarted. ``hello``: in which a chat has
    said hello. ``ping``: between two questions whether the other end is there; ``dead``: after
    which one that was asked and has sent nothing is not, and ``hurry``: where somebody waits for
    that. ``reconnects``: False to end with the first connection.
    """

    reconnects: bool = True
    first: float = 0.5
    longest: float = 60.0
    growth: float = 1.5
    hello: float = 10.0
    ping: float = 15.0
    dead: float = 15.0
    hurry: float = 4.0
    chance: Callable[[], float] = random

    def pause(self, failures: int) -> float:
        """Before the next try, after so many that failed."""
        whole = min(self.longest, self.first * self.growth ** min(failures, 100))
        return whole / 2 * (1 + self.chance())


class LinkListener(Listener, Protocol):
    """Who is told what a link's connections bring, and how it is with the link itself."""

    def changed(self, link: "Link") -> None:
        """Its state, the time of its next try, or its delay."""

    def lost(self, end: End) -> None:
        """The connection is gone, or could not be made. ``stop`` may be called here."""


class Link:
    """``state``; ``next_try``: in the reactor's seconds, while it waits; ``delay``: seconds that
    the last question took to be answered, None if none was yet; ``end``: how the last connection
    ended."""

    def __init__(self, reactor: Any, endpoint: IStreamClientEndpoint, habits: Habits) -> None:
        self.state = LinkState.WAITING
        self.next_try: float | None = None
        self.delay: float | None = None
        self.end: End | None = None
        self._reactor = reactor
        self._endpoint = endpoint
        self._habits = habits
        self._listener: LinkListener
        self._factory = ChatClientFactory(self)
        self._protocol: ChatClientProtocol | None = None
        self._waiting: Deferred[Any] | None = None
        self._stopped = False
        self._failures = 0
        self._held = False
        self._pings = 0
        self._asked_at: float | None = None
        self._silent = False
        self._timer: IDelayedCall | None = None
        self._last_call: IDelayedCall | None = None

    async def run(self, listener: LinkListener) -> End:
        """Connect, and again, until ``stop``; how the last connection ended. Never raises."""
        self._listener = listener
        while True:
            self.end = end = await self._once()
            self._listener.lost(end)
            if self._stopped or end.final or not self._habits.reconnects:
                break
            await self._pause()
            if self._stopped:
                break
        self._become(LinkState.GONE)
        return end

    def now(self) -> None:
        """Try at once: a key was pressed, the network has changed. Over a connection that seems to
        be there, ask at once whether it is."""
        if self.state is LinkState.WAITING and self._waiting is not None:
            self._waiting.callback(None)
        elif self._protocol is not None and self._protocol.talks:
            if self._asked_at is None:
                self._ping()
            self._silent = True
            self._set_timer(self._habits.hurry, self._judge)

    def settled(self) -> None:
        """One is in: the next pause is the first again."""
        self._failures = 0
        if self._asked_at is None:
            self._ping()

    def hold(self) -> None:
        """Read no more from the connection, and from those after it, for now."""
        self._held = True
        if self._protocol is not None and not self._protocol.paused:
            self._protocol.pauseProducing()

    def go_on(self) -> None:
        """Read again."""
        self._held = False
        self._silent = False  # what came meanwhile was not read
        if self._protocol is not None and self._protocol.paused:
            self._protocol.resumeProducing()

    def stop(self) -> None:
        """Try no more. A connection that is there is closed."""
        self._stopped = True
        if self._protocol is not None:
            self._held = False
            self._close(self._protocol)
        elif self._waiting is not None:
            self._waiting.cancel()

    def drop(self) -> None:
        """Close this connection, and try again in a while."""
        if self._protocol is not None:
            self._close(self._protocol)

    # what a connection brings

    def connected(self, connection: ChatClientProtocol) -> None:
        self._protocol = connection
        self._become(LinkState.TALKING)
        self._listener.connected(connection)

    def heard(self, heard: Heard) -> None:
        self._silent = False
        if not isinstance(heard.tag, str) or not heard.tag.startswith(PING):
            self._listener.heard(heard)
        elif heard.tag == f"{PING}{self._pings}" and self._asked_at is not None:
            self.delay = self._reactor.seconds() - self._asked_at
            self._asked_at = None
            self._listener.changed(self)

    def unclear(self, why: str) -> None:
        self._listener.unclear(why)

    # how it goes on

    async def _once(self) -> End:
        """One connection, from the first try to its end."""
        self._become(LinkState.CONNECTING)
        try:
            connecting = self._endpoint.connect(self._factory)
            protocol = await self._wait(cast("Deferred[ChatClientProtocol]", connecting))
        except (CancelledError, ConnectingCancelledError):
            return End(Ending.LOST)
        except Exception as error:  # endpoints fail with whatever theirs is: of TLS, of a proxy
            self._failures += 1
            return End(Ending.NO_CONNECTION, reason(error), getattr(error, "final", False))
        return await self._talk(protocol)

    async def _talk(self, protocol: ChatClientProtocol) -> End:
        self._protocol = protocol
        self._failures += 1
        self._set_timer(self._habits.hello, protocol.give_up)
        if self._held:
            protocol.pauseProducing()
        try:
            said = await protocol.ended
        except ConnectionLost:
            said = ""
        self._forget()
        if protocol.talks:
            return End(Ending.LOST, greeted=True)
        if protocol.gave_up:
            return End(Ending.NO_ANSWER)
        return End(Ending.TURNED_AWAY if said else Ending.LOST, said)

    async def _pause(self) -> None:
        pause = self._habits.pause(max(0, self._failures - 1))
        self.next_try = self._reactor.seconds() + pause
        self._become(LinkState.WAITING)
        waiting: Deferred[None] = Deferred()
        call = self._reactor.callLater(pause, waiting.callback, None)
        try:
            await self._wait(waiting)
        except CancelledError:
            return
        finally:
            self.next_try = None
            if call.active():
                call.cancel()

    async def _wait(self, deferred: "Deferred[T]") -> T:
        """What comes of it; raises CancelledError if nothing is to be waited for any more."""
        self._waiting = deferred
        try:
            return await deferred
        finally:
            self._waiting = None

    def _ping(self) -> None:
        """Is there anybody?"""
        if self._protocol is None or not self._protocol.talks:
            return
        self._pings += 1
        self._asked_at = self._reactor.seconds()
        self._silent = True
        self._protocol.ask(Ping(), f"{PING}{self._pings}")
        self._set_timer(self._habits.dead, self._judge)

    def _judge(self) -> None:
        """Who was asked and has sent nothing since, though it was read, is not there any more."""
        if self._silent and not self._held and self._protocol is not None:
            self._protocol.abort()
        else:
            self._set_timer(self._habits.ping, self._ping)

    def _close(self, protocol: ChatClientProtocol) -> None:
        protocol.close()
        if self._last_call is None:
            self._last_call = self._reactor.callLater(LAST_CALL, protocol.abort)

    def _set_timer(self, seconds: float, what: Callable[[], None]) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self._timer = self._reactor.callLater(seconds, what)

    def _forget(self) -> None:
        """The connection is gone, and all that was about it."""
        for call in (self._timer, self._last_call):
            if call is not None and call.active():
                call.cancel()
        self._timer = self._last_call = None
        self._protocol, self._asked_at = None, None

    def _become(self, state: LinkState) -> None:
        self.state = state
        self._listener.changed(self)


def reason(error: BaseException) -> str:
    """Why there is no connection, in few words."""
    match error:
        case ConnectionRefusedError():
            return "nothing listens there"
        case DNSLookupError():
            return "there is no host of that name"
        case TimeoutError() | TCPTimedOutError():
            return "no answer"
        case _:
            return getattr(error, "strerror", None) or str(error) or type(error).__name__
