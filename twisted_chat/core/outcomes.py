"""What follows from a request: entries to publish, things to carry out, and answers.

An answer is read by the asker alone and enters no log.
"""

from dataclasses import field
from typing import TypeAlias

from twisted_chat.core.events import Event
from twisted_chat.core.history import Page, Query
from twisted_chat.core.records import Record, Ruling, Sanction
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Request, Right
from twisted_chat.core.value import value


@value
class Post:
    """Publish this in that log. ``silent``: the asker gets no receipt for it, but for what comes
    with it."""

    log: str
    event: Event
    silent: bool = False


@value
class Depart:
    """The asker takes leave and is disconnected."""


@value
class Evict:
    """Somebody is disconnected, on all devices: the folded name, what she is told, and in two or
    three words what the others are. ``others``: not the device that asks."""

    key: str
    told: str
    why: str
    others: bool = False


@value
class Withdraw:
    """The devices of this person read that log no more."""

    key: str
    log: str


@value
class Face:
    """The asker talks in another room: what is said in ``old`` shows its room from now on, and what
    is said in ``new`` does not."""

    old: str
    new: str


@value
class Approach:
    """The asker wants to enter this room, and to read what was said there last."""

    log: str
    since: int


@value
class Alert:
    """What all devices of somebody are told but the one that asks, by the folded name."""

    key: str
    answer: "Answer"


@value
class Inform:
    """What one device is told, that of somebody else or another of hers."""

    device: object
    answer: "Answer"


@value
class Remember:
    record: Record


@value
class Forget:
    record: Record


@value
class Seal:
    """A secret has to be checked or hashed before this request can be done: ``proof`` has to fit
    ``secret``, None for nothing to be checked, and ``fresh`` is to be hashed, empty for nothing."""

    request: Request
    key: str
    proof: str | None = field(default=None, repr=False)
    secret: str = field(default="", repr=False)
    fresh: str = field(default="", repr=False)


@value
class Stop:
    """The daemon ends in ``seconds``; None takes that back."""

    seconds: float | None
    reason: str


@value
class Reread:
    """The options are read again; of them, only ``what`` if that is not empty."""

    what: str = ""


@value
class Explain:
    """The asker wants help: with one command, or with all that her right allows."""

    command: str
    right: Right


@value
class Measure:
    """The asker wants the daemon's figures."""


@value
class Look:
    """The asker wants to read what was said before; ``none``: what she is told if it is nothing.
    ``then``: what is to be done with it, if it is not to be shown."""

    query: Query
    none: str
    then: Request | None = None
    ids: bool = False


@value
class Welcomed:
    """The handshake is done. ``others`` are the first few of ``count`` who are here too.

    ``kept``: how long what is said here is, empty for not at all. ``since``: when somebody of that
    name left, in seconds since 1970, 0 for nobody did; ``missed`` and ``naming``: what was said
    since, and how much of it names her, each up to ``history.MOST``. ``last``: everything that is
    said later has a larger id. ``rooms``: those she is in. ``owned``: the name is hers.
    ``waiting``: so many private messages have waited for her.
    """

    name: str
    room: str
    others: tuple[str, ...]
    count: int
    motd: str
    kept: str = ""
    since: float = 0.0
    missed: int = 0
    naming: int = 0
    last: int = 0
    rooms: tuple[str, ...] = ()
    owned: bool = False
    waiting: int = 0


@value
class Person:
    """``here`` and ``idle`` are seconds since entering and since the last word; ``away`` is empty
    for who is not."""

    name: str
    here: float
    idle: float
    away: str = ""
    owned: bool = False
    devices: int = 1


@value
class People:
    """The first of ``count`` people, in the order in which they came."""

    room: str
    people: tuple[Person, ...]
    count: int


@value
class NameList:
    room: str
    names: tuple[str, ...]
    count: int


@value
class Entered:
    """The asker is in this room and talks there. ``others``: the first few of ``count``."""

    room: str
    topic: str
    others: tuple[str, ...]
    count: int


@value
class Outside:
    """The asker is in this room no more, and in words why; ``now`` is where she talks, empty for
    nowhere."""

    room: str
    now: str
    why: str


@value
class RoomLine:
    room: str
    count: int
    topic: str
    private: bool
    inside: bool


