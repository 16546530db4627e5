"""What every store promises, whatever it keeps things in.

A store joins in its own test file: by a subclass of StoreContract that says how one is made, or of
KeepingContract if it keeps what is said, which also says how one is made to fail.
"""

from collections.abc import Callable, Generator
from random import Random

import pytest
import pytest_twisted
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from tests.stores.house import NOW, House, Told, asker, texts
from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    OPERATORS,
    Acted,
    Announced,
    Closing,
    Connected,
    Delivered,
    Disconnected,
    Entry,
    Event,
    Invited,
    Joined,
    Left,
    Pasted,
    Redacted,
    Renamed,
    Said,
    Sent,
    TopicSet,
    TurnedAway,
)
from twisted_chat.core.events import Told as Whispered
from twisted_chat.core.history import END, Query, Span
from twisted_chat.core.records import Setting
from twisted_chat.ports import Asker, Store

LOGS = (LOBBY, EVERYONE, OPERATORS, "@ann", "@bob", "#café")
TEXTS = (
    "hi",
    "Straße",
    "日本語",
    'it\'s "so"',
    "ÉTÉ été",
    "👩\u200d💻 1",
    " ",
    "",
    "x" * 900,
    "%_'",
)
NAMES = ("ann", "Bob", "élise", "日本", "a.b-c_d")
SEEDS = range(6)


def anything(chance: Random) -> Event:
    """An event of any kind."""
    name, other, text = chance.choice(NAMES), chance.choice(NAMES), chance.choice(TEXTS)
    number = chance.randrange(1000)
    return chance.choice(
        (
            *(Said(name, text), Acted(name, text), Whispered(name, other, text), Announced(text)),
            *(Joined(name), Left(name, text), Renamed(name, other), Closing(None, text)),
            *(Connected(number, text), Disconnected(number, text, text), TurnedAway(text, text)),
            *(Sent(name, other, text, chance.random() < 0.5), Delivered(name, number, number)),
            *(Pasted(name, f"{text}\r\n\t{text}", number), Redacted(name, other)),
            *(TopicSet(name, text), Invited(name, other, text)),
        )
    )


