"""Of a private room nothing is to be had by who is not in it: no topic, no names, nothing of what
was said there, and not whether there is such a room."""

from dataclasses import fields
from typing import get_args

import pytest

from tests.core.asked import BY_ITSELF, of_a_room, of_somebody
from tests.core.chatting import Company, rooms_of, the
from twisted_chat.core.chat import Device
from twisted_chat.core.events import LOBBY, inbox
from twisted_chat.core.outcomes import Hits, Look, Outcome, Profile, RoomLine, RoomList
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Audit,
    Ban,
    CatchUp,
    History,
    Invite,
    Join,
    Kick,
    Last,
    Manage,
    Mentions,
    More,
    Mute,
    Names,
    Part,
    Redact,
    Request,
    Rooms,
    Say,
    Search,
    Show,
    Topic,
    Who,
    Whois,
)

SECRETS = ("#cellar", "port wine", "hidden", "a\nvintage")
"""The room, its topic, somebody banned from it, and what was said there."""

INSIDE = "ann"


@pytest.fixture
def company() -> Company:
    """#cellar is ann's, and private: bob is in it, and eve and zoe are not."""
    company = Company("bob", "eve")
    ann = company.owner(INSIDE, "192.0.2.1")
    company.private(ann, "#cellar", company.devices[0])
    company.asks(ann, Topic("#cellar", "port wine"))
    company.asks(ann, Ban("hidden", room="#cellar"))
    company.asks(ann, Mute("hidden", room="#cellar"))
    company.asks(ann, Say("a\nvintage"))
    return company


def outsider(company: Company, who: str) -> Device:
    if who == "guest":
        return company.devices[1]
    return company.owner("zoe") if who == "member" else company.operator("olga")


def answer(company: Company, device: Device, request: Request) -> list[Outcome] | Refusal:
    try:
        return company.asks(device, request)
    except Refusal as refusal:
        return refusal


def words(answered: list[Outcome] | Refusal) -> str:
    return answered.sentence if isinstance(answered, Refusal) else repr(answered)


def test_every_request_that_names_a_room_is_among_these() -> None:
    named = {kind for kind in get_args(Request) if "room" in {one.name for one in fields(kind)}}
    assert named <= {type(one) for one in of_a_room("#cellar", INSIDE)}


def test_every_request_is_among_these() -> None:
    all_of_them = [*BY_ITSELF, *of_somebody(INSIDE), *of_a_room("#cellar", INSIDE)]
    assert set(get_args(Request)) == {type(one) for one in all_of_them}


FOUNDING = Join("#cellar")
"""The one that makes a room that is not there."""


@pytest.mark.parametrize("who", ["guest", "member"])
@pytest.mark.parametrize(
    ("request_", "of_none"),
    [
        (one, none)
        for one, none in zip(
            of_a_room("#cellar", INSIDE), of_a_room("#attics", INSIDE), strict=True
        )
        if one != FOUNDING
    ],
)
def test_who_is_outside_gets_the_answer_that_there_is_no_such_room(
    company: Company, who: str, request_: Request, of_none: Request
) -> None:
    device = outsider(company, who)
    here, none = answer(company, device, request_), answer(company, device, of_none)
    assert isinstance(here, Refusal)
    assert isinstance(none, Refusal)
    same = none.sentence.replace("#attics", "#cellar")
    assert (here.code, here.sentence) == (none.code, same)


@pytest.mark.parametrize("who", ["guest", "member", "operator"])
@pytest.mark.parametrize("request_", [*BY_ITSELF, *of_somebody(INSIDE)], ids=repr)
def test_what_is_asked_of_people_and_of_all_rooms_tells_nothing_of_it(
    company: Company, who: str, request_: Request
) -> None:
    said = words(answer(company, outsider(company, who), request_))
    assert [secret for secret in SECRETS if secret in said] == []


@pytest.mark.parametrize("request_", [Names("#cellar"), Topic("#cellar"), Join("#cellar")])
def test_not_even_an_operator_who_is_outside_reads_its_topic_or_who_is_in_it(
    company: Company, request_: Request
) -> None:
    olga = outsider(company, "operator")
    for device in (olga, company.console):
        if not (device is company.console and isinstance(request_, Join)):
            answered = words(answer(company, device, request_))
            assert "wine" not in answered
            assert "bob" not in answered


