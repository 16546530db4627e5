"""Entries as rows of a table, and back."""

from typing import Any, TypeAlias, get_args

from twisted_chat.core.events import Announced, Entry, Event, Said, Told

Row: TypeAlias = tuple[int, str, str, str, str]
"""``id``, ``kind``, ``name``, ``other``, ``text``: the columns that COLUMNS names."""

COLUMNS = "id, kind, name, other, text"
KEPT: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(Event) if kind.kept}
_NAMES: dict[type[Any], str] = {kind: name for name, kind in KEPT.items()}


def row(entry: Entry) -> Row:
    """Of an entry whose event is kept."""
    event: Any = entry.event
    if type(event) is Said:  # nearly all are
        return entry.id, "said", event.name, "", event.text
    name, other = getattr(event, "name", ""), getattr(event, "to", "")
    return entry.id, _NAMES[type(event)], name, other, event.text


def entry(log: str, kept: Row) -> Entry:
    number, kind, name, other, text = kept
    made = KEPT[kind]
    if made is Announced:
        return Entry(number, log, Announced(text))
    if made is Told:
        return Entry(number, log, Told(name, other, text))
    return Entry(number, log, made(name, text))
