"""The telnet protocol: wherever a stream is cut, the same is heard and answered."""

from tests.fuzz.readers.segments import cut
from twisted_chat.speech.telnet import MOST_ANSWERS, Heard, Sign, TelnetReader


def read(data: bytes) -> None:
    stream, pieces = cut(data)
    one, many = TelnetReader(), TelnetReader()
    if data[:1] > b"\x7f":  # a secret is asked for
        assert one.echo(False) == many.echo(False)
    whole = gist([one.read(stream)])
    assert whole == gist([many.read(piece) for piece in pieces])
    _require_bounds(stream, *whole)


def gist(some: list[Heard]) -> tuple[bytes, list[bytes | Sign]]:
    """What is sent back, and what was heard, with its text in one piece."""
    parts: list[bytes | Sign] = []
    for part in (part for heard in some for part in heard.parts):
        if part is Sign.FLOOD and Sign.FLOOD in parts:
            continue
        if isinstance(part, bytes) and parts and isinstance(last := parts[-1], bytes):
            parts[-1] = last + part
        elif part:
            parts.append(part)
    return b"".join(heard.reply for heard in some), parts


def _require_bounds(stream: bytes, reply: bytes, parts: list[bytes | Sign]) -> None:
    lines = 1 + stream.count(b"\n")
    assert len(reply) <= 3 * MOST_ANSWERS * lines
    assert sum(len(part) for part in parts if isinstance(part, bytes)) <= len(stream) + lines
    if b"\xff" not in stream:
        assert parts == ([stream] if stream else [])
