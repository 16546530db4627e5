"""The table of slash commands: usage, a line of help, and the request that each one makes.

A command is added here and in core; no door knows any of them.
"""

import difflib
from collections.abc import Callable
from dataclasses import dataclass, fields

from twisted_chat.core import durations, refusals
from twisted_chat.core import requests as ask
from twisted_chat.core.outcomes import HelpLine, HelpText
from twisted_chat.core.requests import Request, Right


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


def _pair(rest: str) -> tuple[str, str]:
    """The first word, and what is behind it."""
    first, _, text = rest.partition(" ")
    return first, text.strip()


def _two(rest: str) -> tuple[str, str]:
    """The same, and neither is missing."""
    first, text = _pair(rest)
    return _needed(first), _needed(text)


def _room_first(rest: str) -> tuple[str, str]:
    """A room, if it begins with one, and the rest."""
    if rest.startswith("#"):
        return _pair(rest)
    return "", rest


def addressed(text: str) -> tuple[str, str]:
    """``#lab text`` speaks in that room; what is no room's name is part of what is said."""
    if text[0] != "#":
        return "", text
    room, _, said = text.partition(" ")
    if not said.strip() or not room[1:2].isalnum():
        return "", text
    return room, said


def _say(rest: str) -> Request:
    room, text = _room_first(rest)
    return ask.Say(text, room) if text else ask.Say(_needed(rest))


def _tell(rest: str) -> Request:
    return ask.Tell(*_two(rest))


def _history(rest: str) -> Request:
    room, what = _room_first(rest)
    return ask.History(what, room)


def _topic(rest: str) -> Request:
    room, topic = _room_first(rest)
    return ask.Topic(room, topic)


def _invite(rest: str) -> Request:
    name, room = _pair(rest)
    return ask.Invite(_needed(name), room)


def _manage(rest: str) -> Request:
    what, rest = _two(rest)
    room, value = _room_first(rest)
    if what.lower() != "set":  # what cannot be taken back is done to a room that is named
        _needed(room)
    return ask.Manage(what, room, value)


def _redact(rest: str) -> Request:
    entry, name = _pair(rest)
    return ask.Redact(_needed(entry), name)


def _ignore(rest: str) -> Request:
    return ask.Ignore(*_pair(rest))


def _no_password(request: Request) -> Callable[[str], Request]:
    """A password is asked for, and never stands in a line."""

    def read(rest: str) -> Request:
        if rest:
            raise refusals.password_in_line("register")
        return request

    return read


def _passwd(rest: str) -> Request:
    name, more = _pair(rest)
    if more:
        raise refusals.password_in_line("passwd")
    return ask.ChangePassword(name)


def _account(rest: str) -> Request:
    what, more = _pair(rest)
    if more:
        raise refusals.password_in_line("account delete")
    return ask.AccountOf(what or "info")


@dataclass(frozen=True, slots=True)
class Aim:
    """What stands before a target: ``--dry-run``, ``--yes``; and ``#room``, on either side."""

    target: str
    rest: str
    room: str
    dry_run: bool
    yes: bool


def _aim(rest: str) -> Aim:
    flags: set[str] = set()
    room = ""
    while rest.startswith(("--", "#")):
        word, rest = _pair(rest)
        if word.startswith("#") and not room:
            room = word
        elif word in ("--dry-run", "--yes"):
            flags.add(word)
        else:
            raise ValueError("there is no such flag")
    target, rest = _pair(rest)
    if rest.startswith("#") and not room:
        room, rest = _pair(rest)
    words = rest.split()
    if rest.startswith(("--", "#")) or "--yes" in words or "--dry-run" in words:
        raise ValueError("flags stand before the target")  # or they would be a reason
    return Aim(_needed(target), rest, room, "--dry-run" in flags, "--yes" in flags)


def _kick(rest: str) -> Request:
    aim = _aim(rest)
    return ask.Kick(aim.target, aim.rest, aim.room, aim.dry_run, aim.yes)


def _kill(rest: str) -> Request:
    aim = _aim(rest)
    return ask.Kill(aim.target, aim.rest, aim.dry_run, aim.yes)


def _term(aim: Aim) -> tuple[str, str]:
    """How long, if that is what stands behind the target, and why."""
    duration, reason = _pair(aim.rest)
    if duration.replace(".", "").isdecimal():
        raise refusals.no_unit(duration)
    if duration[:1].isdecimal() or duration.lower() == "forever":
        durations.read(duration)
        return duration, reason
    return "", aim.rest


