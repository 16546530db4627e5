"""The operator's console on stdin and stdout.

On a terminal the line being typed stays whole, whatever arrives. Where there is no terminal, lines
are read and shown as they come. The end of the input ends nothing but the typing.
"""

import atexit
import contextlib
import io
import os
import stat
import sys
import termios
from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure
from zope.interface import implementer

from twisted_chat.doors.prompt import Prompt
from twisted_chat.framing import SkippingLineReceiver
from twisted_chat.hub import Hub
from twisted_chat.outbox import Outbox
from twisted_chat.ports import Dialect
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.visit import Hold, Rules, Visit


class Terminal:
    """The terminal that this process was started from, in the mode that a Prompt needs.

    It is opened anew, so that what Twisted changes on it (it does not block) is not changed for
    the shell too, which shares stdin and stdout with us.
    """

    def __init__(self, name: str) -> None:
        self.fd = os.open(name, os.O_RDWR | os.O_NOCTTY)
        self._mode = termios.tcgetattr(self.fd)
        mode = termios.tcgetattr(self.fd)
        mode[3] &= ~(termios.ICANON | termios.ECHO)  # lflag; Ctrl-C and Ctrl-Z go on to work
        termios.tcsetattr(self.fd, termios.TCSADRAIN, mode)
        atexit.register(self.restore)

    def restore(self) -> None:
        """As it was, with the prompt gone. Works on the process's own stdin: ours may be closed."""
        atexit.unregister(self.restore)
        with contextlib.suppress(OSError, termios.error):
            os.write(1, b"\r\x1b[K")
            termios.tcsetattr(0, termios.TCSADRAIN, self._mode)

    def columns(self) -> int:
        with contextlib.suppress(OSError):
            return os.get_terminal_size(self.fd).columns or 80
        return 80


def own_terminal() -> Terminal | None:
    """The terminal on both stdin and stdout, if there is one that we may read from."""
    try:
        if os.ttyname(0) == os.ttyname(1) and os.tcgetpgrp(0) == os.getpgrp():
            return Terminal(os.ttyname(0))
    except (OSError, termios.error):
        pass  # a pipe, a file, nothing, or a terminal in whose background we run
    return None


def readable_stdin() -> int:
    """Stdin, or an empty one where reading it would stop this process (a job in the background)."""
    with contextlib.suppress(OSError):
        in_background = os.isatty(0) and os.tcgetpgrp(0) != os.getpgrp()
        if in_background or sys.__stdin__ is None:  # None: it was closed from the start
            return os.open(os.devnull, os.O_RDONLY)
    return 0


class FileScreen:
    """A transport that writes to a plain file at once. The kernel always takes what a file is
    given, and epoll knows no files: Twisted would poll it in a loop."""

    def __init__(self, transport: Any, fd: int) -> None:
        self._transport = transport
        self._fd = fd

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk must not end the chat
            os.write(self._fd, data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Screen:
    """A transport on which everything appears above the line being typed."""

    def __init__(self, transport: Any, prompt: Prompt, terminal: Terminal) -> None:
        self._transport = transport
        self._prompt = prompt
        self._terminal = terminal

    def write(self, data: bytes) -> None:
        self._prompt.columns = self._terminal.columns()
        self._transport.write(self._prompt.around(data) if data else self._prompt.drawn())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


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
        self.dialect: Dialect = ConsoleDialect(hub.times)
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
        """Something that is no entry: where the chat listens, a line of the log. Somebody who has
        stopped the output (Ctrl-S) loses it rather than have it pile up here."""
        if not self.outbox.full:
            self.outbox.send(text.encode("utf-8", "replace"))

    def dataReceived(self, data: bytes) -> None:
        if self._terminal is None:
            super().dataReceived(data)
            return
        for line in self._prompt.typed(data):
            self.show(f"> {line}\n")
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


class LogStream(io.TextIOBase):
    """The file to which a log is written that goes to the same place as the console: through it
    while it is open, so that both can be read, and to plain stdout before and after."""

    console: Console | None = None

    def write(self, text: str) -> int:
        if self.console is not None:
            self.console.show(text)
        else:
            sys.__stdout__.write(text)  # type: ignore[union-attr]
        return len(text)

    def flush(self) -> None:
        if self.console is None:
            sys.__stdout__.flush()  # type: ignore[union-attr]
