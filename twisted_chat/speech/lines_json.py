"""The JSON dialect: one object a line, both ways, for programs and our own client.

``docs/protocol.md`` is its contract. An entry or an answer is ``{"type": its name, its fields}``; a
request is ``{"do": a command, its fields}``. Both may carry a ``tag``.

What acts on a terminal stands in no line but as an escape: who looks at them there is safe too.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from math import isfinite
from typing import Any, get_args, get_origin

from twisted_chat.core import refusals
from twisted_chat.core.events import Entry, Event
from twisted_chat.core.history import END
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.requests import Enter, Ping, Request, Say
from twisted_chat.core.texts import admitted, admitted_lines
from twisted_chat.speech import commands
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.clean import escaped

PROTOCOL = 1
"""Grows when something that a program relies on changes its meaning."""

LONGEST_TAG = 64
"""Characters of a tag: room for a UUID and a prefix, and no more to be carried along."""

MOST_ROOMS = 1000
"""Rooms in which one can come back at once: far more than anybody reads."""

LONGEST_NUMBER = 64
"""Digits of a whole number: those of a tag. What is larger is no number that is wanted anywhere."""

PASTE = 1 << 16
"""Bytes of a text of several lines: a source file, and not a book."""

SWITCH = b"/json"
"""The first line of a connection that wants this dialect."""

_DO: dict[str, type[Request]] = {command.name: command.request for command in commands.COMMANDS}
_DO |= {"enter": Enter, "ping": Ping}
_NAME_OF = {request: name for name, request in _DO.items()}
_EVENTS: dict[str, type[Event]] = {kind.__name__.lower(): kind for kind in get_args(Event)}
_ANSWERS: dict[str, type[Answer]] = {kind.__name__.lower(): kind for kind in get_args(Answer)}
_SECRETS = frozenset({"password", "new", "house"})
"""Fields that are taken as they are: nobody is shown them."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Doubled(dict[str, Any]):
    """An object in which a name stands twice: who reads it otherwise than we do is told another
    thing (RFC 8259, section 4)."""


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(pairs)


def _whole(digits: str) -> int | float:
    """Python refuses to read one of thousands of digits, and takes long for one of hundreds."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else float("inf")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


_decode = json.JSONDecoder(
    object_pairs_hook=_object_of, parse_int=_whole, parse_constant=_no_constant
).decode


@dataclass(frozen=True, slots=True)
class Heard:
    """What a client reads: an entry or an answer, and the tag of the request that caused it.
    ``earlier``: it was said before the client came."""

    what: Entry | Answer
    tag: Tag = None
    earlier: bool = False


class JsonDialect:
    """What the daemon speaks to a program. ``longest``: bytes of a string; a text of several lines
    that is said may have ``PASTE``."""

    greeting = b""
    asks = False

    def __init__(self, longest: int = 4096) -> None:
        self.longest = longest
        self.elsewhere = self

    def read(self, line: bytes, naming: bool) -> Asked | None:
        """The request in a line; None for an empty one. Raises a Refusal, which may have no tag."""
        if not line.strip():
            return None
        request, tag = asked(_object(line))
        if len(line) > self.longest:
            self._require_fit(request, tag)
        return request, tag

    def _require_fit(self, request: Request, tag: Tag) -> None:
        """No string in it is longer than a line may be, or a paste. Raises a Refusal."""
        for field in fields(request):
            text = getattr(request, field.name)
            is_paste = isinstance(request, Say) and "\n" in text
            limit = PASTE if is_paste else self.longest
            if isinstance(text, str) and len(text.encode()) > limit:
                refusal = refusals.line_too_long(limit)
                refusal.tag = tag
                raise refusal

    def line(self, entry: Entry) -> bytes:
        return write(entry, None)

    def earlier(self, entry: Entry) -> bytes:
        return write(entry, None, earlier=True)

    def own(self, entry: Entry, tag: object) -> bytes:
        """One's own entry is the receipt: it has the tag of its request."""
        return write(entry, tag)

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        return b"".join(lines)

    def answer(self, answer: Answer, tag: object) -> bytes:
        return write(answer, tag)


