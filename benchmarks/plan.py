"""What is to be measured: the command line, and what this machine allows of it."""

import argparse
import resource
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from benchmarks.servers import OURS, SERVERS, TLS, Server
from benchmarks.works import QUICK_WORKS, WORKS, Work

OTHER_FILES = 256
"""Files that a server or the load may open beside its connections."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds``: for each run of each server, after its warm-up."""

    rounds: int
    seconds: float
    servers: tuple[Server, ...]
    works: tuple[Work, ...]
    markdown: bool

    def __str__(self) -> str:
        return f"medians of {self.rounds} round(s) of {self.seconds:g} s"


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(2, f"benchmarks: {message}. --help shows what can be asked\n")


def plan(arguments: Sequence[str]) -> Plan:
    """Raises SystemExit after one line on stderr for what cannot be used."""
    asked = parser().parse_args(arguments)
    only = set(asked.only)
    works = QUICK_WORKS if asked.quick else WORKS
    return Plan(
        rounds=asked.rounds or (1 if asked.quick else 3),
        seconds=asked.seconds or (0.5 if asked.quick else 2.0),
        servers=tuple(one for one in (*SERVERS, TLS) if one.name in only) or SERVERS,
        works=tuple(work for work in works if work.name in only) or works,
        markdown=asked.markdown,
    )


def parser() -> Parser:
    names = [named.name for named in (*SERVERS, TLS, *WORKS)]
    made = Parser(
        prog="python -m benchmarks",
        description=DESCRIPTION,
        epilog=epilog(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--rounds", type=rounds, metavar="N", help="how often  [default: 3]")
    made.add_argument("--seconds", type=seconds, metavar="S", help="of each run  [default: 2]")
    made.add_argument("--quick", action="store_true", help="one short round, with fewer people")
    made.add_argument(
        "--only",
        action="append",
        default=[],
        choices=names,
        metavar="NAME",
        help="only this server or work; may be given several times",
    )
    made.add_argument("--markdown", action="store_true", help="tables for a README")
    return made


DESCRIPTION = f"""\
Measures {OURS.name} beside two plain chats: one server at a time, in turn, on this machine alone.
Each message must reach each other person once, in order, and never come back to who said it;
a server that breaks this is reported as WRONG, and the exit status is 1."""


def epilog() -> str:
    servers = [f"  {server.name:<14}{server.about}" for server in (*SERVERS, TLS)]
    works = [f"  {work.name:<14}{work}" for work in WORKS]
    return "\n".join(["servers:", *servers, "", "works:", *works])


def rounds(text: str) -> int:
    return int(number(text, int(text) if text.isdecimal() else 0, 1, 100))


def seconds(text: str) -> float:
    try:
        return number(text, float(text), 0.1, 60)
    except ValueError:
        return number(text, 0, 0.1, 60)


def number(text: str, value: float, least: float, most: float) -> float:
    if not least <= value <= most:
        raise argparse.ArgumentTypeError(f"wants a number from {least:g} to {most:g}, not {text}")
    return value


def fit(asked: Plan, files: int) -> tuple[Plan, str]:
    """The plan with no more people than so many open files allow, and a sentence if it differs."""
    most = max(2, files - OTHER_FILES)
    if all(work.people <= most for work in asked.works):
        return asked, ""
    works = tuple(replace(work, people=min(work.people, most)) for work in asked.works)
    why = f"a process may open {files} files here (ulimit -n)"
    return replace(asked, works=works), f"with {most} people at most: {why}"


def open_files() -> int:
    """How many a process may have; the soft limit is raised as far as needed, for servers too."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = max(work.people for work in WORKS) + OTHER_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
