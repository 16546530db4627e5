"""The text dialect, for people."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.speech.values import ANSWERS, EVENTS, NASTY, SPOKEN, answers, any_of, entries, lines_of
from tests.times import TIMES, at
from twisted_chat.core.events import (
    Acted,
    Announced,
    Closing,
    Connected,
    Disconnected,
    Entry,
    Event,
    Invited,
    Joined,
    Left,
    Pasted,
    Renamed,
    Said,
    Sent,
    Told,
    TurnedAway,
)
from twisted_chat.core.history import MOST, Page
from twisted_chat.core.outcomes import (
    Answer,
    Done,
    Earlier,
    Figures,
    Gone,
    Goodbye,
    Hello,
    HelpLine,
    HelpText,
    NameList,
    Paste,
    People,
    Person,
    Refused,
    Skipped,
    Slowed,
    Welcomed,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Leave, Names, Say
from twisted_chat.speech.clean import clean
from twisted_chat.speech.entries import CROWD, SHOWN, WHOLE
from twisted_chat.speech.text import TextDialect

RENDERED = tuple(kind for kind in ANSWERS if kind not in (HelpText, Figures))
"""Answers of which every one has a line; the other two are made with one, below."""


def shown(event: Event, confirm: bool = False) -> str:
    return TextDialect(TIMES, confirm).line(Entry(1, "#lobby", event)).decode()


def own(event: Event, confirm: bool = False) -> str:
    return TextDialect(TIMES, confirm).own(Entry(1, "#lobby", event), None).decode()


def answered(answer: Answer) -> str:
    return TextDialect(TIMES).answer(answer, None).decode()


def are_clean_lines(data: bytes) -> bool:
    """Whole lines that end in CR LF, without anything in them that acts on a terminal."""
    *lines, rest = data.decode().split("\r\n")
    return rest == "" and all(clean(line) == line for line in lines)


# reading


@given(st.binary(max_size=60) | NASTY.map(str.encode), st.booleans())
def test_any_bytes_are_asked_refused_or_nothing(line: bytes, naming: bool) -> None:
    for beginning in (b"", b"/", b"/msg ", b"/help ", b"//"):
        with suppress(Refusal):
            asked = TextDialect(TIMES).read(beginning + line, naming)
            assert asked is None or asked[1] is None


@given(SPOKEN.map(str.strip).filter(lambda text: text and text[0] not in "/#"))
def test_a_line_is_said(text: str) -> None:
    line = f"now: {text}"
    assert TextDialect(TIMES).read(line.encode(), naming=False) == (Say(line), None)


def test_a_line_that_begins_with_a_room_is_said_there() -> None:
    assert TextDialect(TIMES).read(b"#lab hi", naming=False) == (Say("hi", "#lab"), None)
    assert TextDialect(TIMES).read(b"#lab", naming=False) == (Say("#lab"), None)


def test_a_line_that_looks_like_a_password_is_not_said() -> None:
    with pytest.raises(Refusal) as caught:
        TextDialect(TIMES).read(b" /register hunter22", naming=False)
    assert caught.value.code == "password-in-line"
    assert TextDialect(TIMES).read(b"/say  /register hunter22", naming=False) is not None


@pytest.mark.parametrize("before", ["/me", "/msg bob", "/reply", "/topic", "/topic #lab", "#lab"])
def test_a_password_is_as_little_for_one_person_or_for_another_room(before: str) -> None:
    with pytest.raises(Refusal) as caught:
        TextDialect(TIMES).read(f"{before} .register hunter22".encode(), naming=False)
    assert caught.value.code == "password-in-line"


@pytest.mark.parametrize("line", ["exit", "EXIT", "Exit", "/exit", "/quit", "/Quit"])
@pytest.mark.parametrize("naming", [False, True])
def test_exit_leaves_in_any_case_and_at_any_time(line: str, naming: bool) -> None:
    assert TextDialect(TIMES).read(line.encode(), naming) == (Leave(), None)


@pytest.mark.parametrize("line", ["exit now", "exits", "let's exit"])
def test_a_line_with_exit_in_it_is_said(line: str) -> None:
    assert TextDialect(TIMES).read(line.encode(), naming=False) == (Say(line), None)


@pytest.mark.parametrize("line", [b"", b" ", b"\t", b"\x1b[31m", "\u3000".encode()])
def test_an_empty_line_asks_for_nothing(line: bytes) -> None:
    assert TextDialect(TIMES).read(line, naming=False) is None


def test_two_slashes_say_a_line_that_begins_with_one() -> None:
    assert TextDialect(TIMES).read(b"//etc/passwd", naming=False) == (Say("/etc/passwd"), None)


def test_while_a_name_is_asked_for_a_line_is_one_and_a_command_is_not() -> None:
    dialect = TextDialect(TIMES)
    assert dialect.read(b"ann", naming=True) == (Enter("ann"), None)
    assert dialect.read(b"", naming=True) == (Enter(""), None)
    assert dialect.read(b"/names", naming=True) == (Names(), None)


def test_what_is_not_utf8_is_refused_in_words() -> None:
    with pytest.raises(Refusal, match="not UTF-8") as caught:
        TextDialect(TIMES).read("grün".encode("latin-1"), naming=False)
    assert caught.value.code == "not-utf8"


def test_colours_are_taken_out_of_what_is_said() -> None:
    line = b"a\x1b[31mb\x1b[K\x00\x1b[0mc"
    assert TextDialect(TIMES).read(line, naming=False) == (Say("abc"), None)


@pytest.mark.parametrize(
    "line", ["a\x1b[2Jb", "a\u202eb", "/msg bob a\rb", "/join #a\x1bb", "//\x9b2J"]
)
@pytest.mark.parametrize("naming", [False, True])
def test_what_acts_on_a_terminal_is_refused_wherever_it_stands(line: str, naming: bool) -> None:
    with pytest.raises(Refusal) as caught:
        TextDialect(TIMES).read(line.encode(), naming)
    assert caught.value.code == "not-text"


# what people see


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Said("ann", "hi"), "ann: hi"),
        (Acted("ann", "waves"), "* ann waves"),
        (Told("ann", "bob", "psst"), "[ann] psst"),
        (Announced("hello"), "Server: hello"),
        (Joined("ann"), "-- ann joined"),
        (Left("ann", ""), "-- ann left"),
        (Left("ann", "kicked: loud"), "-- ann left (kicked: loud)"),
        (Renamed("ann", "zoe"), "-- ann is zoe now"),
        (Closing(0.0, ""), "-- Server is shutting down."),
        (Closing(0.0, "backup"), "-- Server is shutting down. backup"),
        (Closing(90.0, ""), "-- Server is shutting down in 1m30s."),
        (Closing(90.0, "backup"), "-- Server is shutting down in 1m30s: backup"),
        (Closing(None, ""), "-- Server is not shutting down after all."),
        (Closing(None, "sorry"), "-- Server is not shutting down after all: sorry"),
        (Connected(7, "1.2.3.4"), "[NEW CONNECTION] 1.2.3.4 (#7)"),
        (Disconnected(7, "1.2.3.4", "lost"), "[DISCONNECTED] 1.2.3.4 (#7): lost"),
        (TurnedAway("1.2.3.4", "full"), "[TURNED AWAY] 1.2.3.4: full"),
        (
            TurnedAway("1.2.3.4", "full", 50),
            "[TURNED AWAY] 50 more, most of them from 1.2.3.4: full",
        ),
    ],
)
def test_what_happens_is_shown_so(event: Event, line: str) -> None:
    assert shown(event) == line + "\r\n"


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (
            Welcomed("ann", "#lobby", ("bob", "cy"), 2, ""),
            [
                "Hello ann, you are now connected!",
                "-- 2 others are here: bob, cy. /help shows what you can do; exit leaves.",
            ],
        ),
        (
            Welcomed("ann", "#lobby", ("bob",), 1, "be kind\nand short"),
            [
                "Hello ann, you are now connected!",
                "-- be kind",
                "-- and short",
                "-- 1 other is here: bob. /help shows what you can do; exit leaves.",
            ],
        ),
        (
            Welcomed("ann", "#lobby", (), 0, ""),
            [
                "Hello ann, you are now connected!",
                "-- nobody else is here. /help shows what you can do; exit leaves.",
            ],
        ),
        (
            People("#lobby", (Person("ann", 3600.0, 2.4), Person("bo", 60.0, 0.0)), 2),
            ["-- 2 are here", "--   ann  here 1h, idle 2s", "--   bo   here 1m, idle 0s"],
        ),
        (
            People("#lobby", (Person("ann", 1.0, 1.0),), 8),
            [
                "-- 8 are here",
                "--   ann  here 1s, idle 1s",
                "--   and 7 more: /who PREFIX shows those whose name begins so",
            ],
        ),
        (NameList("#lobby", ("ann",), 1), ["-- 1 is here: ann"]),
        (NameList("#lobby", ("ann", "bob"), 9), ["-- 9 are here: ann, bob and 7 more"]),
        (
            HelpText((HelpLine("/me TEXT", "do"), HelpLine("/q", "go"))),
            ["-- /me TEXT  do", "-- /q        go"],
        ),
        (Figures((("up for", "1h"), ("people", "7"))), ["-- up for  1h", "-- people  7"]),
        (Done("bob was kicked"), ["-- bob was kicked"]),
        (Done("motd: changed\nport: not"), ["-- motd: changed", "-- port: not"]),
        (Refused("not-here", "bob is not here."), ["-- bob is not here."]),
        (
            Slowed(2.5),
            ["-- slowly, please: your lines are read at 2.5 a second; none is lost"],
        ),
        (Skipped(213), ["-- 213 lines skipped (you were too slow)"]),
        (Earlier("#lobby"), ["-- earlier in #lobby, times are UTC:"]),
        (
            Gone("#lobby", at(86400)),
            ["-- what was said in #lobby before Wed 19:30 UTC is not kept any more"],
        ),
        (Gone("#lobby", 0), ["-- what was said in #lobby is not kept any more"]),
        (Hello(1, "a chat", 4096), ["-- a chat, protocol 1, lines of up to 4096 bytes"]),
        (Goodbye(""), ["Goodbye!"]),
        (Goodbye("You were kicked."), ["-- You were kicked.", "Goodbye!"]),
    ],
)
def test_an_answer_is_shown_so(answer: Answer, lines: list[str]) -> None:
    assert answered(answer) == "".join(line + "\r\n" for line in lines)


SAID = (
    Entry(at(86400 * 9), "#lobby", Said("ann", "hi")),
    Entry(at(3600), "#lobby", Acted("bob", "waves")),
    Entry(at(60), "*", Announced("tea")),
)


def test_a_page_is_the_lines_with_their_times_and_says_their_zone_once() -> None:
    assert answered(Page(SAID, (), False)).splitlines() == [
        "-- times are UTC:",
        "2025-11-11 19:30 ann: hi",
        "18:30 * bob waves",
        "19:29 Server: tea",
    ]


def test_a_page_that_is_not_the_last_names_the_command_for_the_next() -> None:
    assert answered(Page(SAID, (), True)).splitlines()[-1] == "-- /more shows more"


def test_what_a_search_found_is_marked_among_what_stands_around_it() -> None:
    page = Page(SAID, (SAID[1].id,), False)
    marks = [line[:2] for line in answered(page).splitlines()[1:]]
    assert marks == ["  ", "> ", "  "]


def missed(count: int, naming: int, since: float = at(86400) / 1e6) -> str:
    """The line after the welcome."""
    answer = Welcomed("ann", "#lobby", (), 0, "", "forever", since, count, naming, at())
    return answered(answer).splitlines()[3]


def test_who_comes_back_is_told_how_much_she_missed_and_how_to_read_it() -> None:
    assert missed(2, 0) == "-- since Wed 19:30 UTC: 2 messages. /catchup shows them"


@pytest.mark.parametrize(
    ("count", "naming", "told"),
    [
        (1, 0, "1 message. /catchup shows it"),
        (1, 1, "1 message, 1 names you. /catchup shows it"),
        (7, 2, "7 messages, 2 name you. /catchup shows them"),
        (MOST, 0, "1000 messages. /catchup shows them"),
        (
            *(MOST + 1, MOST + 1),
            "more than 1000 messages, more than 1000 name you. /catchup shows them",
        ),
    ],
)
def test_what_was_missed_is_counted_in_words(count: int, naming: int, told: str) -> None:
    assert missed(count, naming).endswith(f": {told}")


def test_who_missed_nothing_is_told_nothing_about_it() -> None:
    answer = Welcomed("ann", "#lobby", (), 0, "", "forever", 5.0, 0, 0, at())
    assert answered(answer).splitlines()[1:] == [
        "-- what is said here is kept forever",
        "-- nobody else is here. /help shows what you can do; exit leaves.",
    ]


def test_who_enters_reads_the_motd_and_for_how_long_what_she_says_is_kept() -> None:
    answer = Welcomed("ann", "#lobby", (), 0, "be kind", "for 30d")
    assert answered(answer).splitlines()[1:3] == [
        "-- be kind",
        "-- what is said here is kept for 30d",
    ]


def test_what_was_said_before_has_its_time_and_is_not_taken_for_new() -> None:
    assert TextDialect(TIMES).earlier(SAID[1]) == b"18:30 * bob waves\r\n"


@given(entries(NASTY))
def test_what_was_said_before_is_clean_lines_with_times(entry: Entry) -> None:
    dialect = TextDialect(TIMES)
    for line in (dialect.earlier(entry), dialect.elsewhere.earlier(entry)):
        assert are_clean_lines(line)
        assert isinstance(entry.event, Pasted) or line.count(b"\n") == lines_of(entry.event)


def test_a_visitor_is_asked_for_a_name() -> None:
    assert TextDialect(TIMES).greeting == b"Welcome to the chat server! What's your name?\r\n"


def test_help_without_a_line_and_figures_without_one_are_no_lines() -> None:
    assert answered(HelpText(())) == ""
    assert answered(Figures(())) == ""


@settings(max_examples=300)
@given(entries(NASTY, tuple(kind for kind in EVENTS if kind is not Said)))
def test_every_event_is_a_clean_line_here_and_elsewhere(entry: Entry) -> None:
    dialect = TextDialect(TIMES)
    for line in (dialect.line(entry), dialect.elsewhere.line(entry)):
        assert are_clean_lines(line)
        assert isinstance(entry.event, Pasted) or line.count(b"\n") == lines_of(entry.event)


@given(st.lists(NASTY, min_size=1, max_size=20).map("\n".join), st.booleans())
def test_a_paste_is_clean_lines_and_no_more_than_are_shown_whole(text: str, confirm: bool) -> None:
    dialect, entry = TextDialect(TIMES, confirm), Entry(1, "#lab", Pasted("ann", text, 7))
    shown_to_others = dialect.line(entry), dialect.elsewhere.line(entry), dialect.earlier(entry)
    assert all(are_clean_lines(line) for line in (*shown_to_others, dialect.own(entry, None)))
    assert all(line.count(b"\n") <= WHOLE for line in shown_to_others)


@given(st.lists(NASTY, max_size=20).map("\n".join))
def test_a_paste_that_is_asked_for_is_clean_lines(text: str) -> None:
    assert are_clean_lines(TextDialect(TIMES).answer(Paste(7, "#lab", "ann", text), None))


@given(NASTY.map(str.encode) | st.binary(max_size=40))
def test_whatever_somebody_sends_what_she_said_is_one_clean_line(line: bytes) -> None:
    try:
        asked = TextDialect(TIMES).read(line, naming=False)
    except Refusal:
        return
    if asked is not None and isinstance(asked[0], Say):
        said = TextDialect(TIMES).line(Entry(1, "#lobby", Said("ann", asked[0].text)))
        assert are_clean_lines(said)
        assert said.count(b"\n") == 1


@settings(max_examples=300)
@given(answers(NASTY, RENDERED))
def test_every_answer_is_clean_lines(answer: Answer) -> None:
    assert are_clean_lines(TextDialect(TIMES).answer(answer, None))


@given(st.lists(any_of(HelpLine, NASTY), min_size=1, max_size=3))
def test_help_is_one_clean_line_for_each(lines: list[HelpLine]) -> None:
    told = TextDialect(TIMES).answer(HelpText(tuple(lines)), None)
    assert are_clean_lines(told)
    assert told.count(b"\n") == len(lines)


@given(st.lists(st.tuples(NASTY, NASTY), min_size=1, max_size=3))
def test_figures_are_one_clean_line_for_each(figures: list[tuple[str, str]]) -> None:
    told = TextDialect(TIMES).answer(Figures(tuple(figures)), None)
    assert are_clean_lines(told)
    assert told.count(b"\n") == len(figures)


@settings(max_examples=300)
@given(entries(NASTY), st.booleans())
def test_what_one_sees_of_ones_own_doing_is_a_clean_line_or_nothing(
    entry: Entry, confirm: bool
) -> None:
    line = TextDialect(TIMES, confirm).own(entry, None)
    assert are_clean_lines(line)
    assert isinstance(entry.event, Pasted) or line.count(b"\n") <= lines_of(entry.event)


# what one sees of ones own doing


def test_one_does_not_read_what_one_said_oneself() -> None:
    assert own(Said("ann", "hi")) == ""
    assert own(Acted("ann", "waves")) == ""


def test_a_receipt_is_given_where_the_house_confirms() -> None:
    receipt = "Server: I received your message - 'Hello'\r\n"
    assert own(Said("ann", "Hello"), confirm=True) == receipt
    assert own(Acted("ann", "Hello"), confirm=True) == receipt


def test_ones_own_private_message_and_new_name_are_confirmed_always() -> None:
    assert own(Told("ann", "bob", "psst")) == "[to bob] psst\r\n"
    assert own(Sent("ann", "bob", "psst", False)) == "[to bob] psst\r\n"
    assert own(Renamed("ann", "zoe")) == "-- you are zoe now\r\n"
    assert own(Invited("ann", "bob", "#lab")) == "-- bob is invited to #lab\r\n"


def test_who_pastes_more_than_is_shown_reads_how_to_see_it() -> None:
    paste = "\n".join("abcdefghijklmn")
    assert own(Pasted("ann", paste, 17)) == "-- your paste is shown by /show 17\r\n"
    assert own(Pasted("ann", "a\nb", 17)) == ""


def test_a_receipt_of_a_paste_is_one_for_each_line() -> None:
    assert own(Pasted("ann", "a\nb", 7), confirm=True).splitlines() == [
        "Server: I received your message - 'a'",
        "Server: I received your message - 'b'",
    ]


# storms


def crowd(*events: Event) -> list[str]:
    """The lines that a follower reads of these events in one chunk."""
    dialect = TextDialect(TIMES)
    happened = [Entry(number, "#lobby", event) for number, event in enumerate(events)]
    chunk = dialect.crowd(happened, [dialect.line(entry) for entry in happened])
    return chunk.decode().split("\r\n")[:-1]


def joins(count: int) -> list[Event]:
    return [Joined(f"p{number}") for number in range(count)]


def test_a_few_joins_are_told_one_by_one() -> None:
    assert crowd(*joins(CROWD - 1)) == [f"-- p{number} joined" for number in range(CROWD - 1)]


def test_a_run_of_joins_is_told_in_one_line() -> None:
    assert crowd(*joins(4)) == ["-- p0, p1, p2, p3 joined"]


def test_a_long_run_names_the_first_and_counts_the_rest() -> None:
    first = ", ".join(f"p{number}" for number in range(SHOWN))
    assert crowd(*joins(SHOWN)) == [f"-- {first} joined"]
    assert crowd(*joins(SHOWN + 992)) == [f"-- {first} and 992 others joined"]


def test_what_is_said_stays_in_its_place_between_joins_and_leaves() -> None:
    left = [Left(f"p{number}", "") for number in range(4)]
    lines = crowd(*joins(4), Said("ann", "hi"), *left, *joins(2))
    assert lines == [
        "-- p0, p1, p2, p3 joined",
        "ann: hi",
        "-- p0, p1, p2, p3 left",
        "-- p0 joined",
        "-- p1 joined",
    ]


def test_joins_and_leaves_in_turn_are_no_run() -> None:
    events = [one for number in range(3) for one in (Joined(f"p{number}"), Left(f"p{number}", ""))]
    assert len(crowd(*events)) == 6


@given(st.lists(st.sampled_from([Joined("p"), Left("p", ""), Said("p", "x"), Acted("p", "y")])))
def test_folding_keeps_all_that_is_said_and_its_order(events: list[Event]) -> None:
    told = [line for line in crowd(*events) if not line.startswith("--")]
    expected = [event for event in events if isinstance(event, Said | Acted)]
    assert told == [shown(event).removesuffix("\r\n") for event in expected]


@given(st.lists(st.sampled_from([Joined("p"), Left("p", ""), Said("p", "x")]), max_size=60))
def test_folding_loses_nobody(events: list[Event]) -> None:
    count = 0
    for line in crowd(*events):
        if line.endswith(" joined"):
            more = line.partition(" and ")[2].partition(" ")[0]
            count += line.count("p") + int(more or 0)
    assert count == sum(isinstance(event, Joined) for event in events)


def test_a_crowd_elsewhere_is_told_with_its_room() -> None:
    dialect = TextDialect(TIMES).elsewhere
    came = [Entry(number, "#lab", Joined(f"p{number}")) for number in range(CROWD)]
    lines = [dialect.line(entry) for entry in came]
    assert dialect.crowd(came, lines) == b"-- p0, p1, p2, p3 joined #lab\r\n"
    assert dialect.crowd(came[:2], lines[:2]) == b"".join(lines[:2])
