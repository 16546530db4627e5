"""The process of the well-behaved: each says numbered lines, and checks every line that it gets."""

import asyncio
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from tests.soak.child import Report, obey
from tests.soak.forbidden import controls, forbidden
from tests.soak.ledger import Latencies, Ledger

AT_HOME = 40
"""People of one room."""

ADDRESSES = 10
"""Of this machine, 127.0.1.1 and so on, from which the well-behaved come."""

COMING = 20
"""People who come in at the same time, as many as one address may have without a name."""

PAUSE = (1.0, 2.0)
"""Seconds between two lines of one person."""

LOBBY_SHARE, PRIVATE_SHARE = 0.1, 0.05
"""Of these lines, so many are said in the lobby, and told to one's neighbour alone."""

SETTLING = 30.0
"""Seconds after which what was said and not read by then is lost."""

SHOWN = 20
"""Faults and complaints that are reported in words."""

SAID = re.compile(rb"(?:#(\w+) )?(?:(well\d+): |\[(well\d+)\] )~(\d+) (\d+)")
REFUSED = re.compile(rb"-- (not sent|not done|There is|There are|Only|Too many|\d+ messages skip)")


@dataclass(slots=True)
class Evening:
    """What all share. ``phase``: in which of them what is read now is counted. ``said``: by place
    and sender, how many lines there were."""

    port: int
    phase: str = "before"
    talking: bool = False
    said: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    latencies: dict[str, Latencies] = field(default_factory=dict)
    forbidden: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The first of what was wrong, beside what the ledgers say."""
        return [*self.forbidden[:SHOWN], *self.complaints[:SHOWN]]

    def took(self, what: str, milliseconds: float) -> None:
        self.latencies.setdefault(f"{what} {self.phase}", Latencies()).note(milliseconds)


class Person(asyncio.Protocol):
    """``room``: where it talks, beside the lobby. ``neighbour``: to whom it tells things alone."""

    transport: asyncio.Transport

    def __init__(self, number: int, room: str, neighbour: str, evening: Evening) -> None:
        self.name = f"well{number}"
        self.address = f"127.0.1.{number % ADDRESSES + 1}"
        self.room = room
        self.neighbour = neighbour
        self.ledger = Ledger(self.name)
        self.chance = Random(f"{number} well-behaved")
        self.is_in = asyncio.Event()
        self._evening = evening
        self._rest = b""

    @property
    def places(self) -> tuple[str, ...]:
        """Those of which it should read everything that others say."""
        return ("#lobby", self.room, f"@{self.name}")

    async def comes(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.create_connection(
            lambda: self, "127.0.0.1", self._evening.port, local_addr=(self.address, 0)
        )
        self.opens()
        await self.is_in.wait()

    def opens(self) -> None:
        """Come in, and go to one's room."""
        self.sends(f"{self.name}\n/join {self.room}\n")

    def sends(self, text: str) -> None:
        self.transport.write(text.encode())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns() // 1000
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._evening.read[self._evening.phase] += len(lines)
        for line in lines:
            self.reads(line, now)

    def connection_lost(self, why: Exception | None) -> None:
        if self._evening.phase != "over":
            self.complains(f"lost its connection ({why}), after {self._rest[-200:]!r}")

    def complains(self, what: str) -> None:
        self._evening.complaints.append(f"{self.name} in {self._evening.phase}: {what}")

    def reads(self, line: bytes, now: int) -> None:
        if line[-1:] != b"\r" or forbidden(line[:-1]):
            self._evening.forbidden.append(f"{self.name}: {line[:200]!r}")
        if (found := SAID.match(line)) is not None:
            room, name, teller, number, then = found.groups()
            place = f"#{room.decode()}" if room else self.room if name else f"@{self.name}"
            self.notes(place, (name or teller).decode(), int(number), now - int(then))
        elif line.startswith(b"-- you talk in"):
            self.is_in.set()
        elif REFUSED.match(line):
            self.complains(f"read {line[:200]!r}")

    def notes(self, place: str, name: str, number: int, microseconds: int) -> None:
        self.ledger.note(f"{place} {name}", number)
        self._evening.took("lines", microseconds / 1000)

    async def talks(self) -> None:
        while self._evening.talking:
            await asyncio.sleep(self.chance.uniform(*PAUSE))
            self.says(self.chance.random())

    def says(self, chance: float) -> None:
        if chance < PRIVATE_SHARE:
            self.tells(self.neighbour, self._next(f"@{self.neighbour}"))
        elif chance < PRIVATE_SHARE + LOBBY_SHARE:
            self.says_in("#lobby", self._next("#lobby"))
        else:
            self.says_in(self.room, self._next(self.room))

    def _next(self, place: str) -> str:
        source = f"{place} {self.name}"
        self._evening.said[source] += 1
        return f"~{self._evening.said[source]} {time.monotonic_ns() // 1000}"

    def says_in(self, room: str, text: str) -> None:
        self.sends(f"{text}\n" if room == self.room else f"{room} {text}\n")

    def tells(self, name: str, text: str) -> None:
        self.sends(f"/msg {name} {text}\n")

    def wanted(self) -> dict[str, int]:
        """All that it should have read."""
        return {
            source: count
            for source, count in self._evening.said.items()
            if source.partition(" ")[0] in self.places and not source.endswith(f" {self.name}")
        }


