"""What was said and is not confirmed yet, in order: none of it is lost, and none said twice.

Each line that is sent has a word of its own, ``once``, by which it is known again when it is read
back over the next connection. What the chat had kept by then is settled by that; the rest is sent
again.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from twisted_chat.core.events import Entry
from twisted_chat.core.requests import Act, Reply, Say, Tell

Speech: TypeAlias = Say | Act | Tell | Reply
"""Requests that say something."""


class SendState(Enum):
    """``WAITING``: the line is down, or what was said before it is not settled. ``UNSURE``: the
    connection was lost, and nobody can tell whether it was said: in a chat that keeps nothing, or
    in private by a guest."""

    WAITING = auto()
    SENT = auto()
    KEPT = auto()
    REFUSED = auto()
    UNSURE = auto()


@dataclass(slots=True, eq=False)
class Send:
    """One of them. ``entry``: what became of it, when it is kept; ``why``: the sentence with which
    it was refused; ``code``: of that refusal."""

    request: Speech
    once: str
    state: SendState = SendState.WAITING
    entry: Entry | None = None
    why: str = ""
    code: str = ""

    @property
    def open(self) -> bool:
        """It is neither kept nor given up: somebody has to look after it."""
        return self.state is not SendState.KEPT
