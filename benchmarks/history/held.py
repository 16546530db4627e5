"""How long the reactor is held by a store: a program of its own, which ticks each millisecond.

``python -m benchmarks.history.held FILE SECONDS RATE`` prints JSON. It writes to the file and lets
go half of it. The process is new, so that nothing which another measure left behind is in it.
"""

import gc
import json
import os
import random
import sys
import time
from array import array
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from twisted.internet import epollreactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from benchmarks.history.building import Built, survey
from benchmarks.history.made import NAMES, Made
from twisted_chat.core.chat import Chat, House
from twisted_chat.core.events import EVERYONE, LOBBY, Entry, Event, Said
from twisted_chat.core.history import END, Keep, Query, Span, rest
from twisted_chat.core.refusals import Refusal
from twisted_chat.hub import Hub
from twisted_chat.ports import Archive, Asker, Delivery, Store
from twisted_chat.stores.memory import MemoryStore
from twisted_chat.stores.sqlite import SqliteStore

TICK = 1e-3
WARM_UP = 0.3
LINES = 10_000
ROOMS = (LOBBY, EVERYONE)


@dataclass(frozen=True, slots=True)
class Held:
    """``p99``, ``p999``, ``worst``: ms from one tick to the next, which should be 1 to 2.
    ``alone``: the worst without the time in which others had the CPU. ``delay``: ms from being said
    to being told, the 99th percentile and the worst. ``looked``: answers to readers."""

    store: str
    seconds: float
    p99: float
    p999: float
    worst: float
    alone: float
    said: int
    delay: float
    worst_delay: float
    looked: int


class Impatient:
    """A reactor whose long waits are short: what a daemon does each minute is done in each run."""

    def __init__(self, reactor: Any, longest: float) -> None:
        self._reactor = reactor
        self._longest = longest

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def callLater(self, seconds: float, call: Callable[..., Any], *given: object) -> Any:
        return self._reactor.callLater(min(seconds, self._longest), call, *given)


class Timed:
    """Hands on what the hub is told, and notes how long after it was said that was."""

    def __init__(self, hub: Delivery) -> None:
        self.delays = array("d")
        self._hub = hub

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        self.delays.append(time.time() - entry.id / 1e6)
        self._hub.deliver(entry, asker)

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        raise AssertionError(f"a store refused {event}")


class Ticking:
    """Says so many lines a second, and notes how long each tick came after the one before."""

    def __init__(self, reactor: Any, store: Store, rate: float) -> None:
        self.gaps = array("d")
        self.alone = array("d")
        self._reactor = reactor
        self._store = store
        self._rate = rate
        made = Made()
        # pairs of strings, which the garbage collector does not follow: its pauses are measured
        # too, and should be a daemon's and not ours
        self._lines = cycle([(made.names[at % NAMES], made.text()) for at in range(LINES)])
        self._due = 0.0
        self._schedule = os.open("/proc/thread-self/schedstat", os.O_RDONLY)

    def start(self) -> None:
        self._last, self._kept_off = time.perf_counter(), self._queue()
        self._call = self._reactor.callLater(TICK, self._tick)

    def stop(self) -> None:
        self._call.cancel()

    def forget(self) -> None:
        self.gaps, self.alone = array("d"), array("d")

    def _queue(self) -> float:
        """Seconds for which this thread could have run, and another had the CPU: one of ours too,
        but a thread of ours that wants the GIL does not stand in this queue."""
        return int(os.pread(self._schedule, 64, 0).split()[1]) / 1e9

    def _tick(self) -> None:
        self._call = self._reactor.callLater(TICK, self._tick)
        now = time.perf_counter()
        gap, self._last = now - self._last, now
        kept_off, self._kept_off = self._kept_off, self._queue()
        self.gaps.append(gap)
        self.alone.append(gap - (self._kept_off - kept_off))
        self._due += gap * self._rate
        while self._due >= 1:
            self._due -= 1
            self._store.publish(LOBBY, Said(*next(self._lines)), None)


