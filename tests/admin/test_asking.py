"""What a script asks, and what it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO

import pytest

from tests.admin.daemon import Daemon
from tests.times import TIMES
from twisted_chat.admin.answering import from_lines
from twisted_chat.admin.asking import LAST, Asking
from twisted_chat.admin.wire import Failed, Status
from twisted_chat.core.requests import (
    Announce,
    Kick,
    Names,
    Request,
    Shutdown,
    Stats,
)
from twisted_chat.speech.questions import Question

GOODBYE = {"type": "goodbye", "why": "", "tag": LAST}
ENTRY = {"id": 1, "time": 1e-6, "room": "*"}


def nobody(question: Question) -> str:
    """Of whom nothing is asked in this test."""
    raise AssertionError(question)


@dataclass
class Script:
    daemon: Daemon
    asking: Asking
    out: BytesIO
    errors: StringIO

    def reads(self) -> str:
        return self.out.getvalue().decode()


@pytest.fixture(params=[False])
def script(daemon: Daemon, request: pytest.FixtureRequest) -> Script:
    out, errors = BytesIO(), StringIO()
    return Script(daemon, Asking(TIMES, out, errors, request.param), out, errors)


as_json = pytest.mark.parametrize("script", [True], indirect=True)


def test_an_answer_is_shown_as_the_console_shows_it(script: Script) -> None:
    script.daemon.says({"type": "namelist", "tag": 1, "room": "#lobby", "names": ["a"], "count": 1})
    script.asking.ask(script.daemon.wire, Names())
    assert script.reads() == "-- 1 is here: a\n"
    assert script.asking.status == Status.DONE


@as_json
def test_an_answer_as_json_is_the_line_that_came(script: Script) -> None:
    script.daemon.sends(b'{"type":"done","tag":1,"text":"caf\xc3\xa9","newer":true}\n')
    script.asking.ask(script.daemon.wire, Names())
    assert script.reads() == '{"type":"done","tag":1,"text":"café","newer":true}\n'


def test_what_others_do_meanwhile_is_not_shown(script: Script) -> None:
    script.daemon.says({"type": "joined", "name": "ann", **ENTRY}, {"type": "done", "text": "a"})
    script.daemon.says({"type": "done", "text": "well", "tag": 1})
    script.asking.ask(script.daemon.wire, Names())
    assert script.reads() == "-- well\n"


def test_an_entry_of_ours_is_an_answer_and_shows_nothing(script: Script) -> None:
    script.daemon.says({"type": "announced", "text": "tea", "tag": 1, **ENTRY})
    script.asking.ask(script.daemon.wire, Announce("tea"))
    assert (script.reads(), script.asking.status) == ("", Status.DONE)


@as_json
def test_an_entry_of_ours_is_shown_as_json(script: Script) -> None:
    script.daemon.says({"type": "announced", "text": "tea", "tag": 1, **ENTRY})
    script.asking.ask(script.daemon.wire, Announce("tea"))
    assert '"announced"' in script.reads()


def test_what_is_refused_is_told_apart_from_answers(script: Script) -> None:
    script.daemon.says({"type": "refused", "code": "not-here", "text": "no\x1b[2J bob", "tag": 1})
    script.asking.ask(script.daemon.wire, Kick("bob"))
    assert (script.reads(), script.errors.getvalue()) == ("", "twisted-chat-admin: no bob\n")
    assert script.asking.status == Status.REFUSED


@as_json
def test_what_is_refused_is_json_too(script: Script) -> None:
    script.daemon.says({"type": "refused", "code": "not-here", "text": "no bob", "tag": 1})
    script.asking.ask(script.daemon.wire, Kick("bob"))
    assert '"not-here"' in script.reads()
    assert "no bob" in script.errors.getvalue()


def test_no_answer_in_time_is_told(script: Script) -> None:
    with pytest.raises(Failed) as failed:
        script.asking.ask(script.daemon.wire, Stats())
    assert failed.value.status == Status.NO_ANSWER


def test_an_end_before_the_answer_is_told(script: Script) -> None:
    script.daemon.hangs_up()
    with pytest.raises(Failed) as failed:
        script.asking.ask(script.daemon.wire, Stats())
    assert failed.value.status == Status.NO_CONNECTION


def test_all_that_is_answered_to_one_request_is_shown(script: Script) -> None:
    script.daemon.says({"type": "done", "text": "one", "tag": 1})
    script.asking.ask(script.daemon.wire, Stats())
    script.daemon.says({"type": "done", "text": "two", "tag": 1}, GOODBYE)
    script.asking.leave(script.daemon.wire)
    assert script.reads() == "-- one\n-- two\n"
    assert [one["do"] for one in script.daemon.heard()] == ["stats", "quit"]


def test_a_daemon_that_has_ended_meanwhile_is_left_in_peace(script: Script) -> None:
    script.daemon.says({"type": "done", "text": "shutting down", "tag": 1})
    script.daemon.hangs_up()
    script.asking.ask(script.daemon.wire, Shutdown())
    script.asking.leave(script.daemon.wire)
    assert script.asking.status == Status.DONE


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"/kikc bob", "There is no /kikc. Did you mean /kick?"),
        (b"/kick", "That is not complete. Type: /kick [--dry-run | --yes] [#ROOM] TARGET [REASON]"),
        (b"/kick \xff", "not sent: that line is not UTF-8"),
    ],
)
def test_what_makes_no_sense_is_told_and_not_sent(script: Script, line: bytes, told: str) -> None:
    assert script.asking.read(line, nobody) is None
    assert told in script.errors.getvalue()
    assert script.asking.status == Status.USAGE


@pytest.mark.parametrize(
    ("line", "request_"),
    [(b"/kick bob", Kick("bob")), (b"tea", Announce("tea")), (b"/say tea", Announce("tea"))],
)
def test_a_line_is_read_as_at_the_console(script: Script, line: bytes, request_: Request) -> None:
    assert script.asking.read(line, nobody) == request_


def test_lines_are_asked_one_after_another_until_somebody_leaves(script: Script) -> None:
    def typed() -> Iterator[bytes]:
        script.daemon.says({"type": "done", "text": "one", "tag": 1})
        yield from (b"/names\n", b"\n", b"/nmaes\n")
        script.daemon.says({"type": "done", "text": "two", "tag": 2})
        yield b"/stats\r\n"
        script.daemon.says(GOODBYE)
        yield from (b"exit\n", b"/stats\n")

    script.asking.lines(script.daemon.wire, typed(), nobody)
    assert script.reads() == "-- one\n-- two\n"
    assert [one["do"] for one in script.daemon.heard()] == ["names", "stats", "quit"]
    assert script.asking.status == Status.USAGE


def test_a_password_is_the_next_lines_and_nothing_is_said_of_it(script: Script) -> None:
    def typed() -> Iterator[bytes]:
        yield b"/passwd ann\n"
        script.daemon.says({"type": "done", "text": "well", "tag": 1})
        yield from (b"/me is a secret\r\n", b"/me is a secret\n")
        script.daemon.says({"type": "done", "text": "well", "tag": 2})
        yield b"/names\n"
        script.daemon.says(GOODBYE)

    lines = typed()
    script.asking.lines(script.daemon.wire, lines, from_lines(lines))
    [passwd, names, quit_] = script.daemon.heard()
    assert passwd == {"do": "passwd", "tag": 1, "name": "ann", "new": "/me is a secret"}
    assert (names["do"], quit_["do"]) == ("names", "quit")


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([b"one horse\n", b"two horses\n"], "The two are not the same."),
        ([b"\n"], "Nothing was changed."),
        ([b"\xff\n"], "that line is not UTF-8"),
        ([], "the input ended, and this was not answered: A new password"),
        ([b"one horse\n"], "this was not answered: The same once more\n"),
    ],
)
def test_an_answer_that_is_none_is_told_and_nothing_is_asked_for(
    script: Script, answers: list[bytes], told: str
) -> None:
    assert script.asking.read(b"/passwd ann", from_lines(iter(answers))) is None
    assert told in script.errors.getvalue()
    assert script.asking.status == Status.USAGE


def test_the_lines_after_an_answer_that_is_none_are_read_as_ever(script: Script) -> None:
    lines = iter([b"/passwd ann\n", b"one horse\n", b"two horses\n", b"exit\n"])
    script.daemon.says(GOODBYE)
    script.asking.lines(script.daemon.wire, lines, from_lines(lines))
    assert [one["do"] for one in script.daemon.heard()] == ["quit"]


def test_the_status_is_that_of_the_first_thing_that_was_not_done(script: Script) -> None:
    script.asking.fail(Failed("no", Status.REFUSED))
    script.asking.fail(Failed("lost", Status.NO_CONNECTION))
    assert script.asking.status == Status.REFUSED
