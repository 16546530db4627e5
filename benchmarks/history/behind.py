"""What one who does not read costs the daemon: while falling behind, and while reading it all."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from time import monotonic

from benchmarks.crowd import PATIENCE
from benchmarks.history.numbered import SIZE, TALKER, Count, Person
from benchmarks.servers import Running, Server, daemon, running
from benchmarks.usage import memory_kib
from benchmarks.wrong import Failed

WARM_UP = 0.1
"""Share that is said beforehand: what the daemon needs for any talk, it has by then."""

WINDOW = 32
"""Lines that are said before the fast reader has read them: fewer than the daemon keeps for it."""

LEAST = 0.5
"""MB a second: what is slower than that is given up."""

LOOK = 0.01
"""Seconds between two looks at the memory."""

SILENCE = 0.1
"""Seconds in which a line that comes twice is waited for."""

PEOPLE = 10

OPTIONS = ["--max-line", "8192", "--stall-timeout", "1h", "--replay", "0"]


@dataclass(frozen=True, slots=True)
class Run:
    """KiB: ``before`` anybody falls behind, when all is ``said``, at the ``peak`` from then on.

    ``seconds`` and ``size``: of reading on, in bytes. ``wrong``: lines, of all readers.
    """

    before: int
    said: int
    peak: int
    seconds: float
    size: int
    wrong: int

    @property
    def growth(self) -> int:
        return self.peak - self.before


@dataclass(frozen=True, slots=True)
class Behind:
    """``control``: the same daemon and the same talk, and nobody falls behind."""

    megabytes: int
    reader: Run
    control: Run

    @property
    def reading(self) -> int:
        """KiB by which it grows while it is read from."""
        return self.reader.peak - self.reader.said

    @property
    def over(self) -> int:
        """KiB by which it grows, from before to the peak, over what it grows by anyway."""
        return self.reader.growth - self.control.growth

    @property
    def wrong(self) -> int:
        return self.reader.wrong + self.control.wrong


@dataclass(slots=True)
class Talk:
    """From the talker to the reader who keeps up."""

    talker: Person
    fast: Person
    said: int = 0
    count: Count = field(default_factory=lambda: Count(0))

    def go_on(self, lines: int) -> None:
        """Returns when all was read. Raises Failed."""
        end, deadline = self.said + lines, limit(lines)
        while self.said < end:
            step = min(self.said + WINDOW, end)
            self.talker.say(self.said, step)
            self.said = step
            self._follow(deadline)

    def _follow(self, deadline: float) -> None:
        while self.count.next < self.said:
            try:
                lines = self.fast.read(min(PATIENCE, deadline - monotonic()))
            except TimeoutError:
                raise Failed(f"line {self.count.next} does not come to who keeps up") from None
            for line in lines:
                self.count.hear(line)


class Watch:
    """Reads for somebody, and looks at the daemon's memory meanwhile: ``peak``, in KiB."""

    def __init__(self, pid: int) -> None:
        self.said = self.peak = memory_kib(pid)
        self._pid = pid
        self._due = 0.0

    def read_all(self, person: Person, count: Count, end: int) -> None:
        """Until the last one came, or nothing comes any more. Raises Failed."""
        heard, deadline = monotonic(), limit(end)
        while count.next < end and monotonic() < heard + PATIENCE:
            if self._hear(person, count):
                heard = monotonic()
            if heard > deadline:
                raise Failed(f"who is behind reads less than {LEAST:g} MB a second")

    def wait(self, person: Person, count: Count, seconds: float) -> None:
        until = monotonic() + seconds
        while monotonic() < until:
            self._hear(person, count)

    def _hear(self, person: Person, count: Count) -> bool:
        """Whether anything came. It is looked also when not: the daemon may be busy with it."""
        size = person.size
        with suppress(TimeoutError):
            for line in person.read(LOOK):
                count.hear(line)
        if monotonic() >= self._due:
            self.peak = max(self.peak, memory_kib(self._pid))
            self._due = monotonic() + LOOK
        return person.size > size


def behind(megabytes: int) -> Behind:
    """The control comes second, as it waits for as long as the reader read. Raises Failed."""
    lines = int(megabytes * 1e6 / SIZE)
    reader = with_reader(lines)
    return Behind(megabytes, reader, without_reader(lines, reader.seconds))


def with_reader(lines: int) -> Run:
    with talking(lines) as (there, talk), Person(there.port, "slow") as slow:
        count, size = Count(talk.said), slow.size
        before = memory_kib(there.pid)
        talk.go_on(lines)
        watch, began = Watch(there.pid), monotonic()
        watch.read_all(slow, count, talk.said)
        seconds, size = monotonic() - began, slow.size - size
        watch.wait(slow, count, SILENCE)
        watch.wait(talk.fast, talk.count, SILENCE)
        wrong = count.missing(talk.said) + talk.count.wrong
        return Run(before, watch.said, watch.peak, seconds, size, wrong)


def without_reader(lines: int, seconds: float) -> Run:
    with talking(lines) as (there, talk):
        before = memory_kib(there.pid)
        talk.go_on(lines)
        watch = Watch(there.pid)
        watch.wait(talk.fast, talk.count, seconds + 2 * SILENCE)
        return Run(before, watch.said, watch.peak, 0, 0, talk.count.wrong)


@contextmanager
def talking(lines: int) -> Iterator[tuple[Running, Talk]]:
    """A daemon on a new file, in which a share of so many lines was said already."""
    server = Server("behind", "", daemon("sqlite:chat.sqlite", *OPTIONS))
    with (
        running(server, PEOPLE) as there,
        Person(there.port, "fast") as fast,
        Person(there.port, TALKER) as talker,
    ):
        talk = Talk(talker, fast)
        talk.go_on(int(lines * WARM_UP))
        yield there, talk


def limit(lines: int) -> float:
    """When so many must have come."""
    return monotonic() + PATIENCE + lines * SIZE / 1e6 / LEAST
