"""How somebody behaves, as arithmetic on ``now``: what bothers others is counted, and forgotten.

It belongs to one person and never to her address, behind which there may be many.
"""

from dataclasses import dataclass, field
from enum import Enum

from twisted_chat.core.limits import Allowance

BOTHER = Allowance(rate=0.2, burst=12)
"""Points that are borne with at once, and in the long run a second: twelve are the same line six
times, a dozen strangers written to, or four names in a row."""

REPEATED, STRANGER, RENAMED, INVITED, ROOM = 2, 1, 3, 2, 1
"""Points: for a line that was said just before, for the first message to somebody, for another
name, for an invitation, and for each room that is entered or left."""

SAME = 8
"""Lines that are looked back for a repeated one."""

FORGIVEN = 3600.0
"""Seconds after which what was done about it before counts no more."""

SPARED = 64
"""Characters of a line that are remembered: two that begin with as many alike are one."""


class Measure(Enum):
    """What is done about it: each time one more, and never for ever."""

    SLOW = "slow"
    MUTE = "mute"
    LONGER = "mute longer"
    KICK = "kick"


ESCALATION = (Measure.SLOW, Measure.MUTE, Measure.LONGER, Measure.KICK)
SECONDS = {Measure.SLOW: 60.0, Measure.MUTE: 120.0, Measure.LONGER: 600.0, Measure.KICK: 0.0}
"""How long each lasts."""

PAUSE = 5.0
"""Seconds between two lines of somebody who is slowed."""


@dataclass(slots=True)
class Conduct:
    due: float = 0.0
    strikes: int = 0
    last: float = 0.0
    slowed: float = 0.0
    said: list[str] = field(default_factory=list)
    written_to: set[str] = field(default_factory=set)

    def says(self, text: str) -> int:
        """The points for this line."""
        head = text[:SPARED]
        if head in self.said:
            return REPEATED
        self.said = [*self.said[1 - SAME :], head]
        return 0

    def writes_to(self, key: str, text: str) -> int:
        """The points for a message to this person."""
        if key in self.written_to:
            return self.says(text)
        self.written_to.add(key)
        return STRANGER

    def bothers(self, points: int, now: float) -> Measure | None:
        """So many points more; what is to be done now, if it is too much."""
        for _ in range(points):
            self.due = BOTHER.spend(self.due, now)
        if BOTHER.wait(self.due, now) <= 0:
            return None
        if now - self.last > FORGIVEN:
            self.strikes = 0
        measure = ESCALATION[min(self.strikes, len(ESCALATION) - 1)]
        self.strikes, self.last, self.due = self.strikes + 1, now, 0.0
        return measure
