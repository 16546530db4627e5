"""A bug of ours, or no memory for one request: what it costs, wherever it is met.

Each house here has one bug. It is met by whoever says the word that breaks it.
"""

from dataclasses import dataclass

import pytest

from tests.conftest import Leftovers
from tests.doors.house import (
    LONGEST,
    House,
    KeepingStore,
    Person,
    Shelf,
    SpoiledStore,
    Wire,
)
from tests.doors.houses import Houses, forget
from tests.times import TIMES
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat, Device, Moment
from twisted_chat.core.events import Entry, Event
from twisted_chat.core.history import Page, Query
from twisted_chat.core.limits import Allowance
from twisted_chat.core.outcomes import Answer, Outcome
from twisted_chat.core.requests import Request
from twisted_chat.ports import Asker, Delivery
from twisted_chat.speech.asked import Asked
from twisted_chat.speech.lines_json import JsonDialect
from twisted_chat.speech.text import TextDialect
from twisted_chat.wording import UNWORDED

WORD = "abracadabra"

SORRY = "-- Something went wrong in the chat itself. Please connect again."


@dataclass(frozen=True, slots=True)
class Bug:
    """``place``: where the word is not borne, and by which error."""

    place: str
    error: type[Exception]

    def met(self, place: str, thing: object) -> None:
        if place == self.place and WORD in repr(thing):
            raise self.error("a bug")


class BrokenText(TextDialect):
    def __init__(self, bug: Bug) -> None:
        super().__init__(TIMES)
        self._bug = bug

    def read(self, line: bytes, naming: bool) -> Asked | None:
        self._bug.met("reading", line)
        return super().read(line, naming)

    def line(self, entry: Entry) -> bytes:
        self._bug.met("telling", entry)
        return super().line(entry)

    def own(self, entry: Entry, tag: object) -> bytes:
        self._bug.met("confirming", entry)
        return super().own(entry, tag)

    def answer(self, answer: Answer, tag: object) -> bytes:
        self._bug.met("answering", answer)
        return super().answer(answer, tag)


class BrokenJson(JsonDialect):
    def __init__(self, bug: Bug) -> None:
        super().__init__(LONGEST)
        self._bug = bug

    def read(self, line: bytes, naming: bool) -> Asked | None:
        self._bug.met("reading", line)
        return super().read(line, naming)

    def line(self, entry: Entry) -> bytes:
        self._bug.met("telling", entry)
        return super().line(entry)

    def own(self, entry: Entry, tag: object) -> bytes:
        self._bug.met("confirming", entry)
        return super().own(entry, tag)

    def answer(self, answer: Answer, tag: object) -> bytes:
        self._bug.met("answering", answer)
        return super().answer(answer, tag)


class BrokenLaw(Chat):
    def __init__(self, bug: Bug) -> None:
        super().__init__(chat.House(kept="forever", replay=2))
        self._bug = bug

    def perform(self, device: Device, request: Request, moment: Moment) -> list[Outcome]:
        self._bug.met("performing", request)
        return super().perform(device, request, moment)

    def leave(self, device: Device, why: str) -> list[Outcome]:
        self._bug.met("leaving", why)
        return super().leave(device, why)


class BrokenShelf(Shelf):
    def __init__(self, bug: Bug) -> None:
        super().__init__()
        self._bug = bug

    async def look(self, query: Query) -> Page:
        self._bug.met("looking", query)
        return await super().look(query)


class BrokenWire(Wire):
    """A transport that takes nothing."""

    def write(self, data: bytes) -> None:
        raise ZeroDivisionError("a bug")


def delivers_nowhere(delivery: Delivery, log: str, event: Event, asker: Asker | None) -> None:
    """A store that has mixed up its logs."""
    delivery.deliver(Entry(1, "", event), asker)


@pytest.fixture(params=[ZeroDivisionError, MemoryError], ids=["bug", "no-memory"])
def error(request: pytest.FixtureRequest) -> type[Exception]:
    kind: type[Exception] = request.param
    return kind


