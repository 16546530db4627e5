"""The JSON dialect, for programs."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.speech.values import (
    ANSWERS,
    ANYTHING,
    EVENTS,
    NASTY,
    REQUESTS,
    SPOKEN,
    answers,
    any_of,
    entries,
)
from twisted_chat.core.events import Entry, Joined, Pasted, Said
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import Answer, Refused, Welcomed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Act,
    Ban,
    ChangePassword,
    Enter,
    Help,
    Kick,
    Names,
    Register,
    Request,
    Say,
    Shutdown,
    Tell,
    Who,
)
from twisted_chat.speech.asked import Asked, Tag
from twisted_chat.speech.clean import clean
from twisted_chat.speech.lines_json import (
    LONGEST_TAG,
    PASTE,
    Heard,
    JsonDialect,
    asked,
    hear,
    write,
    write_request,
)

TAGS: st.SearchStrategy[Tag] = (
    st.none() | st.integers(-(10**30), 10**30) | st.text(max_size=LONGEST_TAG)
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANYTHING,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANYTHING, inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        *("do", "tag", "text", "name", "to", "prefix", "command", "delay", "reason", "type", "id"),
        *("room", "time", "why", "count", "people", "lines", "names", "figures", "seconds"),
        *("after", "earlier", "entries", "found", "more", "oldest", "what"),
    ]
)
KINDS = st.sampled_from(
    [kind.__name__.lower() for kind in (*EVENTS, *ANSWERS)] + ["say", "msg", "who", "enter", "help"]
)
OBJECTS = st.dictionaries(KEYS, JSON | KINDS, max_size=8) | st.fixed_dictionaries(
    {"type": KINDS, "do": KINDS, "id": st.integers() | JSON, "room": JSON},
    optional=dict.fromkeys(
        ("people", "lines", "names", "figures", "others", "entries", "found", "after"), JSON
    ),
)


def line_of(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message).encode()


def read(message: Mapping[str, Any]) -> Asked | None:
    return JsonDialect().read(line_of(message), naming=False)


def refused(line: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        JsonDialect().read(line, naming=False)
    return caught.value


def acts_on_a_terminal(line: bytes) -> bool:
    text = line.decode().removesuffix("\n")
    return clean(text) != text


# reading what was written gives the same


@settings(max_examples=300)
@given(st.one_of([any_of(kind, SPOKEN.filter(str.strip)) for kind in REQUESTS]), TAGS)
def test_a_request_that_is_written_is_read_as_the_same(request: Request, tag: Tag) -> None:
    assert JsonDialect().read(write_request(request, tag), naming=False) == (request, tag)


@pytest.mark.parametrize(
    "request_",
    [Who(), Help(), Kick("bob"), Shutdown(), Shutdown("10m"), Names(), Ban("bob"), Enter("ann")],
)
def test_what_need_not_be_said_need_not_be_written(request_: Request) -> None:
    assert JsonDialect().read(write_request(request_), naming=False) == (request_, None)


@settings(max_examples=300)
@given(entries(), TAGS)
def test_an_entry_that_is_written_is_heard_as_the_same(entry: Entry, tag: Tag) -> None:
    assert hear(write(entry, tag)) == Heard(entry, tag)


@settings(max_examples=300)
@given(answers(), TAGS)
def test_an_answer_that_is_written_is_heard_as_the_same(answer: Answer, tag: Tag) -> None:
    assert hear(write(answer, tag)) == Heard(answer, tag)


@given(entries())
def test_an_entry_from_before_is_heard_as_such(entry: Entry) -> None:
    assert hear(JsonDialect().earlier(entry)) == Heard(entry, None, earlier=True)


@given(entries(NASTY), TAGS)
def test_an_entry_is_one_line_and_one_object_that_any_reader_of_json_reads(
    entry: Entry, tag: Tag
) -> None:
    line = write(entry, tag)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert json.loads(line)["id"] == entry.id


# the shape that docs/protocol.md promises


def test_an_entry_carries_its_number_its_time_and_its_room() -> None:
    line = write(Entry(1_700_000_000_500_000, "#lobby", Said("ann", "grün")), None)
    assert json.loads(line) == {
        "type": "said",
        "id": 1_700_000_000_500_000,
        "time": 1_700_000_000.5,
        "room": "#lobby",
        "name": "ann",
        "text": "grün",
    }


def test_an_answer_carries_the_tag_of_its_request() -> None:
    line = write(Welcomed("ann", "#lobby", ("bob",), 1, ""), "t1")
    assert json.loads(line) == {
        "type": "welcomed",
        "name": "ann",
        "room": "#lobby",
        "others": ["bob"],
        "count": 1,
        "motd": "",
        "kept": "",
        "since": 0.0,
        "missed": 0,
        "naming": 0,
        "last": 0,
        "rooms": [],
        "owned": False,
        "waiting": 0,
        "tag": "t1",
    }


def test_an_entry_from_before_says_so_and_is_the_same_otherwise() -> None:
    entry = Entry(1_700_000_000_500_000, "#lobby", Said("ann", "hi"))
    earlier = json.loads(JsonDialect().earlier(entry))
    assert earlier == {**json.loads(write(entry, None)), "earlier": True}


def test_the_entries_of_a_page_are_as_they_were_when_they_were_new() -> None:
    entry = Entry(1_700_000_000_500_000, "#lobby", Said("ann", "hi"))
    page = json.loads(write(Page((entry,), (entry.id,), True), 7))
    assert page["entries"] == [json.loads(write(entry, None))]
    assert (page["found"], page["more"], page["tag"]) == ([entry.id], True, 7)


def test_where_one_left_off_is_an_object_of_rooms_and_ids() -> None:
    line = write_request(Enter("ann", (("#lobby", 7), ("*", 5))))
    assert json.loads(line) == {"do": "enter", "name": "ann", "after": {"#lobby": 7, "*": 5}}


def test_text_is_sent_as_utf8_and_not_as_escapes() -> None:
    assert "grün 👍".encode() in write(Entry(1, "#lobby", Said("ann", "grün 👍")), None)


def test_ones_own_entry_is_the_receipt_and_has_the_tag() -> None:
    entry, dialect = Entry(1, "#lobby", Said("ann", "hi")), JsonDialect()
    assert hear(dialect.own(entry, 7)) == Heard(entry, 7)
    assert hear(dialect.line(entry)) == Heard(entry, None)


def test_a_program_hears_each_of_many_who_come() -> None:
    dialect = JsonDialect()
    came = [Entry(number, "#lobby", Joined(f"p{number}")) for number in range(20)]
    lines = [dialect.line(entry) for entry in came]
    assert dialect.crowd(came, lines) == b"".join(lines)


# reading anything at all


@given(st.binary(max_size=80) | ANYTHING.map(str.encode) | JSON.map(json.dumps).map(str.encode))
def test_any_bytes_are_asked_refused_or_nothing(line: bytes) -> None:
    with suppress(Refusal):
        asked_for = JsonDialect().read(line, naming=False)
        assert asked_for is None or len(asked_for) == 2
    with suppress(Refusal):
        heard = hear(line)
        assert heard is None or isinstance(heard, Heard)


@given(OBJECTS)
def test_any_object_is_asked_or_refused(message: dict[str, Any]) -> None:
    with suppress(Refusal):
        assert read(message) is not None
    with suppress(Refusal):
        heard = hear(line_of(message))
        assert heard is None or isinstance(heard, Heard)


@pytest.mark.parametrize(
    "deep", [b"[" * 100_000, b'{"do":' * 100_000, b'{"type":"figures","figures":' + b"[" * 100_000]
)
def test_what_is_nested_without_end_is_refused(deep: bytes) -> None:
    with pytest.raises(Refusal, match="not JSON"):
        hear(deep)
    assert refused(deep).code == "not-json"


@pytest.mark.parametrize("line", [b"", b"  ", b"\t"])
def test_an_empty_line_asks_for_nothing(line: bytes) -> None:
    assert JsonDialect().read(line, naming=False) is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"\xff{}", "not-utf8"),
        (b"hi", "not-json"),
        (b"{", "not-json"),
        (b'{"do":"say","text":NaN}', "not-json"),
        (b'{"do":"say","text":-Infinity}', "not-json"),
        (b"[]", "not-json"),
        (b"null", "not-json"),
        (b'"say"', "not-json"),
        (b"7", "not-json"),
        (b"{}", "bad-request"),
        (b'{"do":7}', "bad-request"),
        (b'{"do":"say"}', "bad-request"),
        (b'{"do":"say","text":7}', "bad-request"),
        (b'{"do":"say","text":""}', "bad-request"),
        (b'{"do":"say","text":" "}', "bad-request"),
        (b'{"do":"say","text":"\\u0007"}', "bad-request"),
        (b'{"do":"msg","to":"ann"}', "bad-request"),
        (b'{"do":"na"}', "bad-request"),
        (b'{"do":"NAMES"}', "bad-request"),
        (b'{"do":"exit"}', "bad-request"),
        (b'{"do":"n"}', "ambiguous-command"),
        (b'{"do":"xyzzy"}', "no-such-command"),
        (b'{"do":"enter","name":"ann","after":7}', "bad-request"),
        (b'{"do":"enter","name":"ann","after":["#lobby"]}', "bad-request"),
        (b'{"do":"enter","name":"ann","after":{"#lobby":"7"}}', "bad-request"),
        (b'{"do":"enter","name":"ann","after":{"#lobby":7.0}}', "bad-request"),
        (b'{"do":"enter","name":"ann","after":{"#lobby":true}}', "bad-request"),
        (b'{"do":"enter","name":"ann","after":{"#lobby":-1}}', "bad-request"),
        (b'{"do":"enter","name":"ann","after":{"#lobby":9007199254740992}}', "bad-request"),
        (b'{"do":"names","tag":true}', "bad-request"),
        (b'{"do":"names","tag":1.5}', "bad-request"),
        (b'{"do":"names","tag":[1]}', "bad-request"),
        (b'{"do":"names","tag":"' + b"x" * (LONGEST_TAG + 1) + b'"}', "bad-request"),
        (b'{"do":"names","tag":' + b"1" * (LONGEST_TAG + 1) + b"}", "bad-request"),
        (b'{"do":"names","tag":' + b"1" * 100_000 + b"}", "bad-request"),
    ],
)
def test_what_is_no_request_is_refused_with_a_code(line: bytes, code: str) -> None:
    assert refused(line).code == code


@pytest.mark.parametrize("message", [{"do": "say"}, {"do": "xyzzy"}, {}, {"do": "say", "text": 7}])
def test_a_refusal_of_what_was_asked_has_its_tag(message: dict[str, Any]) -> None:
    assert refused(line_of({**message, "tag": "t1"})).tag == "t1"


@pytest.mark.parametrize(
    "line",
    [
        b'{"do":"who","tag":"t1","do":"names"}',
        b'{"do":"enter","name":"ann","after":{"#a":1,"#a":2},"tag":"t1"}',
        b'{"do":"say","text":1e999,"tag":"t1"}',
        b'{"do":"say","text":' + b"9" * 100_000 + b',"tag":"t1"}',
        b'{"do":"enter","name":"ann","after":{"#a":' + b"9" * 100_000 + b'},"tag":"t1"}',
    ],
)
def test_what_can_be_read_in_two_ways_or_is_no_number_is_refused_with_its_tag(line: bytes) -> None:
    refusal = refused(line)
    assert (refusal.code, refusal.tag) == ("bad-request", "t1")


def test_a_name_that_stands_twice_where_nobody_reads_it_is_overlooked() -> None:
    line = b'{"do":"who","tag":1,"x":{"a":1,"a":2}}'
    assert JsonDialect().read(line, naming=False) == (Who(), 1)


def test_the_mark_with_which_files_of_windows_begin_is_overlooked() -> None:
    assert JsonDialect().read(b'\xef\xbb\xbf{"do":"who"}', naming=False) == (Who(), None)


@given(entries(NASTY), TAGS)
def test_a_line_of_json_can_be_shown_as_it_is(entry: Entry, tag: Tag) -> None:
    assert not acts_on_a_terminal(write(entry, tag))


def test_the_longest_tag_is_taken() -> None:
    assert read({"do": "names", "tag": "x" * LONGEST_TAG}) == (Names(), "x" * LONGEST_TAG)


def test_what_a_request_does_not_know_is_overlooked() -> None:
    assert read({"do": "say", "text": "hi", "colour": "red"}) == (Say("hi"), None)


def test_the_handshake_is_a_request_like_any_other() -> None:
    assert read({"do": "enter", "name": "ann", "tag": 1}) == (Enter("ann"), 1)


@pytest.mark.parametrize("after", [None, {}])
def test_who_does_not_say_where_she_left_off_was_nowhere(after: object) -> None:
    assert read({"do": "enter", "name": "ann", "after": after}) == (Enter("ann"), None)


def test_the_largest_id_is_taken() -> None:
    after = {"#lobby": 2**53 - 1}
    assert read({"do": "enter", "name": "ann", "after": after}) == (
        Enter("ann", (("#lobby", 2**53 - 1),)),
        None,
    )


def test_the_object_that_the_terminal_of_a_client_makes_is_read_without_a_line() -> None:
    assert asked({"do": "msg", "to": "bob", "text": "hi"}) == (Tell("bob", "hi"), None)


def test_colours_are_taken_out_of_what_is_said() -> None:
    for text in ("a\x1b[31mb\x00\x1b[0mc", "abc\u200f\x07"):
        assert read({"do": "me", "text": text}) == (Act("abc"), None)
        assert read({"do": "say", "text": text}) == (Say("abc"), None)


@pytest.mark.parametrize("text", ["a\x1b[2Jb", "a\nb", "a\rb", "a\u202eb", "a\u2028b", "a\ud800"])
def test_what_acts_on_a_terminal_is_refused_with_the_tag_wherever_it_stands(text: str) -> None:
    for message in (
        {"do": "me", "text": text},
        {"do": "msg", "to": text, "text": "hi"},
        {"do": "join", "room": text},
        {"do": "kick", "target": "bob", "reason": text},
        {"do": "enter", "name": "ann", "after": {text: 1}},
        {"do": text},
    ):
        refusal = refused(line_of({**message, "tag": "t1"}))
        assert (refusal.code, refusal.tag) == ("not-text", "t1")


# what is taken as it is


@given(st.lists(SPOKEN))
def test_a_text_of_several_lines_is_kept_byte_for_byte(lines: list[str]) -> None:
    text = "\n".join(["a\tb\r", *lines, ""])
    request = Say(text, "#lab")
    assert JsonDialect().read(write_request(request), naming=False) == (request, None)
    entry = Entry(1, "#lab", Pasted("ann", text, 7))
    assert hear(write(entry, None)) == Heard(entry)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_secret_is_not_cleaned(secret: str) -> None:
    for request in (
        Enter("ann", (), secret, secret),
        Register(secret),
        ChangePassword("", secret, secret),
        AccountOf("delete", secret),
    ):
        assert JsonDialect().read(write_request(request), naming=False) == (request, None)


@pytest.mark.parametrize("text", ["\n", " \r\n\t", "\x1b[31m\n"])
def test_several_lines_without_a_word_are_no_paste(text: str) -> None:
    refusal = refused(line_of({"do": "say", "text": text}))
    assert refusal.code == "bad-request"


def test_half_a_character_in_a_paste_is_refused() -> None:
    assert refused(line_of({"do": "say", "text": "a\n\ud800"})).code == "not-text"
    assert refused(line_of({"do": "register", "password": "a\ud800"})).code == "not-text"
    assert refused(line_of({"do": "names", "tag": "a\ud800"})).code == "not-text"


def test_what_acts_on_a_terminal_is_refused_in_a_paste_and_colours_are_taken_out() -> None:
    assert read({"do": "say", "text": "a\n\x1b[32m+b\x1b[m\n"}) == (Say("a\n+b\n"), None)
    for text in ("a\n\x1b[2J", "a\nb\rc", "a\x0c\n", "a\u2028\n", "a\n\u202e"):
        assert refused(line_of({"do": "say", "text": text})).code == "not-text"


def test_one_line_has_one_bound_and_a_paste_another() -> None:
    assert read({"do": "say", "text": "x" * 4096}) == (Say("x" * 4096), None)
    assert read({"do": "say", "text": "x\n" * (PASTE // 2)}) is not None
    for text in ("x" * 4097, "é" * 2049, "x\n" * (PASTE // 2 + 1)):
        refusal = refused(line_of({"do": "say", "text": text, "tag": "t1"}))
        assert (refusal.code, refusal.tag) == ("line-too-long", "t1")


@pytest.mark.parametrize("do", ["me", "announce", "away", "search"])
def test_nothing_else_that_is_asked_is_longer_than_a_line(do: str) -> None:
    refusal = refused(line_of({"do": do, "text": "x" * 4097, "tag": "t1"}))
    assert (refusal.code, refusal.tag) == ("line-too-long", "t1")


def test_many_rooms_to_come_back_to_are_no_long_string() -> None:
    after = tuple((f"#room{number}", number) for number in range(500))
    request = Enter("ann", after)
    assert JsonDialect().read(write_request(request), naming=False) == (request, None)


def test_a_flag_is_true_or_false() -> None:
    assert read({"do": "ban", "target": "bob", "dry_run": True}) == (Ban("bob", dry_run=True), None)
    assert refused(b'{"do":"ban","target":"bob","yes":"yes"}').code == "bad-request"
    assert refused(b'{"do":"ban","target":"bob","yes":1}').code == "bad-request"


def test_what_is_secret_is_in_no_words_about_a_request() -> None:
    secrets = (Enter("ann", (), "hunter22", "hunter22"), ChangePassword("", "hunter22", "hunter22"))
    assert not any("hunter22" in repr(request) for request in secrets)


# hearing


def test_a_welcome_of_a_daemon_that_keeps_nothing_is_heard() -> None:
    line = b'{"type":"welcomed","name":"ann","room":"#lobby","others":[],"count":0,"motd":""}'
    assert hear(line) == Heard(Welcomed("ann", "#lobby", (), 0, ""))


def test_a_type_that_a_client_does_not_know_is_none() -> None:
    assert hear(b'{"type":"from-the-future","id":1}') is None


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"type":7}',
        b'{"type":"said"}',
        b'{"type":"said","name":"ann","text":"hi"}',
        b'{"type":"said","name":"ann","text":"hi","id":"x","room":"#lobby"}',
        b'{"type":"said","name":"ann","text":"hi","id":1e999,"room":"#lobby"}',
        b'{"type":"said","name":"ann","text":7,"id":1,"room":"#lobby"}',
        b'{"type":"people","room":"#lobby","count":1,"people":[7]}',
        b'{"type":"people","room":"#lobby","count":1,"people":7}',
        b'{"type":"figures","figures":[["a"]]}',
        b'{"type":"skipped","count":"many"}',
        b'{"type":"page","entries":[7],"found":[],"more":false}',
        b'{"type":"page","entries":[{"type":"done"}],"found":[],"more":false}',
        b'{"type":"page","entries":[],"found":["x"],"more":false}',
        b'{"type":"page","entries":[],"found":[],"more":0}',
        b'{"type":"gone","room":"#lobby"}',
        b'{"type":"slowed","rate":null}',
        b'{"type":"slowed","rate":1e999}',
        b'{"type":"skipped","count":-1e999}',
        b'{"type":"done","text":"","tag":[]}',
    ],
)
def test_what_no_daemon_says_is_refused(line: bytes) -> None:
    with pytest.raises(Refusal):
        hear(line)


def test_a_closing_that_is_taken_back_has_no_seconds() -> None:
    heard = hear(b'{"type":"closing","id":1,"room":"*","seconds":null,"reason":""}')
    assert heard is not None
    assert isinstance(heard.what, Entry)


# nothing that acts on a terminal leaves the server, for programs neither


@given(NASTY, NASTY)
def test_what_is_said_reaches_a_program_clean(text: str, name: str) -> None:
    try:
        was_asked = read({"do": "msg", "to": name, "text": text})
    except Refusal:
        return
    assert was_asked is not None
    assert isinstance(was_asked[0], Tell)
    said = Entry(1, "#lobby", Said(was_asked[0].to, was_asked[0].text))
    assert not acts_on_a_terminal(JsonDialect().line(said))


@given(st.dictionaries(st.sampled_from(["do", "text", "name", "to", "delay"]), NASTY))
def test_a_refusal_of_what_a_program_asked_is_clean(message: dict[str, str]) -> None:
    try:
        read(message)
    except Refusal as refusal:
        answer = Refused(refusal.code, refusal.sentence)
        assert not acts_on_a_terminal(JsonDialect().answer(answer, None))
