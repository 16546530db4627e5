"""Who comes and goes, in one line: it stands above the one being typed, and grows, until something
else is shown. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from twisted_chat.client.screen import Kind, Line

SHOWN = 8
"""Names of each kind in such a line: it should not be longer than a terminal is wide."""

MOST = 1000
"""Lines that are folded: a storm has to be shown sometime."""

_PATHS = {
    (True, True): "joined",
    (False, False): "left",
    (True, False): "came and left",
    (False, True): "left and came back",
}


@dataclass(slots=True)
class _Path:
    """How somebody was first and last seen in a room: coming, or going."""

    first: bool
    last: bool


class Comings:
    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._paths: dict[str, dict[str, _Path]] = {}
        """By room, and by name in the order in which they were seen first."""

    def folds(self, line: Line) -> bool:
        """It is taken, to be shown with others; if not, they are to be shown before it."""
        if line.kind not in (Kind.CAME, Kind.WENT) or line.earlier or len(self._lines) >= MOST:
            return False
        self._lines.append(line)
        comes = line.kind is Kind.CAME
        path = self._paths.setdefault(line.room, {}).setdefault(line.name, _Path(comes, comes))
        path.last = comes
        return True

    def lines(self, here: str) -> list[Line]:
        """One for each room; ``here`` is the one where one talks, which is not named."""
        if len(self._lines) <= 1:
            return list(self._lines)
        last = self._lines[-1]
        return [
            replace(last, text=f"-- {words(paths)}{where(room, here)}", name="", room=room)
            for room, paths in self._paths.items()
        ]

    def take(self, here: str) -> list[Line]:
        """The same, and what comes next begins anew."""
        lines = self.lines(here)
        self._lines, self._paths = [], {}
        return lines


def where(room: str, here: str) -> str:
    return "" if room == here else f" {room}"


def words(paths: dict[str, _Path]) -> str:
    """``bob, cy joined; dan left``"""
    return "; ".join(_groups(paths))


def _groups(paths: dict[str, _Path]) -> Iterator[str]:
    for (first, last), done in _PATHS.items():
        names = [name for name, path in paths.items() if (path.first, path.last) == (first, last)]
        if names:
            yield f"{listed(names)} {done}"


def listed(names: Sequence[str]) -> str:
    rest = len(names) - SHOWN
    more = f" and {rest} {'other' if rest == 1 else 'others'}" if rest > 0 else ""
    return f"{', '.join(names[:SHOWN])}{more}"
