"""How many may be at the door, in all and from one place, and how fast they may come: arithmetic on
``now`` (seconds of a clock that does not step).

A place is an address, as ``attempts.whence`` has it, or a user of this machine. What is kept of one
is a number while somebody is here from there, and in a table of a bound size how fast they came.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from math import ceil, inf
from typing import Generic, TypeVar

from twisted_chat.core import durations, refusals, targets
from twisted_chat.core.attempts import Debts, whence
from twisted_chat.core.limits import NO_LIMIT, Allowance

Who = TypeVar("Who", bound=Hashable)


@dataclass(slots=True)
class Bounds:
    """``most``: connections in all. ``of_one``: from one place. ``nameless``: in all, that have not
    given a name yet; ``nameless_of_one``: of these, from one place. ``pace``: at which they may
    come from one place; ``pace_of_all``: and from all. ``exempt``: those that are no one place,
    such as a jump host: ``net:`` as a target has it, or a whole address. Infinity for no bound."""

    most: int
    of_one: float = inf
    nameless_of_one: float = inf
    nameless: float = inf
    pace: Allowance = NO_LIMIT
    pace_of_all: Allowance = NO_LIMIT
    exempt: tuple[str, ...] = ()


@dataclass(slots=True)
class Place:
    """How many are here from one place, and how many of them have no name yet."""

    here: int = 0
    nameless: int = 0


class Crowd(Generic[Who]):
    """All who are at the door or in. ``bounds`` may be replaced while they are."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._here: dict[Who, str | None] = {}
        self._nameless: dict[Who, None] = {}
        self._places: dict[str, Place] = {}
        self._paces: Debts[str] = Debts(bounds.pace)
        self._due = 0.0

    def __len__(self) -> int:
        return len(self._here)

    def __contains__(self, who: Who) -> bool:
        return who in self._here

    def come(self, who: Who, address: str | None, now: float) -> None:
        """Somebody is at the door; None for an address that is not known yet. Raises a Refusal, and
        then it is as if nobody had come."""
        if len(self._here) >= self.bounds.most:
            raise refusals.chat_full(len(self._here), self.bounds.most)
        if address is not None:
            self._require_room(address, now)
        self._require_pace_of_all(now)
        self._here[who] = None
        self._nameless[who] = None
        if address is not None:
            self._settle(who, address, now)

    def show(self, who: Who, address: str, now: float) -> None:
        """The address of somebody who has come is known now. Raises a Refusal."""
        if who in self._here and self._here[who] is None:
            self._require_room(address, now)
            self._settle(who, address, now)

    def name(self, who: Who) -> None:
        """Whoever it is has a name now."""
        if who in self._nameless:
            del self._nameless[who]
            self._place_of(who).nameless -= 1

    def leave(self, who: Who) -> None:
        if who not in self._here:
            return
        self.name(who)
        place = self._here.pop(who)
        if place is not None:
            self._places[place].here -= 1
            if not self._places[place].here:
                del self._places[place]

    def one_too_many(self) -> Who | None:
        """Of more without a name than there may be, the one who has had the most time for it: who
        gives a name at once comes in, however many wait with none."""
        if len(self._nameless) <= self.bounds.nameless:
            return None
        return next(iter(self._nameless))

    def _settle(self, who: Who, address: str, now: float) -> None:
        """It counts for its place from now on."""
        source = whence(address)
        self._here[who] = source
        place = self._places.setdefault(source, Place())
        place.here += 1
        place.nameless += who in self._nameless
        if self.bounds.pace.rate and not self._is_exempt(address):
            self._paces.charge(source, now)

    def _place_of(self, who: Who) -> Place:
        source = self._here[who]
        return Place() if source is None else self._places[source]

    def _require_room(self, address: str, now: float) -> None:
        """Raises a Refusal."""
        if self._is_exempt(address):
            return
        bounds, source = self.bounds, whence(address)
        place = self._places.get(source, Place())
        if place.here >= bounds.of_one:
            raise refusals.too_many_from_there(place.here)
        if place.nameless >= bounds.nameless_of_one:
            raise refusals.too_many_nameless(place.nameless)
        self._paces.allowance = bounds.pace
        if (wait := round(self._paces.wait(source, now), 3)) > 0:
            raise refusals.connecting_too_fast(durations.say(ceil(wait)))

    def _require_pace_of_all(self, now: float) -> None:
        pace = self.bounds.pace_of_all
        if round(pace.wait(self._due, now), 3) > 0:
            raise refusals.busy()
        self._due = pace.spend(self._due, now)

    def _is_exempt(self, address: str) -> bool:
        return any(
            one == address or (one.startswith("net:") and targets.covers(one, address))
            for one in self.bounds.exempt
        )
