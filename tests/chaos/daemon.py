"""A real twistd on one port and one file, started again after each of its ends."""

import asyncio
import os
import re
import signal
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from tests.live.daemon import UNBUFFERED, twistd

PATIENCE = 60.0
"""Seconds after which a start or an end that should have happened has not."""

WRONG = re.compile(
    rb"Traceback|a bug|cannot be|can be kept|the index waits|is not kept|is let go|^chat: "
)
"""What no line of a daemon's output should be."""

LISTENS = "[LISTENING]"


class Daemon:
    """``output``: the file in which its output is: a pipe that is read too slowly would slow it."""

    def __init__(self, process: asyncio.subprocess.Process, output: Path) -> None:
        self._process = process
        self.output = output
        self.killed = False

    @classmethod
    async def started(cls, folder: Path, options: Sequence[str]) -> "Daemon":
        output = folder / "daemon.log"
        with output.open("wb") as written:
            process = await asyncio.create_subprocess_exec(
                *twistd(*options, listen=False),
                cwd=folder,
                env={**os.environ, **UNBUFFERED},
                stdin=asyncio.subprocess.PIPE,
                stdout=written,
                stderr=asyncio.subprocess.STDOUT,
            )
        return cls(process, output)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.returncode is not None

    async def listens(self) -> bool:
        """True when it does; False if it ends, or takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while not self.ended:
                    with self.output.open("rb") as output:
                        if LISTENS in output.read(1 << 16).decode(errors="replace"):
                            return True
                    await asyncio.sleep(0.02)
        return False

    def type(self, line: str) -> None:
        """On its console, if it is there still."""
        if self._process.stdin is not None and not self.ended:
            self._process.stdin.write(f"{line}\n".encode())

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self.killed = True
        self._signal(signal.SIGKILL)

    async def lives(self, seconds: float) -> bool:
        """Wait so long; False if it ends by itself meanwhile."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), seconds)
        return not self.ended

    async def ends(self) -> int | None:
        """Its exit status; None if it had to be killed because it did not end."""
        try:
            return await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self.kill()
            await self._process.wait()
            return None

    def wrong(self) -> list[str]:
        """Lines of its output that should not be there."""
        with self.output.open("rb") as lines:
            wrong = (line for line in lines if WRONG.search(line))
            return [line.decode(errors="replace").strip() for line in islice(wrong, 5)]

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(number)
