"""The store that keeps nothing."""

from collections.abc import Callable

from tests.stores.contract import StoreContract
from tests.stores.house import House
from twisted_chat.core.events import LOBBY, Said
from twisted_chat.ports import Store
from twisted_chat.stores.memory import MemoryStore


class TestMemoryStore(StoreContract):
    def make(self, now: Callable[[], float]) -> Store:
        return MemoryStore(now)


def test_what_is_published_is_delivered_before_publish_returns() -> None:
    house = House(MemoryStore)
    house.say("hi")
    assert house.told.texts(LOBBY) == ["hi"]


def test_an_event_passes_through_as_the_object_that_it_is() -> None:
    house, event = House(MemoryStore), Said("ann", "hi")
    house.publish(event)
    assert house.told.entries[0].event is event


def test_it_has_no_archive() -> None:
    assert House(MemoryStore).store.archive is None
