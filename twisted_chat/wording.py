"""Entries as those read them who share a dialect: a bug in one of them costs the others nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from twisted.logger import Logger

from twisted_chat.core.events import Entry
from twisted_chat.core.outcomes import Done
from twisted_chat.ports import Dialect

_log = Logger()

UNWORDED = Done("a line cannot be shown: there is a bug in the chat itself, and its log says more")
"""In place of an entry for which a dialect has no words."""


def worded(dialect: Dialect, entries: list[Entry]) -> tuple[list[bytes], bytes]:
    """The line of each, and all of them as the crowd reads them."""
    try:
        lines = [dialect.line(entry) for entry in entries]
        return lines, dialect.crowd(entries, lines)
    except Exception:  # once more, each by itself
        lines = [word(dialect, dialect.line, entry) for entry in entries]
        return lines, crowded(dialect, entries, lines)


def word(dialect: Dialect, how: Callable[..., bytes], entry: Entry, *more: Any) -> bytes:
    """One entry, by one of the dialect's methods."""
    try:
        return how(entry, *more)
    except Exception:
        _log.failure("a bug, met by one dialect in {log}", log=entry.log)
        return _unworded(dialect)


def crowded(dialect: Dialect, entries: Sequence[Entry], lines: list[bytes]) -> bytes:
    """``crowd``, or where that is the bug, the lines as they are."""
    try:
        return dialect.crowd(list(entries), lines)
    except Exception:
        _log.failure("a bug, met by one dialect in {log}", log=entries[0].log)
        return b"".join(lines)


def _unworded(dialect: Dialect) -> bytes:
    try:
        return dialect.answer(UNWORDED, None)
    except Exception:
        return b""  # it has no words for that either; the first bug is in the log
