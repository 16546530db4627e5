"""Entries and records as rows, and back."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given

from tests.stores.values import NUMBERS, kept_events, records
from twisted_chat.core.events import (
    LOBBY,
    Acted,
    Announced,
    Closed,
    Delivered,
    Entry,
    Event,
    Invited,
    Pasted,
    Redacted,
    Redaction,
    Said,
    Sent,
    Told,
    TopicSet,
)
from twisted_chat.core.records import Charter, Inbox, Record, Setting
from twisted_chat.stores import rows
from twisted_chat.stores.fields import Unreadable


@given(NUMBERS, kept_events())
def test_an_entry_that_is_written_is_read_as_the_same(number: int, event: Any) -> None:
    entry = Entry(number, LOBBY, event)
    with closing(sqlite3.connect(":memory:")) as file:
        [kept] = file.execute("SELECT ?, ?, ?, ?, ?", rows.row(entry)).fetchall()
    assert rows.entry(LOBBY, kept) == entry


@given(records())
def test_a_record_that_is_written_is_read_as_the_same(record: Record) -> None:
    assert rows.record(rows.remembered(record)) == record


@pytest.mark.parametrize(
    ("event", "row"),
    [
        (Said("ann", "hi"), ("said", "ann", "", "hi")),
        (Acted("ann", "waves"), ("acted", "ann", "", "waves")),
        (Told("ann", "bob", "psst"), ("told", "ann", "bob", "psst")),
        (Announced("hear"), ("announced", "", "", "hear")),
        (Pasted("ann", "a\r\n\tb", 7), ("pasted", "ann", "7", "a\r\n\tb")),
        (Said("ann", "hi", "k1"), ("said", "ann", "k1", "hi")),
        (Acted("ann", "waves", "k1"), ("acted", "ann", "k1", "waves")),
        (Pasted("ann", "a\nb", 7, "k1"), ("pasted", "ann", '{"number":7,"once":"k1"}', "a\nb")),
        (Redacted("ann", "bob", "k1"), ("redacted", "ann", '{"by":"bob","once":"k1"}', "")),
        (
            Sent("ann", "bob", "psst", True, "k1"),
            ("sent", "ann", '{"to":"bob","waits":true,"once":"k1"}', "psst"),
        ),
        (Redacted("ann", "bob"), ("redacted", "ann", "bob", "")),
        (TopicSet("ann", "tea"), ("topicset", "ann", "", "tea")),
        (Closed("ann"), ("closed", "ann", "", "")),
        (Sent("ann", "bob", "psst", True), ("sent", "ann", '{"to":"bob","waits":true}', "psst")),
        (Delivered("bob", 9, 2), ("delivered", "bob", '{"until":9,"count":2}', "")),
        (Redaction("ann", "bob", 9), ("redaction", "ann", '{"of":"bob","entry":9}', "")),
        (Invited("ann", "bob", "#lab"), ("invited", "ann", '{"to":"bob","into":"#lab"}', "")),
    ],
)
def test_an_event_has_its_name_its_text_and_the_rest(
    event: Event, row: tuple[str, str, str, str]
) -> None:
    """In this file for as long as there are files: those of version 1 are read the same."""
    assert rows.row(Entry(1, LOBBY, event)) == (1, *row)
    assert rows.entry(LOBBY, (1, *row)) == Entry(1, LOBBY, event)


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("sung", ""),
        ("pasted", "seven"),
        ("pasted", '"7"'),
        ("pasted", "true"),
        ("sent", "bob"),
        ("sent", '["bob"]'),
        ("sent", '{"to":"bob"}'),
        ("sent", '{"to":"bob","waits":1}'),
        ("sent", '{"to":"bob","waits":true,"once":7}'),
        ("pasted", '{"once":"k1"}'),
        ("redacted", '{"by":7}'),
    ],
)
def test_an_entry_that_is_none_is_named(kind: str, other: str) -> None:
    with pytest.raises(Unreadable, match="entry 5 "):
        rows.entry(LOBBY, (5, kind, "ann", other, "hi"))


def test_a_record_of_an_earlier_or_a_later_version_is_read() -> None:
    given = '{"name":"Lab","topic":"tea","colour":"blue"}'
    assert rows.record(("charter", "#lab", given)) == Charter("#lab", topic="tea")


def test_a_whole_number_is_a_number_too() -> None:
    record = rows.record(("charter", "#lab", '{"slow":5}'))
    assert record == Charter("#lab", slow=5.0)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("cat", "{}"),
        ("inbox", "{}"),
        ("inbox", "7"),
        ("inbox", "{"),
        ("inbox", '{"read":"7"}'),
        ("inbox", '{"read":true}'),
        ("setting", '{"value":7}'),
        ("charter", '{"name":"Lab","hosts":["ann",7]}'),
        ("charter", '{"name":"Lab","private":0}'),
    ],
)
def test_a_record_that_is_none_is_named(kind: str, value: str) -> None:
    with pytest.raises(Unreadable, match=f"the record {kind} ann cannot be read: "):
        rows.record((kind, "ann", value))


def test_the_key_of_a_record_is_beside_its_value() -> None:
    assert rows.remembered(Inbox("ann", 7)) == ("inbox", "ann", '{"read":7}')
    assert rows.remembered(Setting("motd", "a\nb")) == ("setting", "motd", '{"value":"a\\nb"}')