def write(what: Entry | Answer, tag: object, earlier: bool = False) -> bytes:
    """An entry or an answer as a line, with its line end."""
    if isinstance(what, Entry):
        head, body = _head(what), _plain(what.event)
    else:
        head, body = {"type": type(what).__name__.lower()}, _plain(what)
    if earlier:
        head["earlier"] = True
    if tag is not None:
        head["tag"] = tag
    return (escaped(_encode(head | body)) + "\n").encode("utf-8", "replace")


def _head(entry: Entry) -> dict[str, object]:
    return {
        "type": type(entry.event).__name__.lower(),
        "id": entry.id,
        "time": entry.id / 1e6,
        "room": entry.log,
    }


def write_request(request: Request, tag: str | int | None = None) -> bytes:
    """A request as a line, with its line end: what a client sends."""
    head: dict[str, object] = {"do": _NAME_OF[type(request)]}
    if tag is not None:
        head["tag"] = tag
    body = _plain(request)
    for field in fields(request):
        if getattr(request, field.name) == field.default:
            body.pop(field.name, None)
    return (_encode(head | body) + "\n").encode("utf-8", "replace")


def hear(line: bytes) -> Heard | None:
    """What the daemon said; None for a type that this version does not know. Raises a Refusal."""
    message = _object(line)
    tag, kind = _tag(message), message.get("type")
    if not isinstance(kind, str):
        raise refusals.bad_request("it has no type")
    try:
        if kind in _EVENTS:
            return Heard(_entry(message), tag, message.get("earlier") is True)
        if kind in _ANSWERS:
            answer: Any = _build(_ANSWERS[kind], message)
            return Heard(answer, tag)
    except (KeyError, TypeError, ValueError, OverflowError):
        raise refusals.bad_request(f"it is no {kind}") from None
    return None


def _entry(message: Mapping[str, Any]) -> Entry:
    event: Any = _build(_EVENTS[message["type"]], message)
    return Entry(int(message["id"]), str(message["room"]), event)


def asked(message: Mapping[str, Any]) -> Asked:
    """The request that an object makes. Raises a Refusal that has the tag."""
    tag = _tag(message)
    try:
        if isinstance(message, Doubled):
            raise refusals.bad_request("a name of a field stands there twice")
        return _request(message), tag
    except refusals.Refusal as refusal:
        refusal.tag = tag
        raise


def _object(line: bytes) -> dict[str, Any]:
    try:
        message = _decode(line.decode().removeprefix("\ufeff"))  # as Windows begins a file
    except UnicodeDecodeError:
        raise refusals.not_utf8() from None
    except (ValueError, RecursionError):
        raise refusals.not_json("that line is not JSON") from None
    if not isinstance(message, dict):
        raise refusals.not_json("that line is JSON, but no object")
    return message


def _tag(message: Mapping[str, Any]) -> str | int | None:
    tag = message.get("tag")
    if isinstance(tag, bool) or not isinstance(tag, str | int | None):
        raise refusals.bad_request("a tag is a string or a whole number")
    if len(str(tag)) > LONGEST_TAG:
        raise refusals.bad_request(f"a tag has at most {LONGEST_TAG} characters")
    if isinstance(tag, str):
        _require_whole(tag)
    return tag


def _request(message: Mapping[str, Any]) -> Request:
    do = message.get("do")
    if not isinstance(do, str):
        raise refusals.bad_request('"do" is missing: it names what to do')
    kind = _DO.get(do)
    if kind is None:
        commands.find(admitted(do))  # refuses, and names the nearest
        raise refusals.bad_request(f'"do" wants the whole name of a command, not {do}')
    given: dict[str, Any] = {}
    for field in fields(kind):
        value = message.get(field.name)
        if value is not None:
            given[field.name] = _given(kind, field, value)
    try:
        request = kind(**given)
    except TypeError:
        wanted = ", ".join(f'"{field.name}"' for field in fields(kind))
        raise refusals.bad_request(f'"{do}" wants {wanted}') from None
    return request


