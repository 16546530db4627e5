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
    """The handshake: the name by which one wants to be known."""

    name: str
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
    | Help
    | Leave
    | Announce
    | Kick
    | Stats
    | Shutdown
)
