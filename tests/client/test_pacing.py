"""Many lines of a script, at the pace that the chat allows: in order, none lost, none doubled."""

from argparse import Namespace
from typing import Any, cast

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.pacing import AT_ONCE, LONGEST_PAUSE, PAUSE, Sending, Target
from twisted_chat.client.status import Status
from twisted_chat.core.events import Entry, Said
from twisted_chat.core.refusals import Refusal

EARLY = Refusal("too-fast", "not sent: one line every 10s here.")


class Chat:
    """Answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, Deferred[Entry]]] = []
        self.kept: list[str] = []

    async def say(self, room: str, text: str) -> Entry:
        answer: Deferred[Entry] = Deferred()
        self.asked.append((text, answer))
        return await answer

    def keeps(self, count: int = 1) -> None:
        for _ in range(count):
            text, answer = self.asked.pop(0)
            self.kept.append(text)
            answer.callback(Entry(len(self.kept), "#lab", Said("ann", text)))

    def refuses(self, refusal: Refusal = EARLY) -> None:
        self.asked.pop(0)[1].errback(Failure(refusal))

    @property
    def waiting(self) -> list[str]:
        return [text for text, _ in self.asked]


class Out:
    def __init__(self) -> None:
        self.written = b""

    def put(self, data: bytes) -> None:
        self.written += data


class Script:
    """A script that says lines, and what became of them."""

    def __init__(self, timeout: float | None = None, json: bool = False) -> None:
        self.clock, self.chat, self.out = Clock(), Chat(), Out()
        self.told: list[str] = []
        typed = Namespace(json=json, timeout=timeout)
        errand = cast(Any, Errand)(self.clock, typed, None, self.out, self.told.append, lambda: 0.0)
        self.sending = Sending(errand, cast(Any, self.chat), Target(room="#lab"))
        self.failed: list[bool] = []
        self.sending.failed = lambda: self.failed.append(True)
        self.done = 0

    def says(self, *lines: str) -> None:
        async def adding() -> None:
            for line in lines:
                await self.sending.add(line)
                self.done += 1

        Deferred.fromCoroutine(adding()).addErrback(lambda failure: failure.trap(Stop))

    def rests(self) -> "list[object]":
        ended: list[object] = []
        Deferred.fromCoroutine(self.sending.rest()).addBoth(ended.append)
        return ended


@pytest.fixture
def script() -> Script:
    return Script()


def numbers(count: int) -> list[str]:
    return [str(number) for number in range(count)]


def test_the_first_lines_are_said_one_by_one_and_then_some_at_once(script: Script) -> None:
    script.says(*numbers(100))
    assert script.chat.waiting == ["0"]
    script.chat.keeps()
    assert script.chat.waiting == ["1"]
    script.chat.keeps()
    assert script.chat.waiting == numbers(100)[2 : 2 + AT_ONCE]


def test_no_more_are_taken_than_there_is_room_for(script: Script) -> None:
    script.says(*numbers(100))
    script.chat.keeps()
    script.chat.keeps()
    assert script.done == 2 + AT_ONCE
    script.chat.keeps(5)
    assert script.done == 7 + AT_ONCE


def test_the_rest_is_waited_for(script: Script) -> None:
    script.says("one")
    ended = script.rests()
    assert ended == []
    script.chat.keeps()
    assert ended == [None]


def test_a_line_that_came_too_early_is_said_again_and_those_behind_it_after_it(
    script: Script,
) -> None:
    script.says(*numbers(6))
    script.chat.keeps()
    script.chat.keeps()
    for _ in range(4):
        script.chat.refuses()
    ended = script.rests()
    for number in ("2", "3", "4", "5"):
        script.clock.advance(PAUSE)
        assert script.chat.waiting == [number]
        script.chat.keeps()
    assert script.chat.kept == numbers(6)
    assert ended == [None]


def test_the_pauses_grow_up_to_a_bound_while_nothing_is_taken(script: Script) -> None:
    script.says("one")
    script.chat.refuses()
    pause = PAUSE
    for _ in range(10):
        script.clock.advance(pause - 0.01)
        assert script.chat.waiting == []
        script.clock.advance(0.01)
        assert script.chat.waiting == ["one"]
        script.chat.refuses()
        pause = min(2 * pause, LONGEST_PAUSE)
    script.clock.advance(pause)
    script.chat.keeps()
    assert script.chat.kept == ["one"]


def test_while_lines_are_said_again_no_new_ones_are(script: Script) -> None:
    script.says("one")
    script.chat.refuses()
    script.says("two")
    assert script.done == 1
    script.clock.advance(PAUSE)
    script.chat.keeps()
    assert script.chat.waiting == ["two"]


def test_that_it_is_slowed_is_told_once(script: Script) -> None:
    script.says("one")
    for _ in range(3):
        script.chat.refuses()
        script.clock.advance(LONGEST_PAUSE)
    assert script.told == [f"{EARLY.sentence} Nothing is lost: it is said more slowly."]


def test_anything_else_that_is_refused_is_the_end(script: Script) -> None:
    script.says("one", "two")
    script.chat.refuses(Refusal("muted", "not sent: you are muted."))
    assert script.failed == [True]
    assert script.sending.failure is not None
    assert script.sending.failure.status == Status.REFUSED
    assert script.chat.waiting == []
    ended = script.rests()
    assert ended == [None] or isinstance(cast(Failure, ended[0]).value, Stop)


def test_with_a_timeout_something_is_kept_every_so_often_or_it_is_the_end() -> None:
    script = Script(timeout=60.0)
    script.says("one", "two")
    script.clock.advance(59)
    script.chat.keeps()
    script.clock.advance(59)
    assert script.failed == []
    script.clock.advance(1)
    assert script.failed == [True]
    assert script.sending.failure is not None
    assert script.sending.failure.status == Status.NO_ANSWER


def test_no_timer_is_left_when_all_is_kept() -> None:
    script = Script(timeout=60.0)
    script.says("one")
    script.chat.keeps()
    assert script.clock.getDelayedCalls() == []


def test_with_json_each_receipt_is_shown_in_order() -> None:
    script = Script(json=True)
    script.says("one", "two")
    script.chat.keeps()
    script.chat.keeps()
    assert [line[:20] for line in script.out.written.splitlines()] == [b'{"type":"said","id":'] * 2


@pytest.mark.parametrize(
    ("typed", "target"),
    [("#Lab", Target(room="#lab")), ("ann", Target(person="ann")), ("#lobby", Target("#lobby"))],
)
def test_where_it_goes_is_a_room_or_a_person(typed: str, target: Target) -> None:
    assert Target.of(typed) == target


def test_the_lobby_need_not_be_entered() -> None:
    assert Target.of("#lobby").rooms == ()
    assert Target.of("#lab").rooms == ("#lab",)
    assert Target.of("ann").rooms == ()


@pytest.mark.parametrize("typed", ["#", "a b", "", "#a b", "12"])
def test_what_is_neither_is_refused_with_how_a_room_is_written(typed: str) -> None:
    with pytest.raises(Stop, match="'#lab', in quotes") as refused:
        Target.of(typed)
    assert refused.value.status == Status.USAGE
