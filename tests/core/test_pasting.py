"""Many lines at once."""

import pytest

from tests.core.chatting import Company, posts, the
from twisted_chat.core.chat import House
from twisted_chat.core.events import (
    LOBBY,
    Entry,
    Pasted,
)
from twisted_chat.core.outcomes import Look, Paste, Remember
from twisted_chat.core.records import Setting
from twisted_chat.core.requests import (
    Manage,
    Part,
    Request,
    Say,
    Show,
)
from twisted_chat.core.talking import PASTES


def test_many_lines_are_one_entry_and_its_text_is_as_it_came() -> None:
    company = Company("ann")
    text = "one\r\n\ttwo  \r\r\nthree\n"
    outcomes = company.asks(company.devices[0], Say(text))
    assert posts(outcomes) == [(LOBBY, Pasted("ann", text, 1))]
    assert the(outcomes, Remember).record == Setting("pastes", "1")


def test_a_paste_is_shown_whole_to_those_in_its_room() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.joins(ann, "#lab")
    company.asks(ann, Say("one\ntwo"))
    assert company.asks(ann, Show("#1")) == [Paste(1, "#lab", "ann", "one\ntwo")]
    look = the(company.asks(bob, Show("1")), Look)
    assert "#lab" not in look.query.logs


def test_a_paste_that_could_not_be_kept_is_shown_to_nobody() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.asks(ann, Say("one\ntwo"))
    company.chat.unsaid(Pasted("ann", "one\ntwo", 1))
    the(company.asks(ann, Show("1")), Look)


def test_an_older_paste_is_looked_up_in_what_is_kept() -> None:
    company = Company("ann")
    [ann] = company.devices
    found = Entry(7, LOBBY, Pasted("bob", "one\ntwo", 3))
    assert company.finds(ann, Show("3"), found) == [Paste(3, LOBBY, "bob", "one\ntwo")]


@pytest.mark.parametrize("number", ["", "x", "-1", "1.5", "9" * 30, "٣"])
def test_what_is_no_number_is_no_paste(number: str) -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], Show(number)).code == "no-paste"


def test_where_nothing_is_kept_the_last_pastes_are_there_all_the_same() -> None:
    company = Company("ann", house=House(calm=False))
    [ann] = company.devices
    for number in range(PASTES + 1):
        company.asks(ann, Say(f"{number}\n"))
    assert company.refused(ann, Show("1")).code == "no-paste"
    assert company.asks(ann, Show("2")) == [Paste(2, LOBBY, "ann", "1\n")]


def test_pastes_are_counted_on_after_a_restart() -> None:
    company = Company("ann")
    company.asks(company.devices[0], Say("a\nb"))
    again = company.again()
    ann = again.comes("ann")
    assert posts(again.asks(ann, Say("c\nd"))) == [(LOBBY, Pasted("ann", "c\nd", 2))]


def test_a_paste_of_a_room_that_one_left_is_not_shown_any_more() -> None:
    company = Company("ann", house=House(calm=False))
    [ann] = company.devices
    company.joins(ann, "#lab")
    company.asks(ann, Say("a\nb"))
    company.asks(ann, Part("#lab"))
    assert company.refused(ann, Show("1")).code == "no-paste"


def test_a_paste_that_was_private_is_not_shown_to_who_came_when_the_room_was_open() -> None:
    company = Company("bob", house=House(calm=False))
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Say("secret\nwords"))
    company.asks(ann, Manage("set", "#cellar", "open"))
    company.joins(company.devices[0], "#cellar")
    assert company.refused(company.devices[0], Show("1")).code == "no-paste"


@pytest.mark.parametrize(
    "request_", [Manage("delete", "#cellar"), Manage("rename", "#cellar", "x")]
)
def test_a_paste_is_not_shown_to_who_makes_a_room_of_the_same_name_later(request_: Request) -> None:
    company = Company("bob", house=House(calm=False))
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Say("secret\nwords"))
    company.asks(ann, request_)
    company.joins(company.devices[0], "#cellar")
    assert company.refused(company.devices[0], Show("1")).code == "no-paste"
