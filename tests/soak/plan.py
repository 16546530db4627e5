"""What is asked for on the command line."""

from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass

CALM = 60.0
"""Seconds, at the most, before and after the abuse: enough lines for a p99, and time to recover."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``minutes``: of abuse. ``port``: 0 for a free one."""

    minutes: float = 5.0
    people: int = 200
    abusers: int = 20
    seed: int = 1
    port: int = 0
    keep_files: bool = False

    @property
    def calm(self) -> float:
        """Seconds before and after."""
        return min(CALM, self.minutes * 15)


def plan(arguments: Sequence[str]) -> Plan:
    """Raises SystemExit for what cannot be used."""
    usual = Plan()
    parser = ArgumentParser("tests.soak", formatter_class=ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--minutes", type=float, default=usual.minutes, help="how long the chat is abused")
    add("--people", type=int, default=usual.people, help="who behave, and check what they read")
    add("--abusers", type=int, default=usual.abusers, help="who do not, each from an address")
    add("--seed", type=int, default=usual.seed, help="of all chance")
    add("--port", type=int, default=usual.port, help="0: a free one")
    add("--keep-files", action="store_true", help="keep the folder even if all is well")
    return Plan(**vars(parser.parse_args(arguments)))
