"""The short form: a few deaths. ``python -m tests.chaos`` is the long one."""

import asyncio

from tests.chaos.plan import Plan
from tests.chaos.run import run


def test_nothing_is_lost_or_doubled_when_the_daemon_is_killed() -> None:
    plan = Plan(
        seconds=15, kills=4, life=0.7, talkers=3, readers=6, pace=50, programs=1, program_life=3
    )
    outcome = asyncio.run(run(plan, print))
    assert not outcome.wrong, str(outcome)
    assert outcome.figures["messages confirmed"]
    assert outcome.figures["of them by programs"]