@value
class RoomList:
    """The first of ``count`` rooms, those with the most people first."""

    rooms: tuple[RoomLine, ...]
    count: int


@value
class TopicIs:
    room: str
    topic: str


@value
class Profile:
    """What one may know of somebody. ``rooms``: those that the asker may know of. ``addresses`` are
    for operators. ``here``: False if she owns her name and is not."""

    name: str
    here: bool
    owned: bool
    since: float
    idle: float
    devices: int
    away: str
    rooms: tuple[str, ...]
    addresses: tuple[str, ...]


@value
class Registered:
    """The name is owned. ``codes`` are shown this once."""

    name: str
    codes: tuple[str, ...]


@value
class AccountInfo:
    """``since`` in seconds since 1970; ``codes``: how many recovery codes are left."""

    name: str
    since: float
    devices: int
    rooms: tuple[str, ...]
    owns: tuple[str, ...]
    ignores: tuple[str, ...]
    codes: int


@value
class SentLine:
    """``at`` and ``arrived`` in seconds since 1970; ``arrived`` 0: it waits."""

    to: str
    text: str
    at: float
    arrived: float


@value
class SentList:
    sent: tuple[SentLine, ...]


@value
class Sanctions:
    """Those who may not come in, or not speak."""

    sanctions: tuple[Sanction, ...]


@value
class Rulings:
    """The last acts, oldest first."""

    rulings: tuple[Ruling, ...]


@value
class Hits:
    """Whom it would hit: ``count`` who are here, ``here`` are those of their names that the asker
    may know, and ``away`` those who are not here."""

    target: str
    count: int
    here: tuple[str, ...]
    away: tuple[str, ...] = ()


@value
class NamesOf:
    """A list of names or targets, in words of what."""

    what: str
    names: tuple[str, ...]


@value
class Paste:
    """A paste, whole."""

    number: int
    room: str
    name: str
    text: str


@value
class HelpLine:
    usage: str
    help: str


@value
class HelpText:
    lines: tuple[HelpLine, ...]


@value
class Figures:
    """Names and values of what the daemon counts."""

    figures: tuple[tuple[str, str], ...]


@value
class Done:
    """It was done, and in words what was."""

    text: str


@value
class Refused:
    """A Refusal, as the asker gets it."""

    code: str
    text: str

    @classmethod
    def of(cls, refusal: Refusal) -> "Refused":
        return cls(refusal.code, refusal.sentence)


@value
class Slowed:
    """The asker is faster than allowed, and is read no faster than that: lines per second."""

    rate: float


@value
class Skipped:
    """The asker read too slowly, and so many lines are gone for it."""

    count: int


@value
class Earlier:
    """What follows was said in this log before the reader came."""

    room: str


@value
class CaughtUp:
    """All that was said in this log before the reader came has been read."""

    room: str


@value
class Pong:
    """What a Ping is answered with. ``time``: by the server's clock, in seconds since 1970."""

    time: float = 0.0


@value
class Gone:
    """What came before the entry ``oldest`` is not kept any more; 0: nothing is."""

    room: str
    oldest: int


@value
class Hello:
    """The first object of the JSON dialect. ``limit``: bytes in a line that is sent here.
    ``confirm``: people are shown a receipt for what they say."""

    protocol: int
    server: str
    limit: int
    confirm: bool = False


@value
class Goodbye:
    """The last answer; ``why`` is empty for somebody who took leave."""

    why: str


Answer: TypeAlias = (
    Welcomed
    | People
    | NameList
    | Entered
    | Outside
    | RoomList
    | TopicIs
    | Profile
    | Registered
    | AccountInfo
    | SentList
    | Sanctions
    | Rulings
    | Hits
    | NamesOf
    | Paste
    | HelpText
    | Figures
    | Done
    | Refused
    | Slowed
    | Skipped
    | Page
    | Earlier
    | CaughtUp
    | Pong
    | Gone
    | Hello
    | Goodbye
)
Deed: TypeAlias = (
    Depart
    | Evict
    | Withdraw
    | Face
    | Approach
    | Alert
    | Inform
    | Remember
    | Forget
    | Seal
    | Stop
    | Reread
    | Explain
    | Measure
)
Outcome: TypeAlias = Post | Look | Deed | Answer
