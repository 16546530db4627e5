"""A bar on a terminal that shows how far something is."""

from collections.abc import Callable
from typing import TextIO

PAUSE = 0.1
"""Seconds between two drawings."""

WIDTH = 20


class Bar:
    """``now``: seconds. Draws nothing where no terminal is, and takes itself away at the end."""

    def __init__(self, what: str, stream: TextIO, now: Callable[[], float]) -> None:
        self._what = what
        self._stream = stream
        self._now = now
        self._draws = stream.isatty()
        self._began = self._drawn = now()

    def show(self, count: int, part: float | None) -> None:
        """So many are done; ``part``: of 1, if it is known how much there is."""
        now = self._now()
        if self._draws and now - self._drawn >= PAUSE:
            self._drawn = now
            self._write("\r" + drawn(self._what, count, part, now - self._began) + "\x1b[K")

    def wait(self) -> int:
        """Something is going on of which nobody knows how far it is: for how long. Gives 0, as
        SQLite wants it of whom it calls meanwhile."""
        now = self._now()
        if self._draws and now - self._drawn >= PAUSE:
            self._drawn = now
            self._write(f"\r{self._what} {now - self._began:.0f} s\x1b[K")
        return 0

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *error: object) -> None:
        if self._draws and self._drawn > self._began:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def drawn(what: str, count: int, part: float | None, seconds: float) -> str:
    """As in ``exported [=====>    ] 52%  52000 entries  26000/s``."""
    pace = f"{count} entries  {count / seconds if seconds else 0:.0f}/s"
    if part is None:
        return f"{what} {pace}"
    done = round(min(part, 1.0) * WIDTH)
    return f"{what} [{'=' * done:{WIDTH}}] {min(part, 1.0):4.0%}  {pace}"
