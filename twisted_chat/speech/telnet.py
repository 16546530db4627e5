"""Takes the telnet protocol out of a stream of bytes, and says what to answer.

Source: RFC 854, 855 (negotiation), 860 (timing mark). Byte 255 begins every command and is in no
UTF-8 text, so a stream without it passes untouched. Every option is declined, but a timing mark is
given: Debian's telnet asks for one at Ctrl-C, and shows nothing more until it comes.
"""

from typing import ClassVar

IAC, DONT, DO, WONT, WILL, SB, SE = 255, 254, 253, 252, 251, 250, 240
ARE_YOU_THERE = 246
ECHO = 1
TIMING_MARK = 6
_NEGOTIATION = frozenset({DO, DONT, WILL, WONT})


class TelnetReader:
    """What is kept between two segments is one small state, however long a command is."""

    __slots__ = ("_echoes", "_state", "_verb")

    _BEGIN: ClassVar[bytes] = bytes([IAC])

    def __init__(self) -> None:
        self._state = "text"
        self._verb = 0
        self._echoes = False

    def echo(self, on: bool) -> bytes:
        """What makes a telnet show what is typed, or not: we say that we would (RFC 857)."""
        self._echoes = not on
        return bytes([IAC, WONT if on else WILL, ECHO]) + (b"\r\n" if on else b"")

    def read(self, data: bytes) -> tuple[bytes, bytes]:
        """The text in ``data``, and what to send back for the commands in it."""
        if self._state == "text" and self._BEGIN not in data:
            return data, b""
        text, reply = bytearray(), bytearray()
        for byte in data:
            self._take(byte, text, reply)
        return bytes(text), bytes(reply)

    def _take(self, byte: int, text: bytearray, reply: bytearray) -> None:
        match self._state:
            case "text" if byte == IAC:
                self._state = "command"
            case "text":
                text.append(byte)
            case "command":
                self._state = self._command(byte, text, reply)
            case "option":
                if not (byte == ECHO and self._verb == DO and self._echoes):  # it agrees
                    reply += _answer(self._verb, byte)
                self._state = "text"
            case "subnegotiation" if byte == IAC:
                self._state = "subnegotiation command"
            case "subnegotiation command":
                self._state = "text" if byte == SE else "subnegotiation"

    def _command(self, byte: int, text: bytearray, reply: bytearray) -> str:
        if byte in _NEGOTIATION:
            self._verb = byte
            return "option"
        if byte == SB:
            return "subnegotiation"
        if byte == IAC:
            text.append(IAC)
        elif byte == ARE_YOU_THERE:
            reply += b"-- yes, the chat is here\r\n"
        return "text"


def _answer(verb: int, option: int) -> bytes:
    """We will do nothing, and want the other to do nothing; to DONT and WONT there is no answer,
    or two such ends would go on for ever (RFC 854)."""
    if verb == DO:
        return bytes([IAC, WILL if option == TIMING_MARK else WONT, option])
    if verb == WILL:
        return bytes([IAC, DONT, option])
    return b""
