"""The examples of docs/people.md, one after the other, and what the page says of commands.

In an example ``ann>`` is what ann types and ``ann<`` a line that she reads, after others that are
not shown; ``console`` is where the daemon was started. What differs each time is not compared:
hours, seconds and recovery codes.
"""

import re
from contextlib import ExitStack
from pathlib import Path

from tests.live.daemon import Daemon, Talker, daemon
from twisted_chat.core.requests import Right
from twisted_chat.speech.commands import COMMANDS

PAGE = (Path(__file__).parents[2] / "docs" / "people.md").read_text()
EXAMPLES = re.findall(r"```chat(.*)\n((?:.+\n)+?)```", PAGE)
"""The options of the daemon, and the lines."""

VARIES = re.compile(r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d|\b\d+[sm]\b|[0-9a-z]{4}(?:-[0-9a-z]{4}){3}")
ROWS = {
    "everyone": Right.GUEST,
    "who owns her name": Right.MEMBER,
    "an operator of the room": Right.HOST,
    "the owner of the room": Right.OWNER,
    "an operator of the chat": Right.OPERATOR,
}


def pattern(line: str) -> str:
    """What a line of the page has to look like here."""
    return r"\S+(?: \S+)?".join(re.escape(part) for part in VARIES.split(line)) + r"\r?\n"


class Example:
    """Who is there, by name: the console, and whoever else has a line."""

    def __init__(self, chat: Daemon, stack: ExitStack) -> None:
        self._chat = chat
        self._stack = stack
        self._people: dict[str, Talker] = {}

    def types(self, name: str, line: str) -> None:
        if name == "console":
            self._chat.type(line)
        else:
            self._person(name).say(line)

    def reads(self, name: str, line: str) -> None:
        if name == "console":
            self._chat.prints(pattern(line))
            return
        person = self._person(name)
        while not (found := re.search(pattern(line), person.text)):
            data = person.socket.recv(65536)
            assert data, f"{name} does not read {line!r} but {person.text!r}"
            person.text += data.decode()
        person.text = person.text[found.end() :]

    def _person(self, name: str) -> Talker:
        if name not in self._people:
            self._people[name] = self._stack.enter_context(Talker(self._chat.port))
        return self._people[name]


def test_the_examples_of_the_page_happen_as_it_says(tmp_path: Path) -> None:
    for options, text in EXAMPLES:
        with daemon(tmp_path, *options.split()) as chat, ExitStack() as stack:
            example = Example(chat, stack)
            for line in text.splitlines():
                name, kind, rest = re.fullmatch(r"(\w+)([<>]) (.*)", line).groups()  # type: ignore[union-attr]
                (example.types if kind == ">" else example.reads)(name, rest)


def test_every_example_of_the_page_is_run() -> None:
    assert PAGE.count("```") == 2 * len(EXAMPLES) > 10


def test_its_table_of_rights_is_that_of_the_commands() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", PAGE, re.MULTILINE)
    said = {
        command: ROWS[who]
        for who, commands in rows
        if who in ROWS
        for command in re.findall(r"`/([a-z]+)`", commands)
    }
    assert said == {command.name: command.request.needs for command in COMMANDS}


def test_it_names_no_command_that_is_not_there() -> None:
    named = set(re.findall(r"`/([a-z]+)", PAGE))
    assert named <= {command.name for command in COMMANDS} | {"exit"}
