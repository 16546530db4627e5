"""What a script wants of a chat: what all of its commands have. Data goes to stdout, everything
else to stderr, and how it ended is the exit status."""

import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twisted_chat.client.options import PROGRAM
from twisted_chat.client.pipes import Output
from twisted_chat.client.reaching import Reach
from twisted_chat.client.servers import Server
from twisted_chat.speech.clean import clean

ANSWERS = 30.0
"""Seconds in which one thing that was asked is answered, unless --timeout says otherwise."""


class Stop(Exception):
    """It ends here, with this status; ``sentence`` says why, and is empty for nothing to say.
    ``code``: of the refusal that it was."""

    def __init__(self, status: int, sentence: str = "", code: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.code = code


@dataclass(frozen=True, slots=True)
class Errand:
    """``typed``: the command line. ``now``: seconds since 1970. ``out`` takes data; ``tell`` what
    is none, if anybody wants to read it."""

    reactor: Any
    typed: Namespace
    reach: Reach
    out: Output
    tell: Callable[[str], None]
    now: Callable[[], float]

    @property
    def server(self) -> Server:
        return self.reach.server

    @property
    def patience(self) -> float:
        given = self.typed.timeout
        return ANSWERS if given is None else float(given)


def complain(text: str) -> None:
    """On stderr, which may be closed."""
    if sys.stderr is None:
        return
    try:
        print(f"{PROGRAM}: {clean(text)}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        return
