"""Values as objects of JSON, by the types of their fields, and back."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


class Unreadable(ValueError):
    """This is no value of those fields, and in words why."""


def plain(value: Any) -> dict[str, object]:
    """The fields of a value, by their names."""
    return {name: getattr(value, name) for name in value.__slots__}


def built(kind: type[T], given: Mapping[str, object]) -> T:
    """A value of these fields: one that is missing is as by default, one that nobody knows is
    left out. Raises Unreadable."""
    found: dict[str, object] = {}
    for field in fields(kind):  # type: ignore[arg-type]
        if field.name in given:
            found[field.name] = typed(field.name, field.type, given[field.name])
        elif field.default is MISSING:
            raise Unreadable(f'"{field.name}" is missing')
    return kind(**found)


def typed(name: str, kind: object, value: object) -> object:
    """A field as a value has it. Raises Unreadable."""
    wanted, fits, made = _TYPES[kind]
    if not fits(value):
        raise Unreadable(f'"{name}" is no {wanted}')
    try:
        return made(value)
    except OverflowError:
        raise Unreadable(f'"{name}" is too large') from None


def _whole(value: object) -> bool:
    return type(value) is int  # and not isinstance: True is an int


def _same(value: object) -> object:
    return value


_TYPES: dict[object, tuple[str, Callable[[object], bool], Callable[[Any], object]]] = {
    str: ("string", lambda value: isinstance(value, str), _same),
    int: ("whole number", _whole, _same),
    float: ("number", lambda value: _whole(value) or isinstance(value, float), float),
    bool: ("truth value", lambda value: isinstance(value, bool), _same),
    tuple[str, ...]: (
        "list of strings",
        lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
        tuple,
    ),
}
"""What it is called, whether JSON's value is one, and ours of it."""
