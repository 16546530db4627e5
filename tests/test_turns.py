"""Whose turn is next, where few can work at the same time."""

from twisted.internet.defer import Deferred

from twisted_chat.core.refusals import Refusal
from twisted_chat.turns import Turns

HOME, ELSEWHERE, THERE = "192.0.2.1", "192.0.2.2", "192.0.2.3"


class Waiting:
    """All who have asked for a turn, in the order in which they had it."""

    def __init__(self, at_once: int = 1, waiting: int = 8) -> None:
        self.turns = Turns(at_once, waiting)
        self.had: list[str] = []
        self.refused: list[str] = []

    def asks(self, whose: str, count: int = 1) -> None:
        for number in range(count):
            Deferred.fromCoroutine(self._waits(whose, f"{whose} {number}"))

    async def _waits(self, whose: str, name: str) -> None:
        try:
            await self.turns.take(whose)
            self.had.append(name)
        except Refusal:
            self.refused.append(name)

    def all_are_done(self) -> list[str]:
        """One after another; who had a turn and whose, in order."""
        done = 0
        while done < len(self.had):
            self.turns.give_back()
            done += 1
        return [name.split()[0] for name in self.had]


def test_so_many_work_at_once_and_the_others_wait() -> None:
    waiting = Waiting(at_once=2)
    waiting.asks(HOME, 5)
    assert len(waiting.had) == 2
    waiting.turns.give_back()
    assert len(waiting.had) == 3


def test_of_one_address_who_asked_first_is_first() -> None:
    waiting = Waiting()
    waiting.asks(HOME, 4)
    waiting.all_are_done()
    assert waiting.had == [f"{HOME} {number}" for number in range(4)]


def test_however_many_wait_from_one_address_somebody_from_another_is_next() -> None:
    waiting = Waiting()
    waiting.asks(HOME, 6)
    waiting.asks(ELSEWHERE)
    waiting.asks(THERE)
    assert waiting.all_are_done() == [HOME, HOME, ELSEWHERE, THERE, HOME, HOME, HOME, HOME]


def test_when_all_are_done_the_next_does_not_wait() -> None:
    waiting = Waiting(at_once=2)
    waiting.asks(HOME, 5)
    waiting.all_are_done()
    waiting.had.clear()
    waiting.asks(HOME, 3)
    assert len(waiting.had) == 2


def test_where_too_many_wait_the_next_of_the_same_address_is_refused() -> None:
    waiting = Waiting(waiting=3)
    waiting.asks(HOME, 6)
    assert waiting.refused == [f"{HOME} 4", f"{HOME} 5"]


def test_where_too_many_wait_from_one_address_somebody_from_another_takes_the_place_of_one() -> (
    None
):
    waiting = Waiting(waiting=3)
    waiting.asks(HOME, 4)
    waiting.asks(ELSEWHERE)
    assert waiting.refused == [f"{HOME} 3"]
    assert waiting.all_are_done() == [HOME, HOME, ELSEWHERE, HOME]


def test_where_nobody_has_more_than_others_the_last_is_refused() -> None:
    waiting = Waiting(waiting=2)
    waiting.asks(THERE)
    waiting.asks(HOME)
    waiting.asks(ELSEWHERE)
    waiting.asks(THERE)
    assert waiting.refused == [f"{THERE} 0"]


def test_at_the_end_all_who_wait_are_refused_and_who_works_is_not() -> None:
    waiting = Waiting()
    waiting.asks(HOME, 2)
    waiting.asks(ELSEWHERE)
    waiting.turns.send_away()
    assert (len(waiting.had), len(waiting.refused)) == (1, 2)
    waiting.turns.give_back()
    waiting.asks(THERE)
    assert len(waiting.had) == 2
