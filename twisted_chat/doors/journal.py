"""The daemon's log as a silent visitor: who comes and goes is logged, what is said is not.

For a daemon that nobody watches at a console. One log event holds all of a turn, since a log
observer costs more than everything else that is done for a connection.
"""

from twisted.logger import Logger
from twisted.python.failure import Failure

from twisted_chat.core.events import (
    Closing,
    Connected,
    Disconnected,
    Entry,
    Joined,
    Left,
    Moderated,
    Renamed,
    Said,
    TurnedAway,
)
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.refusals import Refusal
from twisted_chat.ports import Dialect, Reader, Session
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.clean import clean
from twisted_chat.speech.entries import entry_lines

LOGGED = (Connected, Disconnected, TurnedAway, Joined, Left, Renamed, Closing, Moderated)


class JournalDialect:
    """Only what comes and goes has a line."""

    greeting = b""
    asks = False

    def __init__(self) -> None:
        self.elsewhere = self

    def read(self, line: bytes, naming: bool) -> Asked | None:
        return None

    def line(self, entry: Entry) -> bytes:
        event = entry.event
        if type(event) is Said:  # nearly all are
            return b""
        if not isinstance(event, LOGGED):
            return b""
        return "".join(f"{clean(line)}\n" for line in entry_lines(entry)).encode("utf-8", "replace")

    def earlier(self, entry: Entry) -> bytes:
        return b""  # it was logged when it happened

    def own(self, entry: Entry, tag: object) -> bytes:
        return b""

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        return b"".join(lines)

    def answer(self, answer: Answer, tag: object) -> bytes:
        return b""


class Journal:
    """The session and its reader in one: there is nobody at the other end."""

    log = Logger()

    def __init__(self) -> None:
        self.dialect: Dialect = JournalDialect()
        self.reader: Reader = self
        self.unsettled = 0
        self.full = False
        self.gone = False
        self.address = ""
        self.ignored: frozenset[str] = frozenset()

    def send(self, data: bytes) -> bool:
        if data:
            self.log.info("{lines}", lines=data.decode().rstrip("\n"))
        return True

    def answer(self, answer: Answer, tag: Tag) -> None:
        """It asks for nothing."""

    def speak(self) -> None:
        """There is nothing for it alone."""

    def settle(self, count: int) -> None:
        """It asks for nothing."""

    def search(self) -> None:
        """It asks for nothing."""

    def found(self) -> None:
        """It asks for nothing."""

    def dialect_in(self, log: str) -> Dialect:
        return self.dialect

    def probe(self) -> None:
        """It is always there."""

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        """It asks for nothing."""

    def depart(self, tag: Tag) -> None:
        """It stays."""

    def dismiss(self, told: str, why: str) -> None:
        """It stays."""

    def bug(self, failure: Failure | None = None) -> None:
        self.log.failure("a bug, met by the log", failure or Failure())


_: type[Session] = Journal
