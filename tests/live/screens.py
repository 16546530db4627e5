"""Somebody at a terminal: a program on a pseudo-terminal, and the screen that a person would see,
kept by a model of a terminal (pyte), with what has scrolled out of it."""

import fcntl
import os
import re
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyte

from tests.live.daemon import PATIENCE, not_outlived, until
from tests.live.pseudo_terminal import take_terminal

ROWS, COLUMNS = 24, 80
SCROLLBACK = 100_000

CLIENT = (sys.executable, "-m", "twisted_chat.client")
ENV = {"TERM": "xterm-256color", "TZ": "UTC", "LC_ALL": "C.UTF-8", "NO_COLOR": ""}


JOINERS = dict.fromkeys([0x200D, 0xFE0F])


class Model(pyte.HistoryScreen):
    """What is joined, this model would not show at all; as some terminals do, it shows the parts
    side by side."""

    def draw(self, data: str) -> None:
        super().draw(data.translate(JOINERS))

    def select_graphic_rendition(self, *attrs: int, **more: object) -> None:
        """It knows nothing dim: that is kept as what blinks, which nothing of ours does."""
        rest, dim = list(attrs), False
        plain = []
        while rest:
            one = rest.pop(0)
            if one in (38, 48):
                plain += [one, rest.pop(0), rest.pop(0)]
            elif one == 2:
                dim = True
            else:
                plain.append(one)
        super().select_graphic_rendition(*plain, *([5] if dim else []), **more)


class Person:
    """``raw``: all that was written to the terminal."""

    def __init__(self, process: "subprocess.Popen[bytes]", keyboard: int, terminal: int) -> None:
        self.process = process
        self.raw = b""
        self._keyboard = keyboard
        self._terminal = terminal
        self._lock = threading.Lock()
        self._screen = Model(COLUMNS, ROWS, SCROLLBACK, 0.5)
        self._stream = pyte.ByteStream(self._screen)
        self.mode_before = self.mode
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def press(self, *keys: str) -> None:
        os.write(self._keyboard, "".join(keys).encode())

    def types(self, line: str) -> None:
        self.press(line, "\r")

    def pastes(self, text: str) -> None:
        """As a terminal does it that was asked to tell a paste from typing."""
        self.press("\x1b[200~", text.replace("\n", "\r"), "\x1b[201~")

    def resizes(self, rows: int, columns: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        with self._lock:
            self._screen.resize(rows, columns)
            fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, size)
        os.killpg(self.process.pid, signal.SIGWINCH)

    @property
    def screen(self) -> list[str]:
        """What is seen now, without empty lines at the end."""
        with self._lock:
            lines = [line.rstrip() for line in self._screen.display]
        return "\n".join(lines).rstrip().split("\n")

    def cells(self) -> list[list[Any]]:
        """What is seen now, with how it is shown."""
        with self._lock:
            rows, columns = self._screen.lines, self._screen.columns
            return [[self._screen.buffer[y][x] for x in range(columns)] for y in range(rows)]

    @property
    def text(self) -> str:
        """What has scrolled away, and what is seen."""
        with self._lock:
            history = ["".join(row[x].data for x in sorted(row)) for row in self._history()]
        return "\n".join([*(line.rstrip() for line in history), *self.screen])

    @property
    def title(self) -> str:
        return str(self._screen.title)

    @property
    def bar(self) -> str:
        return self.screen[-1]

    @property
    def mode(self) -> list[Any]:
        return termios.tcgetattr(self._terminal)

    def forgets(self) -> None:
        """What has scrolled away, and all above the line being typed."""
        with self._lock:
            self._screen.history.top.clear()
            for row in range(self._screen.cursor.y):
                self._screen.buffer[row].clear()

    def sees(self, pattern: str) -> "re.Match[str]":
        """Wait until it stands on the screen, or above it."""
        return self._until(pattern, lambda: self.text)

    def sees_bar(self, pattern: str) -> "re.Match[str]":
        return self._until(pattern, lambda: self.bar)

    def sees_no_more(self, pattern: str) -> None:
        """Wait until it is seen nowhere."""
        until(lambda: not re.search(pattern, self.text, re.M), lambda: self.text)

    def ends(self) -> int:
        return self.process.wait(PATIENCE)

    def _until(self, pattern: str, seen: Callable[[], str]) -> "re.Match[str]":
        found: list[re.Match[str]] = []

        def looks() -> bool:
            found.extend(re.finditer(pattern, seen(), re.M))
            return bool(found)

        until(looks, lambda: f"{pattern!r} not in:\n{self.text}")
        return found[0]

    def _history(self) -> list[Any]:
        return list(self._screen.history.top)

    def _read(self) -> None:
        with suppress(OSError):  # nobody has it open any more
            while data := os.read(self._keyboard, 65536):
                with self._lock:
                    self.raw += data
                    self._stream.feed(data)


@contextmanager
def at_terminal(
    argv: Sequence[str], folder: Path, env: Mapping[str, str] | None = None
) -> Generator[Person, None, None]:
    """Runs the command with a terminal that is its own in every way."""
    keyboard, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    try:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env={**os.environ, **ENV, "XDG_CONFIG_HOME": str(folder), **(env or {})},
            start_new_session=True,
            preexec_fn=take_terminal,
        )
        with not_outlived(process):
            person = Person(process, keyboard, terminal)
            yield person
            assert "Traceback" not in person.text, person.text
    finally:
        os.close(terminal)
        os.close(keyboard)


@contextmanager
def talks(
    folder: Path, where: str, *options: str, env: Mapping[str, str] | None = None
) -> Generator[Person, None, None]:
    """Our own client, by somebody who is in."""
    with at_terminal([*CLIENT, *options, where], folder, env) as person:
        person.sees("exit leaves")
        yield person
