"""``python -m tests.soak``: plan, run, tell. The exit status is 1 if anything is wrong."""

import asyncio
import sys

from tests.soak.plan import plan
from tests.soak.run import run


def main() -> int:
    asked = plan(sys.argv[1:])
    print(asked, flush=True)
    outcome = asyncio.run(run(asked, lambda line: print(line, flush=True)))
    print(outcome)
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
