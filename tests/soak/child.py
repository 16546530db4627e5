"""A process of the soak's, with which orders and reports are exchanged as lines of JSON."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

Report: TypeAlias = dict[str, Any]

LONGEST = 1 << 22
"""Bytes of a report: faults have examples."""


class Child:
    """From the side of who gives the orders."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def started(cls, module: str, niceness: int, **given: object) -> "Child":
        argv = ["nice", "-n", str(niceness), sys.executable, "-m", module, json.dumps(given)]
        pipe = asyncio.subprocess.PIPE
        return cls(
            await asyncio.create_subprocess_exec(*argv, stdin=pipe, stdout=pipe, limit=LONGEST)
        )

    async def asks(self, order: str) -> Report:
        """Give an order; the report of it. Raises RuntimeError if it has ended."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{order}\n".encode())
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{order}: the process has ended")
        report: Report = json.loads(line)
        return report

    async def ends(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


async def obey(obeyed: Callable[[str], Awaitable[Report]]) -> None:
    """From the side of who takes them: one after another, up to the end of the input."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while order := await reader.readline():
        report = await obeyed(order.decode().strip())
        print(json.dumps(report), flush=True)
