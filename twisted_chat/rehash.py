"""Options that are read again while people talk: which of them can change, and what is said of it.

How a change takes place is for live_options.py to say.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from twisted_chat import certificates
from twisted_chat.options import Options

LIVE = frozenset(
    {
        "auth",
        "confirm",
        "connects",
        "exempt",
        "exit-stops-server",
        "flush-delay",
        "handshake-timeout",
        "idle-timeout",
        "keep",
        "max-clients",
        "max-line",
        "members-only",
        "motd",
        "nameless",
        "operator",
        "password-file",
        "per-address",
        "rate",
        "replay",
        "rooms",
        "stall-timeout",
    }
)
"""What can change while the chat runs. All that is not named here cannot."""

PLACES = ("port", "interface", "listen")

MEANT = {"exempt": "exempted", "operator": "operators", "password-file": "house-secret"}
"""Where what an option means stands, if that is not where the option itself stands."""


@dataclass(frozen=True, slots=True)
class Rehashed:
    """``options``: those that hold from now on. ``changed`` and ``stuck``: the names of others than
    before, by whether they can change. ``renewed``: certificates were read."""

    options: Options
    changed: tuple[str, ...]
    stuck: tuple[str, ...]
    renewed: bool

    @property
    def lines(self) -> list[str]:
        """What whoever asked for it is told."""
        lines = []
        if self.changed:
            lines.append(f"{', '.join(self.changed)}: changed")
        if self.renewed:
            lines.append("certificates: read again, for those who connect from now on")
        if self.stuck:
            cannot = "cannot change while the chat runs; start it anew"
            lines.append(f"{', '.join(self.stuck)}: {cannot}")
        return lines or ["nothing has changed"]


def rehash(running: Options) -> Rehashed:
    """Read the same command line and its files anew. Raises WrongOptions if any of it cannot be
    used: then nothing is changed."""
    fresh = running.anew()
    others = list(differing(running, fresh))
    renewed = [
        certificates.renew(endpoint, fresh["endpoints"][place])
        for place, endpoint in running["endpoints"].items()
        if place in fresh["endpoints"]
    ]
    fresh["endpoints"] = running["endpoints"]
    stuck = tuple(name for name in others if name not in LIVE)
    for name in stuck:  # or the next time nobody would be told
        fresh[name] = running[name]
    changed = tuple(name for name in others if name in LIVE)
    return Rehashed(fresh, changed, stuck, any(renewed))


def differing(running: Options, fresh: Options) -> Iterable[str]:
    """The names of the options that are not as they were."""
    same_places = list(running["endpoints"]) == list(fresh["endpoints"])
    for name in fresh.kinds:
        said_otherwise = name in PLACES and same_places
        meant = MEANT.get(name, name)
        if fresh[meant] != running[meant] and not said_otherwise:
            yield name