@pytest.mark.parametrize(
    "request_",
    [kind("net:0.0.0.0/0", room="#cellar", dry_run=True) for kind in (Kick, Ban, Mute)],
)
def test_an_operator_who_is_outside_finds_out_by_no_trial_who_is_in_it(
    company: Company, request_: Request
) -> None:
    ann, nina = company.chat.members[INSIDE].devices[0], company.comes("nina", "192.0.2.9")
    company.asks(ann, Invite("nina", "#cellar"))
    company.joins(nina, "#cellar")
    olga = outsider(company, "operator")
    assert company.asks(olga, request_) == [Hits("net:0.0.0.0/0", 1, ())]
    company.asks(ann, Invite("olga", "#cellar"))
    company.joins(olga, "#cellar")
    assert company.asks(olga, request_) == [Hits("net:0.0.0.0/0", 1, ("nina",))]


LOOKING = [History(), CatchUp(), Mentions(), Last("a"), Search("a"), Show("7"), Redact("77")]


@pytest.mark.parametrize("who", ["guest", "member", "operator"])
@pytest.mark.parametrize("request_", LOOKING, ids=repr)
def test_what_was_said_in_it_is_looked_at_by_nobody_outside(
    company: Company, who: str, request_: Request
) -> None:
    device = outsider(company, who)
    device.left = 1
    look = the(company.asks(device, request_), Look)
    own = {inbox(device.member.key)} if device.member.owned else set()
    assert set(look.query.logs) <= {LOBBY, "*"} | own


def test_who_left_reads_no_further_in_what_she_had_begun(company: Company) -> None:
    [bob, _] = company.devices
    bob.rest = the(company.asks(bob, History(room="#cellar")), Look).query
    company.asks(bob, Part("#cellar"))
    look = the(company.asks(bob, More()), Look)
    assert "#cellar" not in look.query.logs


def test_those_inside_see_all_of_it(company: Company) -> None:
    [bob, _] = company.devices
    assert "port wine" in words(answer(company, bob, Topic("#cellar")))
    assert "bob" in words(answer(company, bob, Names("#cellar")))
    assert "#cellar" in words(answer(company, bob, Rooms()))
    assert "#cellar" in the(company.asks(bob, Whois(INSIDE)), Profile).rooms
    assert "#cellar" in the(company.asks(bob, Search("a")), Look).query.logs


def test_who_is_invited_sees_that_there_is_such_a_room_and_no_more(company: Company) -> None:
    eve = company.devices[1]
    company.asks(company.chat.members[INSIDE].devices[0], Invite("eve", "#cellar"))
    for request in (Names("#cellar"), Topic("#cellar")):
        assert company.refused(eve, request).code == "no-such-room"
    assert "vintage" not in words(answer(company, eve, Show("1")))


@pytest.mark.parametrize(
    "request_",
    [
        Manage("set", "#cellar", "open"),
        Manage("transfer", "#cellar", "zoe"),
        Manage("delete", "#cellar"),
        Kick("bob", room="#cellar"),
    ],
    ids=repr,
)
def test_its_owner_looks_after_it_from_outside_too_and_reads_nothing_there(
    company: Company, request_: Request
) -> None:
    company.account("zoe")
    ann = company.chat.members[INSIDE].devices[0]
    company.asks(ann, Part("#cellar"))
    for reading in (Names("#cellar"), Topic("#cellar")):
        assert company.refused(ann, reading).code == "no-such-room"
    company.asks(ann, request_)


def test_a_private_room_that_its_owner_lists_shows_its_name_alone(company: Company) -> None:
    company.asks(company.chat.members[INSIDE].devices[0], Manage("set", "#cellar", "listed"))
    found = the(company.asks(company.devices[1], Rooms()), RoomList).rooms
    assert RoomLine("#cellar", 0, "", True, False) in found


def test_who_is_seen_in_the_lobby_is_not_seen_to_be_elsewhere(company: Company) -> None:
    assert "cellar" not in words(answer(company, company.devices[1], Who()))


GONE = [Manage("delete", "#cellar"), Manage("rename", "#cellar", "x")]


@pytest.mark.parametrize("request_", GONE)
def test_what_was_done_in_it_is_not_read_by_who_makes_a_room_of_that_name_later(
    company: Company, request_: Request
) -> None:
    company.asks(company.chat.members[INSIDE].devices[0], request_)
    zoe = company.owner("zoe")
    company.joins(zoe, "#cellar")
    assert "wine" not in words(answer(company, zoe, Audit()))


@pytest.mark.parametrize("request_", GONE)
def test_what_was_done_in_it_is_not_read_by_an_operator_when_it_is_gone(
    company: Company, request_: Request
) -> None:
    company.asks(company.chat.members[INSIDE].devices[0], request_)
    assert "wine" not in words(answer(company, company.console, Audit()))


def test_who_has_power_in_it_reads_what_was_done_there(company: Company) -> None:
    ann = company.chat.members[INSIDE].devices[0]
    assert rooms_of(ann)[-1] == "#cellar"
    assert "hidden" in words(answer(company, ann, Audit()))
