"""Whether a line calls somebody, and with what. Pure; the clock is passed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from twisted_chat.client.notices import BELL, PAUSE, Notify, notice, title
from twisted_chat.client.screen import SPOKEN, Line, RoomView


@dataclass(slots=True)
class Calls:
    """``looks``: somebody looks at the terminal, as far as it tells: then there is no need of a
    notice on the desktop. ``setting``: what she wants to be called for."""

    now: Callable[[], float]
    env: Mapping[str, str]
    setting: Notify = Notify.MENTIONS
    looks: bool = False
    missed: int = 0
    """Lines that were said in the room where she talks while she did not look."""
    _last: float = field(default=float("-inf"), init=False)

    def to(self, line: Line) -> str:
        """What is written to the terminal for it."""
        if not self.looks and line.kind in SPOKEN and not line.own and not line.earlier:
            self.missed += 1
        now = self.now()
        if not self.setting.wants(line) or now - self._last < PAUSE:
            return ""
        self._last = now
        return BELL if self.looks else BELL + notice(line.text, self.env)

    def looking(self, on: bool) -> None:
        self.looks, self.missed = on, 0

    def title(self, room: str, rooms: Sequence[RoomView]) -> str:
        """``(3!) #lobby``: so many lines were not read, and one of them names her."""
        count = self.missed + sum(one.unread for one in rooms)
        called = "!" if any(one.mentions for one in rooms) else ""
        return title(f"({count}{called}) {room}" if count else room or "chat")
