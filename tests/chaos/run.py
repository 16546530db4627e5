"""One evening: people come, the daemon dies again and again, then all is calm and compared."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from shutil import rmtree
from typing import get_args

from tests.chaos import check, file
from tests.chaos.book import LOBBY, ROOMS, Evening
from tests.chaos.plan import Plan, free_port
from tests.chaos.programs import Program, programs
from tests.chaos.readers import TEMPERS, Client, Person, Reader, readers
from tests.chaos.talkers import Manner, Talker, talkers
from tests.chaos.torment import Torment

STUCK = 60.0
"""Seconds in which somebody must get on, when nothing disturbs anybody any more."""

LONGEST = 600.0
"""Seconds in which all must be calm, even if somebody gets on for ever: in a circle, that is."""

SHOWN = 20
"""Complaints that are printed."""

Tell = Callable[[str], None]


@dataclass(slots=True)
class Outcome:
    """``figures``: what there was of what. ``folder``: where the files are, empty if nowhere."""

    figures: dict[str, int]
    faults: Sequence[check.Fault]
    complaints: Sequence[str]
    folder: str = ""

    @property
    def wrong(self) -> bool:
        return bool(self.faults or self.complaints)

    def count(self, kind: check.Kind) -> int:
        return sum(fault.count for fault in self.faults if fault.kind == kind)

    def __str__(self) -> str:
        kinds: tuple[check.Kind, ...] = get_args(check.Kind)
        everything = [*map(str, self.faults), *self.complaints]
        return "\n".join(
            (
                *(f"WRONG: {sentence}" for sentence in everything[:SHOWN]),
                ", ".join(f"{count} {what}" for what, count in self.figures.items()),
                ", ".join(f"{kind} {self.count(kind)}" for kind in kinds)
                + f", complaints {len(self.complaints)}",
                *([f"files: {self.folder}"] if self.folder else []),
            )
        )


@dataclass(slots=True)
class Cast:
    """All who take part. ``behind``: so many entries of the lobby somebody who is here from the
    beginning was behind others, at the most that was seen."""

    evening: Evening
    torment: Torment
    talkers: Sequence[Talker]
    readers: Sequence[Reader]
    persons: Sequence[Person] = field(default_factory=list)
    programs: Sequence[Program] = field(default_factory=list)
    behind: int = 0

    @property
    def saying(self) -> Sequence[Talker | Program]:
        return (*self.talkers, *self.programs)

    @property
    def noting(self) -> Sequence[Reader | Program]:
        """Talkers read too."""
        return (*self.talkers, *self.readers, *self.programs)

    @property
    def clients(self) -> Sequence[Client | Program]:
        return (*self.noting, *self.persons)

    def look_who_lags(self) -> None:
        read = [
            len(one.book.ids[LOBBY])
            for one in (*self.talkers, *self.readers)
            if not one.temper.newcomer
        ]
        self.behind = max(self.behind, max(read, default=0) - min(read, default=0))

    def progress(self) -> dict[str, int]:
        return {
            "messages confirmed": sum(len(one.receipts) for one in self.saying),
            "of them by programs": sum(len(one.receipts) for one in self.programs),
            "said again": sum(one.again for one in self.talkers),
            "kills of programs": sum(one.kills for one in self.programs),
            "announced": self.torment.announced,
            "kills": self.torment.kills,
            "ends by SIGTERM": self.torment.fates["asked to end"],
            "resumes": self.evening.resumes,
            "connections dropped": self.evening.drops,
            "entries behind at most": self.behind,
            "entries read": sum(len(one.book.ids[room]) for one in self.noting for room in ROOMS),
        }


async def run(plan: Plan, tell: Tell) -> Outcome:
    """Always ends: what does not get on is given up, and said."""
    with folder(plan.keep_files) as (place, keep):
        cast = invited(plan, place)
        async with present(cast, tell):
            await cast.torment.goes_on()
            tell("now it is left alone")
            await calm(cast, place / "chat.sqlite", tell)
        outcome = compared(cast, file.read(place / "chat.sqlite"))
        if outcome.wrong or plan.keep_files:
            keep()
            outcome.folder = str(place)
    return outcome


@contextmanager
def folder(keep: bool) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A temporary one, and how to keep it; also kept if we fail."""
    place, kept = Path(tempfile.mkdtemp(prefix="chaos-")), []
    yield place, lambda: kept.append(True)
    if not kept:
        rmtree(place)


def invited(plan: Plan, place: Path) -> Cast:
    evening = Evening(plan.port or free_port())
    return Cast(
        evening,
        Torment(plan, evening, place),
        talkers(plan.talkers, evening, plan.seed, Manner(plan.pace, plan.window)),
        readers(plan.readers, evening, plan.seed),
        [Person("person", evening, TEMPERS[0], Random(plan.seed))] if plan.readers else [],
        programs(plan, evening, place),
    )


@asynccontextmanager
async def present(cast: Cast, tell: Tell) -> AsyncIterator[None]:
    """Everybody is there for the block."""
    tasks = [asyncio.create_task(one.live()) for one in cast.clients]
    tasks.append(asyncio.create_task(report(cast, tell)))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def report(cast: Cast, tell: Tell) -> None:
    began = time.monotonic()
    while True:
        for _ in range(20):
            await asyncio.sleep(0.5)
            cast.look_who_lags()
        figures = ", ".join(f"{count} {what}" for what, count in cast.progress().items())
        wrong = (
            f", {len(cast.evening.complaints)} COMPLAINTS: {cast.evening.complaints[-1]}"
            if cast.evening.complaints
            else ""
        )
        tell(f"{time.monotonic() - began:.0f} s: {figures}{wrong}")


async def calm(cast: Cast, path: Path, tell: Tell) -> None:
    """One daemon more, under which all is confirmed and read; and a clean end."""
    cast.evening.ending = True  # while nobody is connected: all connections from now on stay
    daemon = await cast.torment.start()
    try:
        await settled(cast, lambda: [one for one in cast.saying if not one.rests], "confirmed")
        last = file.last_id(path)
        tell("all is confirmed")
        await settled(cast, lambda: [one for one in cast.noting if behind(one, last)], "read")
        tell("all is read")
        daemon.terminate()
        await cast.torment.end(daemon)
    finally:
        if not daemon.ended:
            daemon.kill()
            await daemon.ends()


def behind(reader: Reader | Program, last: int) -> bool:
    read = reader.book.ids[LOBBY]
    return not read or read[-1] < last


async def settled(cast: Cast, missing: Callable[[], Sequence[Client | Program]], what: str) -> None:
    """Wait until nobody is missing, while somebody gets on."""
    before, since = cast.progress(), time.monotonic()
    end = since + LONGEST
    while missing():
        await asyncio.sleep(0.1)
        if cast.progress() != before and time.monotonic() < end:
            before, since = cast.progress(), time.monotonic()
        elif time.monotonic() > min(since + STUCK, end):
            for one in missing():
                cast.evening.complain(one.name, f"not everything is {what}")
            return


def compared(cast: Cast, kept: file.Kept) -> Outcome:
    """What everybody read, said and was confirmed, with what the file has."""
    faults = [
        fault
        for one in cast.noting
        for room, after in one.book.begun.items()
        for fault in check.of_reader(
            f"{one.name} in {room}", one.book.ids[room], kept.ids[room], after
        )
    ]
    for one in cast.saying:
        faults += check.of_talker(one.name, one.said, one.receipts, kept.lines.get(one.name, []))
    faults += check.of_contents(cast.evening.told, kept.contents)
    return Outcome(cast.progress(), faults, [*kept.complaints, *cast.evening.complaints])
