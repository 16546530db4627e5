"""Who may import whom: the house of CONTRIBUTING.md, read from every import there is."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import twisted_chat

PACKAGE = Path(twisted_chat.__file__).parent
OURS = "twisted_chat"
STANDARD = sys.stdlib_module_names

# what turns bytes into lines, and lines into bytes
LINES = ("framing", "gather", "outbox")

# room: what it may import of ours (by prefix), and of others (by top-level name)
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "core": ({"core"}, {"precis_i18n", "homoglyphs_fork"}),
    "speech": ({"core", "speech"}, set()),
    "ports": ({"core", "speech"}, {"twisted"}),
    "wording": ({"core", "ports"}, {"twisted"}),
    "outbox": ({"core", "speech", "ports"}, {"twisted", "zope"}),
    "roomlog": ({"core", "speech", "ports", "wording"}, {"twisted", "zope"}),
    "laggards": ({"core", "ports", "roomlog"}, {"twisted"}),
    "logs": ({"core", "ports", "roomlog", "laggards"}, {"twisted"}),
    "entrance": ({"core", "ports", "passwords", "auth"}, set()),
    "seats": ({"core", "ports", "roomlog", "logs"}, set()),
    "errands": ({"core", "speech", "ports", "roomlog", "entrance"}, {"twisted"}),
    "hub": (
        {"core", "speech", "ports", "roomlog", "logs", "entrance", "errands", "seats"},
        {"twisted"},
    ),
    "gather": (set(), {"twisted"}),
    "heap": (set(), set()),
    "framing": (set(), {"twisted"}),
    "gate": (set(), {"twisted"}),
    "prompt": ({"core", "speech"}, set()),
    "terminal": (set(), set()),
    "watch": ({"core"}, {"twisted"}),
    "countdown": ({"core"}, {"twisted"}),
    "visit": ({"core", "speech", "ports", "hub", "watch", "gather"}, {"twisted"}),
    "doors": (
        {"core", "speech", "ports", "hub", "visit", *LINES, "prompt", "terminal"},
        {"twisted", "zope"},
    ),
    "stores": ({"core", "ports", "stores"}, {"twisted"}),
    "archive": ({"archive", "core", "speech", "stores"}, set()),
    "client": (
        {"core", "speech", "client", "config", "framing", "gather", "pins", "secret_files"},
        {"twisted", "zope", "prompt_toolkit", "OpenSSL", "service_identity", "cryptography"},
    ),
    "admin": ({"admin", "core", "speech", "prompt", "terminal"}, set()),
    "config": (set(), set()),
    "certificates": ({"pins"}, {"cryptography", "twisted", "zope"}),
    "endpoints": ({"certificates"}, {"twisted"}),
    "renewal": ({"certificates", "endpoints", "options"}, {"twisted"}),
    "welcome": (set(), {"twisted"}),
    "certificate": ({"pins", "speech"}, {"cryptography"}),
    "pins": (set(), {"cryptography"}),
    "rehash": ({"certificates", "options"}, set()),
    "live_options": (
        {"core", "ports", "hub", "auth", "config", "options", "rehash", "doors", "stores"},
        {"twisted"},
    ),
    "secret_files": ({"core"}, set()),
    "option_files": ({"core", "secret_files"}, {"twisted"}),
    "options": ({"core", "speech", "config", "endpoints", "option_files"}, {"twisted"}),
    "passwords": ({"core", "turns"}, {"argon2", "twisted"}),
    "turns": ({"core"}, {"twisted"}),
    "auth": ({"core"}, {"twisted"}),
}
NEVER_IN_CORE = {"logging", "time", "random", "os", "socket", "asyncio", "threading"}
# one part of a door may use another; a door may not
DOOR_PARTS = {
    ("doors/console.py", "doors.screens"),
    ("doors/line.py", "doors.porter"),
    ("doors/line.py", "doors.peers"),
    ("doors/socket.py", "doors.peers"),
    ("doors/logstream.py", "doors.console"),
    ("doors/socket.py", "doors.line"),  # it is one, for operators
}


def modules(room: str) -> Iterator[Path]:
    yield from sorted((PACKAGE / room).rglob("*.py")) or [PACKAGE / f"{room}.py"]


def imports(path: Path) -> Iterator[str]:
    """The full names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                inner = PACKAGE.parent / Path(*node.module.split("."), f"{alias.name}.py")  # type: ignore[union-attr]
                yield f"{node.module}.{alias.name}" if inner.exists() else str(node.module)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_it_may(room: str) -> None:
    ours, others = ROOMS[room]
    for path in modules(room):
        name = path.relative_to(PACKAGE).as_posix()
        for imported in imports(path):
            top, _, inner = imported.partition(".")
            if top == OURS and inner:
                part = (name, inner) in DOOR_PARTS
                assert part or inner.split(".")[0] in ours, f"{name} imports {imported}"
            elif top != OURS:
                assert top in others or top in STANDARD, f"{name} imports {imported}"


@pytest.mark.parametrize("path", list(modules("core")), ids=lambda path: path.name)
def test_the_core_has_no_clock_no_chance_and_no_system(path: Path) -> None:
    tops = {imported.partition(".")[0] for imported in imports(path)}
    assert not tops & NEVER_IN_CORE
    assert "precis_i18n" not in tops or path.name in {"names.py", "passwords.py"}
    assert "homoglyphs_fork" not in tops or path.name == "likeness.py"


def test_no_module_level_reactor_outside_the_two_programs() -> None:
    for path in PACKAGE.rglob("*.py"):
        body = ast.parse(path.read_text()).body
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module == "twisted.internet":
                assert "reactor" not in {alias.name for alias in node.names}, path


def test_every_room_of_the_house_is_ruled() -> None:
    there = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    free = {"__init__", "__pycache__", "service"}  # service alone knows every part
    assert there - free == set(ROOMS)
