"""One evening: the well-behaved alone, then with those who are not, then alone again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

from tests.chaos.daemon import Daemon
from tests.chaos.plan import free_port
from tests.chaos.run import folder
from tests.soak.child import Child, Report
from tests.soak.meter import Disk, Meter, memory, seconds, waited
from tests.soak.plan import Plan

Tell: TypeAlias = Callable[[str], None]

PHASES = ("before", "abuse", "after")

LATENCIES = ("lines", "answers", "disk", "measured too late")
"""From somebody to somebody else; of what needs no disk; of the disk by itself, as others use it
too; and of the process that measures, which is no fault of the daemon's."""

KINDS = ("lost", "doubled", "out of order", "altered")

WAITED = "for which the daemon waited"
"""While others of this machine had it: what is slow by that is not slow by the daemon."""

KEPT = 24.0
"""MiB more than before the abuse that a daemon may have after it: tables of who came from where,
tails of rooms, what SQLite has at hand, and what Python keeps of what some hundred connections
took."""

OFTEN = 60.0
"""Seconds between two reports."""


@dataclass(slots=True)
class Outcome:
    """``people`` and ``abusers``: what they reported at the end. ``cpu``: share of a processor that
    each process used, and for which the daemon waited, by phase. ``memory``: MiB of the
    daemon's."""

    people: Report
    abusers: Report
    cpu: dict[str, dict[str, float]]
    memory: dict[str, float]
    complaints: list[str] = field(default_factory=list)
    folder: str = ""

    @property
    def wrong(self) -> bool:
        people = self.people
        told = people["faults"] or people["forbidden"] or people["complaints"]
        return bool(told or self.complaints or self.abusers["bugs"])

    def __str__(self) -> str:
        wrong = [*self.people["words"], *self.complaints, *self.abusers["bugs"]]
        return "\n".join(
            (
                *(f"WRONG: {sentence}" for sentence in wrong),
                _list("abuses", dict(sorted(self.abusers["done"].items()))),
                f"connections of abusers: {self.abusers['connections']}",
                *(
                    f"{what} {phase}: {_latency(self.people, f'{what} {phase}')}"
                    for what in LATENCIES
                    for phase in PHASES
                ),
                _list("memory", {name: f"{one:.0f} MiB" for name, one in self.memory.items()}),
                *(_list(f"CPU {who}", _shares(used)) for who, used in self.cpu.items()),
                f"{self.people['said']} lines said, {self.people['checked']} deliveries checked, "
                f"{self.people['read']} lines read",
                counts(self.people),
                *([f"files: {self.folder}"] if self.folder else []),
            )
        )


def _list(title: str, figures: Mapping[str, object]) -> str:
    return f"{title}: " + ", ".join(f"{name} {figure}" for name, figure in figures.items())


def _shares(used: Mapping[str, float]) -> dict[str, str]:
    return {phase: f"{share:.0%}" for phase, share in used.items()}


def counts(people: Report) -> str:
    faults = ", ".join(f"{kind} {people['faults'].get(kind, 0)}" for kind in KINDS)
    return f"{faults}, forbidden {people['forbidden']}, complaints {people['complaints']}"


def _latency(people: Report, what: str) -> str:
    figures = people["latencies"].get(what, {})
    return ", ".join(f"{name} {one:g} ms" for name, one in figures.items())


@dataclass(slots=True)
class Cast:
    daemon: Daemon
    people: Child
    abusers: Child
    meter: Meter
    disk: Disk
    tell: Tell
    cpu: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def pids(self) -> dict[str, int]:
        return {
            "of the daemon": self.daemon.pid,
            "of the people": self.people.process.pid,
            "of the abusers": self.abusers.process.pid,
        }

    def used(self) -> dict[str, float]:
        """Seconds so far."""
        used = {who: seconds(pid) for who, pid in self.pids.items()}
        return used | {WAITED: waited(self.daemon.pid)}

    async def passes(self, phase: str, lasts: float) -> None:
        """One phase, with a report from time to time."""
        self.meter.phase = self.disk.phase = phase
        await self.people.asks(f"phase {phase}")
        began = time.monotonic()
        before = self.used()
        while (left := lasts - (time.monotonic() - began)) > 0 and not self.daemon.ended:
            await asyncio.sleep(min(left, OFTEN))
            for who, used in self.used().items():
                share = (used - before[who]) / (time.monotonic() - began)
                self.cpu.setdefault(who, {})[phase] = share
            report = await self.people.asks("report")
            lines = _latency(report, f"lines {phase}")
            self.tell(
                f"{phase}, {time.monotonic() - began:.0f} s: {report['said']} said, "
                f"{report['checked']} checked, {counts(report)}; {lines}; "
                f"{memory(self.daemon.pid):.0f} MiB, CPU {self.cpu['of the daemon'][phase]:.0%}"
            )
            for words in report["words"][:3]:
                self.tell(f"  {words}")


async def run(plan: Plan, tell: Tell) -> Outcome:
    with folder(plan.keep_files) as (place, keep):
        port = plan.port or free_port()
        options = ("--port", str(port), "--no-console", "--store", "sqlite:chat.sqlite")
        daemon = await Daemon.started(place, options)
        try:
            if not await daemon.listens():
                raise RuntimeError(f"the daemon does not listen: {daemon.output.read_text()}")
            outcome = await _evening(plan, port, daemon, tell)
        finally:
            daemon.terminate()
            status = await daemon.ends()
        outcome.complaints += [] if status == 0 else [f"the daemon ended with status {status}"]
        outcome.complaints += [f"the daemon printed {line!r}" for line in daemon.wrong()]
        if outcome.wrong or plan.keep_files:
            keep()
            outcome.folder = str(place)
    return outcome


async def _evening(plan: Plan, port: int, daemon: Daemon, tell: Tell) -> Outcome:
    async with _cast(plan, port, daemon, tell) as cast:
        start = memory(daemon.pid)
        await cast.people.asks("come")
        tell(f"{plan.people} are in")
        await cast.passes("before", plan.calm)
        calm = memory(daemon.pid)
        await cast.abusers.asks("begin")
        await cast.passes("abuse", plan.minutes * 60)
        abusers = await cast.abusers.asks("end")
        await cast.passes("after", plan.calm)
        people = await cast.people.asks("end")
        people["latencies"] |= cast.disk.figures
        taken = {"start": start, "with people": calm, "peak": cast.meter.peak["abuse"]}
        taken["end"] = memory(daemon.pid)
        outcome = Outcome(people, abusers, cast.cpu, taken)
        if taken["end"] > calm + KEPT:
            outcome.complaints.append(f"{taken['end'] - calm:.0f} MiB were not given back")
        return outcome


@asynccontextmanager
async def _cast(plan: Plan, port: int, daemon: Daemon, tell: Tell) -> AsyncIterator[Cast]:
    """All who take part, for the block. Those who measure have the processor first."""
    people = await Child.started("tests.soak.people", 0, port=port, count=plan.people)
    abusers = await Child.started(
        "tests.soak.abusers", 10, port=port, count=plan.abusers, people=plan.people, seed=plan.seed
    )
    cast = Cast(daemon, people, abusers, Meter(daemon.pid), Disk(daemon.output.parent), tell)
    looking = [asyncio.create_task(cast.meter.looks()), asyncio.create_task(cast.disk.looks())]
    try:
        yield cast
    finally:
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)
        await people.ends()
        await abusers.ends()