class BugsContract(Houses):
    """Subclass it and say how one speaks at the door."""

    def broken(self, place: str, error: type[Exception]) -> House:
        """A house with that bug."""
        house, bug = House(self.speech), Bug(place, error)
        house.text, house.chat = BrokenText(bug), BrokenLaw(bug)
        house.store = KeepingStore(TIMES.now, BrokenShelf(bug))
        house.open()
        house.factory.door.json = BrokenJson(bug)
        return house

    @pytest.mark.parametrize("place", ["reading", "performing", "answering"])
    def test_a_bug_costs_its_connection_a_sentence_and_nobody_else_anything(
        self, place: str, error: type[Exception], leftovers: Leftovers
    ) -> None:
        ann, bob, cy = self.broken(place, error).enter("ann", "bob", "cy")
        ann.says(f"/whois {WORD}")
        assert ann.reads() == [SORRY, "Goodbye!"]
        assert not ann.here
        cy.says("hello")
        assert bob.reads() == ["-- ann left (an error)", "cy: hello"]
        assert is_logged(leftovers, error) == 1

    def test_whoever_met_one_comes_back_by_the_same_name(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        house = self.broken("performing", error)
        [ann] = house.enter("ann")
        ann.says(f"/whois {WORD}")
        leftovers.flush()
        house.enter("ann")

    def test_a_line_that_cannot_be_worded_is_told_of_and_all_others_are_read(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        ann, bob, cy = self.broken("telling", error).enter("ann", "bob", "cy")
        ann.says("/say one", f"/say {WORD}", "/say two")
        for reader in (bob, cy):
            assert reader.reads() == ["ann: one", f"-- {UNWORDED.text}", "ann: two"]
            assert reader.here
        assert is_logged(leftovers, error) == 1

    def test_who_comes_later_reads_the_rest_of_what_was_said(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        house = self.broken("telling", error)
        [ann] = house.enter("ann")
        ann.says(f"/say {WORD}")
        house.enter("bob")
        ann.reads()
        ann.says("hello")
        assert ann.here
        leftovers.flush()

    def test_a_line_that_cannot_be_confirmed_reaches_all_others(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        ann, bob = self.broken("confirming", error).enter("ann", "bob")
        ann.says(f"/say {WORD}", "/say two")
        assert bob.reads() == [f"ann: {WORD}", "ann: two"]
        assert ann.here
        assert is_logged(leftovers, error) == 1

    def test_a_bug_in_an_errand_costs_its_asker_a_sentence(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        ann, bob = self.broken("looking", error).enter("ann", "bob")
        ann.says(f"/search {WORD}")
        [told] = ann.reads()
        assert "cannot be read" in told
        ann.says("hello")
        assert bob.reads() == ["ann: hello"]
        assert is_logged(leftovers, error) == 1

    def test_a_bug_in_what_follows_from_an_errand_does_too(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        ann, bob, cy = self.broken("answering", error).enter("ann", "bob", "cy")
        bob.says(WORD)
        forget(ann, cy)
        ann.says("/history")
        assert ann.reads() == [SORRY, "Goodbye!"]
        bob.says("hello")
        assert cy.reads() == ["-- ann left (an error)", "bob: hello"]
        assert is_logged(leftovers, error) == 1

    def test_a_bug_met_by_a_timer_does_too(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        house = self.broken("performing", error)
        house.factory.rules.allowance = Allowance(0.1, 1.0)
        ann, bob = house.enter("ann", "bob")
        ann.says("/names", "/names", f"/whois {WORD}")
        assert ann.here
        for _ in range(4):
            house.passes(20)
        assert ann.reads()[-2:] == [SORRY, "Goodbye!"]
        assert bob.reads() == ["-- ann left (an error)"]
        assert is_logged(leftovers, error) == 1

    def test_a_transport_that_takes_nothing_costs_nobody_else_a_line(
        self, leftovers: Leftovers
    ) -> None:
        house = self.broken("", ZeroDivisionError)
        ann, bob, cy = house.enter("ann", "bob", "cy")
        breaks(ann)
        bob.says("hello")
        house.turn()
        assert not ann.here
        assert cy.reads()[0] == "bob: hello"
        assert is_logged(leftovers, ZeroDivisionError) >= 1

    def test_a_bug_while_one_leaves_does_not_keep_the_connection(
        self, error: type[Exception], leftovers: Leftovers
    ) -> None:
        house = self.broken("leaving", error)
        ann, bob = house.enter("ann", "bob")
        [ann_there] = [one for one in house.hub.sessions.values() if one.door is ann.protocol]  # type: ignore[attr-defined]
        ann_there.dismiss("You must go.", WORD)
        house.turn()
        assert not ann.here
        assert len(house.factory.connections) == 1
        bob.says("hello")
        assert bob.here
        assert is_logged(leftovers, error) == 1

    def test_a_bug_in_what_follows_from_an_entry_leaves_nobody_waiting(
        self, leftovers: Leftovers
    ) -> None:
        house = House(self.speech)
        house.store = SpoiledStore(delivers_nowhere)
        ann, bob, cy = house.open().enter("ann", "bob", "cy")
        ann.says("hello")
        assert ann.reads() == [SORRY, "Goodbye!"]
        assert not ann.here
        cy.says("/me waves")
        assert bob.reads() == ["-- ann left (an error)", "* cy waves"]
        assert is_logged(leftovers, IndexError) == 1


def breaks(person: Person) -> None:
    """From now on nothing can be written to her."""
    person.wire.__class__ = BrokenWire


def is_logged(leftovers: Leftovers, error: type[Exception]) -> int:
    """How often; nothing else is."""
    logged = leftovers.flush()
    assert all(one["log_failure"].check(error) for one in logged)
    return len(logged)
