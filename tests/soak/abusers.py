"""The process of those who do what is bad to do, one thing after another, each as somebody else."""

import asyncio
import json
import sys
from collections import Counter
from contextlib import suppress
from random import Random

from tests.chaos.connection import Lost
from tests.soak.abuses import ABUSES
from tests.soak.child import Report, obey
from tests.soak.rogue import Rogue

LONGEST = 20.0
"""Seconds of one abuse: then the next."""

REST = 0.5
"""Seconds, about, between two."""


class Gang:
    """All of them, under orders."""

    def __init__(self, port: int, count: int, people: int, seed: int) -> None:
        self.done: Counter[str] = Counter()
        self.bugs: list[str] = []
        self.rogues = [
            Rogue(port, f"127.0.2.{number + 1}", people, Random(f"{seed} abuser {number}"))
            for number in range(count)
        ]
        self._tasks: list[asyncio.Task[None]] = []

    async def obeys(self, order: str) -> Report:
        if order == "begin":
            self._tasks = [asyncio.create_task(self._lives(one)) for one in self.rogues]
        elif order == "end":
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        connections = sum(one.connections for one in self.rogues)
        return {"done": self.done, "connections": connections, "bugs": self.bugs[:10]}

    async def _lives(self, rogue: Rogue) -> None:
        await asyncio.sleep(rogue.chance.uniform(0, 4 * REST))
        while True:
            name = rogue.chance.choice(list(ABUSES))
            self.done[name] += 1
            await self._does(rogue, name)
            rogue.goes()
            await asyncio.sleep(rogue.chance.uniform(0, 2 * REST))

    async def _does(self, rogue: Rogue, name: str) -> None:
        """An abuse ends when it is cut off, and is a bug of ours if it ends otherwise."""
        try:
            with suppress(Lost, TimeoutError):
                async with asyncio.timeout(rogue.chance.uniform(LONGEST / 4, LONGEST)):
                    await ABUSES[name](rogue)
        except Exception as error:
            self.bugs.append(f"{name}: {error!r}")


async def main() -> None:
    gang = Gang(**json.loads(sys.argv[1]))
    await obey(gang.obeys)


if __name__ == "__main__":
    asyncio.run(main())
