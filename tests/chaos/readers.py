"""Clients that read, each in its own way, and come back whenever they are cut off."""

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from random import Random

from tests.chaos.book import KEPT, ROOMS, Book, Evening, Message
from tests.chaos.connection import Connection, Lost

AGAIN = 0.05
"""Seconds, about, before another try to connect, or to have one's name back."""

LITTLE = 1 << 15
"""Bytes that the kernel holds for somebody who is to lag."""

FAREWELLS = re.compile(r"$|Server is shutting down")
"""What a goodbye may say that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Temper:
    """``naps``: seconds, on the average, that it sleeps between two looks. ``stays``: seconds until
    it drops its connection. ``newcomer``: begins with what is said when it comes."""

    naps: float = 0.0
    stays: float = inf
    newcomer: bool = False


TEMPERS = (
    Temper(),
    Temper(naps=0.3),
    Temper(stays=1.0),
    Temper(newcomer=True),
    Temper(naps=0.05, stays=3.0),
    Temper(naps=0.02, stays=0.3, newcomer=True),
)


class Client(ABC):
    """Somebody who comes back until the evening is over."""

    def __init__(self, name: str, evening: Evening, temper: Temper, chance: Random) -> None:
        self.name = name
        self.evening = evening
        self.temper = temper
        self.chance = chance

    async def live(self) -> None:
        """Until it is cancelled. A bug of ours is a complaint too."""
        try:
            while True:
                await self._come()
                await asyncio.sleep(self.chance.uniform(0, 2 * AGAIN))
        except Exception as error:
            self.evening.complain(self.name, f"stopped by {error!r}")

    @abstractmethod
    async def visit(self, connection: Connection) -> None:
        """From coming in to the end of the connection. Raises Lost."""

    async def _come(self) -> None:
        lags = self.temper.naps and not self.evening.ending
        try:
            connection = await Connection.to(self.evening.port, LITTLE if lags else 0)
        except Lost:
            return
        try:
            async with asyncio.timeout(self._stay()):
                await self.visit(connection)
        except Lost:
            connection.close()
        except TimeoutError:
            self.evening.drops += 1
            self.chance.choice((connection.close, connection.reset))()
        finally:
            connection.close()

    def _stay(self) -> float | None:
        if self.evening.ending or self.temper.stays == inf:
            return None
        return self.chance.expovariate(1 / self.temper.stays)


class Reader(Client):
    """Reads the JSON dialect, and notes all that is kept."""

    def __init__(self, name: str, evening: Evening, temper: Temper, chance: Random) -> None:
        super().__init__(name, evening, temper, chance)
        self.book = Book(name, evening, {} if temper.newcomer else dict.fromkeys(ROOMS, 0))
        self._connection: Connection | None = None

    async def visit(self, connection: Connection) -> None:
        self._connection = connection
        connection.send(b"/json\n")
        self._enter(connection)
        while True:
            for message in await connection.objects():
                await self._hear(message, connection)
            await self._nap()

    def comes_in(self, connection: Connection) -> None:
        """It has its name. For those who want to do something."""

    def reads(self, message: Message) -> None:
        """An entry that is kept."""
        self.book.note(message)

    def _enter(self, connection: Connection) -> None:
        connection.ask("enter", name=self.name, after=self.book.places or None)

    async def _hear(self, message: Message, connection: Connection) -> None:
        match message:
            case {"type": kind} if kind in KEPT:
                self.reads(message)
            case {"type": "welcomed", "last": last}:
                self.evening.resumes += bool(self.book.places)
                self.book.comes_in(last)
                self.comes_in(connection)
            case {"type": "refused", "code": "name-taken"}:  # its last connection is not gone yet
                await asyncio.sleep(AGAIN)
                self._enter(connection)
            case {"type": "goodbye", "why": why} if FAREWELLS.match(why):
                pass
            case {"type": "refused" | "goodbye" | "skipped" | "gone"}:
                self.evening.complain(self.name, f"was told {message}")

    async def _nap(self) -> None:
        if self.temper.naps and not self.evening.ending:
            await asyncio.sleep(self.chance.expovariate(1 / self.temper.naps))


class Person(Client):
    """Somebody with nc, who gets the text dialect. In what one connection brings, each talker's
    numbers follow each other."""

    async def visit(self, connection: Connection) -> None:
        connection.send(f"{self.name}\n".encode())
        last: dict[str, int] = {}
        while True:
            for line in await connection.lines():
                self._read(line.decode(), last)

    def _read(self, line: str, last: dict[str, int]) -> None:
        if (found := re.search(r"\b(talker\d+): (\d+) ", line)) is None:
            return
        name, number = found[1], int(found[2])
        if number != last.setdefault(name, number - 1) + 1:
            self.evening.complain(self.name, f"after {last[name]} of {name} came {number}")
        last[name] = number


def readers(count: int, evening: Evening, seed: int) -> Sequence[Reader]:
    """So many, of all tempers."""
    return [
        Reader(
            f"reader{number}",
            evening,
            TEMPERS[number % len(TEMPERS)],
            Random(f"{seed} reader {number}"),
        )
        for number in range(count)
    ]
