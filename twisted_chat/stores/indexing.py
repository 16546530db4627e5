"""The index of words follows what is said, in steps, between the batches that are written."""

import sqlite3

from twisted.internet.defer import Deferred
from twisted.logger import Logger

from twisted_chat.stores import writing
from twisted_chat.stores.connections import Connections
from twisted_chat.stores.timers import Timers
from twisted_chat.stores.troubles import Troubles
from twisted_chat.stores.writing import CHUNK

IDLE = 1.0
"""Seconds after which what was said last is taken in, if there is not enough of it for a step."""

AGAIN = 60.0
"""Seconds until the next try, when it could not be written."""

WAITED_FOR = 16
"""Steps for which a search waits: some 4,000 entries. There are more only after an import."""

THE_INDEX = "the index for /search"


class Indexing:
    """``behind``: entries that are not in the index yet."""

    log = Logger()

    def __init__(self, connections: Connections, timers: Timers, troubles: Troubles) -> None:
        self.behind = 0
        self._connections = connections
        self._timers = timers
        self._troubles = troubles
        self._grown = 0
        self._steps = 0
        self._running = False
        self._waiting: list[tuple[int, int, Deferred[None]]] = []

    def grown(self, count: int) -> None:
        """So many entries more were written."""
        self._grown += count
        self.behind += count
        if self.behind >= CHUNK and not self._troubles.has(THE_INDEX):
            self._start()
        elif self.behind:
            self._timers.later("index", IDLE, self._start)

    async def caught_up(self) -> bool:
        """True when all can be found that was written by now; False if that takes too long, or
        cannot be done just now."""
        wanted = self._grown
        if self.behind and not self._timers.stopped:
            done: Deferred[None] = Deferred()
            self._waiting.append((wanted, self._steps + WAITED_FOR, done))
            self._start()
            await done
        return self._grown - self.behind >= wanted

    def _start(self) -> None:
        if not self._running and not self._timers.stopped:
            self._running = True
            Deferred.fromCoroutine(self._run()).addErrback(
                lambda failure: self.log.failure("a bug in the index", failure)
            )

    async def _run(self) -> None:
        try:
            while self.behind and not self._timers.stopped:
                done = await self._connections.write(writing.index)
                self.behind = max(0, self.behind - done) if done else 0
                self._steps += 1
                self._wake(self._steps)
                if self.behind < CHUNK and not self._waiting and self.behind:
                    self._timers.later("index", IDLE, self._start)
                    break
            self._troubles.end(THE_INDEX)
        except sqlite3.Error as error:
            self._troubles.begin(THE_INDEX, error)
            self._timers.later("index", AGAIN, self._start)
        finally:
            self._running = False
            self._wake(None)

    def _wake(self, steps: int | None) -> None:
        """Those who have waited for long enough, or all."""
        waiting, self._waiting = self._waiting, []
        for wanted, until, done in waiting:
            if steps is None or steps >= until or self._grown - self.behind >= wanted:
                done.callback(None)
            else:
                self._waiting.append((wanted, until, done))
