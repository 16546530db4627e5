"""The terminal on stdin and stdout, for both ends: as a Prompt needs it, and given back after."""

import atexit
import contextlib
import os
import signal
import sys
import termios
from collections.abc import Callable


class Terminal:
    """The terminal that this process was started from, in the mode that a Prompt needs.

    ``resumed`` is called, in the middle of anything, when it was stopped and is ours again.

    It is opened anew, so that what Twisted changes on it (it does not block) is not changed for
    the shell too, which shares stdin and stdout with us.
    """

    def __init__(self, name: str) -> None:
        self.fd = os.open(name, os.O_RDWR | os.O_NOCTTY)
        self.resumed: Callable[[], None] = lambda: None
        self._mode = termios.tcgetattr(self.fd)
        self._take()
        atexit.register(self.restore)
        signal.signal(signal.SIGCONT, self._resume)

    def restore(self) -> None:
        """As it was, with the prompt gone. Works on the process's own stdin: ours may be closed."""
        atexit.unregister(self.restore)
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        with contextlib.suppress(OSError, termios.error):
            os.write(1, b"\r\x1b[K")
            termios.tcsetattr(0, termios.TCSADRAIN, self._mode)

    def _take(self) -> None:
        mode = termios.tcgetattr(self.fd)
        mode[3] &= ~(termios.ICANON | termios.ECHO)  # lflag; Ctrl-C and Ctrl-Z go on to work
        termios.tcsetattr(self.fd, termios.TCSADRAIN, mode)

    def _resume(self, number: int, frame: object) -> None:
        """After Ctrl-Z the shell had the terminal in its own mode. In the background it has it
        still, and who changes it from there is stopped."""
        with contextlib.suppress(OSError, termios.error):
            if os.tcgetpgrp(self.fd) == os.getpgrp():
                self._take()
                self.resumed()

    def columns(self) -> int:
        with contextlib.suppress(OSError):
            return os.get_terminal_size(self.fd).columns or 80
        return 80


def own_terminal() -> Terminal | None:
    """The terminal on both stdin and stdout, if there is one that we may read from."""
    try:
        if os.ttyname(0) == os.ttyname(1) and os.tcgetpgrp(0) == os.getpgrp():
            return Terminal(os.ttyname(0))
    except (OSError, termios.error):
        pass  # a pipe, a file, nothing, or a terminal in whose background we run
    return None


def has_terminal() -> bool:
    """Whether this process belongs to a terminal, on whatever its stdin and stdout are. No more,
    when that has been closed."""
    try:
        os.close(os.open(os.ctermid(), os.O_RDONLY | os.O_NOCTTY))
    except OSError:
        return False
    return True


def readable_stdin() -> int:
    """Stdin, or an empty one where reading it would stop this process (a job in the background)."""
    with contextlib.suppress(OSError):
        in_background = os.isatty(0) and os.tcgetpgrp(0) != os.getpgrp()
        if in_background or sys.__stdin__ is None:  # None: it was closed from the start
            return os.open(os.devnull, os.O_RDONLY)
    return 0
