"""What follows from a request: entries to publish, things to carry out, and answers.

An answer is read by the asker alone and enters no log.
"""

from typing import TypeAlias

from twisted_chat.core.events import Event
from twisted_chat.core.history import Page, Query
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Right
from twisted_chat.core.value import value


@value
class Post:
    """Publish this in that log."""

    log: str
    event: Event


@value
class Depart:
    """The asker takes leave and is disconnected."""


@value
class Evict:
    """Somebody else is disconnected: the folded name, and what she is told."""

    key: str
    why: str


@value
class Stop:
    """The daemon ends in ``seconds``; None takes that back."""

    seconds: float | None
    reason: str


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
    """The asker wants to read what was said before; ``none``: what she is told if it is nothing."""

    query: Query
    none: str


@value
class Welcomed:
    """The handshake is done. ``others`` are the first few of ``count`` who are here too.

    ``kept``: how long what is said here is, empty for not at all. ``since``: when somebody of that
    name left, in seconds since 1970, 0 for nobody did; ``missed`` and ``naming``: what was said
    since, and how much of it names her, each up to ``history.MOST``. ``last``: everything that is
    said later has a larger id.
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


@value
class Person:
    """``here`` and ``idle`` are seconds since entering and since the last word."""

    name: str
    here: float
    idle: float


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
    | HelpText
    | Figures
    | Done
    | Refused
    | Slowed
    | Skipped
    | Page
    | Earlier
    | Gone
    | Hello
    | Goodbye
)
Deed: TypeAlias = Depart | Evict | Stop | Explain | Measure
Outcome: TypeAlias = Post | Look | Deed | Answer
