"""The daemon's log as a silent visitor: who comes and goes is logged, what is said is not.

For a daemon that nobody watches at a console. One log event holds all of a turn, since a log
observer costs more than everything else that is done for a connection.
"""

from twisted.logger import Logger

from twisted_chat.core.events import (
    Closing,
    Connected,
    Disconnected,
    Entry,
    Joined,
    Left,
    Renamed,
    Said,
    TurnedAway,
)
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.refusals import Refusal
from twisted_chat.ports import Dialect, Session
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.clean import clean
from twisted_chat.speech.text import event_line

LOGGED = (Connected, Disconnected, TurnedAway, Joined, Left, Renamed, Closing)


class Journal:
    """Session, dialect and reader in one: there is nobody at the other end."""

    log = Logger()
    greeting = b""
    full = False

    def __init__(self) -> None:
        self.dialect = self
        self.reader = self
        self.unsettled = 0

    def send(self, data: bytes) -> bool:
        if data:
            self.log.info("{lines}", lines=data.decode().rstrip("\n"))
        return True

    def line(self, entry: Entry) -> bytes:
        event = entry.event
        if type(event) is Said:  # nearly all are
            return b""
        return f"{clean(event_line(event))}\n".encode() if isinstance(event, LOGGED) else b""

    def own(self, entry: Entry, tag: object) -> bytes:
        return b""

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        return b"".join(lines)

    def read(self, line: bytes, naming: bool) -> Asked | None:
        return None

    def answer(self, answer: Answer, tag: object) -> bytes:
        return b""

    def settle(self, count: int) -> None:
        """It asks for nothing."""

    def refuse(self, refusal: Refusal, tag: Tag) -> None:
        """It asks for nothing."""

    def depart(self, tag: Tag) -> None:
        """It stays."""

    def dismiss(self, told: str, why: str) -> None:
        """It stays."""


_session: type[Session] = Journal
_dialect: type[Dialect] = Journal
