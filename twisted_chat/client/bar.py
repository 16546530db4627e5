"""The line at the bottom: where one is, what is unread, who is away, how the line is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from twisted_chat.client.screen import RoomView
from twisted_chat.core.widths import fitting, width
from twisted_chat.speech.clean import clean

Piece = tuple[str, str]
"""A style, and what is shown in it."""

NARROW = 12
"""Columns that a topic is worth: with less it is left out."""

AWAY = 3
"""Names of those who are away that are shown."""

UNREAD = 6
"""Rooms with unread lines that are shown."""


@dataclass(frozen=True, slots=True)
class State:
    """What it shows. ``link``: in words, empty where all is well; ``delay``: in seconds."""

    room: str
    topic: str = ""
    rooms: Sequence[RoomView] = ()
    away: Sequence[str] = ()
    link: str = ""
    delay: float | None = None


def bar(state: State, columns: int) -> list[Piece]:
    """It fills the line: what calls for somebody first, the topic last."""
    left = [("class:bar.room", f" {clean(state.room)} ")]
    right = fit(list(_right(state)), columns - taken(left))
    room = columns - taken(left) - taken(right)
    topic = cut(clean(state.topic), room - 1) if room > NARROW else ""
    space = " " * max(0, room - width(topic))
    return [*left, ("class:bar.topic", topic), ("class:bar", space), *right]


def _right(state: State) -> list[Piece]:
    """The first is the last to be left out."""
    pieces = [_link(state)]
    unread = [room for room in state.rooms if room.unread and room.name != state.room]
    unread.sort(key=lambda room: -room.mentions)
    for room in unread[:UNREAD]:
        called = "class:bar.called" if room.mentions else "class:bar.unread"
        sign = "!" if room.mentions else ""
        pieces.append((called, f" {clean(room.name)} {room.unread}{sign} "))
    if len(unread) > UNREAD:
        pieces.append(("class:bar.unread", f" +{len(unread) - UNREAD} "))
    if state.away:
        more = "…" if len(state.away) > AWAY else ""
        names = ", ".join(map(clean, state.away[:AWAY]))
        pieces.append(("class:bar.away", f" away: {names}{more} "))
    return pieces


def _link(state: State) -> Piece:
    if state.link:
        return "class:bar.down", f" {clean(state.link)} "
    if state.delay is None:
        return "class:bar.up", " connected "
    return "class:bar.up", f" {said(state.delay)} "


def said(delay: float) -> str:
    """``12 ms``, ``1.4 s``"""
    milliseconds = round(delay * 1000)
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{delay:.1f} s"


def fit(pieces: list[Piece], columns: int) -> list[Piece]:
    """As many, from the first, as there is room for; the first stands at the far right."""
    kept: list[Piece] = []
    for style, text in pieces:
        if taken(kept) + width(text) <= columns:
            kept.insert(0, (style, text))
    return kept


def cut(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    return text[: fitting(text, columns - 1)] + "…"


def taken(pieces: Sequence[Piece]) -> int:
    return sum(width(text) for _, text in pieces)
