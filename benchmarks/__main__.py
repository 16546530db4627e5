"""``python -m benchmarks``: plan, run, print. Tables go to stdout, everything else to stderr."""

import os
import platform
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

from benchmarks.book import TEXT
from benchmarks.plan import Plan, fit, open_files, plan
from benchmarks.rounds import complaints, run
from benchmarks.servers import OURS
from benchmarks.table import columns, markdown, tables
from benchmarks.talk import SPEAKERS

CLEAR = "\r\x1b[K"


def main(arguments: Sequence[str]) -> int:
    """The exit status: 1 if a server was wrong or did not work."""
    asked = plan(arguments)
    if sys.platform != "linux":
        say("this reads /proc for CPU and memory, and needs Linux")
        return 1
    asked, limited = fit(asked, open_files())
    if limited:
        say(limited)
    results = run(asked, progress)
    progress("")
    print(f"{conditions(asked)}\n")
    layout = markdown if asked.markdown else columns
    print("\n\n".join(map(layout, tables(results))), flush=True)
    wrong = list(complaints(results))
    for complaint in wrong:
        say(complaint)
    return 1 if wrong else 0


def conditions(asked: Plan) -> str:
    """Under which the figures hold."""
    ratio = f"; in brackets the ratio to {OURS.name}" if OURS in asked.servers else ""
    return (
        f"Linux, {os.cpu_count()} CPUs, Python {platform.python_version()}, "
        f"Twisted {version('twisted')}; {TEXT}-byte messages from {SPEAKERS} people;\n"
        f"{asked}; each delivery checked{ratio}."
    )


def progress(step: str) -> None:
    """One line that changes, on a terminal; a line for each step elsewhere."""
    if sys.stderr.isatty():
        print(f"{CLEAR}{step}", end="", file=sys.stderr, flush=True)
    elif step:
        print(step, file=sys.stderr, flush=True)


def say(sentence: str) -> None:
    print(f"benchmarks: {sentence}", file=sys.stderr, flush=True)


def interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def command() -> int:
    """What the shell gets: an end from outside ends the server first, and then this."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:
        progress("")
        say("stopped; every server has ended")
        return 130
    except OSError as error:
        progress("")
        say(f"this machine does not allow it: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(command())
