"""One who abuses the chat: its address, its connections, and the names that it takes."""

import asyncio
from random import Random

from tests.chaos.connection import Connection, Lost

PACE = 0.02
"""Seconds between two lines of a flood: more than any limit, and no more than a process can send
that must not take the machine from those who measure."""


class Rogue:
    """``people``: so many behave well, and are called well0 and so on."""

    def __init__(self, port: int, address: str, people: int, chance: Random) -> None:
        self.port = port
        self.address = address
        self.people = people
        self.chance = chance
        self.connections = 0
        self._open: list[Connection] = []
        self._reading: list[asyncio.Task[None]] = []

    @property
    def victim(self) -> str:
        return f"well{self.chance.randrange(self.people)}"

    @property
    def name(self) -> str:
        """Another one each time."""
        return f"rogue{self.chance.randrange(10**6)}"

    async def connects(self, receiving: int = 0, reads: bool = True) -> Connection:
        """``reads``: whatever comes is read, and forgotten. Raises Lost."""
        connection = await Connection.to(self.port, receiving, self.address)
        self.connections += 1
        self._open.append(connection)
        if reads:
            self._reading.append(asyncio.create_task(self._reads(connection)))
        return connection

    async def enters(self, receiving: int = 0, reads: bool = True) -> Connection:
        """As a person; at times in a room of the well-behaved. Raises Lost."""
        connection = await self.connects(receiving, reads)
        connection.send(f"{self.name}\n".encode())
        if self.chance.random() < 0.5:
            connection.send(
                f"/join #room{self.chance.randrange(max(1, self.people // 40))}\n".encode()
            )
        await asyncio.sleep(PACE)
        return connection

    async def enters_as_program(self) -> Connection:
        """In the JSON dialect. Raises Lost."""
        connection = await self.connects()
        connection.send(b"/json\n")
        connection.ask("enter", name=self.name)
        await asyncio.sleep(PACE)
        return connection

    async def pours(self, connection: Connection, data: bytes) -> None:
        """One after another, as fast as is good. Raises Lost."""
        connection.send(data)
        await connection.sent()
        await asyncio.sleep(PACE)

    def goes(self) -> None:
        """Without a word, some with a reset."""
        for task in self._reading:
            task.cancel()
        for connection in self._open:
            if self.chance.random() < 0.5:
                connection.reset()
            else:
                connection.close()
        self._open.clear()
        self._reading.clear()

    async def _reads(self, connection: Connection) -> None:
        try:
            while True:
                await connection.lines()
        except Lost:
            return
