"""Which terminal one talks at: one that can draw, or one that takes line by line.

What draws is imported only where it is used: a pipe does not pay for it.
"""

import os
import time
from collections.abc import Mapping
from typing import Any, Protocol

from twisted_chat.client.colours import has_colours
from twisted_chat.client.model import Hands, Model
from twisted_chat.client.plain import PlainTerminal
from twisted_chat.client.screen import Screen


class AnyTerminal(Screen, Protocol):
    """``watch`` comes first, then ``open``, at last ``close``; or ``restore``, at once."""

    def watch(self, model: Model) -> None: ...
    def open(self) -> None: ...
    async def close(self) -> None: ...
    def restore(self) -> None: ...


def draws(plain: bool, env: Mapping[str, str]) -> bool:
    """There is a terminal that can, and nobody wants it plain."""
    at_terminal = os.isatty(0) and os.isatty(1)
    return at_terminal and not plain and env.get("TERM", "dumb") != "dumb"


def install_reactor() -> None:
    """The one that what draws needs; before anything imports another."""
    from twisted.internet import asyncioreactor

    asyncioreactor.install()


def plain(hands: Hands) -> PlainTerminal:
    if not (os.isatty(0) and os.isatty(1)):
        return PlainTerminal(hands.typed, hands.ended, hands.unread)
    from twisted_chat.client.calls import Calls
    from twisted_chat.client.linear import LinearTerminal

    return LinearTerminal(hands, Calls(time.time, {}, looks=True))


def drawn(reactor: Any, colour: bool, hands: Hands) -> AnyTerminal:
    from twisted_chat.client.terminal import Surroundings, Terminal

    colours = has_colours(os.environ) if colour else 0
    return Terminal(reactor, hands, Surroundings(colours, time.time, os.environ))
