"""Who stands at the door: asks the law who may come in from where, says no in words, and in a storm
without any; and tells the operators of it, of a storm in one line."""

from collections import Counter
from typing import Protocol

from twisted_chat.core import refusals
from twisted_chat.core.attempts import Debts, whence
from twisted_chat.core.crowd import Bounds, Crowd
from twisted_chat.core.events import TurnedAway
from twisted_chat.core.limits import Allowance
from twisted_chat.core.refusals import Refusal
from twisted_chat.hub import Hub

TOLD_AT_ONCE = 64
"""Connections that read just now why they cannot come in; of more the others are cut."""

WORDS = Allowance(rate=1.0, burst=5.0)
"""With one place: who stands before the limit reads it, and a program that tries again and again
costs no more than a line a second."""

LINES = Allowance(rate=1 / 60, burst=5.0)
"""For the operators, of one connection each: those beyond are told of in one line together."""

SUMMARY = 10.0
"""Seconds between two such lines."""

COUNTED = 100
"""Places of which a summary knows how many came from there: one of them is what operators need."""


class Caller(Protocol):
    """One connection, as it stands at the door."""

    def __hash__(self) -> int:
        """It is itself, and equal to no other."""

    @property
    def address(self) -> str:
        """From where it comes."""

    @property
    def peer(self) -> str:
        """The same, as operators read it."""

    def turn_away(self, refusal: Refusal | None) -> None:
        """It does not come in, and is told why if there is something to tell."""

    def crowd_out(self, refusal: Refusal) -> None:
        """It was in, and has to go."""


class Porter:
    """``bounds`` may be changed while people are here."""

    def __init__(self, hub: Hub, bounds: Bounds) -> None:
        self.crowd: Crowd[Caller] = Crowd(bounds)
        self.telling: set[Caller] = set()
        self._hub = hub
        self._words: Debts[str] = Debts(WORDS)
        self._tally = Tally()

    def admits(self, caller: Caller, shown: bool) -> bool:
        """Whether somebody who has just connected comes in; if not, that was dealt with.
        ``shown``: her address is known. If it is not, it is to be shown later."""
        address = caller.address if shown else None
        try:
            self.crowd.come(caller, address, self._hub.clock.seconds())
        except Refusal as refusal:
            self._turn_away(caller, refusal, address or "")
            return False
        last = self.crowd.one_too_many()
        if last is not None:
            self.crowd.leave(last)
            self._note(last.peer, REASONS["no-name"])
            last.crowd_out(refusals.crowded_out())
        return caller in self.crowd

    def sees(self, caller: Caller) -> bool:
        """The address of somebody who has come in is known now."""
        try:
            self.crowd.show(caller, caller.address, self._hub.clock.seconds())
        except Refusal as refusal:
            self.crowd.leave(caller)
            self._turn_away(caller, refusal, caller.address)
            return False
        return True

    def gone(self, caller: Caller) -> None:
        self.crowd.leave(caller)
        self.telling.discard(caller)

    def cut(self, caller: Caller, why: str) -> None:
        """Somebody came in, and wants something else than to chat."""
        self._hub.counters.turned_away += 1
        self._note(caller.peer, why)

    def sweep(self) -> None:
        """From time to time: what is still to be told of those who were turned away."""
        event = self._tally.rest(self._hub.clock.seconds())
        if event is not None:
            self._hub.notice(event)

    def _turn_away(self, caller: Caller, refusal: Refusal, address: str) -> None:
        self._hub.counters.turned_away += 1
        self._note(caller.peer, REASONS[refusal.code])
        if self._has_words(address):
            self.telling.add(caller)
            caller.turn_away(refusal)
        else:
            caller.turn_away(None)

    def _has_words(self, address: str) -> bool:
        now, place = self._hub.clock.seconds(), whence(address)
        if len(self.telling) >= TOLD_AT_ONCE or self._words.wait(place, now) > 0:
            return False
        self._words.charge(place, now)
        return True

    def _note(self, peer: str, why: str) -> None:
        event = self._tally.note(peer, why, self._hub.clock.seconds())
        if event is not None:
            self._hub.notice(event)


REASONS = {
    "chat-full": "the chat is full",
    "too-many-connections": "too many connections from there",
    "connecting-too-fast": "connections come too fast from there",
    "busy": "connections come too fast from everywhere",
    "no-name": "no name, and others wait",
}
"""What operators are told, by the code of what the other was told."""


class Tally:
    """Those who were turned away: told one by one while they are few, and then together."""

    def __init__(self) -> None:
        self._due = self._since = 0.0
        self._count = 0
        self._why = ""
        self._from: Counter[str] = Counter()

    def note(self, peer: str, why: str, now: float) -> TurnedAway | None:
        """One more; what is told of it at once."""
        if not self._count and LINES.wait(self._due, now) <= 0:
            self._due = LINES.spend(self._due, now)
            return TurnedAway(peer, why)
        if not self._count:
            self._since = now
        self._count, self._why = self._count + 1, why
        host = peer.rpartition(":")[0] or peer
        if host in self._from or len(self._from) < COUNTED:
            self._from[host] += 1
        return None

    def rest(self, now: float) -> TurnedAway | None:
        """Of those who were not told of yet, if it is time for that."""
        if not self._count or now - self._since < SUMMARY:
            return None
        [(most, _)] = self._from.most_common(1)
        event = TurnedAway(most, self._why, self._count)
        self._count = 0
        self._from.clear()
        return event
