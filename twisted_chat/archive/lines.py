"""Entries as lines of JSON, and back: ``{"id": ..., "log": ..., "type": ..., its own fields}``.

What comes in is judged as if a stranger had sent it: it will be shown on terminals.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, BinaryIO, NoReturn

from twisted_chat.core.events import Entry
from twisted_chat.core.history import END
from twisted_chat.speech.clean import clean
from twisted_chat.stores.rows import KEPT

LONGEST = 1 << 23
"""Bytes of a line: eight times the longest that can be said (``--max-line``), for JSON may need six
for one."""

LOGS = ("#", "@", "&", "*")
"""What the name of a log begins with."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class NoEntry(Exception):
    """This is no entry, and in words why."""


def write(entry: Entry) -> bytes:
    """The line of an entry whose event is kept, with its line end."""
    event: Any = entry.event
    line = {"id": entry.id, "log": entry.log, "type": type(event).__name__.lower()}
    line |= {name: getattr(event, name) for name in event.__slots__}
    return (_encode(line) + "\n").encode()


def read_all(stream: BinaryIO) -> Iterator[tuple[int, Entry]]:
    """The entries, with the numbers of their lines. Raises NoEntry, which names the line."""
    number = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        try:
            yield number, read(line)
        except NoEntry as error:
            raise NoEntry(f"line {number}: {error}") from None


def read(line: bytes) -> Entry:
    """Raises NoEntry."""
    if len(line) > LONGEST:
        raise NoEntry(f"it is longer than {LONGEST} bytes")
    given = _object(line)
    kind = _kind(given)
    _require_fields(given, {"id", "log", "type", *(field.name for field in fields(kind))})
    text = {name: _text(name, value) for name, value in given.items() if name != "id"}
    if not text["log"].startswith(LOGS):
        raise NoEntry(f'"log" begins with one of {" ".join(LOGS)}, as in "#lobby"')
    event = kind(**{field.name: text[field.name] for field in fields(kind)})
    return Entry(_id(given["id"]), text["log"], event)


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


def _kind(given: Mapping[str, Any]) -> type[Any]:
    name = given.get("type")
    if not isinstance(name, str) or name not in KEPT:
        raise NoEntry(f'"type" is none of {", ".join(KEPT)}')
    return KEPT[name]


def _require_fields(given: Mapping[str, Any], wanted: set[str]) -> None:
    if missing := wanted - given.keys():
        raise NoEntry(f'"{min(missing)}" is missing')
    if given.keys() - wanted:
        raise NoEntry(f"it has more than {', '.join(sorted(wanted))}")


def _id(value: object) -> int:
    if type(value) is not int or not 0 < value < END:  # and not isinstance: True is an int
        raise NoEntry(f'"id" is no whole number from 1 to {END - 1}')
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise NoEntry(f'"{name}" is no string')
    if clean(value) != value:
        raise NoEntry(f'"{name}" has control characters')
    if not value and name != "text":
        raise NoEntry(f'"{name}" is empty')
    return value
