"""A server that wants to drive the terminals of those who come: all that it says has sequences in
it, in every field."""

import json
import socket
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any

EVIL = (
    "\x1b]0;OWNED\x07\x1b[2J\x1b[31m\x9b6n\x1bPq\x1b\\\x1b]52;c;eA==\x07"
    "\u202e\r\b\x0e\x85\x1b[?1049h"
)

Said = dict[str, Any]


def evil(text: str) -> str:
    return f"{EVIL}{text}{EVIL}"


def hello() -> Said:
    return {"type": "hello", "protocol": 1, "server": evil("x"), "limit": 4096, "confirm": False}


def room(name: str) -> str:
    """It begins as a room does: or it would be none."""
    return f"#{name}{EVIL}"


def welcomed(tag: int, name: str) -> Said:
    who = {"name": name, "others": [evil("bob")], "count": 1, "owned": False}
    past = {"since": 1.0, "missed": 2, "naming": 1, "last": 0, "waiting": 0}
    where = {"room": room("lobby"), "rooms": [room("lobby"), room("elsewhere")]}
    words = {"motd": evil("motd"), "kept": evil("forever")}
    return {"type": "welcomed", "tag": tag, **who, **past, **where, **words}


def entries(me: str) -> Iterator[Said]:
    """One of each kind."""
    kinds: list[Said] = [
        {"type": "said", "text": evil(f"hi {me}")},
        {"type": "acted", "text": evil("waves")},
        {"type": "pasted", "text": f"{evil('one')}\n{evil('two')}", "number": 7},
        {"type": "told", "to": me, "text": evil("psst"), "room": f"@{me}"},
        {"type": "topicset", "topic": evil("topic")},
        {"type": "invited", "to": me, "into": evil("#lab")},
        {"type": "joined"},
        {"type": "left", "why": evil("why")},
        {"type": "renamed", "to": evil("cy")},
        {"type": "redacted", "by": evil("cy")},
        {"type": "announced", "text": evil("tea"), "room": "*"},
        {"type": "closing", "seconds": 60, "reason": evil("why"), "room": "*"},
        {"type": "acted", "text": "is back"},
        {"type": "said", "text": "the end", "room": room("elsewhere")},
    ]
    now = int(time.time() * 1e6)
    for number, kind in enumerate(kinds):
        entry = {"id": now + number, "time": now / 1e6, "room": room("lobby"), "name": evil("bob")}
        yield {**entry, **kind}


def answers(asked: Said) -> Iterator[Said]:
    tag = asked["tag"]
    match asked["do"]:
        case "enter":
            yield welcomed(tag, asked["name"])
            yield {"type": "topicis", "room": room("lobby"), "topic": evil("topic")}
            yield from entries(asked["name"])
        case "who":
            person = {"name": evil("bob"), "here": True, "idle": 0, "away": evil("lunch")}
            people = [{**person, "owned": False, "devices": 1}]
            yield {"type": "people", "tag": tag, "room": "", "people": people, "count": 1}
        case "help":
            line = {"usage": evil("/msg"), "help": evil("tell")}
            yield {"type": "helptext", "tag": tag, "lines": [line]}
        case "quit":
            yield {"type": "goodbye", "tag": tag, "why": ""}
        case _:
            yield {"type": "refused", "tag": tag, "code": evil("muted"), "text": evil("no")}


def serve(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection, suppress(OSError):
        lines = connection.makefile("rb")
        for line in lines:
            said = [hello()] if line == b"/json\n" else answers(json.loads(line))
            for one in said:
                connection.sendall(json.dumps(one).encode() + b"\n")


@contextmanager
def hostile_server() -> Generator[int, None, None]:
    """Its port; it takes one connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
