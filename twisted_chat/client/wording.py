"""Entries as lines that are shown: the words of ``speech``, and what a terminal wants to know."""

import re
from dataclasses import replace

from twisted_chat.client.screen import Kind, Line
from twisted_chat.core import names
from twisted_chat.core.events import (
    Acted,
    Announced,
    Entry,
    Event,
    Joined,
    Left,
    Pasted,
    Said,
    Sent,
    Told,
)
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.entries import entry_lines
from twisted_chat.speech.text import TextDialect
from twisted_chat.speech.times import Times

_KINDS: dict[type[Event], Kind] = {
    Said: Kind.SAID,
    Acted: Kind.ACTED,
    Told: Kind.TOLD,
    Sent: Kind.TOLD,
    Pasted: Kind.PASTED,
    Announced: Kind.ANNOUNCED,
    Joined: Kind.CAME,
    Left: Kind.WENT,
}
_SEEN_AS_TYPED = (Said, Acted, Pasted)


def entry_line(entry: Entry, me: str, elsewhere: bool) -> Line:
    """As others read it. ``elsewhere``: it is of another room than the one where one talks."""
    event = entry.event
    name = getattr(event, "name", "")
    own = bool(me) and names.fold(name) == names.fold(me)
    return Line(
        "\n".join(entry_lines(entry, elsewhere)),
        _KINDS.get(type(event), Kind.TOOK_PLACE),
        at=entry.id / 1e6,
        name=name,
        to=getattr(event, "to", "") if isinstance(event, Told | Sent) else "",
        room=entry.log,
        id=entry.id,
        own=own,
        mentions=not own and names_one(getattr(event, "text", ""), me),
    )


def past_line(entry: Entry, me: str, elsewhere: bool, times: Times) -> Line:
    """One that was said before one came."""
    line = entry_line(entry, me, elsewhere)
    return replace(line, stamp=times.stamp(line.at), earlier=True)


def own_lines(entry: Entry, me: str, elsewhere: bool, dialect: TextDialect, tag: Tag) -> list[Line]:
    """What one did here: as it was typed, if that is all there is to see of it, and what the
    dialect has to say of it."""
    line = replace(entry_line(entry, me, elsewhere), own=True, mentions=False)
    receipt = "\n".join(dialect.own(entry, tag).decode().splitlines())
    typed = isinstance(entry.event, _SEEN_AS_TYPED)
    if not receipt:
        return [replace(line, typed=True)] if typed else []
    if typed and dialect.confirm:
        return [replace(line, typed=True), Line(receipt)]
    return [replace(line, text=receipt)]


def names_one(text: str, me: str) -> bool:
    """``me`` stands in it as a word of its own."""
    if not me:
        return False
    return re.search(rf"(?<!\w){re.escape(me)}(?!\w)", text, re.IGNORECASE) is not None
