"""The store that keeps everything in a file: what it does beyond the contract.

Places, searches and what is let go have files of their own.
"""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import pytest_twisted

from tests.stores.contract import KeepingContract
from tests.stores.house import House, Told
from tests.stores.on_disk import FullDisk, Houses, make, search, turn
from twisted_chat.core.events import LOBBY, Entry, Event, Joined, Left, Said
from twisted_chat.core.history import END, Query, Span
from twisted_chat.ports import Asker, Store, StoreFailed
from twisted_chat.stores.writing import CHUNK


class TestSqliteStore(KeepingContract):
    @pytest.fixture(autouse=True)
    def _on_disk(self, tmp_path: Path) -> None:
        self.path = tmp_path / "chat.db"
        self.disk = FullDisk()

    def make(self, now: Callable[[], float]) -> Store:
        return make(self.path, now)

    def spoil(self) -> None:
        self.disk.fill()

    def mend(self) -> None:
        self.disk.clear()


class Watching(Told):
    """Sees the file as another program does, at the moment of each delivery."""

    def __init__(self, houses: Houses) -> None:
        super().__init__()
        self._houses = houses
        self._other: sqlite3.Connection | None = None
        self.in_file: list[bool] = []
        self.versions: list[int] = []
        """A number for each delivery, which changes with every commit."""

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        if self._other is None:
            self._other = self._houses.other_program()
        [version] = self._other.execute("PRAGMA data_version").fetchone()
        rows = self._other.execute("SELECT text FROM entries WHERE id = ?", (entry.id,)).fetchall()
        self.versions.append(version)
        self.in_file.append(isinstance(entry.event, Said) and rows == [(entry.event.text,)])
        super().deliver(entry, asker)


# the file


@pytest_twisted.ensureDeferred
async def test_what_is_delivered_is_in_the_file_at_that_moment(houses: Houses) -> None:
    watching = Watching(houses)
    house = houses.open(told=watching)
    for number in range(20):
        house.say(str(number), log=("#lobby", "@ann")[number % 2])
        await turn()
    await house.settle()
    assert watching.in_file == [True] * 20


@pytest_twisted.ensureDeferred
async def test_what_was_delivered_is_there_after_kill_9(houses: Houses, house: House) -> None:
    house.say("1", "2")
    house.say("3", log="@bob")
    await house.settle()
    again = houses.killed()
    assert await again.look(Query((LOBBY, "@bob"))) == house.told.kept()[::-1]


@pytest_twisted.ensureDeferred
async def test_what_is_said_in_one_turn_is_one_commit(houses: Houses) -> None:
    watching = Watching(houses)
    house = houses.open(told=watching)
    house.say(*map(str, range(100)))
    await house.settle()
    assert len(set(watching.versions)) == 1


@pytest_twisted.ensureDeferred
async def test_what_is_said_while_one_batch_is_written_is_the_next(houses: Houses) -> None:
    watching = Watching(houses)
    house = houses.open(told=watching)
    disk = houses.other_program()
    disk.execute("BEGIN IMMEDIATE")  # the first batch waits
    for number in range(50):
        house.say(str(number))
        await turn()
    assert house.told.order == []
    disk.execute("ROLLBACK")
    await house.settle()
    assert house.told.texts(LOBBY) == [str(number) for number in range(50)]
    assert len(set(watching.versions)) == 2


@pytest_twisted.ensureDeferred
async def test_who_comes_and_goes_waits_for_what_was_said_before(
    houses: Houses, house: House
) -> None:
    disk = houses.other_program()
    disk.execute("BEGIN IMMEDIATE")
    house.say("hi")
    await turn()
    house.publish(Joined("bob"))
    await turn(0.05)
    assert house.told.order == []
    disk.execute("ROLLBACK")
    await house.settle()
    assert house.told.order == [Said("ann", "hi"), Joined("bob")]


@pytest_twisted.ensureDeferred
async def test_stop_waits_for_a_batch_that_is_under_way(houses: Houses, house: House) -> None:
    house.say("1")
    await turn()
    house.say("2")
    house.publish(Left("ann", ""))
    await house.stop()
    assert house.told.order == [Said("ann", "1"), Said("ann", "2"), Left("ann", "")]


# ids


@pytest.mark.parametrize("later", [1.0, 0.0, -86400.0])
@pytest_twisted.ensureDeferred
async def test_ids_go_on_in_a_file_that_is_opened_again(houses: Houses, later: float) -> None:
    house = houses.open()
    house.say("1", "2")
    houses.clock.now += later
    again = await houses.reopen(house)
    again.say("3", "4")
    await again.settle()
    assert again.told.ids(LOBBY)[0] > house.told.ids(LOBBY)[-1]
    assert await again.found(Query((LOBBY,))) == ["1", "2", "3", "4"]


@pytest_twisted.ensureDeferred
async def test_ids_go_on_behind_those_of_what_is_not_kept_too(houses: Houses, house: House) -> None:
    """A client that reads on from the last id it has seen would miss what comes below it."""
    house.say("hi")
    await house.settle()
    houses.clock.now += 60
    house.publish(Left("ann", ""))
    houses.clock.now -= 50
    again = await houses.reopen(house)
    again.say("ho")
    await again.settle()
    assert again.told.ids(LOBBY)[0] > house.told.ids(LOBBY)[-1]


