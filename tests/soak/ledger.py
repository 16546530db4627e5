"""What one reader has read of each sender, by number; and how long all of it took."""

from collections import Counter
from dataclasses import dataclass, field
from math import exp, log

from tests.chaos.check import Fault, Kind

FINENESS = 50
"""Steps of a histogram in which a latency grows by the factor e: two percent each."""


@dataclass(slots=True)
class Numbers:
    """Of one sender in one place, from 1 on. ``missing``: those that were passed over."""

    last: int = 0
    missing: set[int] = field(default_factory=set)
    doubled: int = 0
    late: int = 0

    def note(self, number: int) -> None:
        if number == self.last + 1:  # nearly always
            self.last = number
        elif number > self.last:
            self.missing.update(range(self.last + 1, number))
            self.last = number
        elif number in self.missing:
            self.missing.remove(number)
            self.late += 1
        else:
            self.doubled += 1


class Ledger:
    """One reader's. A sender in a place is a text, such as ``#lobby well3``."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.of: dict[str, Numbers] = {}

    def note(self, source: str, number: int) -> None:
        numbers = self.of.get(source)
        if numbers is None:
            numbers = self.of[source] = Numbers()
        numbers.note(number)

    def lacks(self, said: dict[str, int]) -> bool:
        """Something that was said there has not been read yet."""
        return any(self.of.get(source, Numbers()).last < count for source, count in said.items())

    def faults(self, said: dict[str, int]) -> list[Fault]:
        """``said``: how many there were of all that the owner should have read."""
        found: list[Fault] = []
        for source in said.keys() | self.of.keys():
            numbers, count = self.of.get(source, Numbers()), said.get(source, 0)
            lost = sorted({*numbers.missing, *range(numbers.last + 1, count + 1)})
            who = f"{self.owner} of {source}"
            found += _fault("lost", who, len(lost), lost[0] if lost else 0)
            found += _fault("doubled", who, numbers.doubled, numbers.last)
            found += _fault("out of order", who, numbers.late, numbers.last)
            beyond = max(0, numbers.last - count)
            found += _fault("altered", who, beyond, numbers.last)  # a number that nobody said
        return found


def _fault(kind: Kind, who: str, count: int, example: int) -> list[Fault]:
    return [Fault(kind, who, count, example)] if count else []


class Latencies:
    """In milliseconds, as a histogram: a quarter of a million a minute would fill the memory."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._steps: Counter[int] = Counter()

    def note(self, milliseconds: float, count: int = 1) -> None:
        if milliseconds > self.longest:
            self.longest = milliseconds
        self._steps[round(FINENESS * log(max(milliseconds, 0.001)))] += count

    def of(self, share: float) -> float:
        """What that share of them did not exceed."""
        left = share * self._steps.total()
        for step in sorted(self._steps):
            left -= self._steps[step]
            if left <= 0:
                return exp(step / FINENESS)
        return 0.0

    @property
    def figures(self) -> dict[str, float]:
        shares = {"p50": self.of(0.5), "p99": self.of(0.99), "p99.9": self.of(0.999)}
        return {name: round(one, 2) for name, one in (shares | {"max": self.longest}).items()}
