"""Many lines at once, and what is asked before they are said: a paste may be a mistake, and a text
from an editor is worth a second look. Pure."""

from dataclasses import dataclass

from twisted_chat.client.bar import cut
from twisted_chat.speech.clean import clean


@dataclass(frozen=True, slots=True)
class Offer:
    """``text``: with line ends of LF."""

    text: str

    @classmethod
    def of(cls, pasted: str) -> "Offer":
        """As a terminal brings it: its line ends are those of the Enter key."""
        text = pasted.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
        lines = (clean(line).rstrip() for line in text.split("\n"))
        return cls("\n".join(lines).strip("\n"))

    @property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @property
    def is_one_line(self) -> bool:
        return "\n" not in self.text

    def question(self, room: str, columns: int) -> list[str]:
        """What it is, and what one can do with it."""
        lines = self.lines
        rest = len(lines) - 3
        more = [f"  … and {rest} more"] if rest > 0 else []
        shown = [cut(f"  {line}", columns - 1) for line in lines[:3]]
        what = f"-- {len(lines)} lines, {len(self.text)} characters, for {room} as one:"
        return [what, *shown, *more, "-- Enter sends them, e edits them, Esc drops them"]


def refusal(text: str) -> str:
    """Why a text of many lines that somebody typed is not said; empty if it is."""
    if "\n" in text and text.startswith("/") and not text.startswith("//"):
        return "-- several lines are one thing that is said: no command can stand before them"
    return ""
