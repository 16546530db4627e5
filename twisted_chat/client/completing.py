"""What Tab proposes: commands, names and rooms. Pure; knows no terminal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from twisted_chat.speech.commands import Command

MOST = 100
"""Proposals: nobody looks through more."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """``text`` takes the place of so many characters before the cursor."""

    text: str
    shown: str
    meta: str
    replaces: int


@dataclass(frozen=True, slots=True)
class Known:
    """What may be proposed. ``names``: who spoke last is first, one's own is last. ``commands``:
    those that one may use."""

    commands: Sequence[Command]
    names: Sequence[str]
    rooms: Sequence[str]


def proposals(before: str, known: Known) -> list[Proposal]:
    """For what stands before the cursor, the most likely first."""
    line = before.rpartition("\n")[2]
    word = line.rpartition(" ")[2]
    first = word == line
    if first and word.startswith("/"):
        found = _commands(word, known.commands)
    elif word.startswith("#"):
        found = _rooms(word, known.rooms)
    elif line.startswith("/help "):
        found = _commands(word, known.commands, "")
    else:
        found = _names(word, known.names, first and not before.strip(word))
    return list(found)[:MOST]


def _commands(word: str, commands: Iterable[Command], slash: str = "/") -> Iterable[Proposal]:
    wanted = word.removeprefix("/").lower()
    for command in commands:
        if command.name.startswith(wanted):
            space = " " if command.arguments and slash else ""
            text = f"{slash}{command.name}{space}"
            yield Proposal(text, command.usage, command.help, len(word))


def _rooms(word: str, rooms: Iterable[str]) -> Iterable[Proposal]:
    for room in rooms:
        if room.lower().startswith(word.lower()):
            yield Proposal(f"{room} ", room, "", len(word))


def _names(word: str, names: Iterable[str], at_start: bool) -> Iterable[Proposal]:
    """At the start of a line one is spoken to: a colon follows. ``@ann`` is written by those who
    are used to it."""
    sign = "@" if word.startswith("@") else ""
    wanted = word.removeprefix("@").casefold()
    behind = ": " if at_start and not sign else " "
    for name in names:
        if name.casefold().startswith(wanted):
            yield Proposal(f"{sign}{name}{behind}", name, "", len(word))
