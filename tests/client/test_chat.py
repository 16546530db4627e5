"""The library, against a whole chat in memory, with connections that are lost."""

from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from tests.client.wires import Place
from twisted_chat.client import ChatClient, NoConnection, Refusal
from twisted_chat.client.entries import FULL, SHELF
from twisted_chat.client.link import LAST_CALL, Habits, LinkState
from twisted_chat.client.sending import SendState
from twisted_chat.core.events import Acted, Entry, Said, Sent, Told
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import Done, People
from twisted_chat.core.requests import Announce, Kick, Motd, Register, Whois

T = TypeVar("T")

HABITS = Habits(first=1.0, longest=1.0, chance=lambda: 1.0)


class Run:
    """Programs in one chat."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.here: list[ChatClient] = []
        self.read: dict[ChatClient, list[Entry]] = {}

    def does(self, what: Coroutine[Any, Any, T]) -> T:
        """Until it is done."""
        going = self.begins(what)
        self.place.settles()
        return self.ends(going)

    def begins(self, what: Coroutine[Any, Any, T]) -> "list[T | Failure]":
        ended: list[T | Failure] = []
        Deferred.fromCoroutine(what).addBoth(ended.append)
        return ended

    def ends(self, going: "list[T | Failure]") -> T:
        [ended] = going
        if isinstance(ended, Failure):
            ended.raiseException()
        return ended

    def comes(self, name: str, **how: Any) -> ChatClient:
        how = {"habits": HABITS} | how
        chat = self.does(ChatClient.connect(self.place.clock, self.place, name, **how))
        self.here.append(chat)
        return chat

    def reads(self, chat: ChatClient) -> list[Entry]:
        """Everything from now on."""
        read = self.read[chat] = []

        async def reading() -> None:
            async for entry in chat.entries():
                read.append(entry)  # noqa: PERF401 - as it comes

        Deferred.fromCoroutine(reading())
        return read

    def texts(self, chat: ChatClient) -> list[str]:
        return [one.event.text for one in self.read[chat] if isinstance(one.event, Said)]

    def comes_back(self) -> None:
        self.place.passes(HABITS.longest)
        self.place.settles()


@pytest.fixture
def run() -> Generator[Run, None, None]:
    run = Run(Place())
    yield run
    for chat in run.here:
        run.begins(chat.close())
    run.place.settles()


def test_who_comes_in_is_in_her_rooms(run: Run) -> None:
    ann = run.comes("ann", rooms=["#ops", "#lab"])
    assert (ann.name, ann.rooms, ann.room) == ("ann", ("#lobby", "#ops", "#lab"), "#lab")


def test_what_is_said_is_given_back_as_it_is_kept(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    said = run.does(ann.say("#lobby", "hi"))
    assert isinstance(said.event, Said)
    assert (said.event.name, said.event.text) == ("ann", "hi")
    assert isinstance(run.does(ann.act("#lobby", "waves")).event, Acted)
    assert isinstance(run.does(ann.tell("bob", "psst")).event, Told)
    assert run.does(bob.history("#lobby", "1")).entries[-1].event != said.event


def test_what_is_asked_is_answered_with_values(run: Run) -> None:
    ann = run.comes("ann", rooms=["#ops"])
    assert run.does(ann.who()).people[0].name == "ann"
    assert run.does(ann.topic("#ops")).topic == ""
    assert [room.room for room in run.does(ann.list()).rooms] == ["#lobby", "#ops"]
    assert run.does(ann.search("nothing")) == Page((), (), False)
    assert isinstance(run.does(ann.ask(Motd())), Done)
    run.does(ann.leave("#ops"))
    assert ann.rooms == ("#lobby",)


def test_what_is_refused_is_raised_with_its_code(run: Run) -> None:
    ann = run.comes("ann")
    for what in (ann.say("#attic", "hi"), ann.tell("zoe", "hi"), ann.ask(Whois("zoe"))):
        with pytest.raises(Refusal) as caught:
            run.does(what)
        assert caught.value.code in ("not-in-room", "not-here", "nobody-called")
    assert ann.pending == ()


def test_who_is_not_let_in_is_told_why(run: Run) -> None:
    run.comes("ann")
    coming = run.begins(ChatClient.connect(run.place.clock, run.place, "ann"))
    run.place.settles()
    run.place.passes(LAST_CALL)
    with pytest.raises(Refusal) as caught:
        run.ends(coming)
    assert caught.value.code == "name-taken"


@pytest.mark.parametrize("reconnects", [True, False])
def test_what_was_never_there_does_not_come_back(run: Run, reconnects: bool) -> None:
    run.place.up = False
    with pytest.raises(NoConnection, match="nothing listens"):
        run.does(ChatClient.connect(run.place.clock, run.place, "ann", reconnects=reconnects))
    assert run.place.tries == 1


def test_what_is_no_place_is_no_traceback_of_ours(run: Run) -> None:
    with pytest.raises(ValueError, match="names no host"):
        run.does(ChatClient.connect(run.place.clock, ":99", "ann"))


# coming back


def test_all_is_read_once_and_in_order_across_lost_connections(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    run.reads(ann)
    for number in range(6):
        run.begins(bob.say("#lobby", str(number)))
        if number % 2:
            run.place.cut()
            run.comes_back()
        run.place.settles()
    run.comes_back()
    assert run.texts(ann) == [str(number) for number in range(6)]
    ids = [entry.id for entry in run.read[ann] if entry.log == "#lobby"]
    assert ids == sorted(set(ids))


def test_what_was_kept_before_the_loss_is_confirmed_after_it_and_not_said_again(run: Run) -> None:
    ann = run.comes("ann")
    run.reads(ann)
    saying = run.begins(ann.say("#lobby", "hi"))
    run.place.arrives("ann")
    run.place.dies()
    run.comes_back()
    assert run.ends(saying).event.name == "ann"  # type: ignore[union-attr]
    assert run.texts(ann) == ["hi"]


def test_a_room_of_guests_that_the_daemon_has_forgotten_is_gone_on_with(run: Run) -> None:
    ann, bob = (run.comes(name, rooms=["#ops"]) for name in ("ann", "bob"))
    run.reads(bob)
    run.does(ann.say("#ops", "one"))
    run.place.dies()
    saying = run.begins(ann.say("#ops", "two"))
    run.comes_back()
    assert run.ends(saying).log == "#ops"
    assert (ann.rooms, bob.rooms) == (("#lobby", "#ops"),) * 2
    assert run.texts(bob) == ["one", "two"]


def test_what_was_lost_on_its_way_is_said_again_before_what_was_said_since(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    run.reads(bob)
    first = run.begins(ann.say("#lobby", "one"))
    run.place.cut()
    second = run.begins(ann.say("#lobby", "two"))
    assert [send.state for send in ann.pending] == [SendState.WAITING] * 2
    run.comes_back()
    run.comes_back()
    assert run.texts(bob) == ["one", "two"]
    assert run.ends(first).id < run.ends(second).id


def test_where_nothing_is_kept_who_waits_is_told_that_nobody_knows() -> None:
    run = Run(Place(kept=False))
    ann = run.comes("ann")
    saying = run.begins(ann.say("#lobby", "one"))
    run.place.cut()
    run.comes_back()
    with pytest.raises(Refusal) as caught:
        run.ends(saying)
    assert caught.value.code == "unsure"
    assert ann.pending == ()
    run.does(ann.close())


def test_what_is_asked_while_the_line_is_down_is_asked_after_it(run: Run) -> None:
    ann = run.comes("ann")
    run.place.cut()
    asking = run.begins(ann.who())
    run.comes_back()
    assert isinstance(run.ends(asking), People)


def test_what_was_asked_and_not_answered_is_told(run: Run) -> None:
    ann = run.comes("ann")
    asking = run.begins(ann.who())
    run.place.cut()
    with pytest.raises(NoConnection, match="perhaps not done"):
        run.ends(asking)


def test_who_does_not_come_back_is_told_in_everything_that_waits(run: Run) -> None:
    ann = run.comes("ann", reconnects=False)
    run.reads(ann)
    saying = run.begins(ann.say("#lobby", "one"))
    run.place.cut()
    with pytest.raises(NoConnection, match="the connection is lost"):
        run.ends(saying)
    with pytest.raises(NoConnection):
        run.does(ann.say("#lobby", "two"))
    assert ann.link.state is LinkState.GONE


def test_who_is_dismissed_does_not_come_back(run: Run) -> None:
    ann = run.comes("ann")
    run.place.house.rules(Kick("ann", "spam"))
    run.place.settles()
    run.comes_back()
    assert ann.link.state is LinkState.GONE
    with pytest.raises(Refusal, match="spam"):
        run.does(ann.say("#lobby", "two"))


# from one process to the next


def test_another_process_goes_on_where_the_first_left_off(run: Run) -> None:
    ann, bob = run.comes("ann", rooms=["#ops"]), run.comes("bob", rooms=["#ops"])
    run.reads(ann)
    run.does(bob.say("#ops", "one"))
    places = ann.places
    run.does(ann.close())
    run.does(bob.say("#ops", "two"))
    again = run.comes("ann", after=places)
    run.reads(again)
    run.place.settles()
    assert run.texts(again) == ["two"]
    assert again.rooms == ("#lobby", "#ops")


def test_a_place_is_what_was_given_and_not_what_has_come(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    entries = ann.entries()
    one = run.does(bob.say("#lobby", "one"))
    two = run.does(bob.say("#lobby", "two"))

    async def until(number: int) -> None:
        async for entry in entries:
            if entry.id == number:
                return

    run.does(until(one.id))
    assert one.id <= ann.places["#lobby"] < two.id


def test_what_a_killed_process_had_not_seen_confirmed_is_said_once_by_the_next(
    run: Run, tmp_path: Path
) -> None:
    bob = run.comes("bob")
    run.reads(bob)
    for kept in (True, False):
        ann = run.comes("ann", draft=tmp_path)
        ann.send("#lobby", f"kept {kept}")
        if kept:
            run.place.arrives("ann")
        ann.link.stop()  # it vanishes: nothing more is read or written
        ann._attendance.ends()
        run.here.remove(ann)
        run.place.cut()
        run.comes_back()
    ann = run.comes("ann", draft=tmp_path)
    run.place.settles()
    assert run.texts(bob) == ["kept True", "kept False"]
    assert not list(tmp_path.glob("*.draft"))


# who reads slowly


def test_who_reads_slowly_slows_the_connection_and_reads_all(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    entries = ann.entries()
    for number in range(2 * FULL):
        bob.send("#lobby", str(number))
        run.place.settles()
    assert sum(1 for _ in ann._entries.unread()) <= FULL
    read: list[str] = []

    async def reading() -> None:
        async for entry in entries:
            if isinstance(entry.event, Said):
                read.append(entry.event.text)  # noqa: PERF401 - as it comes

    run.begins(reading())
    for _ in range(10):
        run.place.settles()
    assert read == [str(number) for number in range(2 * FULL)]


def test_who_waits_for_an_answer_gets_it_though_much_is_unread(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    ann.entries()
    for number in range(2 * FULL):
        bob.send("#lobby", str(number))
        run.place.settles()
    assert run.does(ann.say("#lobby", "here")).event.name == "ann"  # type: ignore[union-attr]


def test_of_what_nobody_asks_for_the_last_is_kept(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    for number in range(SHELF + 5):
        bob.send("#lobby", str(number))
        if number % 50 == 0:
            run.place.settles()
    run.place.settles()
    run.reads(ann)
    assert run.texts(ann)[-1] == str(SHELF + 4)
    assert len(run.read[ann]) == SHELF


# the end


def test_who_closes_leaves_when_all_is_said(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    run.reads(bob)
    ann.send("#lobby", "one")
    run.place.cut()
    closing = run.begins(ann.close())
    run.comes_back()
    run.comes_back()
    run.ends(closing)
    assert run.texts(bob) == ["one"]
    assert ann.link.state is LinkState.GONE


def test_the_entries_end_with_it(run: Run) -> None:
    ann = run.comes("ann")
    ended: list[str] = []

    async def reading() -> None:
        async for _ in ann.entries():
            pass
        ended.append("so it does")

    run.begins(reading())
    run.does(ann.close())
    run.does(ann.close())
    assert ended


# of one's own name


def test_what_is_told_to_an_owned_name_and_by_it_is_read_and_said_once(run: Run) -> None:
    ann, bob = run.comes("ann"), run.comes("bob")
    run.reads(ann), run.reads(bob)
    run.does(ann.ask(Register("correct horse battery")))
    run.place.cut()
    run.comes_back()
    run.comes_back()
    telling = run.begins(ann.tell("bob", "to bob"))
    run.place.arrives("ann")
    run.does(bob.tell("ann", "one"))
    run.place.cut()
    run.comes_back()
    run.comes_back()
    run.does(bob.tell("ann", "two"))
    told = [one.event.text for one in run.read[ann] if isinstance(one.event, Told)]
    assert told == ["one", "two"]
    assert isinstance(run.ends(telling).event, Sent)
    assert [one.event.text for one in run.read[bob] if isinstance(one.event, Told)].count(
        "to bob"
    ) == 1


def test_what_is_told_to_all_is_read_once(run: Run) -> None:
    ann = run.comes("ann")
    run.reads(ann)
    for text in ("one", "two"):
        run.place.house.rules(Announce(text))
        run.place.cut()
        run.comes_back()
    run.comes_back()
    assert [one.event.text for one in run.read[ann] if one.log == "*"] == ["one", "two"]  # type: ignore[union-attr]
