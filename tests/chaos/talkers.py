"""Clients that say numbered lines, each of them exactly once, whatever happens to the daemon."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from random import Random

from tests.chaos.book import Evening, Message
from tests.chaos.connection import Connection
from tests.chaos.readers import Reader, Temper

FILLER = "the quick brown fox jumps over the lazy dog and äöü ☃ " * 40


@dataclass(frozen=True, slots=True)
class Manner:
    """``pace``: lines a second, 0 for no limit. ``window``: of them may be unconfirmed."""

    pace: float
    window: int


class Talker(Reader):
    """``waiting``: by number, what it has said and not read back yet, in order. ``receipts``: the
    ids of what it has.

    After a lost connection it first says that it is back. When it reads that, it has read all that
    was kept of what it had said before, for entries come in order; the rest it says again.
    """

    def __init__(self, name: str, evening: Evening, temper: Temper, chance: Random) -> None:
        super().__init__(name, evening, temper, chance)
        self.manner = Manner(0, 1)
        self.said = 0
        self.waiting: dict[int, str] = {}
        self.receipts: dict[int, int] = {}
        self.again = 0
        self._times_back = 0
        self._is_back = self._stays = False
        self._asked: set[str | int] = set()
        self._room = asyncio.Event()

    @property
    def rests(self) -> bool:
        """It has read back all that it said, and says nothing more."""
        return self._stays and self._is_back and not self.waiting

    async def visit(self, connection: Connection) -> None:
        self._is_back, self._stays = False, self.evening.ending
        self._asked.clear()
        self._make_room()
        talking = asyncio.create_task(self._talk(connection))
        try:
            await super().visit(connection)
        finally:
            talking.cancel()
            with suppress(asyncio.CancelledError):
                await talking

    def comes_in(self, connection: Connection) -> None:
        self._times_back += 1
        self._ask(connection, "me", f"back-{self._times_back}", f"is back {self._times_back}")

    def reads(self, message: Message) -> None:
        super().reads(message)
        if message.get("name") != self.name:
            return
        tag: str | int = f"back-{message['text'].rpartition(' ')[2]}"
        if message["type"] == "said":
            tag = int(message["text"].partition(" ")[0])
            self.receipts[tag] = message["id"]
            self.waiting.pop(tag, None)
        elif tag in self._asked:
            self._resume()
        if tag in self._asked and message.get("tag") != tag:
            self.evening.complain(self.name, f"no receipt for {tag}: {message}")
        self._make_room()

    def _resume(self) -> None:
        self._is_back = True
        assert self._connection is not None
        for number, text in self.waiting.items():
            self.again += 1
            self._ask(self._connection, "say", number, text)

    def _ask(self, connection: Connection, do: str, tag: str | int, text: str) -> None:
        self._asked.add(tag)
        connection.ask(do, tag, text=text)

    def _make_room(self) -> None:
        if self._is_back and len(self.waiting) < self.manner.window:
            self._room.set()
        else:
            self._room.clear()

    async def _talk(self, connection: Connection) -> None:
        """New lines, while there is room for them."""
        pace = self.manner.pace
        while not self.evening.ending:
            await asyncio.sleep(self.chance.expovariate(pace) if pace else 0)
            await self._room.wait()
            if not self.evening.ending:
                self._say(connection)

    def _say(self, connection: Connection) -> None:
        self.said += 1
        length = int(self.chance.paretovariate(1) * 20)
        text = f"{self.said} {FILLER[:length]}".strip() + " ."
        self.waiting[self.said] = text
        self._ask(connection, "say", self.said, text)
        self._make_room()


def talkers(count: int, evening: Evening, seed: int, manner: Manner) -> Sequence[Talker]:
    """So many; every second one drops its connection at times."""
    made = []
    for number in range(count):
        temper = Temper(stays=4.0 if number % 2 else inf)
        one = Talker(f"talker{number}", evening, temper, Random(f"{seed} talker {number}"))
        one.manner = manner
        made.append(one)
    return made
