"""A process that talks with our own library, and is killed: ``python -m tests.chaos.program``.

It writes what it reads and says to a book of its own, a line of JSON each, and goes on from there
when it is started again. A line ``rest`` on its input, or its end, stops it from saying more.
"""

import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.internet.task import deferLater, react
from twisted.python.failure import Failure

from twisted_chat.client import ChatClient, NoConnection, Refusal
from twisted_chat.client.link import Habits
from twisted_chat.core.events import Acted, Announced, Entry, Said

LOBBY = "#lobby"
FILLER = "the quick brown fox jumps over the lazy dog and äöü ☃ " * 40
HABITS = Habits(first=0.05, longest=0.3)
WINDOW = 32


class Program:
    """``said``: the number of the last line that it said."""

    def __init__(self, reactor: Any, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.rests = False
        self._reactor = reactor
        self._path = folder / f"{name}.book"
        self.places: dict[str, int] = {}
        self.said = 0
        for line in self._lines():
            self._take(line)
        self._book = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    async def live(self, where: str, pace: float) -> None:
        chat = await self._in(where)
        if not self.places:
            self._write({"places": chat.places})
        Deferred.fromCoroutine(self._read(chat)).addErrback(self._fails)
        while True:
            await deferLater(self._reactor, random.expovariate(pace))
            if (not self.rests or not self.said) and len(chat.pending) < WINDOW:
                self._say(chat)  # one line at least, however slow the machine
            if self.rests and not chat.pending:
                self._write({"rests": True})
                await Deferred()

    async def _in(self, where: str) -> ChatClient:
        """When there is a chat to come into. What was left says how far this had come."""
        drafts = self.folder / "drafts"
        for text in _left(drafts):
            self.said = max(self.said, int(text.partition(" ")[0]))
        after = self.places or None
        while True:
            try:
                return await ChatClient.connect(
                    self._reactor, where, self.name, after=after, draft=drafts, habits=HABITS
                )
            except (NoConnection, Refusal) as error:
                if isinstance(error, Refusal) and error.code != "name-taken":
                    self._write({"complaint": error.sentence})
                await deferLater(self._reactor, 0.1)

    async def _read(self, chat: ChatClient) -> None:
        async for entry in chat.entries():
            if isinstance(entry.event, Said | Acted | Announced):
                self._write(_noted(entry))
        self._write({"complaint": "its entries have ended"})

    def _fails(self, failure: Failure) -> None:
        self._write({"complaint": f"it cannot read: {failure}"})

    def _say(self, chat: ChatClient) -> None:
        self.said += 1
        length = int(random.paretovariate(1) * 20)
        chat.send(LOBBY, f"{self.said} {FILLER[:length]}".strip() + " .")
        self._write({"said": self.said})

    def _take(self, line: dict[str, Any]) -> None:
        match line:
            case {"places": dict(places)}:
                self.places = places
            case {"id": int(number), "room": str(room)}:
                self.places[room] = number
                if line["name"] == self.name and line["type"] == "said":
                    self.said = max(self.said, int(line["text"].partition(" ")[0]))
            case {"said": int(number)}:
                self.said = max(self.said, number)

    def _lines(self) -> Iterator[dict[str, Any]]:
        """Of the book; one that a kill cut off is none, and is taken out."""
        if not self._path.exists():
            return
        data = self._path.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if whole != data:
            os.truncate(self._path, len(whole))
        yield from map(json.loads, whole.splitlines())

    def _write(self, line: object) -> None:
        os.write(self._book, json.dumps(line).encode() + b"\n")


def _noted(entry: Entry) -> dict[str, Any]:
    event: Any = entry.event
    head = {"id": entry.id, "room": entry.log, "type": type(event).__name__.lower()}
    return head | {"name": getattr(event, "name", ""), "text": event.text}


def _left(drafts: Path) -> Iterator[str]:
    """The texts that the program before has not seen confirmed."""
    for path in drafts.glob("*.draft"):
        yield from (send["text"] for send in json.loads(path.read_text())["sends"])


class Orders(Protocol):
    """Whatever comes on the input, or its end: to say no more."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def dataReceived(self, data: bytes) -> None:
        self._program.rests = True

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._program.rests = True


async def main(reactor: Any, port: str, name: str, pace: str) -> None:
    program = Program(reactor, name, Path.cwd() / name)
    StandardIO(Orders(program))
    await program.live(f"127.0.0.1:{port}", float(pace))


if __name__ == "__main__":
    react(lambda reactor, *given: Deferred.fromCoroutine(main(reactor, *given)), sys.argv[1:])
