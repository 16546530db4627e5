"""The line door: telnet, nc, and our own client. Lines in, lines out, in both dialects."""

from dataclasses import dataclass
from typing import assert_never

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import (
    IAddress,
    IDelayedCall,
    IHalfCloseableProtocol,
    IHandshakeListener,
    INegotiated,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from twisted_chat import __version__
from twisted_chat.core import refusals
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.events import Connected, Disconnected
from twisted_chat.core.outcomes import Hello, Refused
from twisted_chat.core.refusals import Refusal
from twisted_chat.doors.peers import is_proxied, local_user, peer_name, probe
from twisted_chat.doors.porter import Porter
from twisted_chat.framing import LF, SkippingLineReceiver
from twisted_chat.gather import pending
from twisted_chat.hub import Hub
from twisted_chat.outbox import Outbox
from twisted_chat.ports import Dialect
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.speech.lines_json import PASTE, PROTOCOL, SWITCH, JsonDialect
from twisted_chat.speech.strangers import (
    BOM,
    ENDLESS,
    FIRST_BYTES,
    Stranger,
    at_once,
    in_line,
    is_utf16,
)
from twisted_chat.speech.telnet import Sign, TelnetReader
from twisted_chat.speech.text import TextDialect
from twisted_chat.visit import Hold, Rules, Stage, Visit

LONGEST_REQUEST = 2 * PASTE
"""Bytes of a request in JSON: a paste, in which every other character may be escaped."""

DRAIN = 30.0
"""Seconds for which the lines of a connection that is gone are still heard at its allowance."""

GREETS = 0.02
"""Seconds after which a connection is asked for a name. What a browser has to say is here within a
millisecond of its coming, however far it is; with a greeting before it an answer would be none.
Nobody sees a fiftieth of a second."""


@dataclass(slots=True, eq=False)
class DoorRules:
    """``bounds``: how many may come, and how fast. ``longest``: bytes in a line, without its end.
    May be changed while people are here: a connection keeps the longest line that it was made
    with."""

    bounds: Bounds
    longest: int
    text: TextDialect | ConsoleDialect
    json: JsonDialect


class ChatFactory(Factory):
    """Gives each connection the hub, and a porter, who turns away those over the limits.

    One factory serves all the places where the daemon listens, so the limits are for all of them.
    """

    noisy = False

    def __init__(self, hub: Hub, rules: Rules, door: DoorRules) -> None:
        self.hub = hub
        self.rules = rules
        self.door = door
        self.connections: set[ChatProtocol] = set()
        self.porter = Porter(hub, door.bounds)
        self._empty: Deferred[None] | None = None

    def hear_out(self) -> None:
        """What has come is said: nothing more will be."""
        for connection in list(self.connections):
            connection.visit.end_burst()

    async def close(self) -> None:
        """End all connections; returns when they are gone, which ``Outbox.close`` bounds."""
        self._empty = Deferred()
        for connection in list(self.connections):
            connection.visit.end()
        if self.connections:
            await self._empty

    def gone(self, connection: "ChatProtocol") -> None:
        self.connections.discard(connection)
        self.porter.gone(connection)
        if self._empty is not None and not self.connections:
            empty, self._empty = self._empty, None
            empty.callback(None)

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        return ChatProtocol(self)


@implementer(IHalfCloseableProtocol, IHandshakeListener)
class ChatProtocol(SkippingLineReceiver):
    """One connection. Bytes become lines here; what they mean is for the visit to find out."""

    _telnet: TelnetReader | None = None
    _beginning = b""
    _after_cr = False
    _ends_in_cr = False
    _eof = False
    _greeting: IDelayedCall | None = None
    _holds: int = 0
    _pacing: IDelayedCall | None = None
    _last_call: IDelayedCall | None = None
    _lost = ""
    _number = 0
    _shown = True

    def __init__(self, factory: ChatFactory) -> None:
        super().__init__()
        self.factory = factory
        self._longest = factory.door.longest
        self.MAX_LENGTH = self._longest + 1  # with a CR
        self.dialect: Dialect = factory.door.text

    def connectionMade(self) -> None:
        self.factory.connections.add(self)
        self.outbox = Outbox(self.transport, self._stalled)
        self.visit = Visit(self.factory.hub, self.factory.rules, self, self.outbox)
        self._local = local_user(self.transport)
        self._begin()

    def dataReceived(self, data: bytes) -> None:
        if not self._shown:
            self._show()
        if self.outbox.closed:
            return
        if self._holds:
            self.pauseProducing()
        if self.visit.stage is Stage.NAMING and self._is_strange(at_once(self._begun(data))):
            return
        if self._telnet is not None or b"\xff" in data:
            self._hear_telnet(data)
        else:
            self._hear(data)

    def lineReceived(self, line: bytes) -> None:
        if line[-1:] == b"\r":
            line, self._ends_in_cr = line[:-1], True
        if self.visit.asks_name:
            self._named(line)
        elif len(line) >= self.MAX_LENGTH:
            self.lineTooLong()
        elif b"\0" in line and is_utf16(line):
            self.visit.unreadable(refusals.utf16())
        else:
            self.visit.heard(line)

    def _named(self, line: bytes) -> None:
        """A line in place of a name."""
        line = line.removeprefix(BOM)
        if self._is_strange(in_line(line)):
            return
        self._greet()
        if len(line) >= self.MAX_LENGTH:
            self.lineTooLong()
        elif line == SWITCH:
            self._switch()
        else:
            self.visit.heard(line)

    def lineTooLong(self) -> None:
        """Behind one that stands for a name there may be whatever it was to hide."""
        if not (self.visit.asks_name and self._is_strange(self._endless())):
            self.visit.unreadable(refusals.line_too_long(self._longest))

    def readConnectionLost(self) -> None:
        """The peer will send nothing more, and may still read: ``nc -N``, ``nc -q``."""
        self._eof = True
        self._greet()
        if self.outbox.failed:
            self.outbox.abort()
            return
        if self.outbox.closed:
            self.outbox.peer_closed()
            return
        if self.clearLineBuffer():
            self.visit.refuse(refusals.line_cut_off(), None)
        self.visit.hung_up()

    def writeConnectionLost(self) -> None:
        """All is sent, and the peer has been told that it is."""
        self.outbox.drained(self.factory.hub.clock)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.outbox.lost()
        in_peace = reason.check(ConnectionDone) and not self.outbox.failed
        self._lost = "connection closed" if in_peace else "connection lost"
        if not self.paused or not self.line_waits:
            self._end()
        else:  # lines came that were not heard yet
            self._last_call = self.factory.hub.clock.callLater(DRAIN, self._end)
            self.release(Hold.FULL)

    def _end(self) -> None:
        """The connection is gone, and all that came over it has been heard. Happens once."""
        if self not in self.factory.connections:
            return
        for call in (self._pacing, self._last_call, self._greeting):
            if call is not None and call.active():
                call.cancel()
        self._pacing = self._greeting = None
        self.visit.lost(self._lost)
        self._note_end()
        self.factory.gone(self)

    # what the visit asks: see visit.Door

    def wait(self, seconds: float) -> None:
        self.hold(Hold.PACE)
        self._pacing = self.factory.hub.clock.callLater(seconds, self._paced)

    def hold(self, why: Hold) -> None:
        """No line is heard. Bytes are read on for now if only our own do not get away: under TLS it
        may be just those that are waited for, as in its handshake."""
        if why is Hold.FULL:
            self.paused = True
        else:
            self.pauseProducing()
        self._holds |= why

    def release(self, why: Hold) -> None:
        if not self._holds:  # as nearly always, and flags are slow
            return
        self._holds &= ~why
        if self._holds:
            return
        if self._lost:
            self._hear_the_rest()
        elif not self.outbox.closed:
            self.resumeProducing()

    def more(self) -> bool:
        return self.line_waits or self._pending > 0

    def echo(self, on: bool) -> bool:
        """For a telnet, which ends its lines with CR LF; ``nc`` would show the bytes."""
        if self._telnet is None and not self._ends_in_cr:
            return False
        if self._telnet is None:
            self._telnet = TelnetReader()
        if told := self._telnet.echo(on):
            self.outbox.send(told)
        return True

    def probe(self) -> None:
        probe(self.transport)

    @property
    def address(self) -> str:
        """Behind a proxy, of whoever is behind it; at a socket of this machine, the user's."""
        peer = self.transport.getPeer()
        return peer.host if isinstance(peer, IPv4Address | IPv6Address) else self._local

    def named(self) -> None:
        self.factory.porter.crowd.name(self)

    def close(self) -> None:
        self.outbox.close(self.factory.hub.clock, self._eof)
        self.clearLineBuffer()
        if self._greeting is not None:
            self._greeting.cancel()
            self._greeting = None
        if self._lost:
            self._end()

    # what the porter asks: see porter.Caller

    @property
    def peer(self) -> str:
        return peer_name(self.transport)

    def turn_away(self, refusal: Refusal | None) -> None:
        if refusal is None:
            self.outbox.abort()
            return
        refused = Refused(refusal.code, refusal.sentence)
        self.outbox.send(self.dialect.answer(refused, None))
        self.outbox.close(self.factory.hub.clock, self._eof)

    def crowd_out(self, refusal: Refusal) -> None:
        self.visit.dismiss(refusal.sentence, "no name")

    def _begin(self) -> None:
        self._shown = not is_proxied(self.transport)
        if self.factory.porter.admits(self, self._shown):
            if self._shown:
                self._note_begin()
            self.visit.begin()
            if not INegotiated.providedBy(self.transport):
                self.handshakeCompleted()

    def _show(self) -> None:
        """The first bytes have come, and with them, behind a proxy, from where."""
        self._shown = True
        if self.factory.porter.sees(self):
            self._note_begin()

    def _note_begin(self) -> None:
        hub = self.factory.hub
        hub.counters.connections += 1
        self._number = hub.counters.connections
        if hub.watched:
            hub.notice(Connected(self._number, self.peer))

    def handshakeCompleted(self) -> None:
        """What is sent over TLS can be read from now on."""
        if not self.visit.gone:
            self._greeting = self.factory.hub.clock.callLater(GREETS, self._greet_in_time)

    def _greet_in_time(self) -> None:
        self._greeting = None
        if self._pending:  # it was here in time, and we are late
            self.handshakeCompleted()
        else:
            self.visit.greet()

    def _greet(self) -> None:
        """Ask for a name, if that was not done yet."""
        greeting, self._greeting = self._greeting, None
        if greeting is not None:
            greeting.cancel()
            self.visit.greet()

    @property
    def _pending(self) -> int:
        return pending(getattr(self.transport, "socket", None))

    def _note_end(self) -> None:
        hub = self.factory.hub
        if self._number and hub.watched:
            hub.notice(Disconnected(self._number, self.peer, self._lost))

    def _paced(self) -> None:
        self._pacing = None
        self.release(Hold.PACE)

    def _hear_the_rest(self) -> None:
        """Lines that came before the connection was lost, and had to wait."""
        self.paused = False
        self.bring()
        if not self.paused:
            self._end()

    def _stalled(self, full: bool) -> None:
        self.visit.stalled(full)

    def _switch(self) -> None:
        self.dialect = self.factory.door.json
        self.MAX_LENGTH = max(self.MAX_LENGTH, LONGEST_REQUEST)
        server, door = f"twisted_chat {__version__}", self.factory.door
        hello = Hello(PROTOCOL, server, self._longest, door.text.confirm)
        self.visit.switch(self.dialect, hello)

    def _hear_telnet(self, data: bytes) -> None:
        if self._telnet is None:
            self._telnet = TelnetReader()
        heard = self._telnet.read(data)
        if heard.reply:
            self.outbox.send(heard.reply)
        for part in heard.parts:
            if isinstance(part, bytes):
                self._hear(part)
            else:
                self._obey(part)

    def _obey(self, sign: Sign) -> None:
        match sign:
            case Sign.ERASE_CHARACTER:
                self.erase_character()
            case Sign.ERASE_LINE:
                self.erase_line()
            case Sign.INTERRUPT:  # as a shell does it
                self.erase_line()
                self.visit.tell("exit leaves")
            case Sign.ARE_YOU_THERE:
                self.visit.tell("yes, the chat is here")
            case Sign.SHOWN:
                self.visit.tell("your terminal shows what you type")
            case Sign.FLOOD:
                self.visit.dismiss("Too many telnet commands.", "too many telnet commands")
            case _:
                assert_never(sign)

    def _hear(self, data: bytes) -> None:
        """Text. Its lines may end in CR NUL too, as a telnet sends a return (RFC 854)."""
        if b"\0" in data:
            if self._after_cr and data[0] == 0:
                data = LF + data[1:]
            data = data.replace(b"\r\0", b"\r\n")
        self._after_cr = data[-1:] == b"\r"
        super().dataReceived(data)

    def _begun(self, data: bytes) -> bytes:
        """The first bytes of all, as long as more of them come."""
        wanted = FIRST_BYTES - len(self._beginning)
        self._beginning += data[:wanted]
        return self._beginning if wanted else b""

    def _endless(self) -> Stranger:
        return in_line(self._beginning) or ENDLESS

    def _is_strange(self, stranger: Stranger | None) -> bool:
        """It speaks something else: it reads its one answer, and is heard no more."""
        if stranger is None:
            return False
        self.factory.porter.cut(self, f"that is {stranger.speaks}, and no chat")
        self.visit.cut(stranger.answer)
        return True
