"""Processes that talk with our own library, and are killed with -9 as the daemon is."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.chaos.book import Book, Evening, Message
from tests.chaos.plan import Plan
from tests.chaos.readers import Temper

LOOK = 0.1
"""Seconds between two looks into a program's book."""


class Program:
    """One of them, and what it wrote. ``receipts``: of its own lines, by number, the ids."""

    def __init__(self, name: str, evening: Evening, folder: Path, chance: Random) -> None:
        self.name = name
        self.evening = evening
        self.temper = Temper()
        self.book = Book(name, evening, {})
        self.said = self.again = self.kills = 0
        self.receipts: dict[int, int] = {}
        self.rests = False
        self.life = 4.0
        self.pace = 30.0
        self._folder = folder / name
        self._folder.mkdir(mode=0o700)
        self._read = 0
        self._chance = chance
        self._process: asyncio.subprocess.Process | None = None

    async def live(self) -> None:
        """Until it is cancelled."""
        try:
            while True:
                await self._one_life()
        except Exception as error:
            self.evening.complain(self.name, f"stopped by {error!r}")
        finally:
            if self._process is not None and self._process.returncode is None:
                self._process.kill()
                await self._process.wait()

    async def _one_life(self) -> None:
        with (self._folder / "output").open("ab") as output:
            process = self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.chaos.program"),
                *(str(self.evening.port), self.name, f"{self.pace:g}"),
                cwd=self._folder.parent,
                env=_env(),
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
            )
        await self._watch(process, self._chance.expovariate(1 / self.life))
        self._look()

    async def _watch(self, process: "asyncio.subprocess.Process", life: float) -> None:
        """For so long; when nobody is killed any more it is told to rest, and lives on."""
        assert process.stdin is not None
        end, told = asyncio.get_running_loop().time() + life, False
        while process.returncode is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), LOOK)
            self._look()
            if self.evening.ending and not told:
                process.stdin.write(b"rest\n")
                told = True
            elif not told and asyncio.get_running_loop().time() > end:
                process.kill()
                self.kills += 1
                await process.wait()
                return
        self.evening.complain(self.name, f"ended by itself with {process.returncode}")
        await asyncio.sleep(1)

    def _look(self) -> None:
        """What is new in its book."""
        path = self._folder / f"{self.name}.book"
        if not path.exists():
            return
        with path.open("rb") as book:
            book.seek(self._read)
            data = book.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            self._note(json.loads(line))

    def _note(self, line: Message) -> None:
        match line:
            case {"said": int(number)}:
                self.said = max(self.said, number)
            case {"rests": True}:
                self.rests = True
            case {"complaint": what}:
                self.evening.complain(self.name, what)
            case {"id": int(number)}:
                self.book.note(line)
                if line["name"] == self.name and line["type"] == "said":
                    said = int(line["text"].partition(" ")[0])
                    self.receipts[said] = number
                    self.said = max(self.said, said)


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONUNBUFFERED": "1"}


def programs(plan: Plan, evening: Evening, folder: Path) -> Sequence[Program]:
    made = []
    for number in range(plan.programs):
        chance = Random(f"{plan.seed} program {number}")
        one = Program(f"program{number}", evening, folder, chance)
        one.life = plan.program_life
        made.append(one)
    return made
