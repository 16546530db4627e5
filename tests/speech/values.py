"""Any value of any class, made from its fields, for the tests of the dialects."""

from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from twisted_chat.core.events import Entry, Event, Sent, Told
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.requests import Request
from twisted_chat.speech.clean import clean

EVENTS: tuple[type[Event], ...] = get_args(Event)
ANSWERS: tuple[type[Answer], ...] = get_args(Answer)
REQUESTS: tuple[type[Request], ...] = get_args(Request)

ANYTHING = st.text(max_size=40)
"""Control characters, sequences and all."""

_ACTS = ["\x1b[31m", "\x9b2J", "\x1b]0;owned\x07", "\x1bP1$r", "\x1b"]
_CONTROLS = ["\r\n", "\x00", "\x7f", "\x85"]
_HIDES = ["\u202e", "\u2066", "\u200f", "\u2028", "\ufeff", "\t"]
_HARMLESS = ["hi", "é", "日本", " ", "👩\u200d💻"]
NASTY = st.lists(st.sampled_from([*_ACTS, *_CONTROLS, *_HIDES, *_HARMLESS]), max_size=8).map(
    "".join
)
"""What somebody sends who means harm to another's terminal."""

SPOKEN = (ANYTHING | NASTY).map(clean)
"""What is left of a text when it has been read."""

SECONDS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.integers(0, 2**53 - 1)
BY_NAME: dict[str, SearchStrategy[Any]] = {
    "once": st.text("abcXYZ019", max_size=64),
    "since": st.floats(0, 2**53 / 1e6),  # a time, as entries have them
    "after": st.dictionaries(ANYTHING.map(clean), NUMBERS, max_size=4).map(
        lambda read: tuple(read.items())
    ),
}


def any_of(kind: type[Any], text: SearchStrategy[str] = ANYTHING) -> SearchStrategy[Any]:
    """Values of this class, with such texts in them."""
    return st.builds(kind, *(_field(field, text) for field in fields(kind)))


def entries(
    text: SearchStrategy[str] = ANYTHING, kinds: tuple[type[Event], ...] = EVENTS
) -> SearchStrategy[Entry]:
    happened = st.one_of([any_of(kind, text) for kind in kinds])
    return st.builds(Entry, NUMBERS, ANYTHING, happened)


def answers(
    text: SearchStrategy[str] = ANYTHING, kinds: tuple[type[Answer], ...] = ANSWERS
) -> SearchStrategy[Answer]:
    return st.one_of([any_of(kind, text) for kind in kinds])


def _field(field: Any, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    return BY_NAME[field.name] if field.name in BY_NAME else _of_type(field.type, text)


def _of_type(kind: Any, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    """Values of a type as a field has it: a plain one, one of several, or a tuple of them."""
    plain: dict[object, SearchStrategy[Any]] = {
        str: text,
        bool: st.booleans(),
        int: NUMBERS,
        float: SECONDS,
        type(None): st.none(),
    }
    if kind in plain:
        return plain[kind]
    parts = get_args(kind)
    if get_origin(kind) is not tuple:
        return _part(kind, text) if not parts else st.one_of([_of_type(one, text) for one in parts])
    if parts[-1] is not Ellipsis:
        return st.tuples(*(_of_type(one, text) for one in parts))
    return st.lists(_of_type(parts[0], text), max_size=4).map(tuple)


def _part(kind: Any, text: SearchStrategy[str]) -> SearchStrategy[Any]:
    assert is_dataclass(kind)
    return entries(text) if kind is Entry else any_of(kind, text)  # type: ignore[arg-type]


def lines_of(event: Event) -> int:
    """In how many lines it is read, but for a paste in a room: a private one keeps its own."""
    return event.text.count("\n") + 1 if isinstance(event, Told | Sent) else 1
