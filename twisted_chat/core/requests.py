"""What can be asked: frozen values, the same from every door and in every dialect.

The fields are what a program sends; ``needs`` is the right without which it is refused.
"""

from enum import IntEnum
from typing import ClassVar, TypeAlias

from twisted_chat.core.value import value


class Right(IntEnum):
    """What somebody may, each including those before."""

    GUEST = 0
    OPERATOR = 9


@value
class Say:
    text: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Act:
    text: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Tell:
    to: str
    text: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Reply:
    """Tells it to whoever wrote last."""

    text: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Enter:
    """The handshake: the name by which one wants to be known. ``after``: in which log one has read
    up to which id, by whoever was here before and wants just what came since."""

    name: str
    after: tuple[tuple[str, int], ...] = ()
    needs: ClassVar[Right] = Right.GUEST


@value
class Rename:
    name: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Who:
    """Who is here, since when, and for how long silent; those whose name begins so."""

    prefix: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Names:
    needs: ClassVar[Right] = Right.GUEST


@value
class History:
    """What was said last: so many lines, or those of so long, or of ``today``."""

    what: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class CatchUp:
    """What was said since one was here last."""

    room: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Mentions:
    """The lines with one's name in them."""

    needs: ClassVar[Right] = Right.GUEST


@value
class Last:
    """The last lines that have this in them, letter by letter."""

    text: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Search:
    """All lines with these words; ``from:NAME`` and ``since:2d`` among them narrow it."""

    text: str
    needs: ClassVar[Right] = Right.GUEST


@value
class More:
    """The next page of what was asked for last."""

    needs: ClassVar[Right] = Right.GUEST


@value
class Help:
    command: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Leave:
    needs: ClassVar[Right] = Right.GUEST


@value
class Announce:
    text: str
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Kick:
    name: str
    reason: str = ""
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Stats:
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Shutdown:
    """``delay`` is a duration; "cancel" takes a shutdown back."""

    delay: str = ""
    reason: str = ""
    needs: ClassVar[Right] = Right.OPERATOR


Request: TypeAlias = (
    Say
    | Act
    | Tell
    | Reply
    | Enter
    | Rename
    | Who
    | Names
    | History
    | CatchUp
    | Mentions
    | Last
    | Search
    | More
    | Help
    | Leave
    | Announce
    | Kick
    | Stats
    | Shutdown
)
