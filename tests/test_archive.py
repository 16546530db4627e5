"""The archive's lines, its bar and its command line: functions of what they are given."""

import json
from io import BytesIO, StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.values import NUMBERS, TEXTS, kept_events, records
from twisted_chat.archive.__main__ import parse
from twisted_chat.archive.lines import LONGEST, NoEntry, read, read_all, write
from twisted_chat.archive.progress import Bar, drawn
from twisted_chat.core.events import EVERYONE, LOBBY, Announced, Entry, Pasted, Said, Told
from twisted_chat.core.history import END
from twisted_chat.core.records import Charter, Inbox, Record, Setting
from twisted_chat.speech.clean import clean

SAID = {"id": 7, "log": LOBBY, "type": "said", "name": "ann", "text": "hi"}

clean_texts = st.text().map(clean)
clean_names = clean_texts.filter(bool)
pastes = st.lists(clean_texts, min_size=2).map("\r\n\t".join)
entries = st.builds(
    Entry,
    st.integers(1, END - 1),
    st.sampled_from((LOBBY, EVERYONE, "@bob", "&operators")),
    st.builds(Said, clean_names, clean_texts)
    | st.builds(Announced, clean_texts)
    | st.builds(Pasted, clean_names, pastes, NUMBERS)
    | st.builds(Told, clean_names, clean_names, pastes)
    | kept_events(clean_names),
)


def line(**other: object) -> bytes:
    """A good line, with some fields changed."""
    return json.dumps(SAID | other).encode()


@given(entries | records(clean_names) | st.builds(Setting, clean_names, TEXTS))
def test_what_is_written_reads_back_as_the_same(line: Entry | Record) -> None:
    assert read(write(line)) == line


def test_a_record_has_the_fields_of_its_kind() -> None:
    assert json.loads(write(Inbox("ann", 7))) == {"record": "inbox", "key": "ann", "read": 7}
    assert read(b'{"record":"charter","key":"#lab"}') == Charter("#lab")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"record": "cat"}, '"record" is none of account'),
        ({"read": -1}, '"read" is no whole number from 0'),
        ({"read": "7"}, '"read" is no whole number'),
        ({"read": END}, '"read" is no whole number from 0'),
        ({"key": ""}, '"key" is empty'),
        ({"key": "an\x07n"}, '"key" has control characters'),
        ({"colour": "blue"}, "it has more than"),
        ({"record": "setting", "value": "\ud800"}, "it has more than"),
        ({"record": "setting"}, '"value" is missing'),
    ],
)
def test_a_bad_record_is_refused_in_words(other: dict[str, object], why: str) -> None:
    with pytest.raises(NoEntry, match=why):
        read(json.dumps({"record": "inbox", "key": "ann", "read": 7} | other).encode())


@pytest.mark.parametrize(
    ("record", "why"),
    [
        ({"record": "setting", "key": "motd", "value": "\ud800"}, "half of a character"),
        ({"record": "charter", "key": "#lab", "slow": "fast"}, "is no number"),
        ({"record": "charter", "key": "#lab", "slow": 10**400}, "too large"),
        ({"record": "charter", "key": "#lab", "private": 1}, "is no truth value"),
        ({"record": "charter", "key": "#lab", "hosts": "ann"}, "no list of str"),
        ({"record": "charter", "key": "#lab", "hosts": ["\t"]}, "control char"),
    ],
)
def test_a_field_of_another_type_is_refused_in_words(record: dict[str, object], why: str) -> None:
    with pytest.raises(NoEntry, match=why):
        read(json.dumps(record).encode())


