"""Carrying out a command of a script, however it ends: done, refused, told to stop, or unread."""

import signal
import time
from argparse import Namespace
from collections.abc import Callable, Coroutine
from importlib import import_module
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from twisted_chat.client.errand import Errand, Stop, complain
from twisted_chat.client.pipes import Output, Unread
from twisted_chat.client.reaching import Reach
from twisted_chat.client.status import Status

COMMANDS = {
    "say": ("twisted_chat.client.saying", "say"),
    "send": ("twisted_chat.client.saying", "send"),
    "tail": ("twisted_chat.client.following", "tail"),
    "wait": ("twisted_chat.client.following", "wait"),
    "who": ("twisted_chat.client.asking", "who"),
    "doctor": ("twisted_chat.client.doctor", "doctor"),
}
"""In which file each is, and by which name."""

SIGNALS = {signal.SIGINT: Status.INTERRUPTED, signal.SIGTERM: Status.ENDED}


class Carrying:
    """One command."""

    def __init__(
        self, reactor: Any, command: Callable[[Errand], Coroutine[Any, Any, None]]
    ) -> None:
        self.out = Output(reactor, self._unread)
        self._reactor = reactor
        self._command = command
        self._quiet = False
        self._early: Status | None = None
        self._doing: Deferred[None] | None = None

    async def out_to(self, typed: Namespace, reach: Reach) -> Status:
        """The exit status."""
        self._quiet = typed.quiet
        errand = Errand(self._reactor, typed, reach, self.out, self._tell, time.time)
        self._doing = Deferred.fromCoroutine(self._command(errand))
        try:
            await self._doing
        except Unread:
            return Status.LEFT
        except CancelledError:
            return Status.LEFT if self._early is None else self._early
        except Stop as stop:
            if stop.sentence:
                complain(stop.sentence)
            return Status(stop.status)
        finally:
            self._quiet = True  # what follows is our own doing
            self.out.close()
        return Status.LEFT

    def stop(self, status: Status) -> None:
        """Now: what is not done by now is not done."""
        if self._early is None and self._doing is not None:
            self._early = status
            self._doing.cancel()

    def _tell(self, text: str) -> None:
        if not self._quiet:
            complain(text)

    def _unread(self) -> None:
        """Whoever read the output has enough."""
        self.stop(Status.LEFT)


def command(name: str) -> Callable[[Errand], Coroutine[Any, Any, None]]:
    """Imported when it is asked for, and no other."""
    module, function = COMMANDS[name]
    found: Callable[[Errand], Coroutine[Any, Any, None]] = getattr(import_module(module), function)
    return found


async def carry_out(reactor: Any, typed: Namespace, reach: Reach) -> None:
    """Ends the program with its status."""
    carrying = Carrying(reactor, command(typed.command))
    reactor.callWhenRunning(hear_signals, reactor, carrying)  # which takes SIGTERM as it starts
    raise SystemExit(int(await carrying.out_to(typed, reach)))


def hear_signals(reactor: Any, carrying: Carrying) -> None:
    for number, status in SIGNALS.items():
        signal.signal(
            number, lambda *_, status=status: reactor.callFromThread(carrying.stop, status)
        )