@pytest_twisted.ensureDeferred
async def test_logs_are_told_apart_in_a_file_that_is_opened_again(
    houses: Houses, house: House
) -> None:
    house.say("1", log="@ann")
    again = await houses.reopen(house)
    again.say("2", log="@bob")
    again.say("3", log="@ann")
    await again.settle()
    assert await again.found(Query(("@ann",))) == ["1", "3"]
    assert await again.found(Query(("@bob",))) == ["2"]


# failures


class Filling(Told):
    """The disk is full as soon as everything was delivered, and before it is indexed."""

    disk: FullDisk

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        super().deliver(entry, asker)
        if len(self.order) == CHUNK:
            self.disk.fill()


@pytest_twisted.ensureDeferred
async def test_an_index_that_cannot_be_written_does_not_hold_up_the_chat(houses: Houses) -> None:
    filling = Filling()
    filling.disk = houses.disk
    house = houses.open(told=filling)
    house.say(*["needle"] * CHUNK)
    await house.settle()
    house.publish(Joined("bob"))
    await house.settle()
    houses.disk.clear()
    house.say("and another needle")
    await house.settle()
    assert (await search(house, "needle"))[-2:] == ["needle", "and another needle"]


@pytest_twisted.ensureDeferred
async def test_a_search_goes_on_though_the_index_cannot_be_written(houses: Houses) -> None:
    house = houses.open()
    house.say("old needle")
    await house.settle()
    assert await search(house, "needle") == ["old needle"]
    house.say("new needle")
    await house.settle()
    houses.disk.fill()
    assert await search(house, "needle") == ["old needle"]
    houses.disk.clear()
    assert await search(house, "needle") == ["old needle", "new needle"]


@pytest_twisted.ensureDeferred
async def test_another_program_that_keeps_the_file_to_itself_costs_lines_and_no_more(
    houses: Houses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.stores.database.PATIENCE", 0.05)
    house = houses.open()
    other = houses.other_program()
    other.execute("BEGIN IMMEDIATE")
    house.say("lost")
    await house.settle()
    other.execute("ROLLBACK")
    house.say("kept")
    await house.settle()
    assert await house.found(Query((LOBBY,))) == ["kept"]


async def damaged(houses: Houses) -> House:
    """The store has a file whose pages somebody overwrote, all but the first."""
    house = houses.open()
    house.say(*["x" * 500] * 100)
    await house.settle()
    houses.other_program().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = houses.path.stat().st_size
    with houses.path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    return house


@pytest_twisted.ensureDeferred
async def test_a_file_that_is_damaged_meanwhile_cannot_be_read_and_says_so(houses: Houses) -> None:
    house = await damaged(houses)
    with pytest.raises(StoreFailed, match="damaged"):
        await house.archive.run(Span(LOBBY, 0, END))
    with pytest.raises(StoreFailed, match="damaged"):
        await house.archive.look(Query((LOBBY,)))
    with pytest.raises(StoreFailed, match="damaged"):
        await house.place("ann", 5)
    with pytest.raises(StoreFailed, match="damaged"):
        await search(house, "x")


@pytest_twisted.ensureDeferred
async def test_a_file_that_is_damaged_meanwhile_loses_nobody_who_comes_or_goes(
    houses: Houses,
) -> None:
    house = await damaged(houses)
    events: list[Event] = [Joined("bob"), Said("ann", "hi"), Left("bob", "")]
    for event in events:
        house.publish(event)
    await house.settle()
    assert house.told.order[-3:] == events
    await house.stop()


@pytest_twisted.ensureDeferred
async def test_a_file_that_was_removed_or_emptied_takes_no_line_and_gives_no_receipt(
    houses: Houses, house: House
) -> None:
    house.say("kept")
    await house.settle()
    path = houses.folder / "chat.db"
    path.rename(houses.folder / "elsewhere.db")
    house.say("refused")
    await house.settle()
    (houses.folder / "elsewhere.db").rename(path)
    house.say("kept again")
    await house.settle()
    assert house.told.texts(LOBBY) == ["kept", "kept again"]
    assert [event for _, event, _ in house.told.refusals] == [Said("ann", "refused")]


@pytest_twisted.ensureDeferred
async def test_what_is_published_after_the_end_is_refused(houses: Houses, house: House) -> None:
    await house.stop()
    house.say("too late")
    assert [event for _, event, _ in house.told.refusals] == [Said("ann", "too late")]


@pytest_twisted.ensureDeferred
async def test_who_comes_in_a_crowd_costs_no_commit_each(houses: Houses) -> None:
    house = houses.open()
    disk = houses.other_program()
    [before] = disk.execute("PRAGMA data_version").fetchone()
    for number in range(50):
        house.publish(Joined(f"u{number}"))
        await house.place(f"u{number}")
    [after] = disk.execute("PRAGMA data_version").fetchone()
    assert after == before


@pytest_twisted.ensureDeferred
async def test_an_end_does_not_wait_for_each_batch_to_fail(houses: Houses) -> None:
    house = houses.open()
    with houses.other_program() as disk:
        disk.execute("BEGIN IMMEDIATE")
        house.say(*map(str, range(3000)))
        await house.stop()
        disk.execute("ROLLBACK")
    assert len(house.told.refusals) == 3000