def test_a_line_has_the_fields_of_its_event_and_no_others() -> None:
    told = json.loads(write(Entry(7, "@bob", Told("ann", "bob", "hi"))))
    assert told == {
        "id": 7, "log": "@bob", "type": "told", "name": "ann", "to": "bob", "text": "hi"
    }  # fmt: skip
    announced = json.loads(write(Entry(8, EVERYONE, Announced("hi"))))
    assert announced == {"id": 8, "log": EVERYONE, "type": "announced", "text": "hi"}


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b"\n", "it is not JSON"),
        (b"hello", "it is not JSON"),
        (b"[" * 100_000, "it is not JSON"),
        (line(id=float("nan")), "it is not JSON"),
        (b'"\xff"', "it is not UTF-8"),
        (b"[1]", "it is JSON, but no object"),
        (b" " * (LONGEST + 1), "it is longer than"),
        (line(type="sung"), '"type" is none of said'),
        (line(type="joined"), '"type" is none of said'),
        (line(type=["said"]), '"type" is none of said'),
        (line(type="told"), '"to" is missing'),
        (line(to="bob"), "it has more than"),
        (line(id=0), '"id" is no whole number'),
        (line(id=END), '"id" is no whole number'),
        (line(id=True), '"id" is no whole number'),
        (line(id=7.0), '"id" is no whole number'),
        (line(id="7"), '"id" is no whole number'),
        (line(text=None), '"text" is no string'),
        (line(text="\x1b[2J"), '"text" has control characters'),
        (line(text="a\nb"), '"text" has control characters'),
        (line(text="\ud800"), '"text" has control characters'),
        (line(name="an\x07n"), '"name" has control characters'),
        (line(name=""), '"name" is empty'),
        (line(log="lobby"), '"log" begins with'),
        (line(type="pasted", number="7"), '"number" is no whole number'),
        (line(type="pasted", number=-7), '"number" is no whole number'),
        (line(type="pasted", number=7, text="\ud800"), '"text" has control characters'),
        (line(type="pasted", number=7, text="a\n\x1b[2J"), '"text" has control characters'),
        (line(type="pasted", number=7, text="a\rb\n"), '"text" has control characters'),
        (line(type="told", to="bob", text="a\n\x1b[2J"), '"text" has control characters'),
        (line(type="sent", to="bob", waits=1), '"waits" is no truth value'),
        (line(type="acted", text="a\tb"), '"text" has control characters'),
    ],
)
def test_a_bad_line_is_refused_in_words(bad: bytes, why: str) -> None:
    with pytest.raises(NoEntry, match=why):
        read(bad)


def test_an_error_names_the_number_of_the_line() -> None:
    stream = BytesIO(line() + b"\n" + line(id=8) + b"\n" + b"?\n")
    with pytest.raises(NoEntry, match="line 3: it is not JSON"):
        list(read_all(stream))


def test_a_last_line_without_an_end_is_read_too() -> None:
    assert [number for number, _ in read_all(BytesIO(line() + b"\n" + line(id=8)))] == [1, 2]


def test_a_bar_shows_how_far_it_is_and_how_fast() -> None:
    assert drawn("read", 500, 0.5, 2.0) == "read [==========          ]  50%  500 entries  250/s"


def test_a_bar_shows_no_part_of_what_nobody_knows_the_size_of() -> None:
    assert drawn("read", 500, None, 2.0) == "read 500 entries  250/s"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [StringIO(), Terminal()])
def test_a_bar_is_drawn_on_a_terminal_only(stream: StringIO) -> None:
    with Bar("read", stream, iter((0.0, 1.0)).__next__) as bar:
        bar.show(10, None)
    wanted = "\rread 10 entries  10/s\x1b[K\r\x1b[K" if stream.isatty() else ""
    assert stream.getvalue() == wanted


def test_a_bar_is_not_drawn_more_often_than_eyes_can_follow() -> None:
    stream = Terminal()
    bar = Bar("read", stream, iter((0.0, 0.2, 0.25, 0.4)).__next__)
    for count in (1, 2, 3):
        bar.show(count, None)
    assert stream.getvalue().count("\r") == 2


@pytest.mark.parametrize("argv", [[], ["frob", "x"], ["export"], ["check", "x", "--output", "y"]])
def test_wrong_use_ends_with_one_line_and_status_1(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == 1
    shown = capsys.readouterr().err
    assert shown.startswith("archive: ")
    assert shown.count("\n") == 1


def test_a_bar_that_waits_shows_for_how_long() -> None:
    stream, times = Terminal(), iter([0.0, 61.0])
    assert Bar("checking", stream, lambda: next(times)).wait() == 0
    assert stream.getvalue() == "\rchecking 61 s\x1b[K"
