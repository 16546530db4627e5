"""Lines on their way into the scrollback: what came since the last look, as one text. Pure; clocks
are passed in."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from twisted_chat.client.comings import Comings
from twisted_chat.client.marks import PAUSE, Looking, Marks
from twisted_chat.client.paint import Paint
from twisted_chat.client.screen import SPOKEN, Line

MOST = 10_000
"""Lines that wait while the terminal is somebody else's (an editor's, a shell's). Of more, the last
ones are shown: they are in the chat's own history."""


@dataclass(slots=True)
class Scroll:
    """``now``: seconds since 1970. ``calls``: what is to be written for a line that calls somebody,
    or nothing. ``columns``: of the terminal."""

    paint: Paint
    marks: Marks
    now: Callable[[], float]
    calls: Callable[[Line], str]
    columns: Callable[[], int] = lambda: 80
    looking: Looking = field(default_factory=Looking)
    comings: Comings = field(default_factory=Comings)
    knows_focus: bool = False
    """The terminal tells whether it has it."""
    _waiting: deque[Line] = field(default_factory=lambda: deque(maxlen=MOST))
    _left_out: int = 0
    _pressed: float = field(init=False)

    def __post_init__(self) -> None:
        self._pressed = self.now()

    def add(self, line: Line) -> None:
        self._left_out += len(self._waiting) == MOST
        self._waiting.append(line)

    def pressed(self) -> None:
        """A key: somebody is there."""
        self._pressed = self.now()
        self.looking.looks()

    def take(self, here: str) -> str:
        """All that is new. Who comes and goes is held back until something else is shown."""
        left_out, self._left_out = self._left_out, 0
        lines = list(self._waiting)
        self._waiting.clear()
        shown = "".join(self._shown(lines, here))
        if left_out:
            return self.paint.rule(f"-- {left_out} lines were not shown: /history has them") + shown
        return shown

    def rest(self, here: str) -> str:
        """What was held back too."""
        return self.take(here) + "".join(map(self._painted, self.comings.take(here)))

    def _shown(self, lines: list[Line], here: str) -> Iterator[str]:
        for line in lines:
            if self.comings.folds(line):
                continue
            yield from map(self._painted, self.comings.take(here))
            if line.kind in SPOKEN and not line.own and not line.earlier:
                yield self._mark()
            yield self._painted(line)
            yield self.calls(line)

    def _painted(self, line: Line) -> str:
        rule = self.marks.rule(line.at)
        return f"{self.paint.rule(rule) if rule else ''}" + self.paint.painted(
            line, self.marks.gutter(line.at), self.columns()
        )

    def _mark(self) -> str:
        if not self.knows_focus and self.now() - self._pressed > PAUSE:
            self.looking.looks_away(self._pressed)
        since = self.looking.to_mark()
        return "" if since is None else self.paint.rule(self.marks.unread(since))
