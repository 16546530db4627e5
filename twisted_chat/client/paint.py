"""A line as bytes for a terminal that can do more than print: a name in its colour, what names one
standing out, with the time before it. Pure.

Nothing of a line is taken as it comes: it is cleaned here, whoever cleaned it before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from twisted_chat.client.colours import MANY, colour_of, foreground
from twisted_chat.client.screen import Kind, Line
from twisted_chat.client.wrapping import wrapped
from twisted_chat.speech.clean import clean

BOLD, DIM, REVERSE, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[7m", "\x1b[m"
_QUIET = (Kind.CAME, Kind.WENT, Kind.TOOK_PLACE)
ANSWERS = (Kind.ANSWER, Kind.TROUBLE, Kind.QUESTION)
_RED = 160

CALL = "›"
"""Before a line that names one: seen without colours too."""


@dataclass(frozen=True, slots=True)
class Paint:
    colours: int = MANY

    def painted(self, line: Line, gutter: str, columns: int = 0) -> str:
        """The line with its line ends, each behind a gutter; the first has the time. It is wrapped
        into that many columns, if there are any. What answers has no time, and needs no gutter."""
        gutter = "" if line.kind in ANSWERS else gutter
        return "".join(self._rows(line, gutter, columns - len(gutter)))

    def _rows(self, line: Line, gutter: str, columns: int) -> Iterator[str]:
        for text in line.text.split("\n"):
            first, *more = wrapped(clean(text), columns)
            yield f"{self._gutter(gutter, line)}{self._text(first, line)}\n"
            gutter = " " * len(gutter)
            yield from (f"{gutter}{self._styled(row, line)}\n" for row in more)

    def rule(self, text: str) -> str:
        return f"{DIM}{clean(text)}{PLAIN}\n"

    def _gutter(self, gutter: str, line: Line) -> str:
        if line.mentions and not line.own and gutter:
            return f"{DIM}{gutter[:-1]}{PLAIN}{BOLD}{self.red}{CALL}{PLAIN}"
        return f"{DIM}{gutter}{PLAIN}" if gutter.strip() else gutter

    def _text(self, text: str, line: Line) -> str:
        """Where it begins: with the name of who says it."""
        plain = line.kind in (*_QUIET, *ANSWERS)
        return self._styled(text, line) if plain else "".join(self._pieces(text, line))

    def _styled(self, text: str, line: Line) -> str:
        if line.kind in _QUIET:
            return f"{DIM}{text}{PLAIN}"
        if line.kind is Kind.TROUBLE:
            return f"{self.red}{text}{PLAIN}"
        if line.kind is Kind.QUESTION:
            return f"{BOLD}{text}{PLAIN}"
        return self._said(text, line)

    def _pieces(self, text: str, line: Line) -> Iterator[str]:
        """The room before it dim, the name in its colour, and the text."""
        room = f"{clean(line.room)} "
        if line.room and text.startswith(room):
            yield f"{DIM}{room}{PLAIN}"
            text = text[len(room) :]
        head = head_of(text, line)
        yield f"{self._name(head, named(line))}{self._said(text[len(head) :], line)}"

    def _name(self, head: str, name: str) -> str:
        if not head:
            return ""
        colour = foreground(colour_of(name, self.colours)) if name else ""
        return f"{BOLD}{colour}{head}{PLAIN}"

    def _said(self, text: str, line: Line) -> str:
        return f"{BOLD}{text}{PLAIN}" if line.mentions and not line.own else text

    @property
    def red(self) -> str:
        return foreground(_RED if self.colours >= MANY else 1 if self.colours else None)


def head_of(text: str, line: Line) -> str:
    """How it begins if it is said by somebody, as ``speech.entries`` words it."""
    name = clean(named(line)) or "Server"
    heads = (f"{name}:", f"* {name}", f"[{name}]", f"[to {name}]")
    return next((head for head in heads if text.startswith(head)), "")


def named(line: Line) -> str:
    """Whose name stands in the text: of one's own private message, the other's."""
    return line.to if line.kind is Kind.TOLD and line.own else line.name
