"""``python -m benchmarks``: plan, run, print. Tables go to stdout, everything else to stderr."""

import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import version

from benchmarks.book import TEXT
from benchmarks.plan import Plan, fit, open_files, plan
from benchmarks.rounds import complaints, run
from benchmarks.servers import OURS
from benchmarks.shell import command, progress, say
from benchmarks.table import columns, markdown, tables
from benchmarks.talk import SPEAKERS


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


if __name__ == "__main__":
    sys.exit(command(main))
