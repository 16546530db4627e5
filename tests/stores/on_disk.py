"""What the tests of the store in a file share: a disk that is full at will, and other programs."""

import resource
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from tests.stores.house import House, Told, WallClock
from twisted_chat.core.chat import Chat
from twisted_chat.core.chat import House as Rules
from twisted_chat.core.events import LOBBY
from twisted_chat.core.history import Keep, Query
from twisted_chat.core.looking import look
from twisted_chat.core.requests import Search
from twisted_chat.ports import Store
from twisted_chat.stores.sqlite import SqliteStore

SMALL = 4000
"""Bytes: less than a page of a database, and more than pytest writes down of one test."""


class FullDisk:
    """As this process sees it: no file of more than SMALL bytes can be written."""

    def __init__(self) -> None:
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, self._limits[1]))

    def clear(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)


def make(path: Path, now: Callable[[], float], keep: Keep | None = None) -> Store:
    store = SqliteStore(path, reactor, now, keep or Keep())
    store.open()
    return store


@dataclass
class Houses:
    """Opens houses on files of one folder, and closes all of them in the end."""

    folder: Path
    disk: FullDisk = field(default_factory=FullDisk)
    clock: WallClock = field(default_factory=WallClock)
    opened: list[House] = field(default_factory=list)
    others: list[sqlite3.Connection] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return self.folder / "chat.db"

    def open(
        self, keep: Keep | None = None, told: Told | None = None, path: Path | None = None
    ) -> House:
        house = House(
            lambda now: make(path or self.path, now, keep), self.clock, told if told else Told()
        )
        self.opened.append(house)
        return house

    async def reopen(self, house: House) -> House:
        await house.stop()
        return self.open()

    def killed(self) -> House:
        """A house on what ``kill -9`` leaves of the file just now."""
        left = self.folder / "killed"
        left.mkdir()
        for name in ("chat.db", "chat.db-wal"):
            shutil.copy(self.folder / name, left / name)
        return self.open(path=left / "chat.db")

    def other_program(self) -> sqlite3.Connection:
        """That has the file open too."""
        other = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self.others.append(other)
        return other

    async def close(self) -> None:
        self.disk.clear()
        for other in self.others:
            other.close()
        for house in self.opened:
            await house.stop()


def turn(seconds: float = 0.0) -> "Deferred[None]":
    """The reactor does something else meanwhile."""
    return deferLater(reactor, seconds, lambda: None)


def _asked(typed: str) -> Query:
    """What ``/search`` asks for at a console."""
    chat = Chat(Rules(kept="forever"))
    return look(chat, chat.operator(0.0), Search(typed)).query


async def search(house: House, typed: str, *logs: str) -> list[str]:
    """The texts that ``/search`` finds, without what stands around them."""
    query = _asked(typed)
    page = await house.archive.look(replace(query, logs=logs or (LOBBY,)))
    return [str(getattr(one.event, "text", "")) for one in page.entries if one.id in page.found]
