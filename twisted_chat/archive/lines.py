"""Entries and records as lines of JSON, and back: ``{"id": ..., "log": ..., "type": ..., its own
fields}``, and ``{"record": ..., its own fields}``.

What comes in is judged as if a stranger had sent it: it will be shown on terminals.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from math import isfinite
from typing import Any, BinaryIO, NoReturn, TypeAlias

from twisted_chat.core.events import Entry
from twisted_chat.core.history import END
from twisted_chat.core.records import Record
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.texts import admitted, admitted_lines
from twisted_chat.speech.clean import escaped
from twisted_chat.stores.fields import Unreadable, built, plain
from twisted_chat.stores.rows import KEPT, RECORDS

Line: TypeAlias = Entry | Record

LONGEST = 1 << 23
"""Bytes of a line: eight times the longest that can be said (``--max-line``), for JSON may need six
for one."""

SEVERAL_LINES = {("pasted", "text"), ("told", "text"), ("sent", "text")}
"""Kinds and fields of which the text may have line ends and tabs: it was pasted."""

AS_THEY_CAME = {("setting", "value"), ("ruling", "was")}
"""Kinds and fields of which the text may have any characters: whoever shows them cleans them."""

MAY_BE_EMPTY = {"text", "topic", "once"}
"""Fields of an event; those of a record all may, but for its key."""

LOGS = ("#", "@", "&", "*")
"""What the name of a log begins with."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NoEntry(Exception):
    """This is no entry and no record, and in words why."""


def write(line: Line) -> bytes:
    """An entry whose event is kept, or a record, with its line end."""
    if isinstance(line, Entry):
        event: Any = line.event
        head = {"id": line.id, "log": line.log, "type": type(event).__name__.lower()}
        held = {name: value for name, value in plain(event).items() if name != "once" or value}
        return _line(head | held)
    return _line({"record": type(line).__name__.lower()} | plain(line))


def _line(held: Mapping[str, object]) -> bytes:
    """It may be looked at on a terminal, too."""
    return (escaped(_encode(held)) + "\n").encode()


def read_all(stream: BinaryIO) -> Iterator[tuple[int, Line]]:
    """Entries and records, with the numbers of their lines. Raises NoEntry, which names the
    line."""
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        try:
            yield number, read(line)
        except NoEntry as error:
            raise NoEntry(f"line {number}: {error}") from None


def read(line: bytes) -> Line:
    """Raises NoEntry."""
    if len(line) > LONGEST:
        raise NoEntry(f"it is longer than {LONGEST} bytes")
    given = _object(line)
    try:
        return _record(given) if "record" in given else _entry(given)
    except Unreadable as error:
        raise NoEntry(str(error)) from None


def _entry(given: Mapping[str, Any]) -> Entry:
    name, kind = _kind("type", given, KEPT)
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    also = {field.name for field in fields(kind)} - needed
    _require_fields(given, {"id", "log", "type", *needed}, also)
    log = _text("log", given["log"])
    if not log.startswith(LOGS):
        raise NoEntry(f'"log" begins with one of {" ".join(LOGS)}, as in "#lobby"')
    event = built(kind, given)
    _require_fit(name, plain(event), MAY_BE_EMPTY)
    return Entry(_id(given["id"]), log, event)


def _record(given: Mapping[str, Any]) -> Record:
    name, kind = _kind("record", given, RECORDS)
    needed = {field.name for field in fields(kind) if field.default is MISSING}
    also = {field.name for field in fields(kind)} - needed
    _require_fields(given, {"record", *needed}, also)
    record: Record = built(kind, given)
    _require_fit(name, plain(record), (needed | also) - {"key"})
    return record


def _require_fit(kind: str, held: Mapping[str, object], may_be_empty: set[str]) -> None:
    """Raises NoEntry for a text or a number that nobody can have said."""
    for name, value in held.items():
        for part in value if isinstance(value, tuple) else (value,):
            if (kind, name) in AS_THEY_CAME:
                _require_unicode(name, part)
            elif (kind, name) in SEVERAL_LINES:
                _text(name, part, name in may_be_empty, admitted_lines)
            elif isinstance(part, str):
                _text(name, part, name in may_be_empty)
            elif type(part) is int and not 0 <= part < END:
                raise NoEntry(f'"{name}" is no whole number from 0 to {END - 1}')
            elif isinstance(part, float) and not isfinite(part):
                raise NoEntry(f'"{name}" is too large')


def _object(line: bytes) -> dict[str, Any]:
    try:
        given = json.loads(line.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise NoEntry("it is not UTF-8") from None
    except (ValueError, RecursionError):
        raise NoEntry("it is not JSON") from None
    if not isinstance(given, dict):
        raise NoEntry("it is JSON, but no object")
    return given


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _kind(
    field: str, given: Mapping[str, Any], kinds: Mapping[str, type[Any]]
) -> tuple[str, type[Any]]:
    name = given.get(field)
    if not isinstance(name, str) or name not in kinds:
        raise NoEntry(f'"{field}" is none of {", ".join(kinds)}')
    return name, kinds[name]


def _require_fields(
    given: Mapping[str, Any], wanted: set[str], also: frozenset[str] | set[str] = frozenset()
) -> None:
    if missing := wanted - given.keys():
        raise NoEntry(f'"{min(missing)}" is missing')
    if given.keys() - wanted - also:
        raise NoEntry(f"it has more than {', '.join(sorted(wanted | also))}")


def _id(value: object) -> int:
    if type(value) is not int or not 0 < value < END:  # and not isinstance: True is an int
        raise NoEntry(f'"id" is no whole number from 1 to {END - 1}')
    return value


def _text(
    name: str,
    value: object,
    may_be_empty: bool = False,
    let_in: Callable[[str], str] = admitted,
) -> str:
    if not isinstance(value, str):
        raise NoEntry(f'"{name}" is no string')
    if not _stays(value, let_in):
        raise NoEntry(f'"{name}" has control characters')
    if not value and not may_be_empty:
        raise NoEntry(f'"{name}" is empty')
    return value


def _stays(text: str, let_in: Callable[[str], str]) -> bool:
    try:
        return let_in(text) == text
    except Refusal:
        return False


def _require_unicode(name: str, value: object) -> None:
    try:
        str(value).encode()
    except UnicodeEncodeError:
        raise NoEntry(f'"{name}" has half of a character') from None
