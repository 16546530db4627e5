"""What is asked for on the command line."""

import random
import socket
from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds`` and ``kills``: whichever comes first. ``life``: mean seconds of a daemon's.
    ``programs``: processes that talk with our own library, and are killed after ``program_life``
    seconds on the average. ``rate``: the daemon's own. ``pace``: lines a second of one talker, 0
    for as fast as receipts come. ``window``: lines of one talker that may wait for their receipts.
    ``port``: 0 for a free one. ``keep_files``: not only if something is wrong."""

    seconds: float = 60.0
    kills: float = inf
    life: float = 1.5
    talkers: int = 4
    readers: int = 8
    programs: int = 2
    program_life: float = 4.0
    seed: int = 1
    durability: str = "power"
    rate: float = 0.0
    pace: float = 100.0
    window: int = 32
    port: int = 0
    keep_files: bool = False


def plan(arguments: Sequence[str]) -> Plan:
    """Raises SystemExit for what cannot be used."""
    usual = Plan()
    parser = ArgumentParser("tests.chaos", formatter_class=ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--seconds", type=float, default=usual.seconds, help="how long the daemon is tormented")
    add("--kills", type=float, default=usual.kills, help="deaths after which that ends")
    add("--life", type=float, default=usual.life, help="mean seconds that a daemon lives")
    add("--talkers", type=int, default=usual.talkers, help="clients that say numbered lines")
    add("--readers", type=int, default=usual.readers, help="clients that only read")
    add("--programs", type=int, default=usual.programs, help="processes of our own library")
    add("--program-life", type=float, default=usual.program_life, help="mean seconds of theirs")
    add("--seed", type=int, default=usual.seed, help="of all chance")
    add("--durability", choices=("power", "process"), default=usual.durability, help="the daemon's")
    add("--rate", type=float, default=usual.rate, help="the daemon's; 0: no limit")
    add("--pace", type=float, default=usual.pace, help="lines a second of a talker; 0: no limit")
    add("--window", type=int, default=usual.window, help="unconfirmed lines of a talker")
    add("--port", type=int, default=usual.port, help="0: a free one")
    add("--keep-files", action="store_true", help="keep the folder even if all is well")
    return Plan(**vars(parser.parse_args(arguments)))


def free_port() -> int:
    """One that is free now, and that the kernel gives to nobody who just connects: a client that
    tries a free port of its own range again and again once gets itself (RFC 9293, 3.5)."""
    for port in random.SystemRandom().sample(range(20000, 32000), 100):
        with socket.socket() as trying:
            trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trying.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no port is free between 20000 and 32000")