class StoreContract:
    def make(self, now: Callable[[], float]) -> Store:
        """A new store with nothing in it, ready to be started."""
        raise NotImplementedError

    def mend(self) -> None:
        """See KeepingContract."""

    @pytest.fixture
    def house(self) -> Generator[House, None, None]:
        house = House(self.make)
        yield house
        self.mend()
        stopped = Deferred.fromCoroutine(house.stop())
        pytest_twisted.blockon(stopped.addTimeout(20, reactor))

    @pytest_twisted.ensureDeferred
    async def test_what_is_published_is_delivered_with_its_time(self, house: House) -> None:
        house.say("hi")
        await house.stop()
        assert house.told.delivered == [(Entry(int(NOW * 1e6), LOBBY, Said("ann", "hi")), None)]

    @pytest_twisted.ensureDeferred
    async def test_an_event_of_every_kind_is_delivered_as_it_was(self, house: House) -> None:
        chance = Random(1)
        events = [anything(chance) for _ in range(200)]
        for event in events:
            house.publish(event)
        await house.stop()
        assert [entry.event for entry in house.told.entries] == events

    @pytest_twisted.ensureDeferred
    async def test_every_publish_is_told_exactly_once(self, house: House) -> None:
        wanted = [str(number) for number in range(500)]
        house.say(*wanted)
        await house.stop()
        assert house.told.texts(LOBBY) == wanted
        assert len(house.told.order) == 500

    @pytest_twisted.ensureDeferred
    async def test_the_logs_are_delivered_in_the_order_in_which_they_were_published(
        self, house: House
    ) -> None:
        chance = Random(2)
        wanted = [(chance.choice(LOGS), anything(chance)) for _ in range(300)]
        for log, event in wanted:
            house.publish(event, log)
        await house.stop()
        assert [(entry.log, entry.event) for entry in house.told.entries] == wanted

    @pytest_twisted.ensureDeferred
    async def test_ids_grow_in_every_log_though_the_clock_stands_still(self, house: House) -> None:
        for number in range(50):
            house.publish(Joined("ann"), ("#a", "#b")[number % 2])
        await house.stop()
        for log in ("#a", "#b"):
            ids = house.told.ids(log)
            assert len(ids) == 25
            assert ids == sorted(set(ids))

    @pytest_twisted.ensureDeferred
    async def test_no_id_is_given_twice_in_any_log(self, house: House) -> None:
        chance = Random(3)
        for _ in range(300):
            house.clock.now += chance.choice((0.0, 1e-6, -1.0, 2.0))
            house.publish(anything(chance), chance.choice(LOGS))
        await house.stop()
        assert len({entry.id for entry in house.told.entries}) == 300

    @pytest_twisted.ensureDeferred
    async def test_ids_grow_though_the_clock_steps_back(self, house: House) -> None:
        for now in (NOW, NOW - 3600.0, NOW - 7200.0, NOW + 1.0):
            house.clock.now = now
            house.publish(Joined("ann"))
        await house.stop()
        first = int(NOW * 1e6)
        assert house.told.ids(LOBBY) == [first, first + 1, first + 2, int((NOW + 1.0) * 1e6)]

    @pytest_twisted.ensureDeferred
    async def test_ids_are_exact_for_a_reader_of_json_for_two_hundred_years(
        self, house: House
    ) -> None:
        house.clock.now += 200 * 365.25 * 86400
        house.say("hi")
        await house.stop()
        [number] = house.told.ids(LOBBY)
        assert number < END
        assert int(float(number)) == number

    @pytest_twisted.ensureDeferred
    async def test_who_asked_is_handed_back_untouched(self, house: House) -> None:
        one, other = asker(), asker()
        house.publish(Said("ann", "hi"), asker=one)
        house.publish(Joined("bob"), asker=other)
        house.publish(Joined("cy"))
        await house.stop()
        first, second, third = (back for _, back in house.told.delivered)
        assert first is one
        assert second is other
        assert third is None

    @pytest_twisted.ensureDeferred
    async def test_what_is_published_while_it_delivers_is_told_too_and_later(self) -> None:
        house = House(self.make, told=Answering())
        house.told.answer = house.say  # type: ignore[attr-defined]
        house.say("ping")
        await house.stop()
        assert house.told.texts(LOBBY) == ["ping", "pong"]
        assert house.told.ids(LOBBY) == sorted(set(house.told.ids(LOBBY)))

    @pytest_twisted.ensureDeferred
    async def test_three_thousand_at_once_are_told_before_stop_returns(self, house: House) -> None:
        wanted = [str(number) for number in range(3000)]
        house.say(*wanted)
        await house.stop()
        assert house.told.texts(LOBBY) == wanted

    @pytest_twisted.ensureDeferred
    async def test_a_new_store_remembers_nothing(self, house: House) -> None:
        assert house.store.records() == ()
        await house.stop()

    @pytest_twisted.ensureDeferred
    async def test_what_is_published_beside_what_is_remembered_is_told(self, house: House) -> None:
        events: list[Event] = [Joined("ann"), Said("ann", "hi"), Left("ann", "")]
        for number, event in enumerate(events):
            house.store.remember(Setting("motd", str(number)))
            house.publish(event)
            house.store.forget(Setting("motd", ""))
        await house.stop()
        assert house.told.order == events

    @pytest_twisted.ensureDeferred
    async def test_stop_returns_when_nothing_was_ever_published(self, house: House) -> None:
        await house.stop()
        assert house.told.order == []


class Answering(Told):
    """Says "pong" when it hears "ping", before it is told anything else."""

    answer: Callable[[str], None]

    def deliver(self, entry: Entry, asker: Asker | None) -> None:
        super().deliver(entry, asker)
        if entry.event == Said("ann", "ping"):
            self.answer("pong")