def _ban(rest: str) -> Request:
    if rest.strip().lower() == "list":
        return ask.Bans()
    aim = _aim(rest)
    return ask.Ban(aim.target, *_term(aim), aim.room, aim.dry_run, aim.yes)


def _mute(rest: str) -> Request:
    aim = _aim(rest)
    return ask.Mute(aim.target, *_term(aim), aim.room, aim.dry_run, aim.yes)


def _aimed(make: Callable[[str, str], Request]) -> Callable[[str], Request]:
    """A target or a name, in a room."""

    def read(rest: str) -> Request:
        aim = _aim(rest)
        if aim.rest or aim.dry_run or aim.yes:
            raise ValueError("there is more than one name")
        return make(aim.target, aim.room)

    return read


def _slow(rest: str) -> Request:
    room, pause = _room_first(rest)
    return ask.Slow(_needed(pause), room)


def _motd(rest: str) -> Request:
    return ask.Motd(*_pair(rest))


def _allow(rest: str) -> Request:
    what, target = _pair(rest)
    return ask.Allow(what or "list", target)


def _shutdown(rest: str) -> Request:
    delay, reason = _pair(rest)
    return ask.Shutdown(delay, reason)


def _alone(make: Callable[[], Request]) -> Callable[[str], Request]:
    """Whatever is behind the command means nothing."""
    return lambda rest: make()


def _one(make: Callable[[str], Request]) -> Callable[[str], Request]:
    """All that is behind the command, which must be something."""
    return lambda rest: make(_needed(rest))


