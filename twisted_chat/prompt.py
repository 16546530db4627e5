"""The line being typed at a terminal, which what arrives must not destroy.

Pure: keys in, lines and bytes to show out. The terminal is in cbreak mode without echo, so that
the line can be taken away and drawn again; what people are used to from it works as before.
"""

from codecs import getincrementaldecoder
from typing import ClassVar

from twisted_chat.core.widths import fitting, width
from twisted_chat.speech.clean import clean

PROMPT = "> "
HISTORY = 100
"""Lines that can be had again with the arrow keys."""

LONGEST = 4096
"""Characters of a line: as many as the kernel's own line editing takes."""


class Prompt:
    """``columns``: of the terminal; may be changed at any time. ``ended``: Ctrl-D was typed on an
    empty line. ``hidden``: what is typed is a secret, which is neither shown nor remembered."""

    def __init__(self, columns: int = 80) -> None:
        self.columns = columns
        self.ended = False
        self.hidden = False
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._line = ""
        self._at = 0
        self._escape = ""
        self._history: list[str] = []
        self._looking = 0
        self._draft = ""

    def typed(self, data: bytes) -> list[str]:
        """The lines that these keys completed."""
        lines = []
        for char in self._decode(data):
            if self._escape or char == "\x1b":
                self._escaped(char)
            elif char in "\r\n":
                lines.append(self._complete())
            elif char in self._KEYS:
                self._KEYS[char](self)
            elif clean(char) == char and len(self._line) < LONGEST:
                self._replace(self._at, self._at, char)
        return lines

    def drawn(self) -> bytes:
        """The prompt and what is typed so far, over whatever stands in the terminal's last line.

        A line that is wider than the terminal is shown from where the cursor is.
        """
        if self.hidden:
            return f"\r\x1b[K{PROMPT}".encode()
        room = max(8, self.columns - len(PROMPT) - 1)
        start = self._at - fitting(reversed(self._line[: self._at]), room - 1)
        shown = self._line[start:]
        shown = shown[: fitting(shown, room)]
        back = width(shown) - width(self._line[start : self._at])
        cursor = f"\x1b[{back}D" if back > 0 else ""
        return f"\r\x1b[K{PROMPT}{shown}{cursor}".encode()

    def around(self, text: bytes) -> bytes:
        """``text``, which ends its last line, above the prompt."""
        return b"\r\x1b[K" + text + self.drawn()

    def _complete(self) -> str:
        line, self._line, self._at = self._line, "", 0
        if line.strip() and not self.hidden and line not in self._history[-1:]:
            self._history = [*self._history, line][-HISTORY:]
        self._looking = len(self._history)
        return line

    def _replace(self, start: int, end: int, text: str) -> None:
        self._line = self._line[:start] + text + self._line[end:]
        self._at = start + len(text)

    def _escaped(self, char: str) -> None:
        """One more character of a key's escape sequence (ECMA-48; VT220 for the editing keys)."""
        self._escape = char if char == "\x1b" else self._escape + char
        if self._escape in ("\x1b", "\x1b[", "\x1bO", "\x1b[["):  # the last: Linux's own F1 to F5
            return
        if self._escape[1] in "[O" and not "@" <= char <= "~" and len(self._escape) < 16:
            return
        key = self._SEQUENCES.get(self._escape[2:])
        self._escape = ""
        if key is not None:
            key(self)

    def _move(self, to: int) -> None:
        self._at = min(max(0, to), len(self._line))

    def _recall(self, step: int) -> None:
        """An earlier line or a later one; after the latest, what was being typed before."""
        looking = min(max(0, self._looking + step), len(self._history))
        if looking == self._looking:
            return
        if self._looking == len(self._history):
            self._draft = self._line
        self._looking = looking
        found = [*self._history, self._draft][looking]
        self._replace(0, len(self._line), found)

    def _erase_word(self) -> None:
        start = len(self._line[: self._at].rstrip().rpartition(" ")[0])
        self._replace(start + (start > 0), self._at, "")

    def _delete(self) -> None:
        at = self._at
        self._replace(at, at + 1, "")

    def _end_of_input(self) -> None:
        self.ended = self.ended or not self._line
        self._delete()

    _KEYS: ClassVar = {
        "\x7f": lambda self: self._replace(max(0, self._at - 1), self._at, ""),
        "\x08": lambda self: self._replace(max(0, self._at - 1), self._at, ""),
        "\x15": lambda self: self._replace(0, self._at, ""),
        "\x0b": lambda self: self._replace(self._at, len(self._line), ""),
        "\x17": _erase_word,
        "\x01": lambda self: self._move(0),
        "\x05": lambda self: self._move(len(self._line)),
        "\x04": _end_of_input,
    }
    _SEQUENCES: ClassVar = {
        "A": lambda self: self._recall(-1),
        "B": lambda self: self._recall(1),
        "C": lambda self: self._move(self._at + 1),
        "D": lambda self: self._move(self._at - 1),
        "H": lambda self: self._move(0),
        "F": lambda self: self._move(len(self._line)),
        "1~": lambda self: self._move(0),
        "4~": lambda self: self._move(len(self._line)),
        "3~": _delete,
    }
