"""What is written to the terminal, and in which mode it is meanwhile."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from prompt_toolkit.data_structures import Size
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output

from twisted_chat.client.colours import MANY
from twisted_chat.client.notices import FOCUS_OFF, FOCUS_ON, RESTORE_TITLE, SAVE_TITLE

PASTE_ON, PASTE_OFF = "\x1b[?2004h", "\x1b[?2004l"
"""A paste comes with a sign before and behind it (xterm ctlseqs, bracketed paste)."""

AT_ONCE, DONE = "\x1b[?2026h", "\x1b[?2026l"
"""What is between them is shown at once, without flicker, where the terminal knows them."""

BEGIN = f"{SAVE_TITLE}{PASTE_ON}{FOCUS_ON}"
END = f"{FOCUS_OFF}{PASTE_OFF}{RESTORE_TITLE}\x1b[?25h\x1b[m"
"""With the cursor seen, and in no colour."""


class Output(Vt100_Output):
    """The modes of a terminal stay as they are while lines are printed above the one being typed:
    prompt_toolkit would end bracketed paste for a moment each time, and what is pasted then would
    be many lines. It is never asked where its cursor is: the answer would come in what is typed."""

    def __init__(self, colours: int) -> None:
        self._together = False
        depth = ColorDepth.DEPTH_8_BIT if colours >= MANY else ColorDepth.DEPTH_4_BIT
        super().__init__(
            sys.stdout,
            lambda: Size(*_size()),
            term=os.environ.get("TERM"),
            default_color_depth=depth if colours else ColorDepth.DEPTH_1_BIT,
            enable_cpr=False,
        )

    @contextmanager
    def together(self) -> Iterator[None]:
        """All of it is one write."""
        self._together = True
        self.write_raw(AT_ONCE)
        try:
            yield
        finally:
            self.write_raw(DONE)
            self._together = False
            self.flush()

    def flush(self) -> None:
        if not self._together:
            super().flush()

    def enable_bracketed_paste(self) -> None:
        """It is on from BEGIN to END."""

    def disable_bracketed_paste(self) -> None:
        """The same."""

    def ask_for_cpr(self) -> None:
        """Never."""


def _size() -> tuple[int, int]:
    """Rows and columns."""
    try:
        columns, rows = os.get_terminal_size(1)
    except OSError:
        return 24, 80
    return rows or 24, columns or 80
