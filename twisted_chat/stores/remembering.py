"""What is remembered beside the logs, from when that is asked for until it is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from twisted_chat.core.records import Record
from twisted_chat.stores import rows
from twisted_chat.stores.rows import Remembered

Key: TypeAlias = tuple[type[Record], str]
"""A kind, and the key of a record."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be kept now, and the kinds and keys of what is not any more."""

    kept: Sequence[Remembered] = ()
    gone: Sequence[tuple[str, str]] = ()


class Remembering:
    """The last that was said of each. At most one write of it is under way."""

    def __init__(self) -> None:
        self._changed: dict[Key, tuple[Record, bool]] = {}
        self._under_way: dict[Key, tuple[Record, bool]] = {}

    def __bool__(self) -> bool:
        return bool(self._changed)

    def remember(self, record: Record) -> None:
        self._changed[type(record), record.key] = record, True

    def forget(self, record: Record) -> None:
        self._changed[type(record), record.key] = record, False

    def take(self) -> Changes:
        """What is to be written now: ``written`` or ``not_written`` follows."""
        self._changed, self._under_way = {}, self._changed
        changed = [(rows.remembered(record), kept) for record, kept in self._under_way.values()]
        return Changes(
            [row for row, kept in changed if kept],
            [(kind, key) for (kind, key, _), kept in changed if not kept],
        )

    def written(self) -> None:
        self._under_way = {}

    def not_written(self) -> None:
        self._changed = self._under_way | self._changed
        self._under_way = {}
