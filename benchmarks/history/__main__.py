"""``python -m benchmarks.history``: build, ask, tick, fall behind, print."""

import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.history.asking import asked
from benchmarks.history.behind import behind
from benchmarks.history.building import Built, build, survey
from benchmarks.history.held import Held
from benchmarks.history.plans import plans
from benchmarks.history.report import answers, complaints, costs, holds
from benchmarks.history.wanted import Wanted, wanted
from benchmarks.servers import PROJECT
from benchmarks.shell import command, progress, say, share
from benchmarks.table import columns, markdown
from benchmarks.wrong import Failed, Wrong
from twisted_chat.stores.database import Unusable


def main(arguments: Sequence[str]) -> int:
    """The exit status: 1 if it did not work. What is slow is told, and no error: machines are."""
    want = wanted(arguments)
    try:
        with file(want) as path:
            measure(want, survey(path))
    except (Failed, Wrong, Unusable, sqlite3.Error) as why:
        progress("")
        say(str(why))
        return 1
    return 0


@contextmanager
def file(want: Wanted) -> Iterator[Path]:
    """Built, or there already."""
    with tempfile.TemporaryDirectory(prefix="chat-history-") as folder:
        path = want.file or Path(folder, "chat.sqlite")
        if not path.exists():
            progress(f"building {path}: {want.entries:,} entries")
            build(path, want.entries, share)
        yield path


def measure(want: Wanted, built: Built) -> None:
    """Raises Failed; or Wrong, once all is printed."""
    layout = markdown if want.markdown else columns
    figures = asked(built, want.rounds, progress)
    held = ticked(want, built)
    progress(f"falling {want.behind} MB behind")
    cost = behind(want.behind)
    progress("")
    print(f"{conditions(want, built)}\n\n{layout(answers(figures))}\n")
    print(f"How long the reactor is held, by a tick each millisecond:\n\n{layout(holds(held))}\n")
    print(
        f"What a reader costs who does not read, and then reads it all:\n\n{layout(costs(cost))}\n"
    )
    for statement, steps in plans(built):
        print("\n    ".join([statement, *steps]))
    sys.stdout.flush()
    for complaint in complaints(figures, held, cost):
        say(complaint)
    if cost.wrong:
        raise Wrong(f"WRONG: {cost.wrong} lines were lost, changed, doubled or out of order")


def conditions(want: Wanted, built: Built) -> str:
    size = built.path.stat().st_size / 1e6
    return (
        f"{built.entries:,} entries, {size:,.0f} MB; each {want.rounds} times; "
        f"{os.cpu_count()} CPUs, Python {platform.python_version()}."
    )


def ticked(want: Wanted, built: Built) -> list[Held]:
    """On a copy: it writes, and lets go half of what there is. Raises Failed."""
    progress("ticking")
    with tempfile.TemporaryDirectory(prefix="chat-history-", dir=built.path.parent) as folder:
        copy = Path(shutil.copy(built.path, folder))
        with copy.open("rb") as copied:
            os.fsync(copied.fileno())  # or the store's first commits wait for all of it
        program = [sys.executable, "-m", "benchmarks.history.held"]
        done = subprocess.run(
            [*program, str(copy), str(want.seconds), str(want.rate)],
            stdout=subprocess.PIPE,
            cwd=PROJECT,
            check=False,
        )
    if done.returncode:
        raise Failed("the ticking ended with an error")
    return [Held(**one) for one in json.loads(done.stdout)]


if __name__ == "__main__":
    sys.exit(command(main))
