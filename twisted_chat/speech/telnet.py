"""Takes the telnet protocol out of a stream of bytes, and says what to answer and what it asks.

Source: RFC 854, 855 (negotiation), 857 (echo), 860 (timing mark). Byte 255 begins every command and
is in no UTF-8 text, so a stream without it passes untouched. Every option is declined, but a timing
mark is given: Debian's telnet asks for one at Ctrl-C, and shows nothing more until it comes.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import ClassVar

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
EL, EC, ARE_YOU_THERE, IP, BRK, ABORT = 248, 247, 246, 244, 243, 238
FIRST = 236
"""All commands are from here on (RFC 1184 added the first of them)."""

LF = 10
ECHO = 1
TIMING_MARK = 6

MOST_ANSWERS = 64
"""Between two lines. A client offers twenty options at most; who floods us with them gets no flood
of answers, least of all one who does not read them."""

MOST_COMMANDS = 4096
"""Between two lines. It is as long as a line may be, and far more than a window that is resized or
a key that is held down makes."""

LONGEST_SUBNEGOTIATION = 1024
"""Bytes. All options are declined, so there is nothing to tell about one; a terminal's name and
size have fewer. What is longer is no subnegotiation, and somebody is typing into it."""

_NEGOTIATION = frozenset({DO, DONT, WILL, WONT})
_INTERRUPTS = frozenset({IP, BRK, ABORT})
_ACTS = re.compile(b"[\xff\n]")
_KEYS = re.compile(b"[\xff\n\x08\x7f]")


class Sign(Enum):
    """What a telnet asks for that is neither text nor negotiation."""

    ERASE_CHARACTER = auto()
    ERASE_LINE = auto()
    INTERRUPT = auto()
    ARE_YOU_THERE = auto()
    SHOWN = auto()
    """It will show what is typed, though it was told not to."""
    FLOOD = auto()
    """It never ends: nothing after this is read."""


@dataclass(slots=True)
class Heard:
    """Text and signs as they came, and what to send back."""

    parts: list[bytes | Sign] = field(default_factory=list)
    reply: bytes = b""


class TelnetReader:
    """What is kept between two segments is one small state, however long a command is."""

    __slots__ = ("_answers", "_commands", "_echoes", "_inner", "_speaks", "_state", "_verb")

    _BEGIN: ClassVar[bytes] = bytes([IAC])

    def __init__(self) -> None:
        self._state = "text"
        self._verb = 0
        self._inner = 0  # bytes of a subnegotiation
        self._answers = self._commands = 0  # since the last line end
        self._echoes = False
        self._speaks = False  # a telnet command was read

    def echo(self, on: bool) -> bytes:
        """What makes a telnet show what is typed, or not: we say that we would (RFC 857)."""
        if on and not self._echoes:  # it has refused that
            return b""
        self._echoes = not on
        return bytes([IAC, WONT if on else WILL, ECHO]) + (b"\r\n" if on else b"")

    def read(self, data: bytes) -> Heard:
        """What is in the next bytes, up to the end of all patience."""
        heard, at = Heard(), 0
        if self._plain and self._BEGIN not in data:
            heard.parts.append(data)
            return heard
        while at < len(data) and self._commands <= MOST_COMMANDS:
            match self._state:
                case "text":
                    at = self._text(data, at, heard)
                case "subnegotiation":
                    at = self._subnegotiation(data, at, heard)
                case _:
                    self._take(data[at], heard)
                    at += 1
        if self._commands > MOST_COMMANDS:
            heard.parts.append(Sign.FLOOD)
        return heard

    @property
    def _plain(self) -> bool:
        """Whoever is there has not spoken telnet so far."""
        return self._state == "text" and not self._speaks and not self._commands

    def _text(self, data: bytes, at: int, heard: Heard) -> int:
        """Text up to the next byte that acts; gives where to go on. Who sends each key as it is
        pressed, as PuTTY does while a secret is asked for, sends those that rub out too."""
        found = (_KEYS if self._speaks else _ACTS).search(data, at)
        end = found.start() if found else len(data)
        act = data[end] if found else None
        if act == LF:
            self._answers = self._commands = 0
            act, end = None, end + 1
        if end > at:
            heard.parts.append(data[at:end])
        if act is None:
            return end
        self._commands += 1
        if act == IAC:
            self._state = "command"
        else:
            heard.parts.append(Sign.ERASE_CHARACTER)
        return end + 1

    def _subnegotiation(self, data: bytes, at: int, heard: Heard) -> int:
        """What is told about options that were all declined. One that does not end is none: the
        line in which it stood has a byte of it, and is refused in words."""
        most = at + LONGEST_SUBNEGOTIATION - self._inner
        end = data.find(IAC, at, most)
        if end >= 0:
            self._state = "subnegotiation command"
            end += 1
        else:
            end = min(len(data), most)
        self._inner += end - at
        if self._inner >= LONGEST_SUBNEGOTIATION:
            self._state = "text"
            heard.parts.append(self._BEGIN)
        return end

    def _take(self, byte: int, heard: Heard) -> None:
        match self._state:
            case "command":
                self._state = self._command(byte, heard)
            case "option":
                self._state = "text"
                self._negotiate(byte, heard)
            case "subnegotiation command":
                self._state = "text" if byte == SE else "subnegotiation"

    def _command(self, byte: int, heard: Heard) -> str:
        """The state that follows. What is no command is text that happens to have this byte, as
        Latin-1 has: it stays there, and is refused in words."""
        if byte < FIRST or byte == IAC:
            heard.parts.append(self._BEGIN if byte == IAC else bytes([IAC, byte]))
            return "text"
        self._speaks = True
        if byte in _NEGOTIATION:
            self._verb = byte
            return "option"
        if byte == SB:
            self._inner = 0
            return "subnegotiation"
        if (sign := self._sign(byte)) is not None:
            heard.parts.append(sign)
        return "text"

    def _sign(self, byte: int) -> Sign | None:
        if byte == EC:
            return Sign.ERASE_CHARACTER
        if byte == ARE_YOU_THERE:
            return Sign.ARE_YOU_THERE if self._may_answer() else None
        if byte in _INTERRUPTS:
            return Sign.INTERRUPT if self._may_answer() else Sign.ERASE_LINE
        return Sign.ERASE_LINE if byte == EL else None

    def _negotiate(self, option: int, heard: Heard) -> None:
        if option == ECHO and self._echoes:
            if self._verb == DO:  # it agrees
                return
            if self._verb == DONT:
                self._echoes = False
                heard.parts.append(Sign.SHOWN)
                return
        answer = _answer(self._verb, option)
        if answer and self._may_answer():
            heard.reply += answer

    def _may_answer(self) -> bool:
        self._answers += 1
        return self._answers <= MOST_ANSWERS


def _answer(verb: int, option: int) -> bytes:
    """We will do nothing, and want the other to do nothing; to DONT and WONT there is no answer,
    or two such ends would go on for ever (RFC 854)."""
    if verb == DO:
        return bytes([IAC, WILL if option == TIMING_MARK else WONT, option])
    if verb == WILL:
        return bytes([IAC, DONT, option])
    return b""