COMMANDS: tuple[Command, ...] = (
    Command("help", "[COMMAND]", "what you can do here", ask.Help, ask.Help),
    Command("who", "[PREFIX]", "who is here, and since when", ask.Who, ask.Who),
    Command("whois", "NAME", "what one may know of somebody", ask.Whois, _one(ask.Whois)),
    Command("names", "[#ROOM]", "the names of all who are here", ask.Names, ask.Names),
    Command("msg", "NAME TEXT", "tell it to one person alone", ask.Tell, _tell),
    Command("reply", "TEXT", "tell it to who wrote to you last", ask.Reply, _one(ask.Reply)),
    Command("query", "[NAME]", "talk to one person alone from now on", ask.Converse, ask.Converse),
    Command(
        "sent",
        "",
        "what you told others, and if it has arrived",
        ask.SentBefore,
        _alone(ask.SentBefore),
    ),
    Command("me", "TEXT", "say what you do: * ann waves", ask.Act, _one(ask.Act)),
    Command("say", "[#ROOM] TEXT", "say it, whatever it begins with", ask.Say, _say),
    Command("show", "NUMBER", "a paste, whole", ask.Show, _one(ask.Show)),
    Command("redact", "ID | last [NAME]", "take away what was said", ask.Redact, _redact),
    Command("away", "[TEXT]", "tell those who write that you are away", ask.Away, ask.Away),
    Command("back", "", "you are away no more", ask.Back, _alone(ask.Back)),
    Command("ignore", "[NAME [MINUTES]]", "hear nothing of somebody", ask.Ignore, _ignore),
    Command("unignore", "NAME", "hear somebody again", ask.Unignore, _one(ask.Unignore)),
    Command("nick", "NAME", "take another name", ask.Rename, _one(ask.Rename)),
    Command("list", "", "the rooms, and how many are in", ask.Rooms, _alone(ask.Rooms)),
    Command("join", "#ROOM", "enter a room, and talk there", ask.Join, _one(ask.Join)),
    Command("leave", "[#ROOM]", "leave a room", ask.Part, ask.Part),
    Command("topic", "[#ROOM] [TEXT | -]", "what the room is about", ask.Topic, _topic),
    Command("invite", "NAME [#ROOM]", "ask somebody in", ask.Invite, _invite),
    Command(
        "room",
        "set|transfer|rename|delete #ROOM [VALUE]",
        "set invite-only|open|listed|unlisted|keep 30d|slow 10s, or give away",
        ask.Manage,
        _manage,
    ),
    Command(
        "history",
        "[#ROOM] [N | 1h | today] [ids]",
        "what was said last, or since then",
        ask.History,
        _history,
    ),
    Command("catchup", "[#ROOM]", "what you missed", ask.CatchUp, ask.CatchUp),
    Command("mentions", "", "the lines that name you", ask.Mentions, _alone(ask.Mentions)),
    Command("last", "TEXT", "the last lines with TEXT in them", ask.Last, _one(ask.Last)),
    Command(
        "search",
        "[from:NAME] [since:2d] TEXT",
        "all that was said with these words",
        ask.Search,
        _one(ask.Search),
    ),
    Command("more", "", "the next page of what you looked at", ask.More, _alone(ask.More)),
    Command(
        "register",
        "",
        "own your name: you are asked for a password",
        ask.Register,
        _no_password(ask.Register()),
    ),
    Command("passwd", "[NAME]", "change your password", ask.ChangePassword, _passwd),
    Command("logout", "[others | all]", "leave, with your other devices", ask.Logout, ask.Logout),
    Command("account", "info|export|delete", "what is kept of you", ask.AccountOf, _account),
    Command("motd", "[set TEXT | reload]", "what everyone reads on entering", ask.Motd, _motd),
    Command(
        "quit", "", "leave; so does exit, alone on a line", ask.Leave, _alone(ask.Leave), ("exit",)
    ),
    Command(
        "kick",
        "[--dry-run | --yes] [#ROOM] TARGET [REASON]",
        "put somebody out of the room",
        ask.Kick,
        _kick,
    ),
    Command(
        "ban",
        "[--dry-run | --yes] [#ROOM] TARGET [DURATION] [REASON]",
        "keep out NAME, ip:ADDRESS, net:ADDRESS/24; for 1h30m, 7d, forever",
        ask.Ban,
        _ban,
    ),
    Command("unban", "[#ROOM] TARGET", "let somebody in again", ask.Unban, _aimed(ask.Unban)),
    Command("bans", "[#ROOM]", "who is banned or muted", ask.Bans, ask.Bans),
    Command(
        "mute",
        "[--dry-run | --yes] [#ROOM] TARGET [DURATION] [REASON]",
        "let somebody read, and not speak",
        ask.Mute,
        _mute,
    ),
    Command("unmute", "[#ROOM] TARGET", "let somebody speak again", ask.Unmute, _aimed(ask.Unmute)),
    Command(
        "slow", "[#ROOM] 10s | off", "so long between two lines of one person", ask.Slow, _slow
    ),
    Command(
        "op",
        "[#ROOM] NAME",
        "make somebody an operator of the room",
        ask.Promote,
        _aimed(ask.Promote),
    ),
    Command("deop", "[#ROOM] NAME", "take that back", ask.Demote, _aimed(ask.Demote)),
    Command("audit", "[TEXT]", "who did what, when and why", ask.Audit, ask.Audit),
    Command("undo", "NUMBER", "take an act back", ask.Undo, _one(ask.Undo)),
    Command("kill", "[--dry-run | --yes] TARGET [REASON]", "disconnect somebody", ask.Kill, _kill),
    Command("announce", "TEXT", "speak to all as Server", ask.Announce, _one(ask.Announce)),
    Command(
        "lockdown",
        "[on | off]",
        "let nobody new come in; alone: whether that is so",
        ask.Lockdown,
        ask.Lockdown,
    ),
    Command("allowlist", "[on|off|add|remove|list] [TARGET]", "who may come in", ask.Allow, _allow),
    Command(
        "rehash",
        "",
        "read options, MOTD and certificates again",
        ask.Rehash,
        _alone(ask.Rehash),
    ),
    Command("stats", "", "what the daemon counts", ask.Stats, _alone(ask.Stats)),
    Command(
        "shutdown",
        "[DELAY [REASON]] | cancel",
        "stop the chat, at once or in 30, 90s, 10m; or do not after all",
        ask.Shutdown,
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
    """The line that asks for this: the reverse of ``read``. A secret stands in none."""
    for command in COMMANDS:
        if command.request is type(request):
            return " ".join((f"/{command.name}", *_words(command, request)))
    raise ValueError(f"no command asks for {request}")


def _words(command: Command, request: Request) -> list[str]:
    """Flags first, then the room where usage shows it first, then the other fields."""
    given = {field.name: getattr(request, field.name) for field in fields(request) if field.repr}
    flags = [f"--{name.replace('_', '-')}" for name, held in given.items() if held is True]
    texts = {name: held for name, held in given.items() if isinstance(held, str) and held}
    first = command.arguments.removeprefix("[--dry-run | --yes] ").startswith("[#ROOM]")
    room = [texts.pop("room")] if first and "room" in texts else []
    return [*flags, *room, *texts.values()]
