"""Who waits for one of a few places, and whose turn is next."""

from collections import deque

from twisted.internet.defer import Deferred

from twisted_chat.core import refusals


class Turns:
    """So many work at once, and so many wait. One of each address is next in turn: however many
    wait from one, somebody from another waits for one of those."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._free = at_once
        self._most = waiting
        self._waiting: dict[str, deque[Deferred[None]]] = {}

    async def take(self, whose: str) -> None:
        """Returns when it is one's turn. Raises a Refusal where too many wait, and those of one's
        own address are no fewer than of any other; if they are, one of the others has to go."""
        if self._free:
            self._free -= 1
            return
        if sum(map(len, self._waiting.values())) >= self._most:
            self._make_room(whose)
        turn: Deferred[None] = Deferred()
        self._waiting.setdefault(whose, deque()).append(turn)
        await turn

    def give_back(self) -> None:
        """One who has had her turn is done."""
        if not self._waiting:
            self._free += 1
            return
        whose = next(iter(self._waiting))
        queue = self._waiting.pop(whose)
        turn = queue.popleft()
        if queue:  # at the end of the round
            self._waiting[whose] = queue
        turn.callback(None)

    def send_away(self) -> None:
        """Nobody waits any more: all who do are refused."""
        waiting, self._waiting = self._waiting, {}
        for queue in waiting.values():
            for turn in queue:
                turn.errback(refusals.busy())

    def _make_room(self, whose: str) -> None:
        most = max(self._waiting, key=lambda one: len(self._waiting[one]), default=whose)
        if len(self._waiting.get(whose, ())) + 1 >= len(self._waiting.get(most, ())):
            raise refusals.busy()
        self._waiting[most].pop().errback(refusals.busy())