class Readers:
    """People who read all the time: the next question follows the answer at once."""

    def __init__(self, archive: Archive, built: Built) -> None:
        self.looked = 0
        self._archive = archive
        self._built = built
        self._made = Made()
        self._over = False

    def start(self) -> None:
        for asks in (
            self._pages(),
            self._runs(),
            self._searches(),
            self._searches(),
            self._comers(),
        ):
            Deferred.fromCoroutine(self._read(asks)).addErrback(fail)

    def stop(self) -> None:
        self._over = True

    async def _read(self, asks: Iterator[Awaitable[object]]) -> None:
        while not self._over:
            with suppress(Refusal):  # it took too long, which its asker is told
                await next(asks)
            self.looked += 1

    def _pages(self) -> Iterator[Awaitable[object]]:
        while True:
            query: Query | None = Query(ROOMS)
            for _ in range(50):
                if query is not None:
                    yield self._page(query)
                    query = self._rest
            yield self._archive.look(Query(ROOMS, text="nosuchword"))

    async def _page(self, query: Query) -> None:
        self._rest = rest(query, await self._archive.look(query))

    def _runs(self) -> Iterator[Awaitable[object]]:
        while True:
            self._after = (self._built.first + self._built.last) // 2
            for _ in range(500):
                yield self._run(Span(LOBBY, self._after, END))

    async def _run(self, span: Span) -> None:
        run = await self._archive.run(span)
        self._after = run.entries[-1].id if run.more else self._built.first

    def _searches(self) -> Iterator[Awaitable[object]]:
        chance = random.Random(1)
        while True:
            words = tuple(
                chance.choice(self._made.words[:1000]) for _ in range(chance.choice((1, 2)))
            )
            by = chance.choice(["", "", chance.choice(self._made.names)])
            yield self._archive.look(Query(ROOMS, words=words, by=by, around=True))

    def _comers(self) -> Iterator[Awaitable[object]]:
        while True:
            yield self._archive.place((LOBBY,), "back0", 20)


async def measure(path: Path, seconds: float, rate: float, reactor: Any) -> list[Held]:
    """The same ticking under each store, in turn."""
    memory = MemoryStore(time.time)
    found = [await phase("memory", memory, None, Load(seconds, rate, reactor))]
    for name, reads in (("sqlite", False), ("sqlite, read and pruned", True)):
        built = survey(path)
        keep = Keep(entries=built.entries // 2) if reads else Keep()
        store = SqliteStore(path, Impatient(reactor, seconds / 4), time.time, keep)
        store.open()
        readers = Readers(store, built) if reads else None
        found.append(await phase(name, store, readers, Load(seconds, rate, reactor)))
    return found


@dataclass(frozen=True, slots=True)
class Load:
    seconds: float
    rate: float
    reactor: Any


async def phase(name: str, store: Store, readers: Readers | None, load: Load) -> Held:
    timed = Timed(Hub(Chat(House()), store, load.reactor))
    store.start(timed)
    ticking = Ticking(load.reactor, store, load.rate)
    ticking.start()
    if readers is not None:
        readers.start()
    await deferLater(load.reactor, WARM_UP, lambda: None)
    ticking.forget()
    timed.delays = array("d")
    await deferLater(load.reactor, load.seconds, lambda: None)
    ticking.stop()
    if readers is not None:
        readers.stop()
        await deferLater(load.reactor, WARM_UP, lambda: None)  # what they asked last is answered
    await store.stop()
    return held(name, ticking, timed, readers.looked if readers else 0)


def held(name: str, ticking: Ticking, timed: Timed, looked: int) -> Held:
    gaps, delays = sorted(ticking.gaps), sorted(timed.delays)
    return Held(
        store=name,
        seconds=sum(gaps) or 1.0,
        p99=of(gaps, 0.99),
        p999=of(gaps, 0.999),
        worst=of(gaps, 1),
        alone=max(ticking.alone) * 1000,
        said=len(delays),
        delay=of(delays, 0.99),
        worst_delay=of(delays, 1),
        looked=looked,
    )


def of(times: Sequence[float], share: float) -> float:
    """The percentile, in ms, of sorted seconds."""
    return times[min(len(times) - 1, int(share * len(times)))] * 1000


def fail(failure: Any) -> None:
    failure.printTraceback(sys.stderr)


def main(arguments: Sequence[str]) -> int:
    path, seconds, rate = Path(arguments[0]), float(arguments[1]), float(arguments[2])
    epollreactor.install()
    from twisted.internet import reactor as installed

    reactor: Any = installed
    reactor.seconds = time.monotonic  # as the service does it, and what follows too
    gc.collect()
    gc.freeze()
    found: list[Held] = []

    def run() -> None:
        measured = Deferred.fromCoroutine(measure(path, seconds, rate, reactor))
        measured.addCallbacks(found.extend, fail).addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(run)
    reactor.run()
    print(json.dumps([asdict(one) for one in found]))
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
