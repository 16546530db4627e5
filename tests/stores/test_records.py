"""What is remembered beside the logs: accounts, rooms and the like."""

import sqlite3

import pytest
import pytest_twisted

from tests.stores.house import House, Told
from tests.stores.on_disk import Houses, turn
from twisted_chat.core.events import Entry, Event, Joined, Moderated, Noted, Said
from twisted_chat.core.records import Account, Charter, Inbox, Ruling, Sanction, Setting
from twisted_chat.ports import Asker
from twisted_chat.stores.database import Unusable

ANN = Account("ann", "Ann", "scrypt$x", ("a", "b"), 7, ("#lobby",), ("bob",), ("#lab",))
LAB = Charter("#lab", "ann", ("bob",), "tea\t", True, False, 2.5, "30d", 9)
BAN = Sanction("3", "ban", "#lobby", "ip:127.0.0.1", 12.5, "ann", "spam")
ACT = Ruling("3", 1.5, "ann", "ban", "#lobby", "bob", 60.0, "spam")
MOTD = Setting("motd", "hello\nyou")
ALL = (ANN, LAB, Inbox("ann", 2**53 - 1), ACT, BAN, MOTD)


def rows(other: sqlite3.Connection) -> dict[str, str]:
    """What the file remembers, by key."""
    return dict(other.execute("SELECT key, value FROM records").fetchall())


class Watching(Told):
    """Sees what the file remembers, as another program does, at the moment of each delivery."""

    def __init__(self, houses: Houses) -> None:
        super().__init__()
        self._houses = houses
        self.seen: list[dict[str, str]] = []

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        self.seen.append(rows(self._houses.other_program()))
        super().deliver(entry, asker)


@pytest_twisted.ensureDeferred
async def test_what_was_remembered_is_there_when_the_file_is_opened_again(
    houses: Houses, house: House
) -> None:
    for record in reversed(ALL):
        house.store.remember(record)
    again = await houses.reopen(house)
    assert again.store.records() == ALL


@pytest_twisted.ensureDeferred
async def test_the_last_that_was_said_of_something_is_remembered(
    houses: Houses, house: House
) -> None:
    house.store.remember(Setting("motd", "old"))
    house.store.remember(Setting("motd", "new"))
    house.store.remember(Inbox("motd", 7))
    house.store.remember(Setting("gone", "x"))
    house.store.forget(Setting("gone", ""))
    again = await houses.reopen(house)
    assert again.store.records() == (Inbox("motd", 7), Setting("motd", "new"))


@pytest_twisted.ensureDeferred
async def test_what_is_forgotten_is_not_there_when_the_file_is_opened_again(
    houses: Houses, house: House
) -> None:
    house.store.remember(ANN)
    house.store.remember(LAB)
    again = await houses.reopen(house)
    again.store.forget(ANN)
    assert again.store.records() == (ANN, LAB)
    last = await houses.reopen(again)
    assert last.store.records() == (LAB,)


@pytest.mark.parametrize("event", [Said("ann", "hi"), Joined("ann")])
@pytest_twisted.ensureDeferred
async def test_what_is_told_after_something_is_remembered_is_told_when_that_is_kept(
    houses: Houses, event: Event
) -> None:
    watching = Watching(houses)
    house = houses.open(told=watching)
    house.store.remember(MOTD)
    house.publish(event)
    await house.settle()
    assert watching.seen == [{"motd": '{"value":"hello\\nyou"}'}]


@pytest_twisted.ensureDeferred
async def test_what_was_told_after_something_was_remembered_is_there_after_kill_9(
    houses: Houses, house: House
) -> None:
    house.store.remember(ANN)
    house.publish(Joined("ann"))
    await house.settle()
    assert houses.killed().store.records() == (ANN,)


@pytest_twisted.ensureDeferred
async def test_it_is_kept_though_nothing_is_said(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.stores.sqlite.NOTED", 0.01)
    house = houses.open()
    house.store.remember(ANN)
    await turn(0.2)
    assert rows(houses.other_program()).keys() == {"ann"}


@pytest_twisted.ensureDeferred
async def test_what_could_not_be_written_is_written_as_soon_as_it_can_be(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.stores.sqlite.NOTED", 0.01)
    house = houses.open()
    houses.disk.fill()
    house.store.remember(Setting("motd", "old"))
    house.store.remember(ANN)
    house.publish(Joined("ann"))
    await house.settle()
    house.store.remember(MOTD)
    assert house.told.order == [Joined("ann")]
    houses.disk.clear()
    await turn(0.3)
    assert houses.killed().store.records() == (ANN, MOTD)


@pytest_twisted.ensureDeferred
async def test_what_could_not_be_written_goes_with_what_is_said_next(
    houses: Houses, house: House
) -> None:
    houses.disk.fill()
    house.store.remember(ANN)
    house.say("lost")
    await house.settle()
    houses.disk.clear()
    house.say("kept")
    await house.settle()
    assert houses.killed().store.records() == (ANN,)


class Remembering(Told):
    """Remembers what it is told, as it is told."""

    house: House

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        super().deliver(entry, asker)
        self.house.store.remember(Inbox("ann", entry.id))


@pytest_twisted.ensureDeferred
async def test_what_is_remembered_while_the_last_is_told_is_kept_too(houses: Houses) -> None:
    told = Remembering()
    told.house = house = houses.open(told=told)
    house.say("hi")
    await house.stop()
    assert houses.open().store.records() == (Inbox("ann", told.ids("#lobby")[-1]),)


@pytest_twisted.ensureDeferred
async def test_stop_returns_though_nothing_can_be_remembered(houses: Houses, house: House) -> None:
    houses.disk.fill()
    house.store.remember(ANN)
    await house.stop()
    houses.disk.clear()
    assert houses.open().store.records() == ()


@pytest_twisted.ensureDeferred
async def test_a_file_with_a_record_that_is_none_is_refused_in_a_sentence(
    houses: Houses, house: House
) -> None:
    house.store.remember(ANN)
    await house.stop()
    with houses.other_program() as other:
        other.execute("UPDATE records SET value = '{}'")
    with pytest.raises(Unusable, match='record account ann cannot be read: "name" is'):
        houses.open()


@pytest.mark.parametrize("event", [Noted(), Moderated(3, "ann", "ban", "bob", None, "spam")])
@pytest_twisted.ensureDeferred
async def test_what_tells_of_a_record_that_could_not_be_written_is_refused(
    houses: Houses, house: House, event: Event
) -> None:
    houses.disk.fill()
    house.store.remember(ANN)
    house.publish(event)
    house.publish(Joined("ann"))
    await house.settle()
    assert [refused for _, refused, _ in house.told.refusals] == [event]
    assert [entry.event for entry in house.told.entries] == [Joined("ann")]


@pytest.mark.parametrize("event", [Noted(), Moderated(3, "ann", "ban", "bob", None, "spam")])
@pytest_twisted.ensureDeferred
async def test_what_tells_of_a_record_is_told_again_when_there_is_room(
    houses: Houses, house: House, event: Event
) -> None:
    houses.disk.fill()
    house.store.remember(ANN)
    house.publish(event)
    await house.settle()
    houses.disk.clear()
    house.publish(event)
    await house.settle()
    assert [entry.event for entry in house.told.entries] == [event]
    assert houses.killed().store.records() == (ANN,)
