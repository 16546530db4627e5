"""The store that keeps nothing: it gives every entry its number and delivers it at once."""

from collections.abc import Callable

from twisted_chat.core.events import Entry, Event
from twisted_chat.core.records import Record
from twisted_chat.ports import Archive, Asker, Delivery, Store


class MemoryStore:
    """``now``: seconds since 1970, of the wall clock; ids tell the time that people know."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.archive: Archive | None = None
        self._now = now
        self._last = 0  # one for all logs: a number a log would grow with every name ever used
        self._deliver: Callable[[Entry, Asker | None], None]

    @property
    def latest(self) -> int:
        return self._last

    def start(self, delivery: Delivery) -> None:
        self._deliver = delivery.deliver

    def publish(self, log: str, event: Event, asker: Asker | None) -> None:
        number = int(self._now() * 1_000_000)
        if number <= self._last:
            number = self._last + 1
        self._last = number
        self._deliver(Entry(number, log, event), asker)

    def records(self) -> tuple[Record, ...]:
        return ()

    def remember(self, record: Record) -> None:
        """Whoever asked knows it, and nobody is told later."""

    def forget(self, record: Record) -> None:
        """There is nothing to be forgotten."""

    async def stop(self) -> None:
        """Nothing waits here."""


_: type[Store] = MemoryStore
