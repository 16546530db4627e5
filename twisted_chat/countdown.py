"""An end that was announced: at once, or after a while in which it can be taken back."""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime

from twisted_chat.core import durations, refusals
from twisted_chat.core.events import Closing, Event

REMINDERS = (600.0, 300.0, 60.0, 30.0, 10.0, 5.0)
"""Seconds before the end at which everyone is told again."""


class Countdown:
    """``announce`` tells everyone; ``end(reason)`` ends the daemon."""

    def __init__(
        self, clock: IReactorTime, announce: Callable[[Event], None], end: Callable[[str], None]
    ) -> None:
        self._clock = clock
        self._announce = announce
        self._end = end
        self._calls: list[IDelayedCall] = []

    def stop(self, seconds: float | None, reason: str) -> str:
        """End after ``seconds``, in place of whatever was counted down to before; None ends
        nothing. Gives the answer to whoever asked. Raises a Refusal."""
        under_way = self.cancel()
        if seconds is None:
            if not under_way:
                raise refusals.nothing_to_cancel()
            self._announce(Closing(None, reason))
            return "the shutdown is cancelled"
        if seconds == 0:
            self._end(reason)
            return "shutting down"
        self._announce(Closing(seconds, reason))
        self._calls = [
            self._clock.callLater(seconds - left, self._announce, Closing(left, reason))
            for left in REMINDERS
            if left < seconds
        ]
        self._calls.append(self._clock.callLater(seconds, self._end, reason))
        after = durations.say(seconds)
        return f"shutting down in {after}; shutdown cancel takes it back"

    def cancel(self) -> bool:
        """True if something was under way."""
        calls, self._calls = self._calls, []
        pending = [call for call in calls if call.active()]
        for call in pending:
            call.cancel()
        return bool(pending)