def _given(kind: type[Request], field: Any, value: object) -> object:
    """One field of a request. Raises a Refusal."""
    if field.name == "after":
        return _places(value)
    if field.type is bool:
        if not isinstance(value, bool):
            raise refusals.bad_request(f'"{field.name}" is true or false')
        return value
    if field.name == "once":
        return _word(value)
    if not isinstance(value, str):
        raise refusals.bad_request(f'"{field.name}" is a string')
    if field.name not in _SECRETS:
        return _text(kind, field, value)
    _require_whole(value)
    return value


def _word(value: object) -> str:
    """What a program knows a line again by."""
    if not isinstance(value, str) or not value.isascii() or not value.isalnum():
        raise refusals.bad_request('"once" is a string of ASCII letters and digits')
    if len(value) > LONGEST_TAG:
        raise refusals.bad_request(f'"once" has at most {LONGEST_TAG} characters')
    return value


def _require_whole(text: str) -> None:
    """What is taken as it is has no half of a character, which could not be sent again: what else
    may be in a password is asked where it is one. Raises a Refusal."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise refusals.not_text("half of a character") from None


def _text(kind: type[Request], field: Any, value: str) -> str:
    """One line; what is said may have several, and is a paste then, which keeps its bytes."""
    several = kind is Say and field.name == "text" and "\n" in value
    text = admitted_lines(value) if several else admitted(value)
    if not text.strip() and (several or field.default is MISSING):
        raise refusals.bad_request(f'"{field.name}" is empty')
    return text


def _places(value: object) -> tuple[tuple[str, int], ...]:
    """Rooms, and in each the id up to which it was read."""
    if not isinstance(value, dict):
        raise refusals.bad_request('"after" is an object of rooms and ids')
    if isinstance(value, Doubled):
        raise refusals.bad_request('"after" has a room twice')
    if len(value) > MOST_ROOMS:
        raise refusals.bad_request(f'"after" has at most {MOST_ROOMS} rooms')
    for number in value.values():
        if type(number) is not int or not 0 <= number < END:
            raise refusals.bad_request(f'"after" has ids, whole numbers below {END}')
    return tuple((admitted(room), number) for room, number in value.items())


def _plain(value: Any) -> dict[str, object]:
    """A frozen value as JSON has it: its fields, and the fields of its parts."""
    plain = {name: _plain_part(name, getattr(value, name)) for name in value.__slots__}
    if plain.get("once") == "":
        del plain["once"]
    return plain


def _plain_part(name: str, held: Any) -> object:
    if name == "after":
        return dict(held)
    if isinstance(held, tuple):
        return [_plain_item(one) for one in held]
    return held


def _plain_item(one: Any) -> object:
    if isinstance(one, Entry):
        return _head(one) | _plain(one.event)
    return _plain(one) if is_dataclass(one) else one


def _build(kind: type[Any], message: Mapping[str, Any]) -> object:
    """Raises KeyError for a field that is missing, TypeError for one of another type."""
    given = (field for field in fields(kind) if field.name in message or field.default is MISSING)
    return kind(**{field.name: _typed(field, message[field.name]) for field in given})


def _typed(field: Any, value: Any) -> object:
    """One field, if it is of the type that the class says; else TypeError or ValueError."""
    if get_origin(field.type) is tuple:
        return _items(field, value)
    if isinstance(value, field.type if field.type in (str, bool) else ()):
        return value
    if field.type in (int, float, float | None) and isinstance(value, int | float):
        return _finite(value)
    if field.type == float | None and value is None:
        return None
    raise TypeError(f"{field.name} is not {field.type}")


def _finite(value: float) -> float:
    """``1e999`` is a number in JSON, and infinity here: nothing is so many, or at that time."""
    if not isfinite(value):
        raise ValueError(f"{value} is no number")
    return value


def _items(field: Any, value: Any) -> object:
    """A field that has several, of one kind."""
    kind: Any = get_args(field.type)[0]
    if not isinstance(value, list):
        raise TypeError(f"{field.name} is no list")
    if kind is Entry:
        return tuple(_entry(one) for one in value)
    if isinstance(kind, type) and is_dataclass(kind):
        return tuple(_build(kind, one) for one in value)
    if kind is int:
        return tuple(int(one) for one in value)
    if kind is str:
        return tuple(str(one) for one in value)
    return tuple((str(name), str(figure)) for name, figure in value)
