"""Figures as text: columns for a terminal, or tables for a README."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from benchmarks.rounds import Outcome, Results
from benchmarks.servers import OURS
from benchmarks.works import Held, Spent
from benchmarks.wrong import Failed, Wrong

LEFT = 2
"""Columns of words; the others hold figures."""

RATIO = len("(0.12×)")


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


TALK = ("", "server", "CPU µs/deliv.", "deliv./s", "p50 ms", "p99 ms")
IDLE = ("", "server", "KiB/connection")


def tables(results: Results) -> list[Table]:
    """One of the works in which people talk and one of the others; empty ones are left out."""
    pairs = list(results)
    talking = [pair for pair in pairs if pair[0].in_flight]
    idle = [pair for pair in pairs if not pair[0].in_flight]
    return [
        Table(head, rows({pair: results[pair] for pair in some}, len(head) - LEFT))
        for head, some in ((TALK, talking), (IDLE, idle))
        if some
    ]


def rows(results: Results, width: int) -> tuple[tuple[str, ...], ...]:
    """A work is named in its first row only."""
    named = None
    made = []
    for (work, server), outcome in results.items():
        title = "" if work == named else str(work)
        made.append((title, server.name, *cells(outcome, results.get((work, OURS)), width)))
        named = work
    return tuple(made)


def cells(outcome: Outcome, ours: Outcome | None, width: int) -> list[str]:
    """Figures, each with its ratio to ours; or what is said in place of them."""
    if isinstance(outcome, Wrong | Failed):
        word = "WRONG" if isinstance(outcome, Wrong) else "failed"
        return [word, *[""] * (width - 1)]
    figures = astuple(outcome)
    if ours is outcome or not isinstance(ours, Spent | Held):
        return [cell(figure, "") for figure in figures]
    pairs = zip(figures, astuple(ours), strict=True)
    return [cell(figure, times(figure, our)) for figure, our in pairs]


def cell(figure: float, ratio: str) -> str:
    """Ratios have one width, so that the figures before them stand in line."""
    return f"{short(figure)} {ratio:>{RATIO}}"


def times(figure: float, ours: float) -> str:
    return f"({short(figure / ours)}×)" if ours > 0 else ""


def short(figure: float) -> str:
    """Two digits that count, or all those before the point."""
    if figure >= 10:
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if figure >= 1 else f"{figure:.2f}"


def columns(table: Table) -> str:
    """A work stands in a line of its own: all of it fits a terminal's 80 columns."""
    lines = [line[1:] for line in (table.head, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    told = []
    for (title, *_), line in zip((table.head, *table.rows), lines, strict=True):
        told += [title] if title else []
        told.append(f"  {'  '.join(aligned(line, widths))}".rstrip())
    return "\n".join(told)


def aligned(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        f"{cell:>{width}}" if at else f"{cell:<{width}}"
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]


def markdown(table: Table) -> str:
    rule = ["---"] * LEFT + ["--:"] * (len(table.head) - LEFT)
    lines = (table.head, rule, *table.rows)
    return "\n".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |" for line in lines)