class Program(Person):
    """It speaks the JSON dialect, and reads what it says itself too."""

    def opens(self) -> None:
        self.sends("/json\n")
        self.asks("enter", name=self.name)
        self.asks("join", room=self.room)

    def asks(self, do: str, **given: str) -> None:
        self.sends(json.dumps({"do": do, "tag": 1} | given) + "\n")

    def reads(self, line: bytes, now: int) -> None:
        if line[:1] != b"{":
            return  # the greeting
        if controls(line):
            self._evening.forbidden.append(f"{self.name}: {line[:200]!r}")
        if b'"~' in line:
            self.hears(json.loads(line), now)
        elif line.startswith(b'{"type":"entered"'):
            self.is_in.set()
        elif line.startswith((b'{"type":"refused"', b'{"type":"skipped"', b'{"type":"goodbye"')):
            self.complains(f"read {line[:200]!r}")

    def hears(self, message: dict[str, str], now: int) -> None:
        text, name = message.get("text", ""), message.get("name", "")
        if not (found := re.fullmatch(r"~(\d+) (\d+)", text)) or not name.startswith("well"):
            return
        if message["type"] == "said":
            self.notes(message["room"], name, int(found[1]), now - int(found[2]))
        elif message["type"] == "told" and message["to"] == self.name:
            self.notes(f"@{self.name}", name, int(found[1]), now - int(found[2]))

    def says_in(self, room: str, text: str) -> None:
        self.asks("say", room=room, text=text)

    def tells(self, name: str, text: str) -> None:
        self.asks("msg", to=name, text=text)

    def wanted(self) -> dict[str, int]:
        own = {
            source: count for source, count in self._evening.said.items() if self._is_own(source)
        }
        return super().wanted() | own

    def _is_own(self, source: str) -> bool:
        place, _, name = source.partition(" ")
        return name == self.name and place in (self.room, "#lobby")


class Prober(Program):
    """It says nothing, and asks what costs the daemon and the disk next to nothing: how long the
    answer takes is how long the daemon does something else."""

    def asks_again(self) -> None:
        self.sends(json.dumps({"do": "reply", "tag": time.monotonic_ns() // 1000}) + "\n")

    async def talks(self) -> None:
        while self._evening.talking:
            await asyncio.sleep(self.chance.uniform(0.2, 0.4))
            self.asks_again()

    def reads(self, line: bytes, now: int) -> None:
        if line.startswith(b'{"type":"refused","tag":'):
            self._evening.took("answers", (now - json.loads(line)["tag"]) / 1000)
        else:
            super().reads(line, now)


async def watch_oneself(evening: Evening) -> None:
    """How much later than asked for this process goes on: what is not the daemon's fault."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0.05)
        evening.took("measured too late", (time.monotonic() - began - 0.05) * 1000)


class Company:
    """All the well-behaved, under orders."""

    def __init__(self, port: int, count: int) -> None:
        self.evening = Evening(port)
        self.people = list(invited(count, self.evening))
        self.people.append(Prober(count, "#probes", "", self.evening))
        self._talking: list[asyncio.Task[None]] = []
        self._watching: asyncio.Task[None] | None = None

    async def obeys(self, order: str) -> Report:
        what, _, phase = order.partition(" ")
        match what:
            case "come":
                await self._come()
            case "phase":
                self.evening.phase = phase
            case "end":
                await self._end()
        return self.report()

    async def _come(self) -> None:
        coming = asyncio.Semaphore(COMING)

        async def one(person: Person) -> None:
            async with coming:
                await person.comes()

        await asyncio.gather(*(one(person) for person in self.people))
        self._watching = asyncio.create_task(watch_oneself(self.evening))
        self.evening.talking = True
        self._talking = [asyncio.create_task(person.talks()) for person in self.people]

    async def _end(self) -> None:
        """Nothing more is said, and what was said is read."""
        self.evening.talking = False
        await asyncio.gather(*self._talking)
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLING):
                while any(one.ledger.lacks(one.wanted()) for one in self.people):
                    await asyncio.sleep(0.2)
        self.evening.phase = "over"
        if self._watching is not None:
            self._watching.cancel()

    def report(self) -> Report:
        evening = self.evening
        over = evening.phase == "over"
        faults = [
            fault
            for one in self.people
            for fault in one.ledger.faults(one.wanted() if over else {})
            if over or fault.kind != "altered"
        ]
        counted: Counter[str] = Counter()
        for fault in faults:
            counted[fault.kind] += fault.count
        return {
            "said": evening.said.total(),
            "read": evening.read.total(),
            "checked": sum(one.last for person in self.people for one in person.ledger.of.values()),
            "faults": counted,
            "forbidden": len(evening.forbidden),
            "complaints": len(evening.complaints),
            "latencies": {phase: one.figures for phase, one in evening.latencies.items()},
            "words": [*map(str, faults[:SHOWN]), *evening.words],
        }


def invited(count: int, evening: Evening) -> Iterator[Person]:
    """Every second one is a program."""
    rooms = max(1, count // AT_HOME)
    for number in range(count):
        kind = Program if number % 2 else Person
        neighbour = f"well{(number + 1) % count}"
        yield kind(number, f"#room{number // 2 % rooms}", neighbour, evening)


async def main() -> None:
    company = Company(**json.loads(sys.argv[1]))
    await obey(company.obeys)


if __name__ == "__main__":
    asyncio.run(main())