class KeepingContract(StoreContract):
    """Of a store that has an archive, and can fail."""

    def spoil(self) -> None:
        """From now on nothing can be kept."""
        raise NotImplementedError

    def mend(self) -> None:
        """It can be kept again; if it could all the time, nothing happens."""
        raise NotImplementedError

    # a store that fails

    @pytest_twisted.ensureDeferred
    async def test_a_store_that_fails_refuses_what_is_to_be_kept(self, house: House) -> None:
        kept: list[Event] = [
            Said("ann", "1"),
            Acted("ann", "2"),
            Whispered("ann", "bob", "3"),
            Announced("4"),
        ]
        who = asker()
        self.spoil()
        for event in kept:
            house.publish(event, asker=who)
        await house.settle()
        assert house.told.refusals == [(LOBBY, event, who) for event in kept]
        assert house.told.delivered == []

    @pytest_twisted.ensureDeferred
    async def test_who_asked_for_what_is_refused_is_handed_back_untouched(
        self, house: House
    ) -> None:
        who = asker()
        self.spoil()
        house.publish(Said("ann", "hi"), asker=who)
        await house.settle()
        [(_, _, back)] = house.told.refusals
        assert back is who

    @pytest_twisted.ensureDeferred
    async def test_a_store_that_fails_still_delivers_what_is_not_to_be_kept(
        self, house: House
    ) -> None:
        events: list[Event] = [
            Joined("bob"),
            Left("bob", ""),
            Renamed("ann", "eve"),
            Closing(0.0, "bye"),
        ]
        self.spoil()
        house.say("lost")
        for event in events:
            house.publish(event)
        await house.settle()
        assert [entry.event for entry in house.told.entries] == events

    @pytest_twisted.ensureDeferred
    async def test_what_is_told_keeps_the_order_of_publish_though_some_of_it_is_refused(
        self, house: House
    ) -> None:
        chance = Random(4)
        events = [anything(chance) for _ in range(200)]
        self.spoil()
        for event in events:
            house.publish(event, chance.choice(LOGS))
        await house.settle()
        assert house.told.order == events
        assert all(event.kept for _, event, _ in house.told.refusals)

    @pytest_twisted.ensureDeferred
    async def test_what_was_kept_before_can_be_read_while_the_store_fails(
        self, house: House
    ) -> None:
        house.say("kept")
        await house.settle()
        self.spoil()
        house.say("lost")
        await house.settle()
        assert await house.found(Query((LOBBY,))) == ["kept"]

    @pytest_twisted.ensureDeferred
    async def test_a_store_that_failed_heals_by_itself(self, house: House) -> None:
        self.spoil()
        house.say("lost")
        await house.settle()
        self.mend()
        house.say("kept")
        await house.settle()
        assert house.told.texts(LOBBY) == ["kept"]
        assert await house.found(Query((LOBBY,))) == ["kept"]

    @pytest_twisted.ensureDeferred
    async def test_ids_go_on_growing_over_a_failure_and_a_clock_that_steps_back(
        self, house: House
    ) -> None:
        house.say("before")
        await house.settle()
        self.spoil()
        house.clock.now -= 3600.0
        house.say("lost")
        house.publish(Joined("bob"))
        await house.settle()
        self.mend()
        house.clock.now -= 3600.0
        house.say("after")
        await house.settle()
        ids = house.told.ids(LOBBY)
        assert len(ids) == 3
        assert ids == sorted(set(ids))

    @pytest_twisted.ensureDeferred
    async def test_a_log_whose_first_line_was_refused_shares_its_lines_with_no_other(
        self, house: House
    ) -> None:
        house.say("hi")
        await house.settle()
        self.spoil()
        house.say("lost", log="@bob")
        await house.settle()
        self.mend()
        house.say("for bob", log="@bob")
        house.say("for cy", log="@cy")
        await house.settle()
        assert await house.found(Query(("@bob",))) == ["for bob"]
        assert await house.found(Query(("@cy",))) == ["for cy"]

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest_twisted.ensureDeferred
    async def test_each_is_delivered_or_refused_however_often_the_store_fails(
        self, house: House, seed: int
    ) -> None:
        chance = Random(seed)
        events = [anything(chance) for _ in range(100)]
        for event in events:
            house.publish(event, chance.choice(LOGS))
            if chance.random() < 0.1:
                chance.choice((self.spoil, self.mend))()
            if chance.random() < 0.2:
                await house.settle()
        self.mend()
        await house.settle()
        assert house.told.order == events
        assert len(house.told.delivered) + len(house.told.refusals) == len(events)
        assert await house.look(Query(LOGS)) == house.told.kept()[::-1]

    @pytest_twisted.ensureDeferred
    async def test_what_is_to_be_remembered_is_never_refused(self, house: House) -> None:
        self.spoil()
        house.store.remember(Setting("motd", "hello"))
        house.publish(Joined("bob"))
        house.say("lost")
        await house.settle()
        assert house.told.order == [Joined("bob"), Said("ann", "lost")]
        assert [event for _, event, _ in house.told.refusals] == [Said("ann", "lost")]

    @pytest_twisted.ensureDeferred
    async def test_stop_returns_though_nothing_can_be_kept(self, house: House) -> None:
        self.spoil()
        house.say(*map(str, range(3000)))
        await house.stop()
        assert len(house.told.refusals) == 3000

    # history

    async def _chat(self, house: House, seed: int) -> Random:
        """A chat of some hundred entries, in several logs and batches."""
        chance = Random(seed)
        for _ in range(chance.choice((3, 60, 600))):
            house.clock.now += chance.choice((0.0, 1e-6, 1.0, -0.5))
            house.publish(anything(chance), chance.choice(LOGS))
            if chance.random() < 0.02:
                await house.settle()
        await house.settle()
        return chance

    def _bounds(self, house: House, chance: Random) -> tuple[int, int]:
        ids = [0, END, *(entry.id for entry in house.told.entries)]
        low, high = sorted((chance.choice(ids), chance.choice(ids)))
        return low, high

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest_twisted.ensureDeferred
    async def test_any_span_of_a_log_is_what_was_delivered(self, house: House, seed: int) -> None:
        chance = await self._chat(house, seed)
        for log in (*LOGS, "#never"):
            after, until = self._bounds(house, chance)
            wanted = [one for one in house.told.kept(log) if after < one.id <= until]
            assert await house.run(Span(log, after, until)) == wanted

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest_twisted.ensureDeferred
    async def test_the_pages_of_any_query_are_what_was_delivered(
        self, house: House, seed: int
    ) -> None:
        chance = await self._chat(house, seed)
        for forward in (False, True):
            after, before = self._bounds(house, chance)
            logs = tuple(chance.sample(LOGS, 3))
            query = Query(logs, after, before, chance.choice((1, 7, 20)), forward)
            wanted = [one for one in house.told.kept(*logs) if after < one.id < before]
            assert await house.look(query) == wanted[:: 1 if forward else -1]

    @pytest.mark.parametrize("seed", SEEDS)
    @pytest_twisted.ensureDeferred
    async def test_the_pages_for_any_text_are_what_was_delivered_with_it(
        self, house: House, seed: int
    ) -> None:
        await self._chat(house, seed)
        for text in ("HI", "strasse", "本", "é", "%", "'"):
            wanted = [
                one for one in house.told.kept() if text.casefold() in texts([one])[0].casefold()
            ]
            assert await house.look(Query(LOGS, text=text)) == wanted[::-1]

    @pytest_twisted.ensureDeferred
    async def test_no_page_is_longer_than_its_limit_nor_all_of_them_than_is_left(
        self, house: House
    ) -> None:
        house.say(*map(str, range(100)))
        await house.settle()
        for forward, wanted in ((True, range(25)), (False, range(99, 74, -1))):
            query = Query((LOBBY,), limit=10, left=25, forward=forward)
            pages = await house.pages(query)
            assert [len(page.entries) for page in pages] == [10, 10, 5]
            assert texts(await house.look(query)) == list(map(str, wanted))

    @pytest_twisted.ensureDeferred
    async def test_a_page_is_told_oldest_first_either_way(self, house: House) -> None:
        house.say("1", "2", "3")
        await house.settle()
        assert await house.found(Query((LOBBY,), limit=2)) == ["2", "3"]
        assert await house.found(Query((LOBBY,), limit=2, forward=True)) == ["1", "2"]

    @pytest_twisted.ensureDeferred
    async def test_who_looks_finds_what_was_said_just_before(self, house: House) -> None:
        for number in range(5):
            house.say(str(number))
            assert await house.found(Query((LOBBY,), limit=1)) == [str(number)]

    @pytest_twisted.ensureDeferred
    async def test_who_looks_while_the_store_fails_is_answered(self, house: House) -> None:
        house.say("kept")
        await house.settle()
        self.spoil()
        house.say("lost")
        assert await house.found(Query((LOBBY,))) == ["kept"]

    @pytest_twisted.ensureDeferred
    async def test_what_passes_is_no_history(self, house: House) -> None:
        house.publish(Joined("ann"))
        house.publish(Renamed("ann", "eve"))
        house.publish(Closing(0.0, "bye"))
        await house.settle()
        assert await house.look(Query((LOBBY,))) == []
        assert await house.run(Span(LOBBY, 0, END)) == []

    @pytest_twisted.ensureDeferred
    async def test_a_span_of_three_thousand_comes_in_several_runs(self, house: House) -> None:
        house.say(*map(str, range(3000)))
        await house.settle()
        first = await house.archive.run(Span(LOBBY, 0, END))
        assert first.more
        assert first.gone is None
        assert await house.run(Span(LOBBY, 0, END)) == house.told.kept(LOBBY)

    @pytest_twisted.ensureDeferred
    async def test_a_span_ends_where_it_was_wanted_to_end(self, house: House) -> None:
        house.say("1", "2", "3")
        await house.settle()
        first, second, third = house.told.ids(LOBBY)
        run = await house.archive.run(Span(LOBBY, first, third - 1))
        assert [entry.id for entry in run.entries] == [second]
        assert not run.more
