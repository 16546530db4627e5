"""The store that keeps nothing."""

from collections.abc import Callable

from tests.stores.contract import NOW, StoreContract, Told
from twisted_chat.core.events import LOBBY, Said
from twisted_chat.ports import Store
from twisted_chat.stores.memory import MemoryStore


class TestMemoryStore(StoreContract):
    def make(self, now: Callable[[], float]) -> Store:
        return MemoryStore(now)


def test_what_is_published_is_delivered_before_publish_returns() -> None:
    told, store = Told(), MemoryStore(lambda: NOW)
    store.start(told)
    store.publish(LOBBY, Said("ann", "hi"), None)
    assert told.texts(LOBBY) == ["hi"]


def test_an_event_passes_through_as_the_object_that_it_is() -> None:
    told, store, event = Told(), MemoryStore(lambda: NOW), Said("ann", "hi")
    store.start(told)
    store.publish(LOBBY, event, None)
    assert told.delivered[0][0].event is event
