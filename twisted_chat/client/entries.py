"""Entries that wait to be read by a program: who reads slowly slows the connection."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator

from twisted.internet.defer import Deferred

from twisted_chat.core.events import Entry

FULL = 256
"""Entries that wait before no more are read from the connection."""

SHELF = 1000
"""The last ones that are kept for who has not asked for any yet."""


class Entries(AsyncIterator[Entry]):
    """``hold`` and ``go_on``: read no more from the connection, and read on."""

    def __init__(self, hold: Callable[[], None], go_on: Callable[[], None]) -> None:
        self._hold = hold
        self._go_on = go_on
        self._queue: deque[Entry] = deque()
        self._asking: Deferred[None] | None = None
        self._begun = self._ended = self._held = False
        self._urgent = 0

    def begin(self) -> None:
        """Somebody reads from now on: nothing is left out any more."""
        self._begun = True

    def rest(self) -> None:
        """Nobody has asked by now: only the last ones are kept until somebody does."""
        if not self._begun:
            self._queue = deque(self._queue, SHELF)

    def add(self, entry: Entry) -> None:
        if self._ended:
            return
        self._queue.append(entry)
        self._wake()
        if self._begun and len(self._queue) >= FULL and not self._urgent and not self._held:
            self._held = True
            self._hold()

    def unread(self) -> Iterator[Entry]:
        """What nobody was given yet; nothing if nobody reads."""
        return iter(self._queue if self._begun else ())

    def wait(self, waits: bool) -> None:
        """Somebody waits for an answer, which comes behind all this: it is read on until then."""
        self._urgent += 1 if waits else -1
        if self._urgent:
            self._read_on()

    def end(self) -> None:
        """There will be no more."""
        self._ended = True
        self._wake()
        self._read_on()

    async def __anext__(self) -> Entry:
        while not self._queue:
            if self._ended:
                raise StopAsyncIteration
            asking = self._asking = Deferred()
            await asking
        entry = self._queue.popleft()
        if len(self._queue) < FULL // 2:
            self._read_on()
        return entry

    def _wake(self) -> None:
        asking, self._asking = self._asking, None
        if asking is not None:
            asking.callback(None)

    def _read_on(self) -> None:
        if self._held:
            self._held = False
            self._go_on()
