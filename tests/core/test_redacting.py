"""To take away what was said: one's own for a while, and in one's own room anybody's."""

import pytest

from tests.core.chatting import Company, posts, the
from twisted_chat.core.chat import Device, House
from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    Announced,
    Entry,
    Event,
    Pasted,
    Redaction,
    Said,
    TopicSet,
)
from twisted_chat.core.history import Query
from twisted_chat.core.outcomes import Look
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Manage, Part, Redact, Rename, Say, Show
from twisted_chat.core.talking import REDACTABLE

LAST = Redact("last")


def entry(company: Company, event: Event, log: str = LOBBY) -> Entry:
    """Something that was said just now."""
    return Entry(company.id_now, log, event)


def redacts(company: Company, device: Device, found: Entry) -> list[tuple[str, Event]]:
    return posts(company.finds(device, Redact(str(found.id)), found))


def may_not(company: Company, device: Device, found: Entry) -> str:
    """The code of the refusal."""
    with pytest.raises(Refusal) as caught:
        redacts(company, device, found)
    return caught.value.code


def test_the_last_line_is_looked_for_where_one_talks_and_by_ones_name() -> None:
    company = Company("ann")
    company.joins(company.devices[0], "#lab")
    look = the(company.asks(company.devices[0], LAST), Look)
    assert look.query == Query(("#lab",), by="ann")
    assert look.then == LAST


def test_the_last_line_of_somebody_else_is_looked_for_by_her_name() -> None:
    company = Company("ann")
    look = the(company.asks(company.devices[0], Redact("last", "Bob")), Look)
    assert look.query.by == "bob"


def test_the_last_line_is_the_last_of_those_that_can_be_taken_back() -> None:
    company = Company("ann")
    said = [Entry(id_, LOBBY, Said("ann", "hi")) for id_ in (company.id_now, company.id_now + 1)]
    topic = Entry(company.id_now + 2, LOBBY, TopicSet("ann", "x"))
    outcomes = company.finds(company.devices[0], LAST, *said, topic)
    assert posts(outcomes) == [(LOBBY, Redaction("ann", "ann", said[-1].id))]


def test_an_id_is_looked_for_in_the_rooms_where_one_is() -> None:
    company = Company("bob")
    company.private(company.owner("ann"), "#cellar")
    look = the(company.asks(company.devices[0], Redact("77")), Look)
    assert look.query == Query((LOBBY,), 76, 78, limit=1)


def test_one_takes_away_what_one_has_said() -> None:
    company = Company("ann")
    said = entry(company, Said("ann", "my password"))
    assert redacts(company, company.devices[0], said) == [(LOBBY, Redaction("ann", "ann", said.id))]


def test_after_a_while_it_is_the_past() -> None:
    company = Company("ann")
    said = entry(company, Said("ann", "hi"))
    company.later(REDACTABLE + 1)
    assert may_not(company, company.devices[0], said) == "too-late"


def test_what_somebody_else_said_is_not_ones_own() -> None:
    company = Company("ann", "bob")
    assert may_not(company, company.devices[0], entry(company, Said("bob", "hi"))) == "not-allowed"


def test_a_guest_who_comes_by_the_name_of_somebody_who_left_takes_nothing_of_hers_away() -> None:
    company = Company("ann")
    said = entry(company, Said("ann", "hi"))
    company.leaves(company.devices[0])
    company.later(1)
    assert may_not(company, company.comes("ann"), said) == "not-allowed"


def test_a_guest_who_takes_the_name_of_somebody_who_left_takes_nothing_of_hers_away() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    said = entry(company, Said("ann", "hi"))
    company.leaves(ann)
    company.later(1)
    company.asks(bob, Rename("ann"))
    assert may_not(company, bob, said) == "not-allowed"


def test_who_registers_a_name_takes_nothing_away_of_a_guest_who_had_it_before() -> None:
    company = Company("ann")
    said = entry(company, Said("ann", "hi"))
    company.leaves(company.devices[0])
    company.later(1)
    assert may_not(company, company.owner("ann"), said) == "not-allowed"


def test_who_owns_her_name_takes_away_what_she_said_before_she_left() -> None:
    company = Company()
    ann = company.owner("ann")
    company.later(1)
    said = entry(company, Said("ann", "hi"))
    company.leaves(ann)
    company.later(1)
    assert redacts(company, company.owner("ann"), said)


def test_the_owner_of_a_room_and_those_she_names_take_away_anything_at_any_time() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    host = company.host("cy", ann, "#lab")
    said = entry(company, Said("bob", "hi"), "#lab")
    company.later(30 * 86400)
    assert redacts(company, ann, said) == [("#lab", Redaction("ann", "bob", said.id))]
    assert redacts(company, host, said) == [("#lab", Redaction("cy", "bob", said.id))]


def test_the_power_of_a_host_ends_at_her_room() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    assert may_not(company, ann, entry(company, Said("bob", "hi"))) == "not-allowed"


def test_an_operator_takes_away_anything_where_she_is_and_the_console_in_the_lobby() -> None:
    company = Company()
    said = entry(company, Said("bob", "hi"))
    assert redacts(company, company.operator("olga"), said)
    assert redacts(company, company.console, said) == [(LOBBY, Redaction("Server", "bob", said.id))]


def test_who_left_the_room_meanwhile_takes_nothing_away() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    look = the(company.asks(ann, LAST), Look)
    company.asks(ann, Part("#lab"))
    assert look.then is not None
    said = entry(company, Said("ann", "hi"), "#lab")
    assert may_not(company, ann, said) == "not-in-room"


@pytest.mark.parametrize(
    ("log", "event"), [(EVERYONE, Announced("hi")), (LOBBY, TopicSet("ann", "x"))]
)
def test_what_was_not_said_in_a_room_stays(log: str, event: Event) -> None:
    company = Company()
    assert may_not(company, company.console, entry(company, event, log)) == "not-redactable"


def test_a_paste_that_was_taken_away_is_not_shown() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.asks(ann, Say("a\nb"))
    redacts(company, ann, entry(company, Pasted("ann", "a\nb", 1)))
    assert isinstance(company.asks(ann, Show("1"))[0], Look)


@pytest.mark.parametrize("typed", ["", "x", "-1", "1" * 17, "٣"])
def test_what_is_no_id_is_refused(typed: str) -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], Redact(typed)).code == "no-id"


def test_where_nothing_is_kept_nothing_is_taken_away() -> None:
    company = Company("ann", house=House())
    assert company.refused(company.devices[0], LAST).code == "nothing-kept"


def test_what_was_said_in_private_is_not_found_in_the_open_room() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Manage("set", "#cellar", "open"))
    company.joins(company.devices[0], "#cellar")
    look = the(company.asks(company.devices[0], LAST), Look)
    assert look.query.floors == (("#cellar", company.id_now),)
