"""A process that has imported everything, from which the programs that tests run are forked.

Python, Twisted and the chat take 0.8 s of a processor to import, and a test's own work a tenth of
that. What is forked runs the same entry point as the command would, in a process of its own, with
its own folder and files. Its command line, in /proc, is the nursery's: what looks there, or needs
an environment or file descriptors of its own, is started as a command.
"""

import atexit
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from subprocess import CompletedProcess
from typing import IO, Any

from twisted.scripts import twistd

BIN = Path(sys.executable).parent
TWISTD = str(BIN / "twistd")
PROGRAMS = ("twisted_chat.client", "twisted_chat.admin", "twisted_chat.archive")
"""Modules that ``python -m`` runs."""

PATIENCE = 30.0
"""Seconds after which something that should have happened has not."""

UNBUFFERED = {"PYTHONUNBUFFERED": "1"}

LARGEST = 1 << 16
"""Bytes of what the nursery is asked."""

_STATUS = 3
"""Where a child's end is told, beside its stdin, stdout and stderr."""


def knows(argv: Sequence[str]) -> bool:
    """The nursery can run that command."""
    by_module = list(argv[:2]) == [sys.executable, "-m"] and argv[2] in PROGRAMS
    return argv[0] == TWISTD or by_module


class Child:
    """A process that the nursery forked: what tests use of ``subprocess.Popen``."""

    def __init__(self, argv: Sequence[str], cwd: Path, files: Sequence[int]) -> None:
        self.args = list(argv)
        self.returncode: int | None = None
        self.stdin: IO[bytes] | None = None
        self.stdout: IO[bytes] | None = None
        self._status, told = os.pipe()
        self.pid = _nursery().fork(self.args, cwd, [*files, told])
        os.close(told)

    def poll(self) -> int | None:
        return self._wait(0)

    def wait(self, timeout: float | None = None) -> int:
        status = self._wait(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _wait(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout)[0]:
            told = os.read(self._status, 4)
            assert told, "the nursery is gone"
            os.close(self._status)
            self.returncode = os.waitstatus_to_exitcode(int.from_bytes(told, "little"))
        return self.returncode


def born(argv: Sequence[str], cwd: Path, complains: int | None = None) -> Child:
    """With pipes for its input and for all its output, as ``Popen`` makes them. ``complains``: a
    file for its stderr."""
    reads, typed = os.pipe()
    screen, prints = os.pipe()
    child = Child(argv, cwd, [reads, prints, prints if complains is None else complains])
    os.close(reads)
    os.close(prints)
    child.stdin, child.stdout = open(typed, "wb"), open(screen, "rb")  # noqa: SIM115
    return child


def finished(argv: Sequence[str], cwd: Path, given: bytes = b"") -> CompletedProcess[bytes]:
    """Runs the command to its end, with this on its standard input, as ``subprocess.run`` does."""
    if not knows(argv):
        return subprocess.run(argv, cwd=cwd, input=given, capture_output=True, timeout=PATIENCE)
    pipes = [os.pipe() for _ in range(3)]
    (reads, typed), (out, prints), (err, complains) = pipes
    child = Child(argv, cwd, [reads, prints, complains])
    for theirs in (reads, prints, complains):
        os.close(theirs)
    with ThreadPoolExecutor(3) as at_once:
        at_once.submit(_write_all, typed, given)
        said, complained = at_once.map(_read_all, (out, err))
    return CompletedProcess(child.args, child.wait(PATIENCE), said, complained)


def _write_all(typed: int, given: bytes) -> None:
    with suppress(BrokenPipeError), open(typed, "wb") as pipe:
        pipe.write(given)


def _read_all(screen: int) -> bytes:
    with open(screen, "rb") as pipe:
        return pipe.read()


class Nursery:
    """The test's end of it."""

    def __init__(self) -> None:
        self._here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.live.nursery", str(there.fileno())],
            cwd=Path(__file__).parents[2],
            env={**os.environ, **UNBUFFERED},
            pass_fds=[there.fileno()],
        )
        there.close()
        atexit.register(self._close)

    def fork(self, argv: Sequence[str], cwd: Path, files: Sequence[int]) -> int:
        """The process's id."""
        env = {**os.environ, **UNBUFFERED}
        asked = json.dumps({"argv": argv, "cwd": str(cwd), "env": env})
        socket.send_fds(self._here, [asked.encode()], files)
        return int(self._here.recv(LARGEST))

    def _close(self) -> None:
        self._here.close()
        self._process.wait()


def _nursery(made: list[Nursery] = []) -> Nursery:  # noqa: B006
    """The one of this test run, which is made when it is first wanted."""
    if not made:
        made.append(Nursery())
    return made[0]


# in the nursery's process


def serve(asked: socket.socket) -> tuple[list[str], dict[str, str]] | None:
    """Forks whatever is asked for until nobody is there to ask; then None. Returns in each child
    too, with its command and its environment."""
    woken, wakes = os.pipe()
    for end in (woken, wakes):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([asked.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _bury(told)
        if asked.fileno() not in ready:
            continue
        request, files, _, _ = socket.recv_fds(asked, LARGEST, 4)
        if not request:
            return None
        if (pid := os.fork()) == 0:
            _leave((*told.values(), woken, wakes, files[_STATUS]))
            asked.close()
            return _settle(json.loads(request), files)
        told[pid] = files.pop()
        for given in files:
            os.close(given)
        asked.send(str(pid).encode())


def _bury(told: dict[int, int]) -> None:
    """Tell of each child that has ended how it did."""
    while told:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            return
        os.write(told[pid], status.to_bytes(4, "little"))
        os.close(told.pop(pid))


def _leave(files: Iterable[int]) -> None:
    """What is the nursery's alone."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for one in files:
        os.close(one)


def _settle(request: dict[str, Any], files: list[int]) -> tuple[list[str], dict[str, str]]:
    """In the child's own folder, with its own files."""
    os.chdir(request["cwd"])
    for number, given in enumerate(files[:_STATUS]):
        os.dup2(given, number)
        os.close(given)
    return request["argv"], request["env"]


def run(argv: list[str], env: dict[str, str]) -> None:
    """As the command would."""
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    if argv[0] == TWISTD:
        sys.argv = argv
        twistd.run()
    else:
        sys.argv = argv[2:]
        importlib.import_module(f"{argv[2]}.__main__").main()


def main() -> None:
    for program in PROGRAMS:
        importlib.import_module(f"{program}.__main__")
    importlib.import_module("twisted_chat.service")
    assert "twisted.internet.reactor" not in sys.modules, "each child has to make its own"
    gc.freeze()
    called = serve(socket.socket(fileno=int(sys.argv[1])))
    if called is not None:
        run(*called)


if __name__ == "__main__":
    main()
