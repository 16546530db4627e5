"""What the owner of a room makes of it."""

import pytest

from tests.core.chatting import Company, posts, rooms_of, the
from tests.times import NOW
from twisted_chat.core.events import LOBBY, Joined
from twisted_chat.core.outcomes import (
    Approach,
    Inform,
    Outside,
    Profile,
)
from twisted_chat.core.records import Charter
from twisted_chat.core.requests import (
    Ban,
    Invite,
    Join,
    Manage,
    Part,
    Topic,
    Whois,
)
from twisted_chat.core.roaming import MOST_OWNED


def test_a_room_is_made_private_and_open_again() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Manage("set", "#lab", "invite-only"))
    charter = company.chat.charters["#lab"]
    assert (charter.private, charter.listed) == (True, False)
    assert company.refused(company.devices[0], Join("#lab")).code == "no-such-room"
    company.asks(ann, Manage("set", "#lab", "open"))
    company.joins(company.devices[0], "#lab")


def test_what_was_said_while_a_room_was_private_stays_private() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Manage("set", "#cellar", "open"))
    opened = int((NOW + company.now) * 1e6)
    company.later(10)
    approach = the(company.asks(company.devices[0], Join("#cellar")), Approach)
    assert approach == Approach("#cellar", opened)
    assert company.chat.floors(("#cellar",)) == (("#cellar", opened),)


def test_opening_an_open_room_closes_nothing_of_its_past() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Manage("set", "#lab", "open"))
    assert company.chat.floors(("#lab",)) == ()


@pytest.mark.parametrize(
    ("value", "charter"),
    [
        ("unlisted", Charter("#lab", "ann", listed=False)),
        ("LISTED", Charter("#lab", "ann")),
        ("keep 30d", Charter("#lab", "ann", keep="30d")),
        ("keep forever", Charter("#lab", "ann")),
        ("slow 10s", Charter("#lab", "ann", slow=10.0)),
        ("slow off", Charter("#lab", "ann")),
    ],
)
def test_what_is_set_of_a_room_is_kept(value: str, charter: Charter) -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Manage("SET", "lab", value))
    assert company.again().chat.charters["#lab"] == charter


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Manage("set", "#lab", "keep"), "usage"),
        (Manage("set", "#lab", "keep soon"), "bad-duration"),
        (Manage("set", "#lab", "slow 2h"), "bad-duration"),
        (Manage("set", "#lab", "blue"), "usage"),
        (Manage("paint", "#lab", "blue"), "usage"),
        (Manage("transfer", "#lab", "nobody"), "owns-no-name"),
        (Manage("rename", "#lab", "#lobby"), "room-taken"),
        (Manage("rename", "#lab", "#"), "room-not-legal"),
        (Manage("delete", "#attic"), "no-such-room"),
    ],
)
def test_what_cannot_be_done_to_a_room_is_refused_and_changes_nothing(
    request_: Manage, code: str
) -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    before = dict(company.chat.charters)
    assert company.refused(ann, request_).code == code
    assert company.chat.charters == before


@pytest.mark.parametrize(
    "request_",
    [
        Manage("set", LOBBY, "invite-only"),
        Manage("transfer", LOBBY, "ann"),
        Manage("rename", LOBBY, "#hall"),
        Manage("delete", LOBBY),
    ],
)
def test_the_lobby_stays_as_it_is(request_: Manage) -> None:
    company = Company()
    company.owner("ann")
    assert company.refused(company.console, request_).code == "lobby"


def test_a_room_is_given_to_somebody_who_owns_her_name() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    bob = company.host("bob", ann, "#lab")
    company.asks(ann, Manage("transfer", "#lab", "Bob"))
    assert company.again().chat.charters["#lab"] == Charter("#lab", "bob")
    assert company.refused(ann, Manage("delete", "#lab")).code == "not-allowed"
    company.asks(bob, Manage("delete", "#lab"))


def test_no_room_is_given_to_who_owns_as_many_as_one_can() -> None:
    company = Company()
    company.joins(ann := company.owner("ann"), "#lab")
    company.account("bob")
    for number in range(MOST_OWNED):
        company.chat.remember(Charter(f"#bob{number}", owner="bob"))
    refusal = company.refused(ann, Manage("transfer", "#lab", "bob"))
    assert (refusal.code, refusal.sentence[:4]) == ("too-many-rooms", "bob ")
    assert company.chat.charter("#lab").owner == "ann"


def test_a_room_that_has_another_name_is_the_same_room() -> None:
    company = Company("cy")
    ann, [cy] = company.owner("ann"), company.devices
    company.joins(ann, "#lab")
    company.joins(cy, "#lab")
    company.asks(ann, Topic(topic="ladders"))
    company.asks(ann, Ban("eve", room="#lab"))
    company.asks(ann, Manage("rename", "#lab", "#Shop"))
    assert rooms_of(cy) == [LOBBY, "#shop"]
    assert not company.chat.exists("#lab")
    again = company.again()
    assert again.chat.accounts["ann"].rooms == (LOBBY, "#shop")
    assert again.chat.charters == {"#shop": Charter("#shop", "ann", topic="ladders")}
    assert [one.room for one in again.chat.sanctions.values()] == ["#shop"]


def test_an_invitation_holds_though_the_room_has_another_name() -> None:
    company = Company("cy")
    company.account("bob")
    ann, [cy] = company.owner("ann"), company.devices
    company.private(ann, "#cellar")
    company.asks(ann, Invite("cy", "#cellar"))
    company.asks(ann, Invite("bob", "#cellar"))
    company.asks(ann, Manage("rename", "#cellar", "#vault"))
    company.joins(cy, "#vault")
    company.joins(company.owner("bob"), "#vault")
    assert list(company.chat.rooms["#vault"].members) == ["ann", "cy", "bob"]


def test_who_is_in_a_room_that_is_deleted_is_told_and_is_in_another() -> None:
    company = Company("cy")
    ann, [cy] = company.owner("ann"), company.devices
    company.joins(ann, "#lab")
    company.joins(cy, "#lab")
    company.asks(cy, Part(LOBBY))
    outcomes = company.asks(ann, Manage("delete", "#lab"))
    outside = Outside("#lab", LOBBY, "#lab was deleted by ann")
    assert Inform(cy, outside) in outcomes
    assert (LOBBY, Joined("cy")) in posts(outcomes)
    assert rooms_of(cy) == rooms_of(ann) == [LOBBY]


def test_nothing_is_remembered_of_a_room_that_is_deleted() -> None:
    company = Company()
    company.account("bob")
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Invite("bob", "#cellar"))
    company.asks(ann, Ban("eve", room="#cellar"))
    company.asks(ann, Manage("delete", "#cellar"))
    chat = company.again().chat
    assert (chat.charters, chat.sanctions) == ({}, {})
    assert all("#cellar" not in (*one.rooms, *one.invited) for one in chat.accounts.values())


def test_whois_shows_the_rooms_that_are_no_secret() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.private(ann, "#cellar")
    assert the(company.asks(company.devices[0], Whois("ann")), Profile).rooms == (LOBBY, "#lab")
    assert "#cellar" in the(company.asks(ann, Whois("ann")), Profile).rooms
