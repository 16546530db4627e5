"""Connections to one chat, one after another: when to try again, and whether one is still alive.

Knows neither what is said over them nor by whom.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from random import random
from typing import Any, Protocol

from twisted.internet.interfaces import IStreamClientEndpoint

from twisted_chat.client.protocol import Listener


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
    """``words``: why, for people, without a full stop; may be empty."""

    ending: Ending
    words: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """Seconds, but for ``growth`` and ``chance``.

    The first pause is ``first``; each is ``growth`` times the one before, up to ``longest``, and
    ``chance`` (a number from 0 to 1) makes each half as long to as long as that, so that a thousand
    clients do not come back at once to a daemon that was restarted. ``hello``: in which a chat has
    said hello. ``ping``: between two questions whether the other end is there; ``dead``: after
    which one that was asked and has sent nothing is not. ``reconnects``: False to end with the
    first connection.
    """

    reconnects: bool = True
    first: float = 0.5
    longest: float = 60.0
    growth: float = 1.5
    hello: float = 10.0
    ping: float = 15.0
    dead: float = 15.0
    chance: Callable[[], float] = random


class LinkListener(Listener, Protocol):
    """Who is told what a link's connections bring, and how it is with the link itself."""

    def changed(self, link: "Link") -> None:
        """Its state, the time of its next try, or its delay."""

    def lost(self, end: End) -> None:
        """The connection is gone, or could not be made."""


class Link:
    """``state``; ``next_try``: in the reactor's seconds, while it waits; ``delay``: seconds that
    the last question took to be answered, None if none was yet; ``end``: how the last connection
    ended."""

    def __init__(self, reactor: Any, endpoint: IStreamClientEndpoint, habits: Habits) -> None:
        self.state = LinkState.WAITING
        self.next_try: float | None = None
        self.delay: float | None = None
        self.end: End | None = None

    async def run(self, listener: LinkListener) -> End:
        """Connect, and again, until ``stop``; how the last connection ended. Never raises."""
        raise NotImplementedError

    def now(self) -> None:
        """Try at once: a key was pressed, the network has changed. Over a connection that seems to
        be there, ask at once whether it is."""
        raise NotImplementedError

    def settled(self) -> None:
        """One is in: the next pause is the first again."""
        raise NotImplementedError

    def stop(self) -> None:
        """Try no more. A connection that is there is closed."""
        raise NotImplementedError
