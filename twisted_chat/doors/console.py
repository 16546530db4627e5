"""The operator's console on stdin and stdout.

On a terminal the line being typed stays whole, whatever arrives. Where there is no terminal, lines
are read and shown as they come. The end of the input ends nothing but the typing.
"""

import os
import stat
from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure
from zope.interface import implementer

from twisted_chat.core.requests import Shutdown
from twisted_chat.doors.screens import FileScreen, Screen
from twisted_chat.framing import SkippingLineReceiver
from twisted_chat.hub import Hub
from twisted_chat.outbox import Outbox
from twisted_chat.ports import Dialect
from twisted_chat.prompt import Prompt
from twisted_chat.speech.clean import clean_lines
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.terminal import Terminal, own_terminal, readable_stdin
from twisted_chat.visit import Hold, Rules, Visit


@implementer(IHalfCloseableProtocol)
class Console(SkippingLineReceiver):
    """``terminal`` is None where lines come and go as in any other pipe; ``file`` is the descriptor
    of a plain file that all is written to."""

    MAX_LENGTH = 65536

    def __init__(
        self,
        hub: Hub,
        rules: Rules,
        terminal: Terminal | None = None,
        file: int | None = None,
    ) -> None:
        super().__init__()
        self.dialect: Dialect = ConsoleDialect(hub.times, leaving=Shutdown())
        self._hub = hub
        self._rules = rules
        self._terminal = terminal
        self._file = file
        self._prompt = Prompt()
        self._holds = Hold(0)

    def connectionMade(self) -> None:
        screen: Any = self.transport
        if self._terminal is not None:
            screen = Screen(self.transport, self._prompt, self._terminal)
        elif self._file is not None:
            screen = FileScreen(self.transport, self._file)
        self.outbox = Outbox(screen, self._stalled)
        self.visit = Visit(self._hub, self._rules, self, self.outbox)
        self.visit.begin_as_operator()

    def show(self, text: str) -> None:
        """Something that is no entry: where the chat listens, lines of the log. Somebody who has
        stopped the output (Ctrl-S) loses it rather than have it pile up here."""
        if not self.outbox.full:
            self.outbox.send(clean_lines(text).encode("utf-8", "replace"))

    def dataReceived(self, data: bytes) -> None:
        if self._terminal is None:
            super().dataReceived(data)
            return
        for line in self._prompt.typed(data):
            self.show(f"> {'' if self._prompt.hidden else line}\n")
            self.visit.heard(line.encode())
        if self._prompt.ended:
            self.show("-- the console is closed; the chat goes on\n")
            self.hold(Hold.ENDED)
        self.outbox.send(b"")

    def lineReceived(self, line: bytes) -> None:
        self.visit.heard(line)

    def lineTooLong(self) -> None:
        self.show("-- not sent: that line is too long\n")

    def readConnectionLost(self) -> None:
        """Nobody types any more. Somebody may still read."""

    def writeConnectionLost(self) -> None:
        self._gone()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._gone()

    def restore(self) -> None:
        """Give the terminal back as it was."""
        if self._terminal is not None:
            self._terminal.restore()

    # what the visit asks: see visit.Door

    def wait(self, seconds: float) -> None:
        """The operator is not paced."""

    def hold(self, why: Hold) -> None:
        self._holds |= why
        self.pauseProducing()

    def release(self, why: Hold) -> None:
        held, self._holds = self._holds, self._holds & ~why
        if held and not self._holds:
            self.resumeProducing()

    def more(self) -> bool:
        return False

    def echo(self, on: bool) -> bool:
        self._prompt.hidden = not on
        return self._terminal is not None

    def probe(self) -> None:
        """It is our own terminal."""

    @property
    def address(self) -> str:
        return ""

    def named(self) -> None:
        """It is the operator's all the time."""

    def close(self) -> None:
        """The console stays until the daemon ends: to leave it is to end it."""

    def _gone(self) -> None:
        self.outbox.lost()
        self.visit.lost("")

    def _stalled(self, full: bool) -> None:
        self.visit.stalled(full)


def open_console(hub: Hub, rules: Rules) -> Console:
    """The console of this process."""
    terminal = own_terminal()
    file = 1 if stat.S_ISREG(os.fstat(1).st_mode) else None
    console = Console(hub, rules, terminal, file)
    if terminal is None:
        StandardIO(console, stdin=readable_stdin())  # type: ignore[call-arg]
    else:
        out = os.dup(terminal.fd)
        StandardIO(console, stdin=terminal.fd, stdout=out)  # type: ignore[call-arg]
    return console
