"""The daemon's log, where it goes to the same place as the console."""

import io
import sys

from twisted_chat.doors.console import Console
from twisted_chat.speech.clean import clean_lines


class LogStream(io.TextIOBase):
    """The file to which a log is written that goes to the same place as the console: through it
    while it is open, so that both can be read, and to plain stdout before and after."""

    console: Console | None = None

    def write(self, text: str) -> int:
        if self.console is not None:
            self.console.show(text)
        else:
            sys.__stdout__.write(clean_lines(text))  # type: ignore[union-attr]
        return len(text)

    def flush(self) -> None:
        if self.console is None:
            sys.__stdout__.flush()  # type: ignore[union-attr]
