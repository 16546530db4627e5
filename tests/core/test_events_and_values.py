"""What is asked, what happens and what is answered: values."""

from dataclasses import fields, is_dataclass
from typing import Any, get_args

import pytest

from twisted_chat.core.events import Entry, Event, Joined, Said, inbox
from twisted_chat.core.outcomes import HelpLine, Outcome, Person
from twisted_chat.core.requests import Request, Right

EVENTS = get_args(Event)
REQUESTS = get_args(Request)
VALUES: tuple[type[Any], ...] = (*EVENTS, *REQUESTS, *get_args(Outcome), Entry, Person, HelpLine)


def sample(kind: type[Any]) -> Any:
    return kind(*(field.name for field in fields(kind)))


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_equals_another_with_the_same_fields_and_has_its_hash(kind: type[Any]) -> None:
    assert is_dataclass(kind)
    assert sample(kind) == sample(kind)
    assert hash(sample(kind)) == hash(sample(kind))


@pytest.mark.parametrize("kind", VALUES)
def test_a_value_has_its_fields_and_no_others(kind: type[Any]) -> None:
    with pytest.raises(AttributeError):
        sample(kind).remark = "something that its class does not know"


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_request_says_which_right_it_needs(kind: type[Request]) -> None:
    assert isinstance(kind.needs, Right)
    assert "needs" not in {field.name for field in fields(kind)}


def test_the_requests_that_only_an_operator_may_make_are_these() -> None:
    operators = {kind.__name__ for kind in REQUESTS if kind.needs is Right.OPERATOR}
    assert operators == {"Announce", "Kill", "Lockdown", "Allow", "Rehash", "Stats", "Shutdown"}


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_says_whether_it_may_wait_in_a_storm(kind: type[Event]) -> None:
    assert isinstance(kind.passing, bool)
    assert "passing" not in {field.name for field in fields(kind)}


def test_only_who_comes_and_goes_may_wait_in_a_storm() -> None:
    assert {kind.__name__ for kind in EVENTS if kind.passing} == {
        *("Joined", "Left", "Connected", "Disconnected", "TurnedAway")
    }


def test_what_people_said_and_what_was_done_to_it_is_history() -> None:
    assert {kind.__name__ for kind in EVENTS if kind.kept} == {
        *("Said", "Acted", "Pasted", "Told", "Sent", "Delivered", "Announced", "TopicSet"),
        *("Invited", "Redacted", "Redaction", "Moved", "Closed"),
    }


def test_values_of_two_classes_are_never_equal() -> None:
    assert len({sample(kind) for kind in VALUES}) == len(VALUES)


def test_each_right_includes_those_before() -> None:
    names = ["GUEST", "MEMBER", "HOST", "OWNER", "OPERATOR"]
    assert [right.name for right in sorted(Right)] == names


def test_an_entry_is_its_number_its_log_and_its_event() -> None:
    entry = Entry(1, "#lobby", Said("ann", "hi"))
    assert entry != Entry(2, "#lobby", Said("ann", "hi"))
    assert entry != Entry(1, "*", Said("ann", "hi"))
    assert entry != Entry(1, "#lobby", Joined("ann"))


def test_the_log_of_what_is_told_to_one_person_is_no_room() -> None:
    assert inbox("ann") == "@ann"
