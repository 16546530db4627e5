"""A real twistd process on a free port, and real sockets to it. For the tests in this folder."""

import codecs
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Self, TypeAlias

from tests.live import nursery
from tests.live.nursery import BIN, PATIENCE, TWISTD, UNBUFFERED, Child, finished

__all__ = ["BIN", "PATIENCE", "UNBUFFERED", "finished"]

Process: TypeAlias = "subprocess.Popen[bytes] | Child"


def until(true: Callable[[], object], what: Callable[[], str]) -> None:
    """Wait until it is true; ``what`` says what is not, if it never is."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what()
        time.sleep(0.01)


class Running:
    """A process: its input, and all that it has printed so far on ``screen``, a readable file
    descriptor that stays its opener's."""

    def __init__(self, process: Process, screen: int) -> None:
        self.process = process
        self.output = ""
        self._screen = screen
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def prints(self, pattern: str) -> "re.Match[str]":
        """Wait until the pattern stands in the output."""
        until(
            lambda: re.search(pattern, self.output) or not self._reader.is_alive(),
            lambda: f"{pattern!r} is not in {self.output!r}",
        )
        found = re.search(pattern, self.output)
        assert found, f"{pattern!r} is not in {self.output!r}, and nothing more comes"
        return found

    def type(self, *lines: str) -> None:
        """Lines on its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self.process.stdin.flush()

    def ends_typing(self) -> None:
        """The end of its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def ends(self) -> int:
        """Wait for the end; the exit status."""
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        try:
            while data := os.read(self._screen, 65536):
                self.output += decoder.decode(data)
        except OSError:
            return  # a pseudo-terminal that nobody has open any more


class Daemon(Running):
    """``twistd -n chat``."""

    @property
    def port(self) -> int:
        """The port of the first TCP listener."""
        return int(self.prints(r"\[LISTENING\] \S+:(\d+)").group(1))

    @property
    def ports(self) -> list[int]:
        """The ports of all TCP listeners."""
        return [int(port) for port in re.findall(r"\[LISTENING\] \S+:(\d+)\s", self.output)]

    def is_killed(self) -> None:
        """kill -9: it has no time for anything."""
        self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def empties(self) -> None:
        """Wait until all connections that the console showed are gone, and their names free."""
        until(
            lambda: self.output.count("[NEW CONNECTION]") == self.output.count("[DISCONNECTED]"),
            lambda: f"somebody is still here: {self.output!r}",
        )


def twistd(*options: str, listen: bool = True) -> list[str]:
    """The command for a daemon in the foreground, on a free port unless told."""
    where = ["--port", "0"] if listen else []
    return [TWISTD, "-n", "--pidfile=", "chat", *where, *options]


@contextmanager
def started(
    argv: Sequence[str], folder: Path, env: Mapping[str, str] = UNBUFFERED, fds: Sequence[int] = ()
) -> Generator[Process, None, None]:
    """A process with pipes for its input and all its output, which does not outlive the block."""
    if env == UNBUFFERED and not fds and nursery.knows(argv):
        child = nursery.born(argv, folder)
        with not_outlived(child):
            yield child
        return
    process = subprocess.Popen(
        argv,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, **env},
        pass_fds=fds,
    )
    with not_outlived(process):
        yield process


@contextmanager
def not_outlived(process: Process) -> Generator[None, None, None]:
    """Ends the process with the block, and closes what we have of it."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


@contextmanager
def daemon(
    folder: Path,
    *options: str,
    listen: bool = True,
    env: Mapping[str, str] = UNBUFFERED,
) -> Generator[Daemon, None, None]:
    """Runs ``twistd -n chat`` with these options in ``folder``, on a free port unless told."""
    with as_daemon(twistd(*options, listen=listen), folder, env) as chat:
        yield chat


@contextmanager
def as_daemon(
    argv: Sequence[str], folder: Path, env: Mapping[str, str] = UNBUFFERED, fds: Sequence[int] = ()
) -> Generator[Daemon, None, None]:
    """Runs this command, which ends up as a chat; it listens when the block begins."""
    with started(argv, folder, env, fds) as process:
        assert process.stdout is not None
        chat = Daemon(process, process.stdout.fileno())
        try:
            chat.prints(r"\[LISTENING\].*\n")
            yield chat
        finally:
            if process.poll() is None:
                chat.signal(signal.SIGTERM)
            chat.ends()
        assert "Traceback" not in chat.output, chat.output


@contextmanager
def client(
    folder: Path, *arguments: str, argv: Sequence[str] = ()
) -> Generator[Running, None, None]:
    """Runs our own client, with pipes on either side."""
    program = argv or (sys.executable, "-m", "twisted_chat.client")
    with started([*program, *arguments], folder) as process:
        assert process.stdout is not None
        running = Running(process, process.stdout.fileno())
        yield running
        if process.poll() is None:
            process.kill()
        running.ends()
        assert "Traceback" not in running.output, running.output


class Talker:
    """One connection of somebody with ``nc``, to a port of this machine or over a socket."""

    def __init__(self, place: int | socket.socket, name: str | None = None) -> None:
        self.socket = (
            socket.create_connection(("127.0.0.1", place), PATIENCE)
            if isinstance(place, int)
            else place
        )
        self.text = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        if name is not None:
            self.enters(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def enters(self, name: str) -> None:
        """Give a name, and read the whole welcome."""
        self.say(name)
        self.reads(f"Hello {name}, you are now connected!")
        self.reads("exit leaves.\r\n")

    def say(self, *lines: str) -> None:
        self.send("".join(f"{line}\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def hangs_up(self) -> None:
        """Half-close, as ``nc -N`` does: nothing more will be said, and all be read."""
        self.socket.shutdown(socket.SHUT_WR)

    def resets(self) -> None:
        """Vanish without a word: RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def reads(self, wanted: str) -> str:
        """Wait until ``wanted`` has come; gives all up to its end, and forgets that."""
        while wanted not in self.text:
            data = self.socket.recv(65536)
            assert data, f"{wanted!r} is not in {self.text!r}, and the connection is closed"
            self.text += self._decoder.decode(data)
        end = self.text.index(wanted) + len(wanted)
        read, self.text = self.text[:end], self.text[end:]
        return read

    def reads_to_the_end(self) -> str:
        """All that comes until the server closes, which is no reset: that would raise here."""
        while data := self.socket.recv(65536):
            self.text += self._decoder.decode(data)
        return self.text


@contextmanager
def people(port: int, *names: str | None) -> Generator[list[Talker], None, None]:
    """Several who come in one after another; None is somebody who gives no name."""
    with ExitStack() as stack:
        yield [stack.enter_context(Talker(port, name)) for name in names]
