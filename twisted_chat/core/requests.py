"""What can be asked: frozen values, the same from every door and in every dialect.

The fields are what a program sends; ``needs`` is the right without which it is refused.
"""

from dataclasses import field
from enum import IntEnum
from typing import ClassVar, TypeAlias

from twisted_chat.core.value import value


class Right(IntEnum):
    """What somebody may, each including those before. HOST and OWNER are of one room."""

    GUEST = 0
    MEMBER = 1
    HOST = 2
    OWNER = 3
    OPERATOR = 9


@value
class Say:
    """In ``room``, or where one talks. A text of several lines is a paste. ``once``, of this and of
    others: it is said once, however often it is asked for by the same word."""

    text: str
    room: str = ""
    once: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Act:
    text: str
    room: str = ""
    once: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Tell:
    to: str
    text: str
    once: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Reply:
    """Tells it to whoever wrote last."""

    text: str
    once: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Converse:
    """What is said without a room goes to this person alone; an empty name ends that."""

    name: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Away:
    text: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Back:
    needs: ClassVar[Right] = Right.GUEST


@value
class Ignore:
    """Nothing that this person says is shown; ``minutes`` is a duration. Without a name: who is
    ignored."""

    name: str = ""
    minutes: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Unignore:
    name: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Enter:
    """The handshake: the name by which one wants to be known. ``after``: in which log one has read
    up to which id, by whoever was here before and wants just what came since. ``password``: of the
    name, or a recovery code; empty to come in as a guest. ``house``: the password of the chat."""

    name: str
    after: tuple[tuple[str, int], ...] = ()
    password: str | None = field(default=None, repr=False)
    house: str | None = field(default=None, repr=False)
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
class Whois:
    name: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Names:
    room: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Join:
    """Enter a room, or talk in it from now on. One that is not there yet is made."""

    room: str
    needs: ClassVar[Right] = Right.GUEST


@value
class Part:
    """Leave a room, by default the one where one talks."""

    room: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Rooms:
    needs: ClassVar[Right] = Right.GUEST


@value
class Topic:
    """What the room is about: to read it, or with ``topic`` to change it; ``-`` takes it away."""

    room: str = ""
    topic: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Invite:
    name: str
    room: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Manage:
    """``what`` is set, transfer, rename or delete; ``value`` what to set, who is to own the room,
    or its new name."""

    what: str
    room: str
    value: str = ""
    needs: ClassVar[Right] = Right.OWNER


@value
class Redact:
    """``entry`` is an id, or ``last``; with a name, the last of that person's."""

    entry: str
    name: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Show:
    """A paste, whole."""

    number: str
    needs: ClassVar[Right] = Right.GUEST


@value
class SentBefore:
    """What one has told others, and whether it has arrived."""

    needs: ClassVar[Right] = Right.MEMBER


@value
class Register:
    password: str = field(default="", repr=False)
    needs: ClassVar[Right] = Right.GUEST


@value
class ChangePassword:
    """Of one's own name, or by an operator of another's."""

    name: str = ""
    password: str = field(default="", repr=False)
    new: str = field(default="", repr=False)
    needs: ClassVar[Right] = Right.MEMBER


@value
class Logout:
    """Leave with this device; ``which`` others or all: with those."""

    which: str = ""
    needs: ClassVar[Right] = Right.MEMBER


@value
class AccountOf:
    """``what`` is info, export or delete, which wants the password."""

    what: str = "info"
    password: str = field(default="", repr=False)
    needs: ClassVar[Right] = Right.MEMBER


@value
class History:
    """What was said last, where one talks or in ``room``: so many lines, or those of so long, or of
    ``today``; with ``ids`` among it, each with its id."""

    what: str = ""
    room: str = ""
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
class Motd:
    """What everyone reads on entering. Of an operator, ``what`` may be ``set``, to ``text``, or
    ``reload``: from its file."""

    what: str = ""
    text: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Help:
    command: str = ""
    needs: ClassVar[Right] = Right.GUEST


@value
class Ping:
    """Whether there is anybody at the other end, and how far away."""

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
    """Out of a room; out of the lobby is out of the chat."""

    target: str
    reason: str = ""
    room: str = ""
    dry_run: bool = False
    yes: bool = False
    needs: ClassVar[Right] = Right.HOST


@value
class Kill:
    """Out of the chat, on all devices."""

    target: str
    reason: str = ""
    dry_run: bool = False
    yes: bool = False
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Ban:
    """``target``: a name, ``ip:ADDRESS`` or ``net:NETWORK``; of a room, or of the chat by the
    lobby's. ``dry_run``: only say who would be hit; ``yes``: do it though it hits many."""

    target: str
    duration: str = ""
    reason: str = ""
    room: str = ""
    dry_run: bool = False
    yes: bool = False
    needs: ClassVar[Right] = Right.HOST


@value
class Unban:
    target: str
    room: str = ""
    needs: ClassVar[Right] = Right.HOST


@value
class Bans:
    """Who is banned or muted."""

    room: str = ""
    needs: ClassVar[Right] = Right.HOST


@value
class Mute:
    target: str
    duration: str = ""
    reason: str = ""
    room: str = ""
    dry_run: bool = False
    yes: bool = False
    needs: ClassVar[Right] = Right.HOST


@value
class Unmute:
    target: str
    room: str = ""
    needs: ClassVar[Right] = Right.HOST


@value
class Slow:
    """So long between two lines of one person; ``off`` for not at all."""

    pause: str
    room: str = ""
    needs: ClassVar[Right] = Right.HOST


@value
class Promote:
    """Make somebody a host of the room, or in the lobby an operator of the chat."""

    name: str
    room: str = ""
    needs: ClassVar[Right] = Right.OWNER


@value
class Demote:
    name: str
    room: str = ""
    needs: ClassVar[Right] = Right.OWNER


@value
class Lockdown:
    """``on``: nobody comes in who does not own her name, and nobody registers one; or ``off``;
    or empty, to ask."""

    what: str = ""
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Allow:
    """``what`` is on, off, add, remove or list."""

    what: str = "list"
    target: str = ""
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Audit:
    """The last acts, of which one may know; those with this in them."""

    what: str = ""
    needs: ClassVar[Right] = Right.HOST


@value
class Undo:
    number: str
    needs: ClassVar[Right] = Right.HOST


@value
class Stats:
    needs: ClassVar[Right] = Right.OPERATOR


@value
class Rehash:
    """The options and what belongs to them are read again."""

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
    | Converse
    | Away
    | Back
    | Ignore
    | Unignore
    | Enter
    | Rename
    | Who
    | Whois
    | Names
    | Join
    | Part
    | Rooms
    | Topic
    | Invite
    | Manage
    | Redact
    | Show
    | SentBefore
    | Register
    | ChangePassword
    | Logout
    | AccountOf
    | History
    | CatchUp
    | Mentions
    | Last
    | Search
    | More
    | Motd
    | Help
    | Ping
    | Leave
    | Announce
    | Kick
    | Kill
    | Ban
    | Unban
    | Bans
    | Mute
    | Unmute
    | Slow
    | Promote
    | Demote
    | Lockdown
    | Allow
    | Audit
    | Undo
    | Stats
    | Rehash
    | Shutdown
)
