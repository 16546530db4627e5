"""Carrying out a command of a script, however it ends: done, refused, told to stop, or unread."""

import signal
import time
from argparse import Namespace
from collections.abc import Callable, Coroutine
from typing import Any

from twisted.internet.defer import CancelledError, Deferred

from twisted_chat.client.errand import Errand, Stop, complain, keep_quiet
from twisted_chat.client.pipes import Output, Unread
from twisted_chat.client.reaching import Reach
from twisted_chat.client.status import Status

SIGNALS = {signal.SIGINT: Status.INTERRUPTED, signal.SIGTERM: Status.ENDED}


class Carrying:
    """One command. ``listens``: how it hears of signals, which come in the middle of anything."""

    def __init__(
        self, reactor: Any, command: Callable[[Errand], Coroutine[Any, Any, None]]
    ) -> None:
        self.out = Output(reactor, self._unread)
        self._reactor = reactor
        self._command = command
        self._early: Status | None = None
        self._doing: Deferred[None] | None = None

    async def out_to(self, typed: Namespace, reach: Reach) -> Status:
        """The exit status."""
        tell = keep_quiet if typed.quiet else complain
        errand = Errand(self._reactor, typed, reach, self.out, tell, time.time)
        self.out.watch()
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
            self.out.close()
        return Status.LEFT

    def stop(self, status: Status) -> None:
        """Now: what is not done by now is not done."""
        if self._early is None and self._doing is not None:
            self._early = status
            self._doing.cancel()

    def _unread(self) -> None:
        """Whoever read the output has enough."""
        self.stop(Status.LEFT)


def command(name: str) -> Callable[[Errand], Coroutine[Any, Any, None]]:
    """Imported when it is asked for, and no other."""
    from twisted_chat.client.doctor import doctor

    return {"doctor": doctor}[name]


async def carry_out(reactor: Any, typed: Namespace, reach: Reach) -> None:
    """Ends the program with its status."""
    carrying = Carrying(reactor, command(typed.command))
    for number, status in SIGNALS.items():
        signal.signal(
            number, lambda *_, status=status: reactor.callFromThread(carrying.stop, status)
        )
    raise SystemExit(int(await carrying.out_to(typed, reach)))
