"""The file of options: TOML, each under its own name. What a value means is for options.py to say.

What is wrong is told with the line it stands on, and all of it at once.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeAlias

LONGEST = 65536
"""Bytes: a hundred times what anybody writes into it, and read in a moment."""

TYPED_ONLY = ("config", "check-config", "help", "help-auth", "help-auth-type", "version")

ENDLESS = 10**18
"""Larger than any option may be. Python refuses to write out one of thousands of digits."""

Value: TypeAlias = str | int | list[str]
"""As the command line would have given it: a flag is 1 or 0."""


class Kind(Enum):
    """What an option takes."""

    TEXT = auto()
    FLAG = auto()
    LIST = auto()


WANTED = {
    Kind.TEXT: "a text in quotes or a number",
    Kind.FLAG: "true or false",
    Kind.LIST: 'a list of texts in quotes, such as ["one", "another"]',
}


class WrongOptions(Exception):
    """Why the options cannot be used, each reason in a sentence."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


@dataclass
class Settings:
    """What a file says: values, the lines on which they stand, and what is wrong with it."""

    name: str
    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[int, str]] = field(default_factory=list)

    def at(self, line: int) -> str:
        return f"{self.name}, line {line}"


def read(path: Path, name: str, kinds: Mapping[str, Kind]) -> Settings:
    """``name``: the file as it was asked for. Raises WrongOptions if nothing of it can be read."""
    text = text_of(path, name)
    given = parsed(text, name)
    settings = Settings(name, lines=lines_of(text))
    for key, value in given.items():
        line = settings.lines[key]
        try:
            settings.values[key] = _value(key, value, kinds)
        except ValueError as error:
            settings.wrong.append((line, str(error)))
    return settings


def text_of(path: Path, name: str) -> str:
    """Raises WrongOptions."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
    except OSError as error:
        raise WrongOptions(f"--config {name}: {error.strerror}") from None
    if len(content) > LONGEST:
        raise WrongOptions(f"--config {name}: it is longer than {LONGEST} bytes")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WrongOptions(f"{name}, line {line}: it is not UTF-8") from None


def parsed(text: str, name: str) -> dict[str, Any]:
    """Raises WrongOptions, with the line."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongOptions(_syntax(str(error), text, name)) from None
    except ValueError:  # of int: an attack on whoever reads numbers
        raise WrongOptions(f"--config {name}: it has a number that is too long") from None
    except RecursionError:
        raise WrongOptions(f"--config {name}: it is nested too deeply") from None


def _syntax(told: str, text: str, name: str) -> str:
    """``Invalid value (at line 3, column 5)``, as we say such things."""
    what, _, where = told.partition(" (at ")
    found = re.match(r"line (\d+), column (\d+)", where)
    line = int(found[1]) if found else len(text.rstrip("\n").split("\n"))
    column = f", at column {found[2]}" if found else ""
    return f"{name}, line {line}: {shown(what[:1].lower() + what[1:])}{column}"


def lines_of(text: str) -> dict[str, int]:
    """The line on which each name at the top of a TOML text begins."""
    found: dict[str, int] = {}
    in_table = False
    for line, statement in statements(text):
        is_table = statement.lstrip(" \t").startswith("[")
        in_table = in_table or is_table
        for name in tomllib.loads(statement) if is_table or not in_table else ():
            found.setdefault(name, line)
    return found


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement of a TOML text, with the line on which it begins.

    tomllib tells no lines. But a text that ends within a statement is no TOML: so each statement is
    the fewest lines that are, from the end of the one before.
    """
    lines, begin = text.split("\n"), 0
    for end in range(1, len(lines) + 1):
        statement = "\n".join(lines[begin:end])
        try:
            tomllib.loads(statement)
        except tomllib.TOMLDecodeError:
            continue
        yield begin + 1, statement
        begin = end


def _value(key: str, value: object, kinds: Mapping[str, Kind]) -> Value:
    """Raises ValueError with a sentence."""
    kind = kinds.get(key)
    if kind is None:
        raise ValueError(_unknown(key, value, kinds))
    match kind, value:
        case Kind.FLAG, bool():
            return int(value)
        case Kind.TEXT, str():
            return _printable(key, value)
        case Kind.TEXT, int() if value >= ENDLESS or value <= -ENDLESS:
            raise ValueError(f"--{key} has a number that is too large")
        case Kind.TEXT, int() | float() if not isinstance(value, bool):
            return str(value)
        case Kind.LIST, list() if all(isinstance(part, str) for part in value):
            return [_printable(key, part) for part in value]
        case Kind.LIST, str():  # not shown: a password may be in it
            raise ValueError(f"--{key} wants {WANTED[kind]}, and not a text alone")
        case _:
            raise ValueError(f"--{key} wants {WANTED[kind]}, and not {named(value)}")


def _unknown(key: str, value: object, kinds: Mapping[str, Kind]) -> str:
    is_table = isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(part, dict) for part in value)
    )
    if is_table:
        return f"there is no table {shown(key)}"
    if key in TYPED_ONLY:
        return f"there is no option {key}: it belongs on the command line"
    near = difflib.get_close_matches(key[:32], kinds, 1, 0.5)
    hint = f". Did you mean {near[0]}?" if near else ". --help shows them all"
    return f"there is no option {shown(key)}{hint}"


def _printable(key: str, text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"--{key} has a character that cannot be printed")
    return text


def named(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{shown(value)}"'
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or a time"


def shown(text: str) -> str:
    """Somebody's text within a sentence of ours, fit for a terminal."""
    short = text if len(text) <= 64 else f"{text[:64]}..."
    return "".join(char if char.isprintable() else "?" for char in short)
