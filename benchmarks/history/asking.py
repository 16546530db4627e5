"""What is asked of a daemon on such a file, and how long each answer takes, over a real socket."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.history.building import Built, be_away
from benchmarks.history.guest import Answer, Guest
from benchmarks.history.made import Made
from benchmarks.servers import MEMORY, Server, daemon, running
from twisted_chat.core.events import EVERYONE, LOBBY
from twisted_chat.stores.reading import ENTRIES

REPLAY = 20
"""Entries that who enters is shown: the daemon's default."""

STARTS = 5
READING = 2.0
"""Seconds for which somebody reads on who has missed half of everything."""

PEOPLE = 500


@dataclass(slots=True)
class Taken:
    """``times``: ms. ``notes``: what was answered that is no answer. ``bar``: ms, 0 for none."""

    group: str
    name: str
    bar: float = 100.0
    unit: str = "ms"
    times: list[float] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)

    @contextmanager
    def taken(self) -> Iterator[None]:
        began = perf_counter()
        yield
        self.times.append((perf_counter() - began) * 1000)


def asked(built: Built, rounds: int, tell: Callable[[str], None]) -> list[Taken]:
    """All figures of one daemon, started as often as that is measured. Raises Failed."""
    be_away(built, [away(number, why) for number in range(rounds) for why in ("back", "catchup")])
    ours = Server("history", "", daemon(f"sqlite:{built.path.absolute()}"))
    tell("starting, with the file and without")
    figures = started(ours, built, min(rounds, STARTS))
    with running(ours, PEOPLE) as there:
        tell("coming in")
        figures += entered(there.port, built, rounds)
        tell("looking")
        figures += looked(there.port, built, rounds)
        tell("reading on from the middle")
        return figures + resumed(there.port, built, rounds)


def started(ours: Server, built: Built, rounds: int) -> list[Taken]:
    """In turn with one that has no file: what Python and Twisted need is not the file's."""
    memory = Taken("start until it listens", "--store memory:", bar=0)
    file = Taken("start until it listens", f"with {built.entries:,} entries", bar=0)
    for _ in range(rounds):
        for taken, server in ((memory, MEMORY), (file, ours)):
            began = perf_counter()
            with running(server, PEOPLE):
                taken.times.append((perf_counter() - began) * 1000)
    behind = Taken("start until it listens", "of this, for the file")
    behind.times = [a - b for a, b in zip(sorted(file.times), sorted(memory.times), strict=True)]
    return [memory, file, behind]


def entered(port: int, built: Built, rounds: int) -> list[Taken]:
    """From the connection to the last line of the replay."""
    group = f"come in, welcomed and {REPLAY} lines replayed"
    new = Taken(group, "by a new name")
    back = Taken(group, f"by a name that missed {built.missed:,}")
    for number in range(rounds):
        for taken, name in ((new, stranger()), (back, away(number))):
            with taken.taken():
                guest = Guest(port)
                welcomed = guest.enter(name)
                guest.hear_earlier(REPLAY)
            with guest:
                if bool(welcomed["missed"]) != (taken is back):
                    taken.notes.add(f"missed: {welcomed['missed']}")
    return [new, back]


def looked(port: int, built: Built, rounds: int) -> list[Taken]:
    figures = []
    made = Made()
    with Guest(port) as talker, Guest(port) as lurker, Guest(port) as new:
        talker.enter(made.names[0])
        lurker.enter(away(0))
        new.enter(stranger())
        hour = f"{int(time.time() - built.last / 1e6) + 3600}s"
        asks = {
            "/history": (new, "history", {}),
            "/history 1h": (new, "history", {"what": hour}),
            "/mentions, of a talker": (talker, "mentions", {}),
            "/mentions, of nobody": (new, "mentions", {}),
            "/last, a common word": (new, "last", {"text": made.words[0]}),
            "/last, not there": (new, "last", {"text": "no such words"}),
            **{
                f"/search {name}": (new, "search", {"text": text}) for name, text in searches(built)
            },
        }
        for name, (guest, do, more) in asks.items():
            taken = Taken("look", name)
            for _ in range(rounds):
                with taken.taken():
                    answer = guest.ask(do, **more)
                note(taken, answer)
            figures.append(taken)
    figures[2:2] = [caught_up(port, rounds)]
    return figures


def searches(built: Built) -> list[tuple[str, str]]:
    """``rare``: some 90 entries have it, however many there are."""
    made = Made()
    common, rare = made.words, made.words[min(len(made.words) - 1, built.entries // 100)]
    return [
        ("a rare word", rare),
        ("a common word", common[0]),
        ("a word that is nowhere", "nowheretobefound"),
        ("a common word, by a talker", f"from:{made.names[0]} {common[0]}"),
        ("a common word, by a lurker", f"from:{made.names[-1]} {common[0]}"),
        ("a rare word, by a talker", f"from:{made.names[0]} {rare}"),
        ("all by a lurker", f"from:{made.names[-1]}"),
        ("two common words", f"{common[0]} {common[1]}"),
        ("a common and a rare word", f"{common[0]} {rare}"),
        ("two words that seldom meet", f"{common[900]} {common[1000]}"),
        ("five common words", " ".join(common[:5])),
        ("five less common words", " ".join(common[10:15])),
        ("eight common words", " ".join(common[:8])),
    ]


def caught_up(port: int, rounds: int) -> Taken:
    """The first page, of who was away for long: each time another one, and each the first time."""
    taken = Taken("look", "/catchup")
    for number in range(rounds):
        with Guest(port) as guest:
            guest.enter(away(number, "catchup"))
            with taken.taken():
                answer = guest.ask("catchup")
            note(taken, answer)
    return taken


def resumed(port: int, built: Built, rounds: int) -> list[Taken]:
    """A program that lost its connection long ago says up to where it had read."""
    first = Taken("resume from the middle", f"the first {ENTRIES} entries are there")
    on = Taken("resume from the middle", "reading on", bar=0, unit="MB/s")
    after = {LOBBY: (built.first + built.last) // 2, EVERYONE: built.last}
    for number in range(rounds):
        with first.taken():
            guest = Guest(port)
            guest.enter(stranger(), after=after)
            guest.hear_earlier(ENTRIES)
        with guest:
            if number < STARTS:
                on.times.append(guest.read_on(READING))
    return [first, on]


def note(taken: Taken, answer: Answer) -> None:
    if answer["type"] == "refused":
        taken.notes.add(f"refused: {answer['code']}")
    elif answer["type"] == "done":
        taken.notes.add("none found")


def away(number: int, why: str = "back") -> str:
    """The name of somebody who was here before."""
    return f"{why}{number}"


def stranger() -> str:
    """A name that nobody had, in any run on this file."""
    return f"s{time.time_ns()}"
