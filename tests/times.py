"""The wall clock of the tests, where what is shown depends on it: it stands still, in UTC."""

from datetime import UTC

from twisted_chat.speech.times import Times

NOW = 1763667000.0
"""Thursday, 2025-11-20 19:30."""

TIMES = Times(lambda: NOW, UTC)


def at(ago: float = 0.0) -> int:
    """The id of an entry that was said so many seconds ago."""
    return int((NOW - ago) * 1e6)
