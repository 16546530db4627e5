"""The figures as tables, and what of them is above its bar."""

from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.history.asking import Taken
from benchmarks.history.behind import Behind
from benchmarks.history.held import Held
from benchmarks.table import Table

HELD = 20.0
"""Milliseconds for which the reactor may be held: somebody who types notices more."""

GROWTH = 2048
"""KiB that the daemon may grow by for one who reads nothing, however far behind."""


def answers(figures: Sequence[Taken]) -> Table:
    made, group = [], ""
    for taken in figures:
        worst = min(taken.times) if taken.unit == "MB/s" else max(taken.times)
        cells = (f"{median(taken.times):,.1f}", f"{worst:,.1f}", taken.unit)
        note = ", ".join([*(["ABOVE"] if above(taken) else []), *sorted(taken.notes)])
        made.append((taken.group if taken.group != group else "", taken.name, *cells, note))
        group = taken.group
    return Table(("", "what", "median", "worst", "", ""), tuple(made))


def holds(figures: Sequence[Held]) -> Table:
    head = (
        "",
        "store",
        "p99 ms",
        "p99.9 ms",
        "worst ms",
        "alone",
        "lines/s",
        "p99 delay",
        "worst",
        "answers",
    )
    made = []
    for held in figures:
        times = (held.p99, held.p999, held.worst, held.alone)
        rest = (
            f"{held.said / held.seconds:,.0f}",
            f"{held.delay:,.1f}",
            f"{held.worst_delay:,.1f}",
        )
        cells = [f"{one:,.1f}" for one in times]
        made.append(("", held.store, *cells, *rest, f"{held.looked:,}"))
    return Table(head, tuple(made))


def costs(figure: Behind) -> Table:
    """What one who does not read costs, beside the same talk without them."""
    head = (
        "",
        "MiB",
        "before",
        "all said",
        "peak",
        "of it reading",
        "over control",
        "MB/s",
        "lost or late",
        "",
    )
    control, reader = (
        [f"{kib / 1024:,.1f}" for kib in (run.before, run.said, run.peak)]
        for run in (figure.control, figure.reader)
    )
    grown = [f"{kib / 1024:,.2f}" for kib in (figure.reading, figure.over)]
    speed = f"{figure.reader.size / 1e6 / figure.reader.seconds:,.1f}"
    note = "WRONG" if figure.wrong else "ABOVE" if figure.over > GROWTH else ""
    last = (*grown, speed, f"{figure.reader.wrong:,}", note)
    rows = (
        ("", "control", *control, "", "", "", f"{figure.control.wrong:,}", ""),
        ("", f"{figure.megabytes:,} MB behind", *reader, *last),
    )
    return Table(head, rows)


def above(taken: Taken) -> bool:
    return bool(taken.bar) and max(taken.times) > taken.bar


def complaints(figures: Sequence[Taken], held: Sequence[Held], behind: Behind) -> Iterator[str]:
    for taken in figures:
        if above(taken):
            most = f"{max(taken.times):.1f} ms is above {taken.bar:g}"
            yield f"{taken.group}, {taken.name}: {most}"
    for one in held:
        if one.alone > HELD:
            yield f"the reactor is held, {one.store}: {one.alone:.1f} ms is above {HELD:g}"
    if behind.over > GROWTH:
        most = f"{behind.over / 1024:.2f} MiB over the control is above {GROWTH / 1024:g}"
        yield f"a reader {behind.megabytes} MB behind: {most}"
