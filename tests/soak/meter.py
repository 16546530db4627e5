"""What a process takes of the machine, from /proc; and how fast the disk is meanwhile."""

import asyncio
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.soak.ledger import Latencies

OFTEN = 0.5
"""Seconds between two looks at its memory: a peak that is shorter than that is none."""

TICK = os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """MiB of it that are in memory (VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def seconds(pid: int) -> float:
    """Of a processor that it has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def waited(pid: int) -> float:
    """Seconds for which its first thread could have run, and other processes did."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


@dataclass(slots=True)
class Meter:
    """``peak``: MiB, by phase."""

    pid: int
    phase: str = "before"
    peak: dict[str, float] = field(default_factory=dict)

    async def looks(self) -> None:
        """Until it is cancelled."""
        while True:
            now = memory(self.pid)
            self.peak[self.phase] = max(self.peak.get(self.phase, 0.0), now)
            await asyncio.sleep(OFTEN)


class Disk:
    """A file of its own in ``folder``, which is written and synced from time to time, as the
    daemon's is: what that takes no daemon can take less than."""

    def __init__(self, folder: Path) -> None:
        self.phase = "before"
        self._path = folder / "probe"
        self._latencies: dict[str, Latencies] = {}

    @property
    def figures(self) -> dict[str, dict[str, float]]:
        return {f"disk {phase}": one.figures for phase, one in self._latencies.items()}

    async def looks(self) -> None:
        """Until it is cancelled."""
        while True:
            took = await asyncio.to_thread(self._syncs)
            self._latencies.setdefault(self.phase, Latencies()).note(took * 1000)
            await asyncio.sleep(OFTEN)

    def _syncs(self) -> float:
        with self._path.open("wb", buffering=0) as file:
            file.write(b"x" * 4096)
            began = time.monotonic()
            os.fsync(file.fileno())
            return time.monotonic() - began
