"""Flood and idle rules, as arithmetic on ``now`` (seconds of any clock that does not step)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

Who = TypeVar("Who")


@dataclass(frozen=True, slots=True)
class Allowance:
    """``rate`` lines a second in the long run, ``burst`` at once; rate 0 is no limit.

    The generic cell rate algorithm (ITU-T I.371): all that is kept of a talker is the time
    ``due`` up to which its lines so far are paid for.
    """

    rate: float
    burst: float

    def spend(self, due: float, now: float) -> float:
        """The new ``due``, after one more line at ``now``."""
        return max(due, now) + 1.0 / self.rate if self.rate else now

    def wait(self, due: float, now: float) -> float:
        """Seconds until the next line may be read; 0 for at once."""
        return max(0.0, due - now - (self.burst - 1.0) / self.rate) if self.rate else 0.0


NO_LIMIT = Allowance(rate=0.0, burst=0.0)


class Deadlines(Generic[Who]):
    """Who has been silent for too long: one dict in order of last activity for all.

    One sweep over its head replaces a timer for each connection; touching costs two dict
    operations, and finding nothing to do costs one look at the oldest. ``limit`` may change at any
    time, so what was last is known where there is no limit yet too.
    """

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self._last: dict[Who, float] = {}

    def touch(self, who: Who, now: float) -> None:
        last = self._last
        if who in last:
            del last[who]
        last[who] = now

    def forget(self, who: Who) -> None:
        self._last.pop(who, None)

    def grant(self, seconds: float) -> None:
        """So much more time for all who are silent now."""
        self._last = {who: last + seconds for who, last in self._last.items()}

    def overdue(self, now: float) -> Iterator[Who]:
        """Take out and give those whose time is up, the longest silent first."""
        while self._last:
            who = next(iter(self._last))
            if now - self._last[who] < self.limit:
                return
            del self._last[who]
            yield who
