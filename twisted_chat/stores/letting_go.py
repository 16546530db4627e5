"""What need not be kept any more is let go, little by little, while people talk."""

import sqlite3
from collections.abc import Callable

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from twisted_chat.core.history import END, Keep
from twisted_chat.ports import StoreFailed
from twisted_chat.stores import reading, writing
from twisted_chat.stores.connections import Connections
from twisted_chat.stores.indexing import Indexing
from twisted_chat.stores.timers import Timers
from twisted_chat.stores.troubles import Troubles

PRUNING = 60.0
"""Seconds between two looks for what is to be let go."""

BREATH = 0.02
"""Seconds between two steps: the writer is free for others most of the time."""

LETTING_GO = "letting go of what is old"


class LettingGo:
    """``keep``: for how long what is said is kept in the logs of which the file remembers nothing
    else; it may be changed at any time."""

    log = Logger()

    def __init__(
        self, connections: Connections, timers: Timers, troubles: Troubles, indexing: Indexing
    ) -> None:
        self._connections = connections
        self._timers = timers
        self._troubles = troubles
        self._indexing = indexing
        self.keep = Keep()

    def start(self, now: Callable[[], float]) -> None:
        """``now``: seconds since 1970, of the wall clock."""

        def look() -> None:
            going = Deferred.fromCoroutine(self._all(self.keep, now()))
            going.addErrback(lambda failure: self.log.failure("a bug in letting go", failure))
            going.addCallback(lambda _: self._timers.later("prune", PRUNING, look))

        self._timers.later("prune", PRUNING, look)

    async def _all(self, keep: Keep, now: float) -> None:
        try:
            await self._indexing.caught_up()  # what is not in the index yet is not let go
            own: dict[str, Keep] = await self._connections.look(reading.keeps)
            longest = max(one.seconds for one in (keep, *own.values()))
            await self._connections.write(writing.forget_readers, longest, now)
            for log, until in await self._connections.look(reading.outlived, keep, now):
                await self._prune(log, until)
            for log in await self._connections.look(reading.buried):
                await self._prune(log, END)
                await self._connections.write(writing.bury, log)
            self._troubles.end(LETTING_GO)
        except (sqlite3.Error, StoreFailed) as error:
            self._troubles.begin(LETTING_GO, error)

    async def _prune(self, log: int, until: int) -> None:
        while not self._timers.stopped and await self._connections.write(writing.prune, log, until):
            await self._breath()

    async def _breath(self) -> None:
        taken: Deferred[None] = Deferred()
        self._timers.later("breath", BREATH, lambda: taken.callback(None))
        await taken
