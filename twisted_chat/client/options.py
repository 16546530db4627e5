"""The command line of ``twisted-chat``, as a table: what it takes, and what is wrong with it.

The parser, the man page and the shells' completions are made of this table. No network.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from twisted_chat import __version__
from twisted_chat.client.status import Status
from twisted_chat.client.where import NO_PASSWORD
from twisted_chat.core import durations
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.clean import clean

PROGRAM = "twisted-chat"

STATUSES = (
    (Status.LEFT, "you left; what was said is kept; what was asked for is there"),
    (Status.USAGE, "wrong use"),
    (Status.NO_CONNECTION, "no connection, or none that can be trusted"),
    (Status.REFUSED, "the chat refused it, or dismissed you"),
    (Status.NO_ANSWER, "no answer in time, or not what was waited for"),
    (Status.LOST, "the connection was lost or the server ended"),
    (Status.INTERRUPTED, "ended by Ctrl-C before it was done"),
    (Status.ENDED, "ended by SIGTERM before it was done"),
)


class Takes(Enum):
    """What stands behind an option or a command, for those who complete it."""

    NOTHING = auto()
    TEXT = auto()
    FILE = auto()
    SERVER = auto()
    COMMAND = auto()


@dataclass(frozen=True, slots=True)
class Option:
    """``of``: the commands that have it, empty for all; ``""`` is to talk, without a command."""

    flag: str
    help: str
    takes: Takes = Takes.NOTHING
    metavar: str = ""
    of: tuple[str, ...] = ()
    short: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """``many``: takes all words that follow. ``needed``: it may not be left out."""

    name: str
    help: str
    takes: Takes = Takes.TEXT
    needed: bool = True
    many: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    help: str
    arguments: tuple[Argument, ...] = ()


WHERE = Argument(
    "[NAME@]HOST[:PORT]",
    "where the chat is, and your name there; or the name that a server has in the settings",
    Takes.SERVER,
    needed=False,
)
ROOM = Argument("ROOM", "'#lab': in quotes, or the shell takes it for a comment")
TARGET = Argument("TARGET", "a room, '#lab' in quotes; or a person: ann")
TEXT = Argument("TEXT", "what is said", many=True)
PREFIX = Argument("PREFIX", "only those whose names begin so", needed=False)

TALK = Command("", "talk in a chat", (WHERE,))
COMMANDS = (
    Command("say", "say something: done when the chat has kept it", (TARGET, TEXT)),
    Command("send", "say what comes from a pipe, line by line"),
    Command("tail", "show what is said in a room, from before and from then on", (ROOM,)),
    Command("wait", "wait until something is said in a room", (ROOM,)),
    Command("who", "show who is here", (PREFIX,)),
    Command("doctor", "say what is wrong with a connection", (WHERE,)),
)
NAMES = frozenset(command.name for command in COMMANDS)

OPTIONS = (
    Option("--server", "the same as [NAME@]HOST[:PORT]", Takes.SERVER, "WHERE"),
    Option("--tls", "encrypted; the certificate and its host name are checked"),
    Option(
        "--pin",
        "encrypted; the server's key is this, whoever vouches for it: sha256//...",
        Takes.TEXT,
        "SHA256",
    ),
    Option("--endpoint", "any Twisted client endpoint", Takes.TEXT, "DESCRIPTION"),
    Option("--name", "the name by which you come in", Takes.TEXT, "NAME"),
    Option("--password-file", "its first line is the password", Takes.FILE, "FILE"),
    Option(
        "--password-command",
        "the first line that it prints is the password",
        Takes.COMMAND,
        "COMMAND",
    ),
    Option("--reconnect", "try again, also where there was no connection yet"),
    Option("--once", "do not come back when the connection is lost"),
    Option("--config", "the settings, and not those in the usual place", Takes.FILE, "FILE"),
    Option("--write-config", "write a file of settings in which all are explained", of=("",)),
    Option("--plain", "line by line: for screen readers and slow lines", of=("",)),
    Option("--no-color", "no colours", of=("",)),
    Option("--to", "the room or the person that it goes to", Takes.TEXT, "TARGET", of=("send",)),
    Option("--fold", "all of it as one entry, folded where it is long", of=("send",)),
    Option("--since", "begin so long ago: 90s, 10m, 7d", Takes.TEXT, "TIME", of=("tail",)),
    Option("--from", "only what this person says", Takes.TEXT, "NAME", of=("tail", "wait")),
    Option("--text", "only what has this in it", Takes.TEXT, "TEXT", of=("tail", "wait")),
    Option(
        "--timeout",
        "give up after so long: 90s, 10m, 1h30m",
        Takes.TEXT,
        "TIME",
        of=("say", "send", "wait", "who"),
    ),
    Option("--json", "one JSON object a line, as protocol.md has them", of=tuple(sorted(NAMES))),
    Option("--quiet", "nothing on stderr but what went wrong", short="-q", of=tuple(sorted(NAMES))),
)


class Parser(argparse.ArgumentParser):
    """argparse ends with 2 on wrong use; here that is 1."""

    def error(self, message: str) -> Any:
        self.exit(Status.USAGE, f"{PROGRAM}: {clean(message)}\n")


def options_of(command: str) -> Iterator[Option]:
    return (option for option in OPTIONS if not option.of or command in option.of)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """All that is typed, with ``command``; ``where`` is what was said of the server, None for
    nothing. Ends the program for what makes no sense."""
    command, words = split(argv)
    parser = parser_of(command)
    _require_no_password(words, parser)
    typed = _read(parser, words)
    typed.command = command.name
    _settle_where(typed, parser)
    if typed.once and typed.reconnect:
        parser.error("--once or --reconnect, and not both")
    for time in ("since", "timeout"):
        _read_time(typed, time, parser)
    return typed


def split(argv: Sequence[str]) -> tuple[Command, list[str]]:
    """The command is the first word that is no option and belongs to none: after ``--`` there is
    none, and ``say:9999`` is a host."""
    words = list(argv)
    values = {option.flag for option in OPTIONS if option.takes is not Takes.NOTHING}
    at = 0
    while at < len(words) and words[at].startswith("-") and words[at] not in ("-", "--"):
        at += 2 if words[at] in values else 1
    for command in COMMANDS:
        if words[at : at + 1] == [command.name]:
            return command, words[:at] + words[at + 1 :]
    return TALK, words


def parser_of(command: Command) -> Parser:
    parser = Parser(
        f"{PROGRAM} {command.name}".strip(),
        description=f"{command.help[0].upper()}{command.help[1:]}.",
        epilog=_epilog(command),
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for argument in command.arguments:
        parser.add_argument(
            dest_of(argument),
            nargs="+" if argument.many else None if argument.needed else "?",
            metavar=argument.name,
            help=argument.help,
        )
    for option in options_of(command.name):
        flags = (option.flag, option.short) if option.short else (option.flag,)
        if option.takes is Takes.NOTHING:
            parser.add_argument(*flags, action="store_true", help=option.help)
        else:
            parser.add_argument(*flags, metavar=option.metavar, help=option.help)
    parser.add_argument("--version", action="version", version=f"twisted_chat {__version__}")
    parser.set_defaults(**{_dest(option.flag): None for option in OPTIONS if option.of})
    return parser


def dest_of(argument: Argument) -> str:
    return "place" if argument is WHERE else argument.name.lower()


def _dest(flag: str) -> str:
    return flag[2:].replace("-", "_")


def _epilog(command: Command) -> str:
    lines = [] if command.name else ["commands, each with a --help of its own:"]
    if not command.name:
        lines += [f"  {one.name:<8}{one.help}" for one in COMMANDS]
        lines += ["  A host that is called so is written with its port: say:9999", ""]
    lines += ["exit status:"]
    return "\n".join(lines + [f"  {status:<5d}{words}" for status, words in STATUSES])


def _read(parser: Parser, words: list[str]) -> argparse.Namespace:
    """Options may stand between the arguments; what follows ``--`` is none."""
    end = words.index("--") if "--" in words else len(words)
    if end == len(words):
        return parser.parse_intermixed_args(words)
    return parser.parse_args([*words[:end], "--", *words[end + 1 :]])


def _require_no_password(words: Sequence[str], parser: Parser) -> None:
    for word in words:
        if word == "--":
            return
        flag, _, _ = word.partition("=")
        if flag in ("--password", "--passwd", "--pass", "--token", "--secret"):
            parser.error(NO_PASSWORD)


def _settle_where(typed: argparse.Namespace, parser: Parser) -> None:
    place = getattr(typed, "place", None)
    if place is not None and typed.server is not None:
        parser.error("the server is named twice")
    typed.where = typed.server if place is None else place


def _read_time(typed: argparse.Namespace, time: str, parser: Parser) -> None:
    if (given := getattr(typed, time, None)) is None:
        return
    try:
        setattr(typed, time, durations.read(given))
    except Refusal as refusal:
        parser.error(f"--{time}: {refusal.sentence}")
