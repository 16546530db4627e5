"""One connection to a chat, over the JSON dialect. Knows no terminal."""

from dataclasses import fields
from typing import Protocol

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone, ConnectionLost
from twisted.internet.interfaces import ITCPTransport
from twisted.internet.protocol import Factory, connectionDone
from twisted.python.failure import Failure

from twisted_chat.core import refusals
from twisted_chat.core.outcomes import Hello
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Request, Say
from twisted_chat.framing import SkippingLineReceiver
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.clean import clean
from twisted_chat.speech.lines_json import SWITCH, Heard, hear, write_request

LONGEST = 1 << 20
"""Bytes in a line of the server's: far more than any answer has, and a bound all the same."""


class Listener(Protocol):
    """Who is told what a connection brings."""

    def connected(self, connection: "ChatClientProtocol") -> None:
        """The server has said hello, and waits for a name."""

    def heard(self, heard: Heard) -> None:
        """An entry, or an answer."""

    def unclear(self, why: str) -> None:
        """The server sent a line that is none of its language's. Told once for each kind."""


class ChatClientProtocol(SkippingLineReceiver):
    """``talks``: the server has said hello. ``ended`` fires when the connection is gone: with what
    the server said in plain words if it never said hello (it is full, or no chat), else with "";
    fails with ConnectionLost if it was lost."""

    MAX_LENGTH = LONGEST

    def __init__(self, listener: Listener) -> None:
        super().__init__()
        self.ended: Deferred[str] = Deferred()
        self._listener = listener
        self.talks = False
        self.limit = LONGEST
        self.confirm = False
        self.gave_up = False
        self._plain = ""
        self._told: set[str] = set()

    def ask(self, request: Request, tag: Tag) -> None:
        """Send a request; its answers and its entry bear the tag. Raises a Refusal if the server
        would not read so long a line: of a paste it reads more, and says itself how much."""
        line = write_request(request, tag)
        limit = LONGEST if isinstance(request, Say) and "\n" in request.text else self.limit
        if longest_text(request) > limit:
            raise refusals.line_too_long(limit)
        if self.transport is not None:
            self.transport.write(line)

    def connectionMade(self) -> None:
        assert self.transport is not None
        if ITCPTransport.providedBy(self.transport):
            self.transport.setTcpNoDelay(True)
        self.transport.write(SWITCH + b"\n")

    def give_up(self) -> None:
        """Close, if there was no hello by now."""
        if not self.talks:
            self.gave_up = True
            self.close()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.loseConnection()

    def abort(self) -> None:
        """Whatever waits to be sent."""
        if self.transport is not None:
            self.transport.abortConnection()

    def lineReceived(self, line: bytes) -> None:
        if not self.talks and not line.startswith(b"{"):
            self._plain = clean(line.decode("utf-8", "replace").strip()).removeprefix("-- ")
            return
        try:
            heard = hear(line)
        except Refusal as refusal:
            self._tell_once(refusal.sentence)
            return
        if heard is None:  # a newer server's, and nothing that we asked for
            return
        if isinstance(heard.what, Hello):
            self.talks = True
            self.limit, self.confirm = heard.what.limit, heard.what.confirm
            self._introduce()
        else:
            self._listener.heard(heard)

    def _introduce(self) -> None:
        try:
            self._listener.connected(self)
        except Refusal as refusal:  # it would not read a name, or a password
            self._listener.unclear(refusal.sentence)
            self.close()

    def _tell_once(self, why: str) -> None:
        """Who sends one such line may send a million of them."""
        if why not in self._told:
            self._told.add(why)
            self._listener.unclear(why)

    def lineTooLong(self) -> None:
        self._listener.unclear("a line of more than a megabyte")
        self.close()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if not reason.check(ConnectionDone):
            self.ended.errback(ConnectionLost(reason.getErrorMessage()))
        else:
            self.ended.callback("" if self.talks else self._plain)


def longest_text(request: Request) -> int:
    """Bytes of the longest string in it."""
    held = (getattr(request, field.name) for field in fields(request))
    return max((len(text.encode()) for text in held if isinstance(text, str)), default=0)


class ChatClientFactory(Factory):
    """Makes connections for one listener."""

    noisy = False

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def buildProtocol(self, addr: object) -> ChatClientProtocol:
        return ChatClientProtocol(self._listener)
