"""A file that keeps what was said and is not confirmed, for the next start after a ``kill -9``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from twisted_chat.client.sending import Send


@dataclass(frozen=True, slots=True)
class Left:
    """What was left when a client ended: the lines that it said and that were not confirmed, and up
    to where it had read each log, by which it is found out which of them were kept."""

    sends: tuple[Send, ...] = ()
    places: tuple[tuple[str, int], ...] = ()


class Draft:
    """``path``: see ``draft_path``. It is written before anything is sent, and away when nothing is
    open."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Left:
        """What the last run left; nothing of a file that cannot be read, which is set aside."""
        raise NotImplementedError

    def write(self, sends: Sequence[Send], places: Sequence[tuple[str, int]]) -> None:
        """It is on the disk when this returns."""
        raise NotImplementedError


def draft_path(state: Path, where: str, name: str) -> Path:
    """``state``: the XDG folder; a file for each chat and name."""
    raise NotImplementedError
