"""The short form: a few seconds. ``python -m tests.soak`` is the long one."""

import asyncio

from tests.soak.plan import Plan
from tests.soak.run import run


def test_nobody_who_behaves_loses_anything_by_those_who_do_not() -> None:
    outcome = asyncio.run(run(Plan(minutes=0.2, people=40, abusers=8), print))
    assert not outcome.wrong, str(outcome)
    assert outcome.people["checked"] > 1000
    assert outcome.abusers["connections"]
