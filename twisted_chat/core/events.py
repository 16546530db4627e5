"""What can happen in a chat: frozen values, and the numbered entry that one becomes in a log."""

from typing import ClassVar, TypeAlias

from twisted_chat.core.value import value

LOBBY = "#lobby"
"""The log of the room that everybody is in."""

EVERYONE = "*"
"""The log that all who are here follow."""

OPERATORS = "&operators"
"""The log that the operators' consoles follow."""


def inbox(key: str) -> str:
    """The log of what is told to one person, by the folded name."""
    return f"@{key}"


@value
class Said:
    name: str
    text: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Acted:
    """``/me waves``."""

    name: str
    text: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Told:
    """A private message."""

    name: str
    to: str
    text: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Announced:
    """The operator speaks to all."""

    text: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Joined:
    name: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = True


@value
class Left:
    """``why`` is empty when somebody took leave, else two or three words."""

    name: str
    why: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = True


@value
class Renamed:
    name: str
    to: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = False


@value
class Closing:
    """The daemon stops in ``seconds``: 0 is now, None is "not after all"."""

    seconds: float | None
    reason: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = False


@value
class Connected:
    """A connection was made; ``number`` tells it from all others of this daemon's life."""

    number: int
    peer: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = True


@value
class Disconnected:
    number: int
    peer: str
    why: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = True


@value
class TurnedAway:
    """A connection that was refused at the door."""

    peer: str
    why: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = True


Event: TypeAlias = (
    Said
    | Acted
    | Told
    | Announced
    | Joined
    | Left
    | Renamed
    | Closing
    | Connected
    | Disconnected
    | TurnedAway
)
"""Those that are ``kept`` are history: they are there when the daemon comes back. Those that are
``passing`` may wait a moment in a storm of them, and nobody waits for theirs."""


@value
class Entry:
    """One numbered line of a log.

    ``id`` is the microsecond (since 1970, UTC) at which it was said, raised to one more than the
    log's last where that is not larger: it grows in every log, tells the time, and stays below
    2**53, so that every JSON reader has it exactly.
    """

    id: int
    log: str
    event: Event
