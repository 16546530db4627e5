"""What follows from a request: entries to publish, things to carry out, and answers.

An answer is read by the asker alone and enters no log.
"""

from dataclasses import dataclass
from typing import TypeAlias

from twisted_chat.core.events import Event


@dataclass(frozen=True, slots=True)
class Post:
    """Publish this in that log."""

    log: str
    event: Event


@dataclass(frozen=True, slots=True)
class Depart:
    """The asker takes leave and is disconnected."""


@dataclass(frozen=True, slots=True)
class Evict:
    """Somebody else is disconnected: the folded name, and what she is told."""

    key: str
    why: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The daemon ends in ``seconds``; None takes that back."""

    seconds: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Measure:
    """The asker wants the daemon's figures."""


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The handshake is done. ``others`` are the first few of ``count`` who are here too."""

    name: str
    room: str
    others: tuple[str, ...]
    count: int
    motd: str


@dataclass(frozen=True, slots=True)
class Person:
    """``here`` and ``idle`` are seconds since entering and since the last word."""

    name: str
    here: float
    idle: float


@dataclass(frozen=True, slots=True)
class People:
    """The first of ``count`` people, in the order in which they came."""

    room: str
    people: tuple[Person, ...]
    count: int


@dataclass(frozen=True, slots=True)
class NameList:
    room: str
    names: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class HelpLine:
    usage: str
    help: str


@dataclass(frozen=True, slots=True)
class HelpText:
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Names and values of what the daemon counts."""

    figures: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Done:
    """It was done, and in words what was."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A Refusal, as the asker gets it."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Slowed:
    """The asker is faster than allowed, and is read no faster than that: lines per second."""

    rate: float


@dataclass(frozen=True, slots=True)
class Skipped:
    """The asker read too slowly, and so many lines are gone for it."""

    count: int


@dataclass(frozen=True, slots=True)
class Hello:
    """The first object of the JSON dialect. ``limit``: bytes in a line that is sent here."""

    protocol: int
    server: str
    limit: int


@dataclass(frozen=True, slots=True)
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
    | Hello
    | Goodbye
)
Outcome: TypeAlias = Post | Depart | Evict | Stop | Measure | Answer
