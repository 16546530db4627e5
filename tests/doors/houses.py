"""The houses in which what every door owes is tried, in each dialect."""

from typing import ClassVar

import pytest

from tests.doors.house import House, KeepingStore, Person, Shelf, SlowStore, Speech
from tests.times import TIMES
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat


class Houses:
    """Subclass it and say how one speaks at the door."""

    speech: ClassVar[Speech]

    @pytest.fixture
    def house(self) -> House:
        return House(self.speech).open()

    @pytest.fixture
    def slow_house(self) -> House:
        house = House(self.speech)
        house.store = SlowStore()
        return house.open()

    @pytest.fixture
    def kept_house(self) -> House:
        """Where what is said is kept, and who comes reads the last two lines of it."""
        house = House(self.speech)
        house.chat = Chat(chat.House(kept="forever", replay=2))
        house.store = KeepingStore(TIMES.now)
        return house.open()

    @staticmethod
    def shelf(house: House) -> Shelf:
        assert isinstance(house.store, KeepingStore)
        return house.store.shelf

    @staticmethod
    def slow(house: House) -> SlowStore:
        assert isinstance(house.store, SlowStore)
        return house.store


def forget(*people: Person) -> None:
    """What came so far is read."""
    for person in people:
        person.reads()
