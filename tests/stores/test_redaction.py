"""What is taken away: from the log, from the index, from the file."""

import pytest
import pytest_twisted

from tests.stores.house import House
from tests.stores.on_disk import Houses, search
from twisted_chat.core.events import LOBBY, Entry, Event, Pasted, Redacted, Redaction, Said, Told
from twisted_chat.core.history import END, Query, Span
from twisted_chat.stores import copying, upkeep

SECRET = "correcthorsebatterystaple"


async def said(house: House, *texts: str) -> list[int]:
    """The ids of what was said."""
    house.say(*texts)
    await house.settle()
    return house.told.ids(LOBBY)


async def redact(house: House, number: int, log: str = LOBBY) -> None:
    house.publish(Redaction("eve", "ann", number), log)
    await house.settle()


async def events(house: House, log: str = LOBBY) -> list[Event]:
    return [entry.event for entry in await house.run(Span(log, 0, END))]


def sound(houses: Houses) -> bool:
    """The index has all that is in the file and nothing else. Raises if not."""
    other = houses.other_program()
    other.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    return other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


@pytest_twisted.ensureDeferred
async def test_what_is_redacted_has_no_text_and_says_who_took_it(house: House) -> None:
    before, number, after = await said(house, "before", SECRET, "after")
    await redact(house, number)
    first, taken, last, _ = await house.run(Span(LOBBY, 0, END))
    assert taken == Entry(number, LOBBY, Redacted("ann", "eve"))
    assert [first.id, last.id] == [before, after]
    assert (await events(house))[-1] == Redaction("eve", "ann", number)


@pytest.mark.parametrize("indexed", [True, False])
@pytest_twisted.ensureDeferred
async def test_what_is_redacted_is_not_found_any_more(
    houses: Houses, house: House, indexed: bool
) -> None:
    _, number = await said(house, "an innocent word", f"{SECRET} word")
    if indexed:
        assert await search(house, SECRET) == [f"{SECRET} word"]
    await redact(house, number)
    assert await search(house, SECRET) == []
    assert await search(house, "word") == ["an innocent word"]
    assert len(await search(house, "from:ann")) == 2
    assert sound(houses)


@pytest_twisted.ensureDeferred
async def test_what_is_said_and_redacted_in_one_turn_is_redacted(houses: Houses) -> None:
    house = houses.open()
    house.say(SECRET)
    number = int(house.clock.now * 1e6)
    house.publish(Redaction("eve", "ann", number))
    house.say("after")
    await house.settle()
    assert (await events(house))[0] == Redacted("ann", "eve")
    assert await search(house, SECRET) == []
    assert sound(houses)


@pytest_twisted.ensureDeferred
async def test_of_another_log_nothing_can_be_redacted(house: House) -> None:
    house.publish(Told("ann", "bob", SECRET), "@bob")
    await house.settle()
    [number] = house.told.ids("@bob")
    await redact(house, number)
    await redact(house, 7)
    assert await events(house, "@bob") == [Told("ann", "bob", SECRET)]
    assert await events(house) == [Redaction("eve", "ann", number), Redaction("eve", "ann", 7)]


@pytest_twisted.ensureDeferred
async def test_what_could_not_be_redacted_is_as_it_was(houses: Houses, house: House) -> None:
    [number] = await said(house, SECRET)
    houses.disk.fill()
    await redact(house, number)
    houses.disk.clear()
    assert house.told.refusals == [(LOBBY, Redaction("eve", "ann", number), None)]
    assert await search(house, SECRET) == [SECRET]


@pytest_twisted.ensureDeferred
async def test_a_paste_that_is_redacted_has_no_number_any_more(house: House) -> None:
    house.publish(Pasted("ann", f"a\r\n\t{SECRET}", 7))
    await house.settle()
    [number] = house.told.ids(LOBBY)
    assert (await house.archive.look(Query((LOBBY,), number=7))).entries
    await redact(house, number)
    assert not (await house.archive.look(Query((LOBBY,), number=7))).entries


@pytest_twisted.ensureDeferred
async def test_a_paste_is_found_by_its_number_whatever_its_author_knows_it_by(house: House) -> None:
    house.publish(Pasted("ann", "a\nb", 7, "k1"))
    house.publish(Pasted("ann", "c\nd", 71, "k2"))
    house.publish(Pasted("ann", "e\nf", 70))
    await house.settle()
    for number, text in ((7, "a\nb"), (71, "c\nd"), (70, "e\nf")):
        [found] = (await house.archive.look(Query((LOBBY,), number=number))).entries
        assert isinstance(found.event, Pasted)
        assert (found.event.number, found.event.text) == (number, text)


@pytest_twisted.ensureDeferred
async def test_who_said_what_is_redacted_still_knows_it_again(house: House) -> None:
    house.publish(Said("ann", SECRET, "k1"))
    await house.settle()
    [number] = house.told.ids(LOBBY)
    await redact(house, number)
    assert (await events(house))[0] == Redacted("ann", "eve", "k1")


@pytest_twisted.ensureDeferred
async def test_what_is_redacted_is_not_in_the_table_of_the_file_any_more(
    houses: Houses, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the index has its words, and when what was written last has come to its place."""
    monkeypatch.setattr("twisted_chat.stores.indexing.IDLE", 60.0)
    _, number, _ = await said(house, "before", " ".join([SECRET] * 50), "after")
    await redact(house, number)
    await house.stop()
    assert SECRET.encode() not in houses.path.read_bytes()


@pytest_twisted.ensureDeferred
async def test_a_vacuum_leaves_nothing_of_it_in_the_index_either(
    houses: Houses, house: House
) -> None:
    _, number, _ = await said(house, "before", SECRET, "after")
    await search(house, SECRET)
    await redact(house, number)
    await house.stop()
    assert SECRET.encode() in houses.path.read_bytes()
    with copying.opened(houses.path, "rw") as file:
        upkeep.vacuum(file, houses.folder)
    assert SECRET.encode() not in houses.path.read_bytes()
