"""The console's dialect."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.speech.values import ANSWERS, EVENTS, NASTY, SPOKEN, answers, entries, lines_of
from tests.times import TIMES, at
from twisted_chat.core.events import Announced, Entry, Joined, Pasted, Said
from twisted_chat.core.outcomes import Answer, Figures, Goodbye, HelpText
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Announce, Kick, Leave, Request, Say, Shutdown, Stats, Tell
from twisted_chat.speech.clean import clean
from twisted_chat.speech.console import ConsoleDialect


def read(line: str) -> Request | None:
    asked = ConsoleDialect(TIMES).read(line.encode(), naming=False)
    return asked[0] if asked else None


def are_clean_lines(data: bytes) -> bool:
    *lines, rest = data.decode().split("\n")
    return rest == "" and all(clean(line) == line for line in lines)


@pytest.mark.parametrize(
    ("line", "request_"),
    [
        ("hello all", Announce("hello all")),
        ("  hello ", Announce("hello")),
        ("/say exit", Announce("exit")),
        ("/say #lab hi", Say("hi", "#lab")),
        ("#lab hi", Announce("#lab hi")),
        ("/kick bob", Kick("bob", "")),
        ("/stats", Stats()),
        ("/sta", Stats()),
        ("/msg ann hi", Tell("ann", "hi")),
        ("exit", Leave()),
        (" EXIT ", Leave()),
        ("/quit", Leave()),
        ("shutdown", Shutdown("", "")),
        ("Shutdown 10m", Shutdown("10m", "")),
        ("shutdown 30 back soon", Shutdown("30", "back soon")),
        ("shutdown cancel", Shutdown("cancel", "")),
        ("/shutdown 1h", Shutdown("1h", "")),
        ("exit all", Announce("exit all")),
        ("shutdowns are rare", Announce("shutdowns are rare")),
        ("", None),
        ("   ", None),
        ("\x1b[m", None),
    ],
)
def test_a_line_of_the_operators_asks_for_this(line: str, request_: Request | None) -> None:
    assert read(line) == request_


@pytest.mark.parametrize("line", ["exit", "Exit", "/quit", "/exit", "/qui"])
def test_where_the_chat_was_started_to_leave_is_to_end_it(line: str) -> None:
    dialect = ConsoleDialect(TIMES, leaving=Shutdown())
    assert dialect.read(line.encode(), naming=False) == (Shutdown(), None)


@pytest.mark.parametrize("line", ["shutdown the old server please", "Shutdown at ten"])
def test_a_sentence_that_begins_with_shutdown_ends_no_chat(line: str) -> None:
    with pytest.raises(Refusal, match="Not said, not done") as caught:
        read(line)
    assert caught.value.code == "ask-plainly"
    assert f"/say {line}" in caught.value.sentence


@pytest.mark.parametrize("line", ["register hunter22", ".identify hunter22", "passwd ann hunter22"])
def test_a_line_that_looks_like_a_password_is_not_said_to_all(line: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(line)
    assert caught.value.code == "password-in-line"


def test_what_is_not_utf8_is_refused() -> None:
    with pytest.raises(Refusal, match="not UTF-8"):
        ConsoleDialect(TIMES).read(b"gr\xfcn", naming=False)


@given(st.binary(max_size=60) | NASTY.map(str.encode), st.booleans())
def test_any_bytes_are_asked_refused_or_nothing(line: bytes, naming: bool) -> None:
    for beginning in (b"", b"/", b"shutdown ", b"/kick "):
        with suppress(Refusal):
            asked = ConsoleDialect(TIMES).read(beginning + line, naming)
            assert asked is None or asked[1] is None


@given(SPOKEN.map(str.strip).filter(lambda text: text and text[0] != "/"))
def test_a_bare_line_is_said_to_all(text: str) -> None:
    line = f"now: {text}"
    assert read(line) == Announce(line)


def test_what_somebody_said_is_shown_with_her_name_in_brackets() -> None:
    dialect = ConsoleDialect(TIMES)
    assert dialect.line(Entry(1, "#lobby", Said("ann", "hi"))) == b"[ann] hi\n"
    assert dialect.line(Entry(1, "#lobby", Joined("ann"))) == b"-- ann joined\n"


def test_what_happens_in_another_room_than_the_lobby_is_shown_with_it() -> None:
    told = ConsoleDialect(TIMES).line(Entry(1, "#lab", Joined("ann")))
    assert told == b"-- ann joined #lab\n"


def test_what_was_said_before_is_shown_with_its_time() -> None:
    earlier = ConsoleDialect(TIMES).earlier(Entry(at(3600), "#lobby", Said("ann", "a\x1b[2Jb")))
    assert earlier == b"18:30 ann: ab\n"


def test_the_operator_does_not_read_again_what_she_typed() -> None:
    assert ConsoleDialect(TIMES).own(Entry(1, "*", Announced("hi")), None) == b""


def test_the_operator_sees_each_of_many_who_come() -> None:
    dialect = ConsoleDialect(TIMES)
    came = [Entry(number, "#lobby", Joined(f"p{number}")) for number in range(20)]
    lines = [dialect.line(entry) for entry in came]
    assert dialect.crowd(came, lines) == b"".join(lines)


def test_an_answer_is_lines_that_end_in_lf() -> None:
    farewell = ConsoleDialect(TIMES).answer(Goodbye("You were kicked."), None)
    assert farewell == b"-- You were kicked.\nGoodbye!\n"


@settings(max_examples=300)
@given(entries(NASTY, tuple(kind for kind in EVENTS if kind is not Said)) | entries(SPOKEN))
def test_every_event_is_one_clean_line_and_a_paste_some(entry: Entry) -> None:
    line = ConsoleDialect(TIMES).line(entry)
    assert are_clean_lines(line)
    assert isinstance(entry.event, Pasted) or line.count(b"\n") == lines_of(entry.event)


def test_what_somebody_said_is_clean_at_the_console_wherever_it_came_from() -> None:
    shown = ConsoleDialect(TIMES).line(Entry(1, "#lobby", Said("ann", "a\x1b[2Jb\rc")))
    assert shown == b"[ann] abc\n"


@settings(max_examples=300)
@given(answers(NASTY, tuple(kind for kind in ANSWERS if kind not in (HelpText, Figures))))
def test_every_answer_is_clean_lines(answer: Answer) -> None:
    assert are_clean_lines(ConsoleDialect(TIMES).answer(answer, None))
