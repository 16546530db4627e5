"""Delayed calls that have a name, so that each is made once, and all can be ended."""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Timers:
    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._calls: dict[str, IDelayedCall] = {}
        self.stopped = False

    def later(self, name: str, seconds: float, call: Callable[[], object]) -> None:
        """Once, however often it is asked for until then; never after ``stop``."""
        planned = self._calls.get(name)
        if not self.stopped and (planned is None or not planned.active()):
            self._calls[name] = self._clock.callLater(seconds, call)

    def stop(self) -> None:
        self.stopped = True
        for call in self._calls.values():
            if call.active():
                call.cancel()
