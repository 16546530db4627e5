"""The people at the other end: their sockets, how they come in, and how they listen and speak."""

import select
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from time import monotonic, perf_counter_ns

from benchmarks.book import name
from benchmarks.wrong import Failed

GREETING = b"Welcome to the chat server!"

AT_DOOR = 64
"""People who come in at once: fewer than any server's backlog."""

PATIENCE = 20.0
"""Seconds to wait for a server in which nothing happens."""

MOST = 1 << 16
"""Bytes that are read at once."""

Hear = Callable[[int, bytes, int], None]
"""Called with a person, the whole lines that they read, and when, in nanoseconds."""


class Person:
    """``rest``: bytes of a line whose end is still to come."""

    __slots__ = ("number", "rest", "socket")

    def __init__(self, number: int, port: int) -> None:
        self.number = number
        self.rest = b""
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, line: bytes) -> None:
        """Raises Failed, if the server does not read what is sent to it."""
        try:
            sent = self.socket.send(line)
        except OSError as error:
            raise Failed(f"{name(self.number).decode()} cannot speak: {error.strerror}") from None
        if sent < len(line):
            raise Failed(f"the server does not read what {name(self.number).decode()} says")

    def read(self) -> bytes:
        """The whole lines among what has come in. Raises Failed."""
        try:
            received = self.socket.recv(MOST)
        except ssl.SSLWantReadError:
            raise
        except OSError as error:
            raise Failed(f"{name(self.number).decode()} was cut off: {error.strerror}") from None
        if not received:
            raise Failed(f"{name(self.number).decode()} was cut off by the server")
        if not self.rest and received.endswith(b"\n"):
            return received
        whole, end, self.rest = (self.rest + received).rpartition(b"\n")
        return whole + end


class Guarded(Person):
    """One who comes under TLS, and trusts everyone: the load is no client."""

    __slots__ = ()

    def __init__(self, number: int, port: int) -> None:
        super().__init__(number, port)
        self.socket.setblocking(True)
        self.socket = TRUSTING.wrap_socket(self.socket)
        self.socket.setblocking(False)

    def read(self) -> bytes:
        """Till nothing is left: what OpenSSL has read already, epoll knows nothing of."""
        whole = b""
        with suppress(ssl.SSLWantReadError):
            while True:
                whole += super().read()
        return whole


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


TRUSTING = trusting()


class Crowd:
    """A context: they all leave at its end."""

    def __init__(self, port: int, tls: bool = False) -> None:
        self.people: list[Person] = []
        self._port = port
        self._kind = Guarded if tls else Person
        self._readers: dict[int, Person] = {}
        self._epoll = select.epoll()
        self._naming: set[int] = set()

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *error: object) -> None:
        for person in self.people:
            person.socket.close()
        self._epoll.close()

    def come_in(self, count: int) -> None:
        """Returns when so many have been welcomed. Raises Failed."""
        try:
            while len(self.people) < count:
                self._knock()
                self._wait(AT_DOOR)
        except OSError as error:
            so_far = f"after {len(self.people)} of {count} people"
            raise Failed(f"{so_far} the next could not connect: {error}") from None
        self._wait(1)

    def listen(self, wait: float, hear: Hear) -> int:
        """One turn of at most ``wait`` seconds: how many people read something. Raises Failed."""
        ready = self._epoll.poll(wait)
        for descriptor, _ in ready:
            person = self._readers[descriptor]
            lines = person.read()
            if lines:
                hear(person.number, lines, perf_counter_ns())
        return len(ready)

    def _knock(self) -> None:
        person = self._kind(len(self.people), self._port)
        self.people.append(person)
        self._readers[person.socket.fileno()] = person
        self._epoll.register(person.socket.fileno(), select.EPOLLIN)
        self._naming.add(person.number)

    def _wait(self, fewer: int) -> None:
        """Until fewer than so many stand at the door."""
        deadline = monotonic() + PATIENCE
        while len(self._naming) >= fewer:
            self.listen(PATIENCE, self._be_named)
            if monotonic() > deadline:
                raise Failed(f"{len(self._naming)} people wait in vain to be let in")

    def _be_named(self, person: int, lines: bytes, now: int) -> None:
        if person not in self._naming:
            return
        if lines.startswith(GREETING):
            self.people[person].say(name(person) + b"\n")
        if b"Hello %s, you are now connected!\r\n" % name(person) in lines:
            self._naming.remove(person)
