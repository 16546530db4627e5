"""What is to be measured of the past: the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.plan import Parser, number


@dataclass(frozen=True, slots=True)
class Wanted:
    """``file``: None for one that goes with the run. ``seconds``: of each run of the ticking.

    ``behind``: MB that are said to who does not read.
    """

    entries: int
    file: Path | None
    rounds: int
    seconds: float
    rate: float
    behind: int
    markdown: bool


def wanted(arguments: Sequence[str]) -> Wanted:
    """Raises SystemExit after one line on stderr for what cannot be used."""
    asked = parser().parse_args(arguments)
    return Wanted(**vars(asked))


def parser() -> Parser:
    made = Parser(
        prog="python -m benchmarks.history",
        description="Measures the daemon on a file of made-up entries: how soon it gives any of "
        "what was said, how long its reactor is held meanwhile, and what a reader costs who is "
        "far behind.",
        allow_abbrev=False,
    )
    made.add_argument(
        "--entries", type=entries, default=5_000_000, metavar="N", help="[default: 5000000]"
    )
    made.add_argument(
        "--file", type=Path, metavar="PATH", help="keep the file, or use what is there"
    )
    made.add_argument("--rounds", type=rounds, default=11, metavar="N", help="[default: 11]")
    made.add_argument(
        "--seconds", type=seconds, default=12.0, metavar="S", help="of ticking  [default: 12]"
    )
    made.add_argument(
        "--rate", type=rate, default=4000.0, metavar="N", help="lines a second  [default: 4000]"
    )
    made.add_argument(
        "--behind",
        type=megabytes,
        default=100,
        metavar="MB",
        help="that a reader has not read  [default: 100]",
    )
    made.add_argument("--markdown", action="store_true", help="tables for a README")
    return made


def entries(text: str) -> int:
    return int(number(text, int(text) if text.isdecimal() else 0, 5000, 100_000_000))


def rounds(text: str) -> int:
    return int(number(text, int(text) if text.isdecimal() else 0, 1, 1000))


def megabytes(text: str) -> int:
    return int(number(text, int(text) if text.isdecimal() else 0, 1, 10_000))


def seconds(text: str) -> float:
    return _float(text, 0.5, 3600)


def rate(text: str) -> float:
    return _float(text, 1, 100_000)


def _float(text: str, least: float, most: float) -> float:
    try:
        return number(text, float(text), least, most)
    except ValueError:
        return number(text, 0, least, most)
