"""How a program of ours speaks to whoever started it, and how it is ended from outside."""

import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

CLEAR = "\r\x1b[K"


def progress(step: str) -> None:
    """One line that changes, on a terminal; a line for each step elsewhere."""
    if sys.stderr.isatty():
        print(f"{CLEAR}{step}", end="", file=sys.stderr, flush=True)
    elif step:
        print(step, file=sys.stderr, flush=True)


def share(step: str) -> None:
    """How far a step is: for a terminal only, elsewhere it would fill a log."""
    if sys.stderr.isatty():
        progress(step)


def say(sentence: str) -> None:
    print(f"benchmarks: {sentence}", file=sys.stderr, flush=True)


def command(main: Callable[[Sequence[str]], int]) -> int:
    """What the shell gets: an end from outside ends the server first, and then this."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return main(sys.argv[1:])
    except KeyboardInterrupt:
        progress("")
        say("stopped; every server has ended")
        return 130
    except OSError as error:
        progress("")
        say(f"this machine does not allow it: {error}")
        return 1


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt
