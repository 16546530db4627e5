"""``python -m tests.fuzz``: each reader in turn. The exit status is 1 if anything was found.

Needs atheris: ``pip install -e '.[test,fuzz]'``. What is found is written to the folder of the
reader in ``samples``, from where it is read again by every run of pytest.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from tests.fuzz.corpus import CORPUS, READERS

DONE = re.compile(r"Done (\d+) runs in (\d+) second")
LONGEST = 200
"""Bytes of one try, unless told, so that each is quick. Large bounds have tests of their own."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one reader. ``found``: what it printed, empty if it was read without a finding."""

    reader: str
    runs: int
    seconds: int
    found: str

    def __str__(self) -> str:
        figures = f"{self.reader:12} {self.runs:>10} runs {self.seconds:>6} s"
        return f"{figures}  {'a finding' if self.found else 'no finding'}\n{self.found}".rstrip()


def fuzz(reader: str, asked: argparse.Namespace) -> Outcome:
    """So many runs as are asked for, or as there are in that time."""
    with tempfile.TemporaryDirectory() as new:
        flags = [
            f"-runs={asked.runs}",
            f"-max_total_time={asked.seconds}",
            f"-max_len={asked.longest}",
            f"-artifact_prefix={CORPUS / reader}/finding-",
            "-timeout=10",
            "-verbosity=1",
        ]
        folders = [new, str(CORPUS / reader)]
        process = subprocess.run(
            [sys.executable, "-m", "tests.fuzz.one", reader, *flags, *folders],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    printed = process.stdout.decode("utf-8", "replace")
    done = DONE.search(printed)
    if done is None or process.returncode:
        return Outcome(reader, 0, 0, printed[-4000:])
    return Outcome(reader, int(done[1]), int(done[2]), "")


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--runs", type=int, default=100_000, help="of each reader (%(default)s)")
    parser.add_argument("--seconds", type=int, default=600, help="at most for each (%(default)s)")
    parser.add_argument("--longest", type=int, default=LONGEST, help="bytes (%(default)s)")
    asked = parser.parse_args(argv)
    for reader in asked.readers:
        if reader not in READERS:
            parser.error(f"there is no reader {reader}: {', '.join(READERS)}")
    return asked


def main() -> int:
    asked = arguments(sys.argv[1:])
    if find_spec("atheris") is None:
        raise SystemExit("atheris is missing: pip install -e '.[test,fuzz]' brings it")
    outcomes = []
    for reader in asked.readers or READERS:
        outcomes.append(fuzz(reader, asked))
        print(outcomes[-1], flush=True)
    print(f"{sum(outcome.runs for outcome in outcomes)} runs in all")
    return 1 if any(outcome.found for outcome in outcomes) else 0


if __name__ == "__main__":
    raise SystemExit(main())
