"""What every store promises, whatever it keeps things in.

A store joins by one line in its own test file: a subclass that says how one is made.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from twisted.internet.defer import Deferred

from twisted_chat.core.events import LOBBY, Entry, Event, Joined, Said
from twisted_chat.ports import Asker, Delivery, Session, Store

Make: TypeAlias = Callable[[Callable[[], float]], Store]
"""A store that reads this wall clock, in seconds since 1970."""

NOW = 1_700_000_000.0


@dataclass
class Told:
    """A delivery that remembers what it was told, in order."""

    delivered: list[tuple[Entry, Asker | None]] = field(default_factory=list)
    refusals: list[tuple[str, Event, Asker | None]] = field(default_factory=list)

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        self.delivered.append((entry, asker))

    def refused(self, log: str, event: Event, asker: Asker | None) -> None:
        self.refusals.append((log, event, asker))

    def ids(self, log: str) -> list[int]:
        return [entry.id for entry, _ in self.delivered if entry.log == log]

    def texts(self, log: str) -> list[str]:
        events = [entry.event for entry, _ in self.delivered if entry.log == log]
        return [event.text for event in events if isinstance(event, Said)]


_: type[Delivery] = Told


@dataclass
class WallClock:
    """Seconds since 1970 that a test can set, back too."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def asker() -> Asker:
    """Somebody who asked. A store hands her back and looks no further, so anything will do."""
    nobody: Session = object()  # type: ignore[assignment]
    return nobody, "t1"


async def stopped(store: Store) -> None:
    """Everything that was published has been told."""
    await store.stop()


def settled(store: Store) -> Deferred[None]:
    return Deferred.fromCoroutine(stopped(store))


class StoreContract:
    """Each test gives pytest the Deferred of ``stop``: a store may tell later than at once."""

    def make(self, now: Callable[[], float]) -> Store:
        """A new store, with nothing in it."""
        raise NotImplementedError

    @pytest.fixture
    def clock(self) -> WallClock:
        return WallClock()

    @pytest.fixture
    def told(self) -> Told:
        return Told()

    @pytest.fixture
    def store(self, clock: WallClock, told: Told) -> Store:
        store = self.make(clock)
        store.start(told)
        return store

    def test_what_is_published_is_delivered_with_its_time(self, store: Store, told: Told) -> object:
        store.publish(LOBBY, Said("ann", "hi"), None)

        def check(_: None) -> None:
            assert told.delivered == [(Entry(int(NOW * 1e6), LOBBY, Said("ann", "hi")), None)]

        return settled(store).addCallback(check)

    def test_every_publish_is_told_exactly_once(self, store: Store, told: Told) -> object:
        events = [Said("ann", str(number)) for number in range(500)]
        for event in events:
            store.publish(LOBBY, event, None)

        def check(_: None) -> None:
            heard = [entry.event for entry, _ in told.delivered]
            heard += [event for _, event, _ in told.refusals]
            assert sorted(map(repr, heard)) == sorted(map(repr, events))

        return settled(store).addCallback(check)

    def test_a_log_is_delivered_in_the_order_in_which_it_was_published(
        self, store: Store, told: Told
    ) -> object:
        for number in range(100):
            for log in (LOBBY, "#lab", "@ann"):
                store.publish(log, Said("ann", str(number)), None)

        def check(_: None) -> None:
            for log in (LOBBY, "#lab", "@ann"):
                assert told.texts(log) == [str(number) for number in range(100)]

        return settled(store).addCallback(check)

    def test_ids_grow_in_every_log_though_the_clock_stands_still(
        self, store: Store, told: Told
    ) -> object:
        for number in range(50):
            store.publish(("#a", "#b")[number % 2], Joined("ann"), None)

        def check(_: None) -> None:
            for log in ("#a", "#b"):
                ids = told.ids(log)
                assert len(ids) == 25
                assert ids == sorted(set(ids))

        return settled(store).addCallback(check)

    def test_ids_grow_though_the_clock_steps_back(
        self, store: Store, told: Told, clock: WallClock
    ) -> object:
        for now in (NOW, NOW - 3600.0, NOW - 7200.0, NOW + 1.0):
            clock.now = now
            store.publish(LOBBY, Joined("ann"), None)

        def check(_: None) -> None:
            first = int(NOW * 1e6)
            assert told.ids(LOBBY) == [first, first + 1, first + 2, int((NOW + 1.0) * 1e6)]

        return settled(store).addCallback(check)

    def test_ids_are_exact_for_a_reader_of_json_for_two_hundred_years(
        self, store: Store, told: Told, clock: WallClock
    ) -> object:
        clock.now += 200 * 365.25 * 86400
        store.publish(LOBBY, Joined("ann"), None)

        def check(_: None) -> None:
            [number] = told.ids(LOBBY)
            assert number < 2**53
            assert int(float(number)) == number

        return settled(store).addCallback(check)

    def test_who_asked_is_handed_back_untouched(self, store: Store, told: Told) -> object:
        one, other = asker(), asker()
        store.publish(LOBBY, Said("ann", "hi"), one)
        store.publish(LOBBY, Said("bob", "hi"), other)
        store.publish(LOBBY, Joined("cy"), None)

        def check(_: None) -> None:
            first, second, third = (back for _, back in told.delivered)
            assert first is one
            assert second is other
            assert third is None

        return settled(store).addCallback(check)

    def test_what_is_published_while_it_delivers_is_told_too_and_later(
        self, clock: WallClock
    ) -> object:
        store = self.make(clock)

        class Chatty(Told):
            def deliver(self, entry: Entry, asker: Asker | None) -> None:
                super().deliver(entry, asker)
                if entry.event == Said("ann", "ping"):
                    store.publish(LOBBY, Said("bob", "pong"), None)

        chatty = Chatty()
        store.start(chatty)
        store.publish(LOBBY, Said("ann", "ping"), None)

        def check(_: None) -> None:
            assert chatty.texts(LOBBY) == ["ping", "pong"]
            assert chatty.ids(LOBBY) == sorted(set(chatty.ids(LOBBY)))

        return settled(store).addCallback(check)
