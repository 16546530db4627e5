"""Who has been silent for too long: one sweep for all, instead of a timer for each."""

from math import inf
from typing import Protocol

from twisted_chat.core import durations, refusals
from twisted_chat.core.limits import Deadlines

STALL = 300.0
"""Seconds for which a reader may take nothing: longer than a laptop's way from desk to sofa."""


class Watched(Protocol):
    def dismiss(self, told: str, why: str) -> None:
        """What its owner is told, and what the others are."""


class Watch:
    """``naming``: connections that have no name yet. ``idle``: those who say nothing.
    ``stalled``: those who read nothing. Limits in seconds, infinity for none.
    """

    def __init__(self, naming: float, idle: float = inf, stalled: float = STALL) -> None:
        self.naming: Deadlines[Watched] = Deadlines(naming)
        self.idle: Deadlines[Watched] = Deadlines(idle)
        self.stalled: Deadlines[Watched] = Deadlines(stalled)

    @property
    def interval(self) -> float:
        """Seconds between two sweeps: nobody is sent away later than a tenth over the limit."""
        shortest = min(self.naming.limit, self.idle.limit, self.stalled.limit)
        return min(5.0, max(0.05, shortest / 10))

    def sweep(self, now: float) -> None:
        for one in self.naming.overdue(now):
            limit = durations.say(self.naming.limit)
            one.dismiss(refusals.no_name_in_time(limit).sentence, "no name")
        for one in self.idle.overdue(now):
            one.dismiss(f"You were silent for {durations.say(self.idle.limit)}.", "idle")
        for one in self.stalled.overdue(now):
            one.dismiss("You were too slow to read.", "did not read")

    def forget(self, one: Watched) -> None:
        for deadlines in (self.naming, self.idle, self.stalled):
            deadlines.forget(one)
