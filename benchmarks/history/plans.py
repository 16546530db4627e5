"""How SQLite goes about each statement of stores/reading.py, as that module itself asks it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

from benchmarks.history.building import Built
from benchmarks.history.made import Made
from twisted_chat.core.events import EVERYONE, LOBBY
from twisted_chat.core.history import END, Query, Span
from twisted_chat.stores import database, reading
from twisted_chat.stores.reading import Comer

VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+\b")


def plans(built: Built) -> Iterator[tuple[str, list[str]]]:
    """Each statement with a ? for each value, and the steps of its plan."""
    with closing(database.connect(built.path)) as connection:
        database.for_reading(connection)
        for shape, statement in statements(connection, built).items():
            steps = connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
            yield shape, [step[-1] for step in steps]


def statements(connection: sqlite3.Connection, built: Built) -> dict[str, str]:
    """By their shape, one of each. What FTS5 asks by itself comes as a comment."""
    heard: list[str] = []
    connection.set_trace_callback(heard.append)
    ask_all(connection, built)
    connection.set_trace_callback(None)
    asked = (statement for statement in heard if statement.startswith("SELECT"))
    return {VALUE.sub("?", statement): statement for statement in asked}


def ask_all(connection: sqlite3.Connection, built: Built) -> None:
    """What a daemon reads for those who come, look and read on."""
    made, logs = Made(), (LOBBY, EVERYONE)
    reading.run(connection, Span(LOBBY, built.left, END))
    reading.place(connection, Comer(logs, "back0", 20, built.last, "written"))
    for query in (
        Query(logs),
        Query(logs, after=built.left, forward=True),
        Query(logs, text=made.words[0]),
        Query(logs, number=1),
        Query(logs, words=(made.words[0],), by=made.names[0], around=True),
    ):
        reading.look(connection, query)
