"""What happened, in words."""

import pytest

from tests.times import TIMES, at
from twisted_chat.core.events import (
    EVERYONE,
    Acted,
    Announced,
    Closed,
    Delivered,
    Entry,
    Event,
    Invited,
    Joined,
    Left,
    Moderated,
    Moved,
    Noted,
    Pasted,
    Redacted,
    Redaction,
    Renamed,
    Said,
    Sent,
    Told,
    TopicSet,
)
from twisted_chat.speech.entries import WHOLE, entry_lines, event_lines, past_lines


def moderated(verb: str, target: str, seconds: float | None = 0.0, reason: str = "") -> str:
    [line] = event_lines(Moderated(7, "ann", verb, target, seconds, reason))
    return line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Sent("ann", "bob", "psst", True), "[to bob] psst"),
        (Delivered("bob", 9, 1), "-- delivered to bob: a message that was stored"),
        (Delivered("bob", 9, 3), "-- delivered to bob: 3 messages that were stored"),
        (Redacted("ann", "bob"), "-- a line of ann was here; bob took it away"),
        (Redacted("ann", ""), "-- a line of ann was here; it was taken away"),
        (Redaction("ann", "ann", 9), "-- ann took back a line"),
        (Redaction("ann", "bob", 9), "-- ann took a line of bob away"),
        (TopicSet("ann", "glass"), "-- ann set the topic: glass"),
        (TopicSet("ann", ""), "-- ann took the topic away"),
        (Invited("ann", "bob", "#lab"), "-- ann invites you to #lab: /join #lab enters it"),
        (Moved("ann", "#new"), "-- ann renamed the room: it is #new now"),
        (Closed("ann"), "-- ann deleted the room"),
        (Noted(), ""),
    ],
)
def test_what_happens_between_people_is_told_so(event: Event, line: str) -> None:
    assert event_lines(event) == [line]


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (moderated("kick", "bob", 0.0, "loud"), "-- bob was kicked by ann: loud (act 7)"),
        (moderated("ban", "bob", None), "-- bob was banned forever by ann (act 7)"),
        (moderated("ban", "bob", 600.0, "loud"), "-- bob was banned for 10m by ann: loud (act 7)"),
        (moderated("unban", "bob"), "-- bob is banned no more, by ann (act 7)"),
        (moderated("mute", "bob", 90.0), "-- bob was muted for 1m30s by ann (act 7)"),
        (moderated("unmute", "bob"), "-- bob is muted no more, by ann (act 7)"),
        (
            moderated("slow", "#lab", 10.0),
            "-- #lab: one line every 10s from now on, by ann (act 7)",
        ),
        (moderated("slow", "#lab"), "-- #lab: no pause from now on, by ann (act 7)"),
        (moderated("op", "bob"), "-- bob is an operator here now, by ann (act 7)"),
        (moderated("deop", "bob"), "-- bob is no operator here any more, by ann (act 7)"),
        (moderated("transfer", "bob"), "-- bob owns the room now, by ann (act 7)"),
        (moderated("lockdown", "on"), "-- lockdown is on, by ann (act 7)"),
        (moderated("undo", "3", 0.0, "ban bob"), "-- act 3 was undone by ann: ban bob (act 7)"),
        (moderated("set", "#lab", 0.0, "open"), "-- ann set #lab: open (act 7)"),
        (moderated("of-tomorrow", "bob", 0.0, "x"), "-- ann: bob: x (act 7)"),
    ],
)
def test_an_act_is_told_with_who_whom_how_long_why_and_its_number(told: str, line: str) -> None:
    assert told == line


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (Said("ann", "hi"), "#lab ann: hi"),
        (Acted("ann", "waves"), "#lab * ann waves"),
        (Joined("ann"), "-- ann joined #lab"),
        (Left("ann", "lost"), "-- ann left (lost) #lab"),
        (Renamed("ann", "zoe"), "#lab -- ann is zoe now"),
        (TopicSet("ann", "glass"), "#lab -- ann set the topic: glass"),
    ],
)
def test_what_happens_elsewhere_shows_its_room(event: Event, line: str) -> None:
    assert entry_lines(Entry(1, "#lab", event), elsewhere=True) == [line]


def test_what_is_told_to_one_or_to_all_has_no_room_to_show() -> None:
    told, announced = Told("bob", "ann", "psst"), Announced("tea")
    assert entry_lines(Entry(1, "@ann", told), elsewhere=True) == ["[bob] psst"]
    assert entry_lines(Entry(1, EVERYONE, announced), elsewhere=True) == ["Server: tea"]


def test_who_deletes_her_account_reads_of_her_messages_and_of_no_room() -> None:
    told = entry_lines(Entry(1, "@ann", Closed("ann")))
    assert told == ["-- what was told to ann alone is deleted"]


def test_each_line_of_a_paste_shows_who_said_it_and_where() -> None:
    entry = Entry(at(3600), "#lab", Pasted("ann", "a\r\nb\n", 7))
    assert entry_lines(entry) == ["ann: a", "ann: b"]
    assert entry_lines(entry, elsewhere=True) == ["#lab ann: a", "#lab ann: b"]
    assert past_lines(entry, TIMES) == ["18:30 ann: a", "18:30 ann: b"]


def test_a_paste_is_shown_whole_up_to_a_bound_and_then_folded() -> None:
    whole = Pasted("ann", "\n".join("x" * WHOLE), 17)
    longer = Pasted("ann", "\n".join("x" * (WHOLE + 1)), 17)
    assert len(event_lines(whole)) == WHOLE
    assert event_lines(longer) == [f"-- ann pasted {WHOLE + 1} lines, /show 17 shows them"]
