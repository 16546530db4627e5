"""A program on a pseudo-terminal of its own, as a person at a terminal runs it."""

import fcntl
import os
import signal
import subprocess
import termios
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.live.daemon import PATIENCE, Daemon, not_outlived


class Seat(Daemon):
    """A daemon, and the keyboard and screen before it."""

    def __init__(self, process: "subprocess.Popen[bytes]", keyboard: int, terminal: int) -> None:
        super().__init__(process, keyboard)
        self._keyboard = keyboard
        self._terminal = terminal
        self.mode_before = self.mode

    def press(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    @property
    def mode(self) -> list[Any]:
        """How the terminal treats what is typed: as ``stty -a`` shows it."""
        return termios.tcgetattr(self._terminal)

    def is_left_and_taken_again(self) -> None:
        """Ctrl-Z and ``fg``, as a shell does it."""
        self.signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)
        termios.tcsetattr(self._terminal, termios.TCSANOW, self.mode_before)
        self.signal(signal.SIGCONT)

    def ends(self) -> int:
        """The exit status. The screen stays on after the end, so there is no end of output."""
        return self.process.wait(PATIENCE)


@contextmanager
def seat(argv: Sequence[str], folder: Path) -> Generator[Seat, None, None]:
    """Runs the command with a terminal that is its own in every way."""
    keyboard, terminal = os.openpty()
    try:
        process = subprocess.Popen(
            argv,
            cwd=folder,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            start_new_session=True,
            preexec_fn=take_terminal,
        )
        with not_outlived(process):
            yield Seat(process, keyboard, terminal)
    finally:
        os.close(terminal)
        os.close(keyboard)


def take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
