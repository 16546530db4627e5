"""The table of slash commands: usage, a line of help, and the request that each one makes.

A command is added here and in core; no door knows any of them.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, fields

from twisted_chat.core import refusals
from twisted_chat.core.outcomes import HelpLine, HelpText
from twisted_chat.core.requests import (
    Act,
    Announce,
    CatchUp,
    Help,
    History,
    Kick,
    Last,
    Leave,
    Mentions,
    More,
    Names,
    Rename,
    Reply,
    Request,
    Right,
    Say,
    Search,
    Shutdown,
    Stats,
    Tell,
    Who,
)


@dataclass(frozen=True, slots=True)
class Command:
    """``arguments`` as usage shows them; ``read`` makes the request of them, or raises ValueError
    when something is missing."""

    name: str
    arguments: str
    help: str
    request: type[Request]
    read: Callable[[str], Request]
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        return f"/{self.name} {self.arguments}".rstrip()


def _needed(text: str) -> str:
    if not text:
        raise ValueError("something is missing")
    return text


def _tell(rest: str) -> Request:
    to, _, text = rest.partition(" ")
    return Tell(_needed(to), _needed(text.strip()))


def _kick(rest: str) -> Request:
    name, _, reason = rest.partition(" ")
    return Kick(_needed(name), reason.strip())


def _shutdown(rest: str) -> Request:
    delay, _, reason = rest.partition(" ")
    return Shutdown(delay, reason.strip())


COMMANDS: tuple[Command, ...] = (
    Command("help", "[COMMAND]", "what you can do here", Help, lambda rest: Help(rest)),
    Command("who", "[PREFIX]", "who is here, and since when", Who, lambda rest: Who(rest)),
    Command("names", "", "the names of all who are here", Names, lambda _: Names()),
    Command("msg", "NAME TEXT", "tell it to one person alone", Tell, _tell),
    Command(
        "reply", "TEXT", "tell it to who wrote to you last", Reply, lambda r: Reply(_needed(r))
    ),
    Command("me", "TEXT", "say what you do: * ann waves", Act, lambda rest: Act(_needed(rest))),
    Command("say", "TEXT", "say it, whatever it begins with", Say, lambda rest: Say(_needed(rest))),
    Command("nick", "NAME", "take another name", Rename, lambda rest: Rename(_needed(rest))),
    Command(
        "history",
        "[N | 1h | today]",
        "what was said last, or since then",
        History,
        lambda rest: History(rest),
    ),
    Command("catchup", "[#ROOM]", "what you missed", CatchUp, lambda rest: CatchUp(rest)),
    Command("mentions", "", "the lines that name you", Mentions, lambda _: Mentions()),
    Command("last", "TEXT", "the last lines with TEXT in them", Last, lambda r: Last(_needed(r))),
    Command(
        "search",
        "[from:NAME] [since:2d] TEXT",
        "all that was said with these words",
        Search,
        lambda rest: Search(_needed(rest)),
    ),
    Command("more", "", "the next page of what you looked at", More, lambda _: More()),
    Command(
        "quit", "", "leave; so does exit, alone on a line", Leave, lambda _: Leave(), ("exit",)
    ),
    Command("announce", "TEXT", "speak to all as Server", Announce, lambda r: Announce(_needed(r))),
    Command("kick", "NAME [REASON]", "disconnect somebody", Kick, _kick),
    Command("stats", "", "what the daemon counts", Stats, lambda _: Stats()),
    Command(
        "shutdown",
        "[DELAY [REASON]] | cancel",
        "stop the chat, at once or in 30, 90s, 10m; or do not after all",
        Shutdown,
        _shutdown,
    ),
)

_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.aliases)}


def read(line: str, right: Right = Right.GUEST) -> Request:
    """What a line that begins with a slash asks for. Raises a Refusal."""
    typed, _, rest = line[1:].partition(" ")
    command = find(typed, right)
    try:
        return command.read(rest.strip())
    except ValueError:
        raise refusals.usage(command.usage) from None


def find(typed: str, right: Right = Right.GUEST) -> Command:
    """By its name, an alias, or as much of one as fits no other. Raises a Refusal.

    What this right does not allow is found by its whole name, so that the refusal can say who may,
    but is never proposed.
    """
    wanted = typed.lower()
    if exact := _BY_NAME.get(wanted):
        return exact
    may = {name: command for name, command in _BY_NAME.items() if command.request.needs <= right}
    fits = {command.name: command for name, command in may.items() if name.startswith(wanted)}
    if len(fits) == 1 and wanted:
        return next(iter(fits.values()))
    if fits and wanted:
        raise refusals.ambiguous_command(typed, sorted(fits))
    near = difflib.get_close_matches(wanted[:32], may, 1, 0.5)
    raise refusals.no_such_command(typed[:32], near[0] if near else None)


def help_on(asked: str, right: Right) -> HelpText:
    """All that somebody with this right may do, or one command of it. Raises a Refusal."""
    may = [command for command in COMMANDS if command.request.needs <= right]
    if asked:
        one = find(asked.removeprefix("/"), right)
        if one not in may:
            raise refusals.no_such_command(one.name, None)
        may = [one]
    return HelpText(tuple(HelpLine(command.usage, command.help) for command in may))


def write(request: Request) -> str:
    """The line that asks for this: the reverse of ``read``."""
    for command in COMMANDS:
        if command.request is type(request):
            given = (str(getattr(request, field.name)) for field in fields(request))
            return f"/{command.name} {' '.join(given)}".rstrip()
    raise ValueError(f"no command asks for {request}")
