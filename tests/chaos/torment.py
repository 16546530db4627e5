"""How the daemon lives and dies, over and over."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.book import Evening
from tests.chaos.daemon import PATIENCE, Daemon
from tests.chaos.plan import Plan

FATES = {"killed": 60, "killed at once": 15, "asked to end": 15, "asked to end and killed": 10}
"""So many of a hundred lives end so."""

STARTING = 1.2
"""Seconds after its start up to which a daemon is killed at once, whether it listens or not."""

DYING = 0.1
"""Seconds after SIGTERM up to which it is killed."""


class Torment:
    """``fates``: how many daemons ended in which way. ``announced``: lines typed on consoles."""

    def __init__(self, plan: Plan, evening: Evening, folder: Path) -> None:
        self.fates: Counter[str] = Counter()
        self.announced = 0
        self._plan = plan
        self._evening = evening
        self._folder = folder
        self._chance = random.Random(f"{plan.seed} torment")
        self._end = time.monotonic() + plan.seconds

    @property
    def kills(self) -> int:
        return sum(count for fate, count in self.fates.items() if "killed" in fate)

    @property
    def options(self) -> Sequence[str]:
        plan = self._plan
        return (
            *("--port", str(self._evening.port), "--store", "sqlite:chat.sqlite"),
            *("--durability", plan.durability, "--rate", f"{plan.rate:g}"),
        )

    async def goes_on(self) -> None:
        """Until so many were killed, or so much time is over."""
        while self.kills < self._plan.kills and time.monotonic() < self._end:
            fate = self._chance.choices(list(FATES), list(FATES.values()))[0]
            await self._one_life(fate)
            self.fates[fate] += 1
            if self._chance.random() < 0.3:
                await asyncio.sleep(self._chance.uniform(0, 0.5))

    async def start(self) -> Daemon:
        """One that listens, or at least was started."""
        daemon = await Daemon.started(self._folder, self.options)
        if not await daemon.listens() and not daemon.killed:
            self._complain("does not listen")
        return daemon

    async def end(self, daemon: Daemon) -> None:
        """Make sure that it has ended, whatever was done to it, and see whether it ended well."""
        try:
            status = await daemon.ends()
        except asyncio.CancelledError:
            daemon.kill()
            raise
        if status is None:
            self._complain(f"does not end in {PATIENCE:g} seconds")
        elif status != 0 and not daemon.killed:
            self._complain(f"ended with status {status}")
        for line in daemon.wrong():
            self._complain(f"printed {line!r}")

    async def _one_life(self, fate: str) -> None:
        if fate == "killed at once":
            daemon = await Daemon.started(self._folder, self.options)
            await self._lives(daemon, self._chance.uniform(0, STARTING))
            daemon.kill()
        else:
            daemon = await self.start()
            await self._lives(daemon, self._chance.expovariate(1 / self._plan.life))
            await self._fulfil(fate, daemon)
        await self.end(daemon)

    async def _lives(self, daemon: Daemon, seconds: float) -> None:
        """So long, and in the middle of it the operator says something."""
        try:
            seconds = min(seconds, max(0.0, self._end - time.monotonic()))
            alive = await daemon.lives(seconds / 2)
            self.announced += 1
            daemon.type(f"/announce that this is {self.announced}")
            if not alive or not await daemon.lives(seconds / 2):
                self._complain("ended by itself")
        except asyncio.CancelledError:
            daemon.kill()
            raise

    async def _fulfil(self, fate: str, daemon: Daemon) -> None:
        if "asked" in fate:
            daemon.terminate()
        if fate == "asked to end and killed":
            await asyncio.sleep(self._chance.uniform(0, DYING))
        if "killed" in fate:
            daemon.kill()

    def _complain(self, what: str) -> None:
        self._evening.complain(f"daemon {self.fates.total() + 1}", what)
