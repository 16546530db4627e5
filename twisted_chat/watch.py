"""Who has been silent for too long: one sweep for all, instead of a timer for each."""

from math import inf
from typing import Protocol

from twisted.logger import Logger

from twisted_chat.core import durations, refusals
from twisted_chat.core.limits import Deadlines


class Watched(Protocol):
    def dismiss(self, told: str, why: str) -> None:
        """What its owner is told, and what the others are."""


class Watch:
    """``naming``: connections that have no name yet. ``idle``: those who say nothing.
    ``stalled``: those who read nothing. Limits in seconds, infinity for none.
    """

    log = Logger()

    def __init__(self, naming: float, idle: float = inf, stalled: float = inf) -> None:
        self.naming: Deadlines[Watched] = Deadlines(naming)
        self.idle: Deadlines[Watched] = Deadlines(idle)
        self.stalled: Deadlines[Watched] = Deadlines(stalled)

    @property
    def interval(self) -> float:
        """Seconds between two sweeps: nobody is sent away later than a tenth over the limit."""
        shortest = min(self.naming.limit, self.idle.limit, self.stalled.limit)
        return min(5.0, max(0.05, shortest / 10))

    def sweep(self, now: float) -> None:
        naming, idle = durations.say(self.naming.limit), durations.say(self.idle.limit)
        for one in self.naming.overdue(now):
            self._dismiss(one, refusals.no_name_in_time(naming).sentence, "no name")
        for one in self.idle.overdue(now):
            self._dismiss(one, f"You were silent for {idle}.", "idle")
        for one in self.stalled.overdue(now):
            self._dismiss(one, "You were too slow to read.", "did not read")

    def grant(self, seconds: float) -> None:
        """The daemon itself was not awake for so long: that counts against nobody."""
        for deadlines in (self.naming, self.idle, self.stalled):
            deadlines.grant(seconds)

    def _dismiss(self, one: Watched, told: str, why: str) -> None:
        """A bug met by one must not end the watch over all the others."""
        try:
            one.dismiss(told, why)
        except Exception:
            self.log.failure("a bug, met while dismissing one connection")

    def forget(self, one: Watched) -> None:
        for deadlines in (self.naming, self.idle, self.stalled):
            deadlines.forget(one)
