"""A real twistd process on a free port, and real sockets to it. For the tests in this folder."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

BIN = Path(sys.executable).parent
PATIENCE = 30.0
"""Seconds after which something that should have happened has not."""


class Daemon:
    """``twistd -n chat``: its console's input, and all that it has printed so far."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.output = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def port(self) -> int:
        """The port of the first TCP listener."""
        return int(self.prints(r"\[LISTENING\] \S+:(\d+)").group(1))

    def prints(self, pattern: str) -> "re.Match[str]":
        """Wait until the pattern stands in the output."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := re.search(pattern, self.output):
                return found
            time.sleep(0.01)
        raise AssertionError(f"{pattern!r} is not in {self.output!r}")

    def type(self, line: str) -> None:
        """A line on the operator's console."""
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def ends(self) -> int:
        """Wait for the end; the exit status."""
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return status

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in iter(self.process.stdout.readline, b""):
            self.output += line.decode("utf-8", "replace")


@contextmanager
def daemon(folder: Path, *options: str, listen: bool = True) -> Generator[Daemon, None, None]:
    """Runs ``twistd -n chat`` with these options in ``folder``, on a free port unless told."""
    where = ["--port", "0"] if listen else []
    argv = [str(BIN / "twistd"), "-n", "--pidfile=", "chat", *where, *options]
    process = subprocess.Popen(
        argv,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    running = Daemon(process)
    try:
        running.prints(r"\[LISTENING\]|Error|chat: ")
        yield running
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


class Talker:
    """One connection of somebody with ``nc``."""

    def __init__(self, port: int, name: str | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.text = ""
        if name is not None:
            self.say(name)
            self.reads(f"Hello {name}, you are now connected!")

    def __enter__(self) -> "Talker":
        return self

    def __exit__(self, *error: object) -> None:
        self.socket.close()

    def say(self, *lines: str) -> None:
        self.send("".join(f"{line}\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reads(self, wanted: str) -> str:
        """Wait until ``wanted`` has come; gives all up to its end, and forgets that."""
        while wanted not in self.text:
            data = self.socket.recv(65536)
            assert data, f"{wanted!r} is not in {self.text!r}, and the connection is closed"
            self.text += data.decode()
        end = self.text.index(wanted) + len(wanted)
        read, self.text = self.text[:end], self.text[end:]
        return read

    def reads_to_the_end(self) -> str:
        """All that comes until the server closes."""
        while data := self.socket.recv(65536):
            self.text += data.decode()
        return self.text
