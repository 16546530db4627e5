"""Talk in a crowd: a fixed number of messages is always under way, each until all have read it."""

from collections import Counter
from dataclasses import dataclass
from itertools import cycle
from time import perf_counter, perf_counter_ns

from benchmarks.book import STEP, Book
from benchmarks.crowd import PATIENCE, Crowd

SPEAKERS = 8
"""Of all the people; the others only read, as most people do."""

SILENCE = 0.1
"""Seconds in which a message that comes twice is waited for."""


@dataclass(frozen=True, slots=True)
class Talked:
    """``seconds``: from the first message until everyone has read the last one.

    ``latencies``: deliveries by steps of ``book.STEP``, from before the speaker's send until after
    the reader's recv.
    """

    seconds: float
    deliveries: int
    latencies: Counter[int]

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share (0 to 1) of the deliveries were made."""
        left = share * self.latencies.total()
        for step in sorted(self.latencies):
            left -= self.latencies[step]
            if left <= 0:
                break
        return (step + 0.5) * STEP / 1e6


class Talk:
    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._book = Book(len(crowd.people))
        self._speakers = cycle(crowd.people[:SPEAKERS])

    def go_on(self, in_flight: int, seconds: float) -> Talked:
        """Nothing is under way before and after. Raises Wrong or Failed."""
        book, began = self._book, perf_counter()
        before = book.delivered
        book.latencies = Counter()
        self._say(in_flight)
        while book.outstanding:
            heard = self._crowd.listen(PATIENCE, book.hear)
            done = book.settle()
            elapsed = perf_counter() - began
            if elapsed < seconds:
                self._say(done)
            if not heard or elapsed > seconds + PATIENCE:
                book.missing()
        return Talked(elapsed, book.delivered - before, book.latencies)

    def fall_silent(self) -> None:
        """Nothing that was said may come once more. Raises Wrong or Failed."""
        until = perf_counter() + SILENCE
        while perf_counter() < until:
            self._crowd.listen(SILENCE, self._book.hear)

    def _say(self, count: int) -> None:
        for _ in range(count):
            speaker = next(self._speakers)
            speaker.say(self._book.say(speaker.number, perf_counter_ns()))
