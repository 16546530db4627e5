"""When things were: a time where the minute changes, a rule where the day does, and one where
somebody stopped reading. Pure; the clock is passed in."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

GUTTER = 6
"""Columns before each line: ``18:02`` and a space, or nothing where that was said already."""

RULE = "────"
_LAST = 253_402_000_000  # in the year 9999: what a wrong server says may be no time


@dataclass(slots=True)
class Marks:
    """``today``: what needs no rule before it. ``zone`` None is the machine's own."""

    today: date
    zone: tzinfo | None = None
    _minute: str = ""

    def rule(self, at: float) -> str:
        """The day, if it is another than that of the line before; else nothing."""
        then = self._local(at).date()
        if not at or then == self.today:
            return ""
        self.today, self._minute = then, ""
        return f"{RULE} {then:%A}, {then.day} {then:%B %Y} {RULE}"

    def gutter(self, at: float) -> str:
        """``18:02 ``, or as many spaces if the line before has it already."""
        minute = f"{self._local(at):%H:%M} " if at else ""
        if not minute or minute == self._minute:
            return " " * GUTTER
        self._minute = minute
        return minute

    def unread(self, since: float) -> str:
        """What follows was not read by somebody who looked away then; the next line has a time."""
        self._minute = ""
        return f"{RULE} new since {self._local(since):%H:%M} {RULE}"

    def _local(self, at: float) -> datetime:
        return datetime.fromtimestamp(min(max(0.0, at), _LAST), self.zone)


class Looking:
    """Whether somebody looks: a line is marked as the first that she has not read.

    She looks while the terminal has the focus, or when she types; not all terminals tell the first.
    """

    def __init__(self) -> None:
        self.away_since: float | None = None
        self._marked = False

    def looks(self) -> None:
        """She is back; after the next time that she looks away, a mark may be made again."""
        self.away_since, self._marked = None, False

    def looks_away(self, now: float) -> None:
        if self.away_since is None:
            self.away_since = now

    def to_mark(self) -> float | None:
        """Since when she has not read, if what is shown next is to be marked: once."""
        if self.away_since is None or self._marked:
            return None
        self._marked = True
        return self.away_since


PAUSE = timedelta(minutes=10).total_seconds()
"""Who has typed nothing for so long, at a terminal that does not tell of its focus, may be away."""
