"""A screen in memory, for all tests of what is shown."""

from dataclasses import dataclass, field

from twisted_chat.client.screen import Line, Screen


@dataclass
class MemoryScreen:
    """``shown``: every line, with all that is known of it. ``lines``: as a plain terminal has them.
    ``held``: no more typed lines are wanted. ``looks``: how often it was told to look again."""

    shown: list[Line] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    held: bool = True
    shows_typing: bool = True
    looks: int = 0

    def show(self, line: Line) -> None:
        self.shown.append(line)
        if not line.typed:
            stamp = f"{line.stamp} " if line.stamp else ""
            self.lines += [stamp + text for text in line.text.split("\n")]

    def changed(self) -> None:
        self.looks += 1

    def hold(self) -> None:
        self.held = True

    def go_on(self) -> None:
        self.held = False

    def echo(self, on: bool) -> None:
        self.shows_typing = on


_: type[Screen] = MemoryScreen
