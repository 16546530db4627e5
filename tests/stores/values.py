"""Any event that is kept and any record, made from its fields."""

from dataclasses import fields
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from twisted_chat.core.history import END
from twisted_chat.stores.rows import KEPT, RECORDS

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
"""Line ends, tabs, escape sequences and all: whatever can be written as UTF-8."""

NUMBERS = st.integers(0, END - 1)
BY_TYPE: dict[Any, SearchStrategy[Any]] = {
    str: TEXTS,
    int: NUMBERS,
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    tuple[str, ...]: st.lists(TEXTS, max_size=4).map(tuple),
}


def any_of(kind: type[Any], texts: SearchStrategy[str] = TEXTS) -> SearchStrategy[Any]:
    """Values of this class, with such texts in them."""
    of = BY_TYPE | {str: texts, tuple[str, ...]: st.lists(texts, max_size=4).map(tuple)}
    return st.builds(kind, *(of[field.type] for field in fields(kind)))


def kept_events(texts: SearchStrategy[str] = TEXTS) -> SearchStrategy[Any]:
    return st.one_of([any_of(kind, texts) for kind in KEPT.values()])


def records(texts: SearchStrategy[str] = TEXTS) -> SearchStrategy[Any]:
    return st.one_of([any_of(kind, texts) for kind in RECORDS.values()])
