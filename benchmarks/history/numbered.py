"""Numbered lines: who says them, who reads them, and whether each came, once and in order."""

import re
import socket
from time import monotonic

from benchmarks.crowd import PATIENCE
from benchmarks.wrong import Failed

SIZE = 3500
"""Bytes of a line, roughly, as each reader gets it."""

TALKER = "talker"
TEXT = b"x" * (SIZE - 20)

HEARD = re.compile(rb"talker: (\d+) " + TEXT)

PIECE = 1 << 18
"""Bytes that are read at once."""


class Count:
    """``next``: the number that is due. ``wrong``: lines that were lost, changed, doubled or came
    too late."""

    __slots__ = ("next", "wrong")

    def __init__(self, first: int) -> None:
        self.next = first
        self.wrong = 0

    def hear(self, line: bytes) -> None:
        """Any line, without its end. What the talker did not say, such as who comes, is let by."""
        if not line.startswith(b"talker: "):
            return
        found = HEARD.fullmatch(line)
        number = int(found[1]) if found else -1
        if number < self.next:
            self.wrong += 1
        else:
            self.wrong += number - self.next
            self.next = number + 1

    def missing(self, end: int) -> int:
        """How many are wrong, if nothing more comes and the last number is the one before."""
        return self.wrong + max(0, end - self.next)


class Person:
    """In the dialect of people, and only reading when told to. A context: it leaves at its end.

    ``size``: bytes that were read. Raises Failed when cut off, or when what is done takes too long.
    """

    def __init__(self, port: int, name: str) -> None:
        self.size = 0
        self._rest = b""
        # the receive buffer stays the kernel's own: with a small one loopback waits for its timers
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._name = name

    def __enter__(self) -> "Person":
        try:
            self._enter()
        except BaseException:
            self._socket.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._socket.close()

    def say(self, first: int, end: int) -> None:
        lines = (b"%d %s\n" % (number, TEXT) for number in range(first, end))
        self._socket.settimeout(PATIENCE)
        try:
            self._socket.sendall(b"".join(lines))
        except OSError as error:
            raise Failed(f"{self._name} cannot speak: {error}") from None

    def read(self, seconds: float) -> list[bytes]:
        """The whole lines of what came next; raises TimeoutError if nothing did for so long."""
        self._socket.settimeout(max(seconds, 1e-3))  # 0 would not wait, and tell it otherwise
        try:
            piece = self._socket.recv(PIECE)
        except ConnectionError as error:
            raise Failed(f"{self._name} was cut off: {error.strerror}") from None
        if not piece:
            raise Failed(f"{self._name} was cut off by the daemon")
        self.size += len(piece)
        *lines, self._rest = (self._rest + piece).split(b"\n")
        return [line.removesuffix(b"\r") for line in lines]

    def _enter(self) -> None:
        self._socket.sendall(self._name.encode() + b"\n")
        welcome, deadline = f"Hello {self._name}, you are now connected!", monotonic() + PATIENCE
        try:
            while not any(welcome.encode() in line for line in self.read(deadline - monotonic())):
                pass
        except TimeoutError:
            raise Failed(f"{self._name} is not let in") from None
