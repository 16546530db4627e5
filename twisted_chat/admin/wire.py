"""One connection to the operators' socket, in the JSON dialect. It waits where it is asked to."""

import contextlib
import socket
from dataclasses import dataclass
from enum import IntEnum

from twisted_chat.core import refusals
from twisted_chat.core.outcomes import Hello
from twisted_chat.core.requests import Request
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.clean import clean
from twisted_chat.speech.lines_json import SWITCH, Heard, hear, write_request

PATIENCE = 10.0
"""Seconds in which a daemon has answered, even one that is busy."""

CHUNK = 1 << 16


class Status(IntEnum):
    """How it ended: the exit status of the program."""

    DONE = 0
    USAGE = 1
    NO_CONNECTION = 2
    REFUSED = 3
    NO_ANSWER = 4


class Failed(Exception):
    """It cannot go on: a sentence, and what the program ends with."""

    def __init__(self, sentence: str, status: Status) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class Lost(Exception):
    """The other end has closed."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A line of the daemon's, as it came and as it is meant."""

    line: bytes
    heard: Heard


class Wire:
    """``connection``: to the socket, and nothing was said over it yet."""

    def __init__(self, connection: socket.socket, patience: float = PATIENCE) -> None:
        self.limit = CHUNK
        self._connection = connection
        self._rest = b""
        connection.settimeout(patience)

    def fileno(self) -> int:
        """For ``select``."""
        return self._connection.fileno()

    def open(self) -> None:
        """Say what we speak. Raises Failed, with what the daemon said instead."""
        self._send(SWITCH + b"\n")
        told = ""
        try:
            while True:
                for line in self._lines():
                    if not line.startswith(b"{"):
                        told = told or clean(line.decode("utf-8", "replace"))
                    elif isinstance(hello := hear(line), Heard) and isinstance(hello.what, Hello):
                        self.limit = hello.what.limit
                        return
        except Lost:
            if told:
                raise Failed(told.removeprefix("-- "), Status.REFUSED) from None
            raise Failed("the connection was closed without a word", Status.NO_CONNECTION) from None
        except (TimeoutError, refusals.Refusal):
            raise Failed("there is no answer as a chat gives it", Status.NO_ANSWER) from None

    def ask(self, request: Request, tag: Tag) -> None:
        """Send a request. Raises a Refusal if the daemon would not read so long a line."""
        line = write_request(request, tag)
        if len(line) > self.limit + 1:
            raise refusals.line_too_long(self.limit)
        self._send(line)

    def replies(self) -> list[Reply]:
        """What comes next, but for what only a newer version knows. Raises Lost, TimeoutError, and
        Failed for what is no chat's."""
        try:
            heard = [(line, hear(line)) for line in self._lines()]
        except refusals.Refusal:
            raise Failed("there is no answer as a chat gives it", Status.NO_ANSWER) from None
        return [Reply(line, one) for line, one in heard if one is not None]

    def close(self) -> None:
        self._connection.close()

    def _send(self, line: bytes) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # reading tells it too
            self._connection.sendall(line)

    def _lines(self) -> list[bytes]:
        """Whole lines, when some bytes came."""
        try:
            data = self._connection.recv(CHUNK)
        except ConnectionResetError:
            data = b""
        if not data:
            raise Lost
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines


def connect(path: str, patience: float = PATIENCE) -> Wire:
    """A wire to the daemon that listens there, and has said hello. Raises Failed."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(patience)
    try:
        connection.connect(path)
        wire = Wire(connection, patience)
        wire.open()
    except OSError as error:
        connection.close()
        raise Failed(f"no connection to {path}: {reason(error)}", Status.NO_CONNECTION) from None
    except Failed:
        connection.close()
        raise
    return wire


def reason(error: OSError) -> str:
    """Why there is no connection, in few words."""
    match error:
        case FileNotFoundError():
            return "there is no such socket. Is the chat running, with --admin?"
        case ConnectionRefusedError():
            return "nothing listens there"
        case PermissionError():
            return "only root and the user that the chat runs as may have one"
        case _:
            return error.strerror or str(error)
