"""An operator at a terminal, without either."""

import json
from typing import Any

import pytest

from tests.times import TIMES
from twisted_chat.admin.desk import GREETING, IN_FLIGHT, Desk
from twisted_chat.admin.wire import Reply
from twisted_chat.core import refusals
from twisted_chat.core.requests import Announce, ChangePassword, Leave, Names, Request, Shutdown
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.lines_json import hear

ENTRY: dict[str, Any] = {"id": 1, "time": 1e-6, "room": "*"}
DONE: dict[str, Any] = {"type": "done", "text": "well"}


class Operator:
    """Somebody at a desk, what she asked for, and her screen."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self._screen = b""
        self.desk = Desk(TIMES, self._ask, self._show, lambda: 80)

    def types(self, text: str) -> None:
        self.desk.pressed(text.encode())

    def is_told(self, tag: Tag = None, **message: Any) -> None:
        line = json.dumps(message | ({} if tag is None else {"tag": tag})).encode()
        heard = hear(line)
        assert heard is not None
        self.desk.told(Reply(line, heard))

    def sees(self) -> str:
        """The screen since she looked last, without what a prompt does to it."""
        screen, self._screen = self._screen, b""
        return screen.decode().replace("\r\x1b[K", "|")

    def _ask(self, request: Request, tag: Tag) -> None:
        if request == Announce("too long"):
            raise refusals.line_too_long(7)
        self.asked.append(request)

    def _show(self, data: bytes) -> None:
        self._screen += data


@pytest.fixture
def operator() -> Operator:
    return Operator()


def test_she_is_greeted_and_prompted(operator: Operator) -> None:
    assert operator.sees() == f"|{GREETING}|> "


def test_what_she_types_is_read_as_at_the_console(operator: Operator) -> None:
    operator.types("tea is ready\r/names\rshutdown\r")
    assert operator.asked == [Announce("tea is ready"), Names(), Shutdown()]


def test_the_line_being_typed_stays_whole(operator: Operator) -> None:
    operator.types("half a li")
    operator.sees()
    operator.is_told(type="said", name="ann", text="hello", **ENTRY)
    assert operator.sees() == "|[ann] hello\n|> half a li"


def test_what_she_said_stands_there_once(operator: Operator) -> None:
    operator.types("tea\r")
    operator.sees()
    operator.is_told(1, type="announced", text="tea", **ENTRY)
    assert operator.sees() == ""


def test_an_answer_is_shown(operator: Operator) -> None:
    operator.sees()
    operator.is_told(1, **DONE)
    assert operator.sees() == "|-- well\n|> "


@pytest.mark.parametrize(
    ("line", "told"), [("/nmaes", "-- There is no /nmaes."), ("too long", "-- not sent: ")]
)
def test_what_cannot_be_asked_is_told(operator: Operator, line: str, told: str) -> None:
    operator.types(f"{line}\r")
    assert told in operator.sees()
    assert operator.asked == []


@pytest.mark.parametrize("keys", ["exit\r", "/quit\r", "\x04", ""])
def test_she_may_leave(operator: Operator, keys: str) -> None:
    operator.types(keys)
    assert operator.asked == [Leave()]
    assert not operator.desk.over
    operator.is_told(1, type="goodbye", why="")
    assert operator.desk.over


def test_the_end_of_the_daemon_is_the_end(operator: Operator) -> None:
    operator.is_told(type="closing", seconds=30, reason="", **ENTRY)
    assert not operator.desk.over
    operator.is_told(type="closing", seconds=0, reason="new disk", **ENTRY)
    assert operator.desk.over


def test_of_a_long_text_that_is_pasted_only_so_much_is_asked_at_once(operator: Operator) -> None:
    operator.types("tea\r" * IN_FLIGHT)
    assert operator.desk.busy
    operator.is_told(1, **DONE)
    assert not operator.desk.busy


# secrets

NEW = "A new password, of at least 8 characters; an empty line changes nothing:"
AGAIN = "The same once more:"


def test_a_new_password_is_asked_for_twice_and_not_shown(operator: Operator) -> None:
    operator.types("/passwd ann\r")
    assert operator.sees().endswith(f"|-- {NEW}\n|> |> ")
    operator.types("/me is a secret\r")
    assert operator.sees() == f"|> \n|> |-- {AGAIN}\n|> |> "
    operator.types("/me is a secret\r")
    assert operator.sees() == "|> \n|> |> "
    assert operator.asked == [ChangePassword("ann", "", "/me is a secret")]


def test_after_the_answers_lines_are_read_and_shown_again(operator: Operator) -> None:
    operator.types("/passwd ann\rone horse\rone horse\r")
    operator.sees()
    operator.types("/names\r")
    assert operator.asked[1:] == [Names()]
    assert "> /names" in operator.sees()


def test_keys_that_come_all_at_once_are_neither_shown_nor_had_again(operator: Operator) -> None:
    operator.types("/passwd ann\rone horse\rone horse\r")
    operator.types("\x1b[A")
    screen = operator.sees()
    assert "horse" not in screen
    assert screen.endswith("> /passwd ann")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("one horse\rtwo horses\r", "-- The two are not the same."),
        ("\r", "-- Nothing was changed."),
        ("one horse\r\r", "-- The two are not the same."),
    ],
)
def test_an_answer_that_is_none_changes_nothing(
    operator: Operator, answers: str, told: str
) -> None:
    operator.types(f"/passwd ann\r{answers}")
    assert told in operator.sees()
    assert operator.asked == []
    operator.types("tea\r")
    assert operator.asked == [Announce("tea")]


def test_what_arrives_meanwhile_leaves_the_secret_unseen(operator: Operator) -> None:
    operator.types("/passwd ann\rone ho")
    operator.sees()
    operator.is_told(type="said", name="ann", text="hello", **ENTRY)
    assert operator.sees() == "|[ann] hello\n|> "


def test_a_question_may_be_left_with_the_console(operator: Operator) -> None:
    operator.types("/passwd ann\r\x04")
    assert operator.asked == [Leave()]
