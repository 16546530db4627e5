"""What is asked of a server, and the figures that come of it."""

from dataclasses import dataclass

from benchmarks.crowd import Crowd
from benchmarks.servers import Running, Server, running
from benchmarks.talk import Talk
from benchmarks.usage import cpu_seconds, memory_kib

WARM_UP = 0.2
"""Seconds: who joined has been told, caches are filled."""


@dataclass(frozen=True, slots=True)
class Spent:
    """``cpu``: µs of the server per delivery. ``rate``: deliveries a second. ``p50``, ``p99``: ms
    from a message's send until it is read."""

    cpu: float
    rate: float
    p50: float
    p99: float


@dataclass(frozen=True, slots=True)
class Held:
    """``memory``: KiB of the server per connection; what the kernel holds is not in it."""

    memory: float


Figures = Spent | Held


@dataclass(frozen=True, slots=True)
class Work:
    """``in_flight``: messages that are under way at once; 0: all are idle."""

    name: str
    people: int
    in_flight: int

    def __str__(self) -> str:
        match self.in_flight:
            case 0:
                return f"{self.people} people, idle"
            case 1:
                return f"{self.people} people, one message in flight"
            case _:
                return f"{self.people} people, busy ({self.in_flight} in flight)"

    def measure(self, server: Server, seconds: float) -> Figures:
        """Start a server, let it work so long, and end it. Raises Wrong or Failed."""
        with running(server, self.people) as there:
            empty = memory_kib(there.pid)
            with Crowd(there.port, there.tls) as crowd:
                crowd.come_in(self.people)
                talk = Talk(crowd)
                if self.in_flight:
                    return self._busy(there, talk, seconds)
                talk.go_on(1, 0)  # they are all there, and have been told of each other
                talk.fall_silent()
                return Held((memory_kib(there.pid) - empty) / self.people)

    def _busy(self, there: Running, talk: Talk, seconds: float) -> Spent:
        talk.go_on(self.in_flight, WARM_UP)
        before = cpu_seconds(there.pid)
        talked = talk.go_on(self.in_flight, seconds)
        spent = cpu_seconds(there.pid) - before
        talk.fall_silent()
        return Spent(
            cpu=spent * 1e6 / talked.deliveries,
            rate=talked.deliveries / talked.seconds,
            p50=talked.percentile(0.5),
            p99=talked.percentile(0.99),
        )


WORKS = (
    Work("one", 100, 1),
    Work("busy", 100, 32),
    Work("crowd", 1000, 32),
    Work("idle", 2000, 0),
)

QUICK_WORKS = (
    Work("one", 100, 1),
    Work("busy", 100, 32),
    Work("crowd", 300, 32),
    Work("idle", 500, 0),
)
