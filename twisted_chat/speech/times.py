"""Times of day as people read them: in the zone of the machine that shows them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo


@dataclass(frozen=True, slots=True)
class Times:
    """``now``: seconds since 1970, of the wall clock. ``zone`` None is the machine's own."""

    now: Callable[[], float]
    zone: tzinfo | None = None

    @property
    def zone_name(self) -> str:
        """Of today: all times are shown in it, those of last summer too."""
        return self._today().tzname() or "local time"

    def stamp(self, seconds: float) -> str:
        """``18:02``, ``Tue 18:02`` or ``2026-11-17 18:02``, as much as is needed to know when."""
        now = self._today()
        today = now.date()
        then = datetime.fromtimestamp(min(max(0, int(seconds)), _LAST), now.tzinfo)
        if then.date() == today:
            return f"{then:%H:%M}"
        if today - timedelta(days=6) <= then.date() < today:
            return f"{_DAYS[then.weekday()]} {then:%H:%M}"
        return f"{then:%Y-%m-%d %H:%M}"

    def since(self, ago: float | None, today: bool) -> float:
        """When a period began: so many seconds ago, or with this day; 0 for neither."""
        if today:
            return self._today().replace(hour=0, minute=0, second=0).timestamp()
        return 0.0 if ago is None else max(0.0, self.now() - ago)

    def _today(self) -> datetime:
        """Now, with the offset of now alone."""
        now = datetime.fromtimestamp(int(self.now()), self.zone).astimezone(self.zone)
        return now.astimezone(timezone(now.utcoffset() or timedelta(0), now.tzname() or ""))


_LAST = 253_402_000_000  # in the year 9999: no clock is there, but what a wrong server says may be
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")  # %a would follow the locale
