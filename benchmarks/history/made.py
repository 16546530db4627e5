"""A chat that nobody held: who says what, where and when, the same in every run."""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice

from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    Acted,
    Announced,
    Entry,
    Event,
    Said,
    Told,
    inbox,
)

WORDS = 50_000
NAMES = 300
ROOMS = 200

SPACING = 1_000_000
"""Microseconds from one entry to the next: an hour of it is as much as a lively chat says."""

IN_LOBBY = 0.95
IN_ROOMS = 0.975
IN_INBOXES = 0.999
"""Shares of all entries, each with those before; what is left is announced to everyone."""

NAMING = 0.02
"""Share of the texts that begin with somebody's name."""

POOL = 100_000
"""Words that are drawn at once: one by one they cost three times as much."""


class Made:
    """``words`` and ``names``: the commonest first, as often as Zipf says."""

    def __init__(self) -> None:
        self._chance = random.Random(7)
        self.words = self._distinct(
            WORDS, lambda rank: 1 if rank < 100 else 2 if rank < 4000 else 3
        )
        self.names = [f"{word}{rank}" for rank, word in enumerate(self.words[100 : 100 + NAMES])]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(WORDS)))
        self._name_weights = list(accumulate(1 / (rank + 5) for rank in range(NAMES)))
        self._texts = self._endless_texts()
        self._speakers = self._endless_names()

    def entries(self, count: int, until: int) -> Iterator[Entry]:
        """So many, the last of them about at ``until``, in microseconds since 1970."""
        first = until - count * SPACING
        for number in range(count):
            at = first + number * SPACING + int(self._chance.random() * SPACING)
            yield Entry(at, *self._said())

    def text(self) -> str:
        return next(self._texts)

    def _said(self) -> tuple[str, Event]:
        where, name = self._chance.random(), next(self._speakers)
        if where < IN_LOBBY:
            kind = Acted if where < 0.05 else Said
            return LOBBY, kind(name, self.text())
        if where < IN_ROOMS:
            return f"#room{int(where * 1e6) % ROOMS}", Said(name, self.text())
        if where < IN_INBOXES:
            to = next(self._speakers)
            return inbox(to), Told(name, to, self.text())
        return EVERYONE, Announced(self.text())

    def _distinct(self, count: int, syllables: Callable[[int], int]) -> Sequence[str]:
        """Words, the first ones shorter, as in every language."""
        found: dict[str, None] = {}
        while len(found) < count:
            parts = [self._syllable() for _ in range(syllables(len(found)))]
            found["".join([*parts, self._chance.choice(["", *"nrst"])])] = None
        return list(found)

    def _syllable(self) -> str:
        return self._chance.choice("bcdfghklmnprstvz") + self._chance.choice("aeiou")

    def _endless_texts(self) -> Iterator[str]:
        chance = self._chance
        while True:
            pool = iter(chance.choices(self.words, cum_weights=self._weights, k=POOL))
            while text := " ".join(islice(pool, 3 + int(chance.random() * 12))):
                naming = chance.random() < NAMING
                yield f"{next(self._speakers)}: {text}" if naming else text

    def _endless_names(self) -> Iterator[str]:
        while True:
            yield from self._chance.choices(self.names, cum_weights=self._name_weights, k=POOL)
