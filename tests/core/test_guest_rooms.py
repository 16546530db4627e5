"""How many rooms guests of one address can open: never all that there can be."""

import pytest

from tests.core.chatting import Company
from twisted_chat.core.requests import Join
from twisted_chat.core.roaming import MOST_OF_GUESTS
from twisted_chat.core.whereabouts import MOST_IN

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def full() -> Company:
    """Guests at home have opened as many as they can."""
    company = Company()
    guests = [company.comes(f"guest{number}", HOME) for number in range(20)]
    for number in range(MOST_OF_GUESTS):
        company.joins(guests[number // (MOST_IN - 1)], f"#room{number}")
    company.chat.house.calm = True
    return company


def test_guests_of_one_address_open_a_tenth_of_the_rooms_at_most(full: Company) -> None:
    refused = full.refused(full.comes("eve", HOME), Join("#one-more"))
    assert refused.code == "too-many-rooms"
    assert "Guests from your address have opened 500 rooms" in refused.sentence


def test_they_enter_those_that_are_there(full: Company) -> None:
    eve = full.comes("eve", HOME)
    full.joins(eve, "#room7")
    assert eve.member.is_in("#room7")


def test_guests_of_another_address_and_owners_open_others(full: Company) -> None:
    for somebody in (full.comes("bob", ELSEWHERE), full.owner("ann", HOME), full.comes("cy", "")):
        full.joins(somebody, f"#of-{somebody.member.key}")
        assert somebody.member.is_in(f"#of-{somebody.member.key}")


def test_a_room_that_is_empty_counts_no_more(full: Company) -> None:
    first = full.chat.members["guest0"].devices[0]
    full.leaves(first)
    eve = full.comes("eve", HOME)
    full.joins(eve, "#one-more")
    assert eve.member.is_in("#one-more")


def test_where_no_pace_is_kept_there_is_no_such_bound(full: Company) -> None:
    full.chat.house.calm = False
    eve = full.comes("eve", HOME)
    full.joins(eve, "#one-more")
    assert eve.member.is_in("#one-more")
