"""What calls somebody who does not look: the bell, a notice on the desktop, the terminal's title.

The bytes are made here, of texts from elsewhere: cleaned, bounded, and never such that a terminal
could take them for anything else.
"""

from collections.abc import Mapping
from enum import Enum

from twisted_chat.client.screen import SPOKEN, Kind, Line
from twisted_chat.speech.clean import clean

BELL = "\a"
LONGEST = 200
"""Characters of a notice: no desktop shows more."""

TITLE = 80
"""Characters of a title."""

PAUSE = 2.0
"""Seconds between two calls: who is shouted at need not be shaken."""

SAVE_TITLE = "\x1b[22;0t"
RESTORE_TITLE = "\x1b[23;0t"
"""xterm's stack of titles (ctlseqs, XTWINOPS)."""

FOCUS_ON = "\x1b[?1004h"
FOCUS_OFF = "\x1b[?1004l"
"""Focus events (xterm ctlseqs, FocusIn and FocusOut)."""


class Notify(Enum):
    """What somebody wants to be called for."""

    MENTIONS = "mentions"
    """And for private messages."""
    PRIVATE = "private"
    ALL = "all"
    OFF = "off"

    def wants(self, line: Line) -> bool:
        if line.own or line.earlier or line.kind not in SPOKEN:
            return False
        match self:
            case Notify.ALL:
                return True
            case Notify.MENTIONS:
                return line.mentions or line.kind is Kind.TOLD
            case Notify.PRIVATE:
                return line.kind is Kind.TOLD
            case Notify.OFF:
                return False


def notice(text: str, env: Mapping[str, str]) -> str:
    """On the desktop: OSC 777 where the terminal is known to speak it (urxvt, VTE, foot), OSC 9
    elsewhere (iTerm2, kitty, WezTerm, Ghostty); others ignore it.

    The fixed word before the text matters: to some, ``OSC 9`` with a number is quite another
    command (ConEmu, Windows Terminal).
    """
    said = short(text, LONGEST)
    if env.get("VTE_VERSION") or env.get("TERM", "").startswith(("rxvt", "foot")):
        return f"\x1b]777;notify;chat;{said.replace(';', ',')}\x1b\\"
    return f"\x1b]9;chat: {said}\x1b\\"


def title(text: str) -> str:
    return f"\x1b]2;{short(text, TITLE)}\x1b\\"


def short(text: str, longest: int) -> str:
    """One line of it, clean and no longer than that."""
    line = " ".join(clean(" ".join(text[: 4 * longest].split())).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
