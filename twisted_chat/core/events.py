"""What can happen in a chat: frozen values, and the numbered entry that one becomes in a log."""

from typing import ClassVar, TypeAlias

from twisted_chat.core.value import value

LOBBY = "#lobby"
"""The log of the room that everybody is in."""

EVERYONE = "*"
"""The log that all who are here follow."""

NOTES = "&notes"
"""The log of Noted, which nobody follows."""

OPERATORS = "&operators"
"""The log that the operators' consoles follow."""


def inbox(key: str) -> str:
    """The log of what is told to one person, by the folded name."""
    return f"@{key}"


@value
class Said:
    """``once``, of this and of others: by what the program that said it knows it again, empty for
    nothing; no two of one person's are the same."""

    name: str
    text: str
    once: str = ""
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Acted:
    """``/me waves``."""

    name: str
    text: str
    once: str = ""
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
class Sent:
    """A private message as it stands in the log of who wrote it, for her other devices and for
    later. ``waits``: it was for somebody who was not here."""

    name: str
    to: str
    text: str
    waits: bool
    once: str = ""
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Delivered:
    """What had waited for somebody has arrived: ``count`` private messages to ``name``, up to the
    id ``until``."""

    name: str
    until: int
    count: int
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Pasted:
    """Many lines at once, with the line ends between them, as they came. ``number`` is how people
    ask for it."""

    name: str
    text: str
    number: int
    once: str = ""
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Redacted:
    """What an entry has become: its text is gone. ``by``: who took it away."""

    name: str
    by: str
    once: str = ""
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Redaction:
    """``name`` takes the text of an entry away; ``of``: who had said it."""

    name: str
    of: str
    entry: int
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class TopicSet:
    """An empty topic is none."""

    name: str
    topic: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Invited:
    name: str
    to: str
    into: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Moved:
    """The room has another name: what was said under this one is its past."""

    name: str
    to: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Closed:
    """The room is no more, and what was said in it goes too."""

    name: str
    kept: ClassVar[bool] = True
    passing: ClassVar[bool] = False


@value
class Moderated:
    """An act that somebody has power for, in words; ``number`` is how it is looked up and undone.
    ``seconds`` None is for ever, 0 where no time is meant."""

    number: int
    name: str
    verb: str
    target: str
    seconds: float | None
    reason: str
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = False


@value
class Noted:
    """What was to be remembered before this is kept. Nobody reads it."""

    kept: ClassVar[bool] = False
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
    """Connections that were refused at the door; of several, where the most of them came from, and
    why the last of them was."""

    peer: str
    why: str
    count: int = 1
    kept: ClassVar[bool] = False
    passing: ClassVar[bool] = True


Event: TypeAlias = (
    Said
    | Acted
    | Told
    | Sent
    | Delivered
    | Pasted
    | Redacted
    | Redaction
    | TopicSet
    | Invited
    | Moved
    | Closed
    | Moderated
    | Noted
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


RESTING = (Noted, Moderated)
"""Those that tell of what was remembered just before: they hold only if that is kept."""

SPOKEN = (Said, Acted, Told, Pasted, Invited, TopicSet)
"""Those in which somebody's own words reach others: who ignores her gets none of them."""


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
