"""Whether this machine's network has changed: who waits for the next try need not wait any longer.

Linux tells it over a socket (rtnetlink(7)). Elsewhere nobody does, and one waits.
"""

import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from twisted.internet.interfaces import IDelayedCall, IReadDescriptor
from twisted.python.failure import Failure
from zope.interface import implementer

from twisted_chat.client.pipes import CHUNK, Descriptor

ADDRESSES_AND_ROUTES = 0x10 | 0x40 | 0x100 | 0x400
"""The groups of rtnetlink that are listened to: RTMGRP_IPV4_IFADDR, RTMGRP_IPV4_ROUTE and the same
of IPv6. A cable that is in and has no address leads nowhere."""

SETTLES = 1.0
"""Seconds without a change after which it is one: an address comes before its routes."""


@implementer(IReadDescriptor)
class Network(Descriptor):
    """``changed()`` after every change, until ``close``."""

    def __init__(self, reactor: Any, changed: Callable[[], None], news: socket.socket) -> None:
        super().__init__(news.fileno())
        self._reactor = reactor
        self._changed = changed
        self._news = news
        self._settling: IDelayedCall | None = None
        reactor.addReader(self)

    def doRead(self) -> None:
        with suppress(OSError):  # there was more of it than could be kept: it is news all the same
            self._news.recv(CHUNK)
        if self._settling is not None and self._settling.active():
            self._settling.reset(SETTLES)
        else:
            self._settling = self._reactor.callLater(SETTLES, self._changed)

    def connectionLost(self, reason: Failure) -> None:
        """There is nobody at the other end who could go."""

    def close(self) -> None:
        self._reactor.removeReader(self)
        self._news.close()
        if self._settling is not None and self._settling.active():
            self._settling.cancel()


def watched(reactor: Any, changed: Callable[[], None]) -> Callable[[], None]:
    """From now on, if the system tells; gives what ends it."""
    news = opened()
    return (lambda: None) if news is None else Network(reactor, changed, news).close


def opened() -> socket.socket | None:
    """None where the system has nothing of the kind, or forbids it."""
    if sys.platform != "linux":
        return None
    kind = socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
    try:
        news = socket.socket(socket.AF_NETLINK, kind, socket.NETLINK_ROUTE)
    except OSError:
        return None
    try:
        news.bind((0, ADDRESSES_AND_ROUTES))
    except OSError:
        news.close()
        return None
    return news
