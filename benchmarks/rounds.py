"""The order of the runs: one server at a time, A B C A B C, so that noise meets all of them."""

from collections.abc import Callable, Iterator
from dataclasses import astuple
from itertools import product
from statistics import median

from benchmarks.plan import Plan
from benchmarks.servers import Server
from benchmarks.works import Figures, Work
from benchmarks.wrong import Failed, Wrong

Outcome = Figures | Wrong | Failed
Results = dict[tuple[Work, Server], Outcome]
"""Medians; or what went wrong in one of the rounds, whatever the others gave."""

Tell = Callable[[str], None]


def run(plan: Plan, tell: Tell) -> Results:
    """``tell`` hears what is done now, and how far that is."""
    runs = list(product(range(plan.rounds), plan.works, plan.servers))
    outcomes: dict[tuple[Work, Server], list[Outcome]] = {}
    for at, (number, work, server) in enumerate(runs, 1):
        tell(
            f"[{at:>{len(str(len(runs)))}}/{len(runs)}] "
            f"round {number + 1} of {plan.rounds}: {server.name}: {work}"
        )
        outcomes.setdefault((work, server), []).append(measured(work, server, plan.seconds))
    return {pair: middle(rounds) for pair, rounds in outcomes.items()}


def measured(work: Work, server: Server, seconds: float) -> Outcome:
    try:
        return work.measure(server, seconds)
    except (Wrong, Failed) as why:
        return why


def middle(rounds: list[Outcome]) -> Outcome:
    """Field by field. A wrong round makes all wrong: who loses a message now and then loses it."""
    for kind in (Wrong, Failed):
        for outcome in rounds:
            if isinstance(outcome, kind):
                return outcome
    figures = [outcome for outcome in rounds if not isinstance(outcome, Wrong | Failed)]
    return type(figures[0])(*map(median, zip(*map(astuple, figures), strict=True)))


def complaints(results: Results) -> Iterator[str]:
    """A sentence for each that has no figures."""
    for (work, server), outcome in results.items():
        match outcome:
            case Wrong():
                yield f"WRONG: {server.name}, {work}: {outcome}"
            case Failed():
                yield f"failed: {server.name}, {work}: {outcome}"
            case _:
                continue
