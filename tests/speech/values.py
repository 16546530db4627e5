"""Any value of any class, made from its fields, for the tests of the dialects."""

from dataclasses import fields
from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from twisted_chat.core.events import Entry, Event
from twisted_chat.core.outcomes import Answer, HelpLine, Person
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
PARTS: dict[str, type[Any]] = {"people": Person, "lines": HelpLine}
BY_NAME: dict[str, SearchStrategy[Any]] = {
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
    if field.name in PARTS:
        return st.lists(any_of(PARTS[field.name], text), max_size=4).map(tuple)
    if field.name in BY_NAME:
        return BY_NAME[field.name]
    if field.name == "entries":
        return st.lists(entries(text), max_size=4).map(tuple)
    known: dict[object, SearchStrategy[Any]] = {
        str: text,
        bool: st.booleans(),
        int: NUMBERS,
        float: SECONDS,
        float | None: st.none() | SECONDS,
        tuple[int, ...]: st.lists(NUMBERS, max_size=4).map(tuple),
        tuple[str, ...]: st.lists(text, max_size=4).map(tuple),
        tuple[tuple[str, str], ...]: st.lists(st.tuples(text, text), max_size=4).map(tuple),
    }
    return known[field.type]
