"""The servers that are measured: how each is started, and how it is ended in every case."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from benchmarks.wrong import Failed

PROJECT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"

LISTENING = re.compile(rb"\[LISTENING\] 127\.0\.0\.1:(\d+)")
"""All of them take a free port, and say so."""

START = 20.0
END = 5.0
"""Seconds that a server may take to start and to end."""

LOOK = 0.002
"""Seconds between two looks whether it listens: how long that took is a figure too."""


@dataclass(frozen=True, slots=True)
class Server:
    """``command``: what starts it, for so many people. ``tls``: they come to it under TLS."""

    name: str
    about: str
    command: Callable[[int], list[str]]
    tls: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    pid: int
    port: int
    tls: bool = False


def daemon(store: str, *more: str) -> Callable[[int], list[str]]:
    """Started in the folder of the run: a file without a folder is kept there, and goes with it."""
    script = Path(sys.executable).with_name("twistd")
    twistd = (
        [str(script), "-n", "--pidfile="] if script.exists() else [sys.executable, "-m", "twisted"]
    )
    chat = ["chat", "--store", store, "--rate", "0", "--no-console", *(more or ("--port", "0"))]
    return lambda people: [*twistd, *chat, "--max-clients", str(people)]


def under_tls(command: Callable[[int], list[str]]) -> Callable[[int], list[str]]:
    """With a certificate of its own, made in the folder of the run."""
    make = f'"{sys.executable}" -m twisted_chat.certificate > /dev/null && exec "$@"'
    return lambda people: ["sh", "-c", make, "sh", *command(people)]


def peer(name: str) -> Callable[[int], list[str]]:
    return lambda people: [sys.executable, str(PEERS / f"{name}.py")]


OURS = Server(
    "twisted_chat", "this daemon: each line is on the disk first", daemon("sqlite:chat.sqlite")
)
MEMORY = Server(
    "memory", "this daemon with --store memory:, as little kept as by its peers", daemon("memory:")
)
NAIVE = Server("naive", "Twisted, sendLine to each other client", peer("naive"))
THREADS = Server("threads", "a thread for each client, sendall to each other one", peer("threads"))

SERVERS = (OURS, MEMORY, NAIVE, THREADS)

TLS = Server(
    "tls",
    "this daemon under TLS; only when it is asked for",
    under_tls(daemon("sqlite:chat.sqlite", "--listen", "tls:certificates:0:interface=127.0.0.1")),
    tls=True,
)


@contextmanager
def running(server: Server, people: int) -> Iterator[Running]:
    """The server, from when it listens; it has ended when the context is left. Raises Failed."""
    with tempfile.TemporaryDirectory(prefix="chat-benchmark-") as folder:
        log = Path(folder, "log")
        process = start(server.command(people), log)
        try:
            yield Running(process.pid, port_of(process, log), server.tls)
        except Failed as failed:
            raise Failed(f"{failed}{last_words(log)}") from None
        finally:
            end(process)


def start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """In a session of its own, so that a Ctrl-C here does not end it before its figures are in."""
    path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")]))
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=log.parent,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )


def port_of(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = monotonic() + START
    while monotonic() < deadline:
        found = LISTENING.search(log.read_bytes())
        if found:
            return int(found[1])
        if process.poll() is not None:
            raise Failed(f"it ended at once, with status {process.returncode}")
        sleep(LOOK)
    raise Failed(f"it does not listen after {START:g} seconds")


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        with suppress(subprocess.TimeoutExpired):
            process.wait(END)
    finally:  # after a second Ctrl-C too
        process.kill()
        process.wait()


def last_words(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f"; the last line of its log: {said[-1]}" if said else ""
