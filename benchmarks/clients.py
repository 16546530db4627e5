"""``python -m benchmarks.clients``: our client at a terminal beside irssi, for the same lines.

Each has a tmux of its own, and a server of its own kind on this machine: ours, and ngircd. Tables
go to stdout, everything else to stderr.
"""

import argparse
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import monotonic, sleep

from benchmarks.servers import MEMORY, end, running, start
from benchmarks.shell import command, progress, say
from benchmarks.table import Table, columns, markdown, short
from benchmarks.usage import cpu_seconds, memory_kib
from benchmarks.wrong import Failed

NEEDED = ("tmux", "irssi", "ngircd")
RATE = 100
"""Lines a second: a busy room, and more than anybody reads."""

WARM = 2.0
LOOK = 0.01
PATIENCE = 20.0
"""Seconds: before it is measured; between two looks; for anything to appear."""

TEXT = "as long a line as people write to each other, number"

NGIRCD = """\
[Global]
Name = irc.example.net
Info = benchmark
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = hello
[Limits]
MaxPenaltyTime = 0
MaxConnectionsIP = 0
[Options]
DNS = no
Ident = no
PAM = no
"""


class Tmux:
    """A terminal with one program in it, which nobody looks at."""

    def __init__(self, folder: Path, argv: Sequence[str]) -> None:
        self._socket = str(folder / "tmux")
        size = ["-x", "100", "-y", "30"]
        self._tmux("-f", "/dev/null", "new-session", "-d", *size, *argv)
        self.pid = int(self._tmux("list-panes", "-F", "#{pane_pid}"))

    def shows(self, pattern: str) -> None:
        """Wait for it. Raises Failed."""
        deadline = monotonic() + PATIENCE
        while not re.search(pattern, seen := self._tmux("capture-pane", "-p"), re.MULTILINE):
            if monotonic() > deadline:
                raise Failed(f"{pattern!r} is not seen after {PATIENCE:g} seconds in:\n{seen}")
            sleep(LOOK)

    def types(self, line: str) -> None:
        self._tmux("send-keys", line, "Enter")

    def close(self) -> None:
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True)

    def _tmux(self, *argv: str) -> str:
        done = subprocess.run(["tmux", "-S", self._socket, *argv], capture_output=True, text=True)
        if done.returncode:
            raise Failed(f"tmux: {done.stderr.strip()}")
        return done.stdout


@dataclass(frozen=True, slots=True)
class Client:
    """``server``: its port, for as long as the context; ``argv``: what is run, for that port;
    ``ready``: what it shows then; ``keys``: what is typed there, and ``there``: what it shows after
    that; ``enter``: what a speaker sends first; ``say``: and for a line."""

    name: str
    server: Callable[[Path], "Iterator[int]"]
    argv: Callable[[Path, int], list[str]]
    ready: str
    keys: str
    there: str
    enter: str
    say: str


@dataclass(frozen=True, slots=True)
class Figures:
    name: str
    cpu: float
    """Per cent of a core."""
    memory: int
    """KiB."""
    start: float
    """Milliseconds of CPU until it is ready: those of the clock are the machine's."""


def our_server(folder: Path) -> Iterator[int]:
    with running(MEMORY, 10) as one:
        yield one.port


def our_argv(folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "twisted_chat.client", f"ann@127.0.0.1:{port}"]


def ngircd(folder: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    file = folder / "ngircd.conf"
    file.write_text(NGIRCD.format(port=port))
    process = start(["ngircd", "-n", "-f", str(file)], folder / "log")
    try:
        wait_for(port)
        yield port
    finally:
        end(process)


def irssi(folder: Path, port: int) -> list[str]:
    home = f"--home={folder / 'irssi'}"
    return ["irssi", home, "-c", "127.0.0.1", "-p", str(port), "-n", "ann"]


OURS = Client("twisted-chat", our_server, our_argv, "exit leaves", "", "", "bob\n", "{text}\n")
IRSSI = Client(
    "irssi",
    ngircd,
    irssi,
    "End of MOTD",
    "/join #bench",
    "Join to #bench",
    "NICK bob\r\nUSER bob 0 * :bob\r\nJOIN #bench\r\n",
    "PRIVMSG #bench :{text}\r\n",
)


def wait_for(port: int) -> None:
    deadline = monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if monotonic() > deadline:
                raise Failed(f"nothing listens on port {port}") from None
            sleep(LOOK)


def measured(client: Client, seconds: float) -> Figures:
    """Raises Failed."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chat-clients-")))
        port = stack.enter_context(contextmanager(client.server)(folder))
        seat = Tmux(folder, client.argv(folder, port))
        stack.callback(seat.close)
        seat.shows(client.ready)
        took = cpu_seconds(seat.pid) * 1000
        if client.keys:
            seat.types(client.keys)
            seat.shows(client.there)
        speaker = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        speaker.sendall(client.enter.encode())
        sleep(1)
        said = talk(speaker, client, 0, WARM)
        before, begun = cpu_seconds(seat.pid), monotonic()
        said = talk(speaker, client, said, seconds)
        used = (cpu_seconds(seat.pid) - before) / (monotonic() - begun)
        seat.shows(rf"{TEXT} {said - 1}$")
        return Figures(client.name, 100 * used, memory_kib(seat.pid), took)


def talk(speaker: socket.socket, client: Client, said: int, seconds: float) -> int:
    """One line after another; how many were said then. Nothing of what comes is read: it is
    little."""
    begun = monotonic()
    for number in range(int(seconds * RATE)):
        sleep(max(0.0, begun + number / RATE - monotonic()))
        speaker.sendall(client.say.format(text=f"{TEXT} {said + number}").encode())
    return said + int(seconds * RATE)


def bare_start() -> float:
    """The same for Python and a reactor of Twisted's, and nothing else."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "from twisted.internet import reactor"], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def table(figures: Sequence[Figures]) -> Table:
    """The first is what the others are compared to."""
    first = figures[0]
    head = ("", "client", "CPU %", "", "MiB", "", "CPU ms to start")
    return Table(head, tuple(_row(one, first) for one in figures))


def _row(one: Figures, first: Figures) -> tuple[str, ...]:
    def ratio(figure: float, ours: float) -> str:
        return "" if one is first or not ours else f"({short(figure / ours)}×)"

    return (
        "",
        one.name,
        short(one.cpu),
        ratio(one.cpu, first.cpu),
        short(one.memory / 1024),
        ratio(one.memory, first.memory),
        short(one.start),
    )


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clients", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for each  [default: 60]")
    parser.add_argument("--markdown", action="store_true", help="a table for a README")
    asked = parser.parse_args(arguments)
    if missing := [name for name in NEEDED if shutil.which(name) is None]:
        say(f"this needs {' and '.join(missing)}: install them, and ask again")
        return 1
    figures = []
    try:
        for client in (OURS, IRSSI):
            progress(f"{client.name}: {RATE} lines a second for {asked.seconds:g} s")
            figures.append(measured(client, asked.seconds))
    except Failed as failed:
        progress("")
        say(str(failed))
        return 1
    progress("")
    print((markdown if asked.markdown else columns)(table(figures)))
    print(f"Python and a reactor alone start in {bare_start():.0f} ms of CPU.")
    return 0


if __name__ == "__main__":
    sys.exit(command(main))
