"""What comes out of a pipe, made fit to be said: cleaned, and cut where it is too long. No I/O.

Nothing that can be read is lost: a line that is too long becomes several, and never ends within a
character.
"""

import unicodedata
from collections.abc import Iterator

from twisted_chat.speech.clean import clean
from twisted_chat.speech.lines_json import PASTE

PEEK = 8192
"""Bytes in which a NUL tells that something is no text, as git and grep have it."""

JOINER = "\u200d"


def is_binary(begin: bytes) -> bool:
    return b"\0" in begin[:PEEK]


def readable(line: bytes) -> str:
    """As a terminal would show it in the end: what a progress bar wrote over is gone, and so are
    colours. What is not UTF-8 is shown as such, with U+FFFD."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    return clean(text.rpartition("\r")[2] or text).rstrip()


def pieces(text: str, limit: int) -> Iterator[str]:
    """``text`` in as few parts as have at most ``limit`` bytes each, cut at a space where one is
    near."""
    while len(text.encode()) > limit:
        end = _end(text, limit)
        yield text[:end].rstrip()
        text = text[end:].lstrip()
    if text:
        yield text


def _end(text: str, limit: int) -> int:
    """Where to cut: at least one character is before it, and none is cut in two."""
    most = len(text.encode()[:limit].decode("utf-8", "ignore"))
    space = text.rfind(" ", most * 3 // 4, most)
    if space > 0:
        return space
    end = most
    while end > 1 and _belongs_to_the_last(text, end):
        end -= 1
    return end if end > 1 else max(most, 1)


def _belongs_to_the_last(text: str, at: int) -> bool:
    """An accent, or a part of an emoji, is not parted from what it is on."""
    char = text[at]
    return unicodedata.category(char).startswith("M") or JOINER in (char, text[at - 1])


class Fold:
    """Lines, joined to as few pastes as have at most ``limit`` bytes each. Empty ones at the begin
    and the end, and pastes in which nothing can be read, are left out."""

    def __init__(self, limit: int = PASTE) -> None:
        self._limit = limit
        self._lines: list[str] = []
        self._size = 0

    def add(self, line: str) -> list[str]:
        """The pastes that are full now."""
        full: list[str] = []
        for piece in list(pieces(line, self._limit)) or [""]:
            length = len(piece.encode()) + 1
            if self._size + length > self._limit + 1:
                full += self.end()
            self._lines.append(piece)
            self._size += length
        return full

    def end(self) -> list[str]:
        text = "\n".join(self._lines).strip("\n")
        self._lines, self._size = [], 0
        return [text] if text.strip() else []


class Lines:
    """Lines out of bytes that come in parts; the last one needs no end. One that grows beyond
    ``longest`` is given in parts, since nobody knows whether it ever ends."""

    def __init__(self, longest: int = PASTE) -> None:
        self._longest = longest
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        while len(self._rest) > self._longest:
            end = _whole(self._rest[: self._longest])
            lines.append(self._rest[:end])
            self._rest = self._rest[end:]
        return lines

    def end(self) -> list[bytes]:
        rest, self._rest = self._rest, b""
        return [rest] if rest else []


def _whole(data: bytes) -> int:
    """How much of it is whole characters, where it is UTF-8."""
    for back in range(1, 5):
        if data[-back] >= 0xC0:
            return len(data) - back
        if data[-back] < 0x80:
            break
    return len(data)
