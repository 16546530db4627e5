"""Entries and records as rows of tables, and back.

Of an event, ``name`` and ``text`` (or ``topic``) have columns of their own. What else it has is in
``other``: one field as it is, several as an object of JSON. ``once`` counts only where it is not
empty, as it is for all that people type.
"""

import json
from dataclasses import dataclass, fields
from typing import Any, TypeAlias, get_args

from twisted_chat.core.events import Entry, Event, Said
from twisted_chat.core.records import Record
from twisted_chat.stores.fields import Unreadable, built, plain, typed

Row: TypeAlias = tuple[int, str, str, str, str]
"""``id``, ``kind``, ``name``, ``other``, ``text``: the columns that COLUMNS names."""

Remembered: TypeAlias = tuple[str, str, str]
"""``kind``, ``key``, ``value``: of a record."""

COLUMNS = "id, kind, name, other, text"
KEPT: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(Event) if kind.kept}
RECORDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(Record)}

TOMB = "~"
"""What the name of a log begins with that nobody can read any more, until nothing of it is left."""

_TEXTS = ("text", "topic")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a kind of event is laid out. ``text``: what the field is called that has that column.
    ``further``: the fields that share ``other``, with their types."""

    kind: str
    made: type[Any]
    named: bool
    text: str
    further: tuple[tuple[str, Any], ...]
    marked: bool

    def other(self, event: Any) -> str:
        once = event.once if self.marked else ""
        if not self.further:
            return str(once)
        held = {name: getattr(event, name) for name, _ in self.further}
        [(name, kind), *more] = self.further
        if once or (self.marked and not more and str(held[name]).startswith("{")):
            return _encode(held | {"once": once})
        if more:
            return _encode(held)
        return str(held[name]) if kind is str else _encode(held[name])

    def event(self, name: str, other: str, text: str) -> Any:
        """Raises Unreadable."""
        given: dict[str, object] = {"name": name} if self.named else {}
        if self.text:
            given[self.text] = text
        return self.made(**given, **self._further(other))

    def _further(self, other: str) -> dict[str, object]:
        if not self.further:
            return {"once": other} if self.marked else {}
        if self.marked and other.startswith("{"):
            return self._all(_object(_json(other)))
        [(name, kind), *more] = self.further
        if not more and kind is str:
            return {name: other}
        held = _json(other)
        if not more:
            return {name: typed(name, kind, held)}
        return {name: typed(name, kind, _object(held).get(name)) for name, kind in self.further}

    def _all(self, held: dict[str, object]) -> dict[str, object]:
        """The same, and ``once`` if it is among it."""
        found = {name: typed(name, kind, held.get(name)) for name, kind in self.further}
        return found | {"once": typed("once", str, held.get("once", ""))}


def _shape(kind: str, made: type[Any]) -> _Shape:
    types = {field.name: field.type for field in fields(made)}
    text = next((name for name in _TEXTS if name in types), "")
    apart = ("name", text, "once")
    further = tuple((name, held) for name, held in types.items() if name not in apart)
    return _Shape(kind, made, "name" in types, text, further, "once" in types)


_SHAPES = {kind: _shape(kind, made) for kind, made in KEPT.items()}
_SHAPE_OF = {shape.made: shape for shape in _SHAPES.values()}

CODED = tuple(
    shape.kind
    for shape in _SHAPES.values()
    if len(shape.further) > 1 or any(kind is not str or shape.marked for _, kind in shape.further)
)
"""Kinds of which ``other`` may be one that cannot be read."""


def row(entry: Entry) -> Row:
    """Of an entry whose event is kept."""
    event: Any = entry.event
    if type(event) is Said:  # nearly all are
        return entry.id, "said", event.name, event.once, event.text
    shape = _SHAPE_OF[type(event)]
    text = getattr(event, shape.text, "")
    return entry.id, shape.kind, getattr(event, "name", ""), shape.other(event), text


def entry(log: str, kept: Row) -> Entry:
    """Raises Unreadable."""
    number, kind, name, other, text = kept
    if kind == "said":
        return Entry(number, log, Said(name, text, other))
    if kind not in _SHAPES:
        raise Unreadable(f"entry {number} is a {kind!r}, which is none that a chat keeps")
    try:
        return Entry(number, log, _SHAPES[kind].event(name, other, text))
    except Unreadable as error:
        raise Unreadable(f"entry {number} cannot be read: {error}") from None


def once_of(kept: Row) -> str:
    """By what whoever said it knows it again; empty if that cannot be read."""
    try:
        return str(getattr(entry("", kept).event, "once", ""))
    except Unreadable:
        return ""


def remembered(record: Record) -> Remembered:
    """Of a record."""
    held = plain(record)
    key = held.pop("key")
    return type(record).__name__.lower(), str(key), _encode(held)


def record(kept: Remembered) -> Record:
    """Raises Unreadable."""
    kind, key, value = kept
    try:
        if kind not in RECORDS:
            raise Unreadable("nobody knows that kind")
        found: Record = built(RECORDS[kind], _object(_json(value)) | {"key": key})
    except Unreadable as error:
        raise Unreadable(f"the record {kind} {key} cannot be read: {error}") from None
    return found


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except (ValueError, TypeError, RecursionError):
        raise Unreadable("it is not JSON") from None
    return found


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Unreadable("it is JSON, but no object")
    return value
