"""The client's settings: what a file of the user's says, and where one was last. No network.

What belongs to one server alone stands in a table of its own, so that neither a password nor a pin
is ever shown to another.
"""

import difflib
import json
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from twisted_chat import pins
from twisted_chat.client.where import WrongUse, address
from twisted_chat.config import WrongOptions, named, parsed, shown, statements, text_of

Value: TypeAlias = str | bool
Table: TypeAlias = dict[str, Value]

GENERAL: Mapping[str, type] = {
    "server": str,
    "name": str,
    "plain": bool,
    "no-color": bool,
    "reconnect": bool,
    "once": bool,
}
OF_A_SERVER: Mapping[str, type] = {
    "where": str,
    "endpoint": str,
    "tls": bool,
    "pin": str,
    "name": str,
    "password-file": str,
    "password-command": str,
}

EXAMPLE = """\
# Settings of twisted-chat. What is typed on the command line wins over them.
# Each line below shows a setting; without its # it holds.

# server = "work"             # where one goes if no server is named: HOST:PORT, or a
#                             # table below; else to where one was last
# name = "ann"                # by which one comes in
# reconnect = true            # try again also where there was no connection yet
# once = true                 # do not come back when the connection is lost
# plain = true                # line by line: for screen readers and slow lines
# no-color = true

# A server by a name of its own: twisted-chat work

# [servers.work]
# where = "ann@chat.example:9999"
# tls = true
# pin = "sha256//..."         # of a certificate that was made at home
# password-file = "/home/ann/.chat-password"
# password-command = "pass show chat"

# [servers.home]
# endpoint = "unix:/run/chat/chat.sock"
# name = "ann"
"""


@dataclass
class Settings:
    """``servers``: by the name that people gave them."""

    general: Table = field(default_factory=dict)
    servers: dict[str, Table] = field(default_factory=dict)


def read(path: Path, commands: frozenset[str] = frozenset()) -> Settings:
    """``commands``: by these names no server can be called. Raises WrongOptions, with all that is
    wrong, each with its line."""
    text = text_of(path, str(path))
    given = parsed(text, str(path))
    lines = _lines(text)
    wrong: list[tuple[int, str]] = []
    tables = given.pop("servers", {})
    settings = Settings(_table(given, GENERAL, ("",), lines, wrong))
    for name, entries in tables.items() if isinstance(tables, dict) else ():
        at = ("servers", name)
        if why := _misnamed(name, entries, commands):
            wrong.append((lines.get(at, 1), why))
            continue
        settings.servers[name] = _table(entries, OF_A_SERVER, at, lines, wrong)
        if not {"where", "endpoint"} & set(entries):
            wrong.append((lines.get(at, 1), f"{shown(name)} has neither where nor endpoint"))
    if not isinstance(tables, dict):
        wrong.append((lines.get(("", "servers"), 1), "servers are tables: [servers.work]"))
    if wrong:
        raise WrongOptions(*(f"{path}, line {line}: {why}" for line, why in sorted(wrong)))
    return settings


def _lines(text: str) -> dict[tuple[str, ...], int]:
    """On which line each table, and each name in one, begins; those of the top are in ``""``."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ("",)
    for line, statement in statements(text):
        given = tomllib.loads(statement)
        if statement.lstrip(" \t").startswith("["):
            table = tuple(_path(given))
            found.setdefault(table, line)
        else:
            found.update({(*table, name): line for name in given})
    return found


def _path(given: Any) -> list[str]:
    """Of the one table in it: ``{"servers": {"work": {}}}``."""
    path = []
    while isinstance(given, dict) and given:
        name, given = next(iter(given.items()))
        path.append(name)
    return path


def _table(
    given: Mapping[str, Any],
    kinds: Mapping[str, type],
    at: tuple[str, ...],
    lines: Mapping[tuple[str, ...], int],
    wrong: list[tuple[int, str]],
) -> Table:
    found: Table = {}
    for key, value in given.items():
        try:
            found[key] = _checked(key, value, kinds)
        except (WrongUse, ValueError) as error:
            wrong.append((lines.get((*at, key), lines.get(at, 1)), str(error)))
    return found


def _checked(key: str, value: object, kinds: Mapping[str, type]) -> Value:
    """Raises WrongUse or ValueError with a sentence."""
    if key not in kinds:
        raise WrongUse(_unknown(key, kinds))
    if not isinstance(value, kinds[key]):
        wanted = "true or false" if kinds[key] is bool else "a text in quotes"
        raise WrongUse(f"{key} wants {wanted}, and not {named(value)}")
    if isinstance(value, str):
        if not value.isprintable():
            raise WrongUse(f"{key} has a character that cannot be printed")
        if key == "where":
            address(value)
        elif key == "pin":
            pins.read(value)
    assert isinstance(value, str | bool)
    return value


def _unknown(key: str, kinds: Mapping[str, type]) -> str:
    if key in ("password", "passwd", "token"):
        return "no password stands here: password-file or password-command says where it is"
    if key in OF_A_SERVER:
        return f"{key} belongs to one server: it stands below [servers.NAME]"
    near = difflib.get_close_matches(key[:32], kinds, 1, 0.5)
    hint = f". Did you mean {near[0]}?" if near else f"; there are {', '.join(kinds)}"
    return f"there is no setting {shown(key)}{hint}"


def _misnamed(name: str, entries: object, commands: frozenset[str]) -> str:
    """Why no server can be called so; empty if one can."""
    if not isinstance(entries, dict):
        return f"a server is a table: [servers.{shown(name)}]"
    if name in commands:
        return f"no server can be called {name}: it is a command"
    if not name or set(name) & set("@:/[]") or name.startswith((".", "-")):
        return f"no server can be called {shown(name)}: letters, digits and - make its name"
    return ""


# where one was last


def read_last(path: Path) -> Table:
    """Nothing if there is none, or if it cannot be read: nobody has written it by hand."""
    with suppress(OSError, WrongOptions, WrongUse, ValueError):
        if path.exists():
            given = parsed(text_of(path, str(path)), str(path))
            return {key: _checked(key, value, _LAST) for key, value in given.items()}
    return {}


def write_last(path: Path, table: Table) -> None:
    """For the next time that no server is named. Where it cannot be written, there is none."""
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())
    fresh = path.with_suffix(".new")
    with suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.write_text("".join(lines), "utf-8")
        fresh.chmod(0o600)
        fresh.replace(path)


_LAST = {**OF_A_SERVER, "server": str}
