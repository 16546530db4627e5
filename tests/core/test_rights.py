"""Who may ask for what: for each request and each right, as it is seen from outside."""

from typing import get_args

import pytest

from tests.core.asked import PASSWORD
from tests.core.chatting import Company
from twisted_chat.core import refusals
from twisted_chat.core.chat import DOES, Device
from twisted_chat.core.events import LOBBY
from twisted_chat.core.outcomes import Explain
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Act,
    Allow,
    Announce,
    Audit,
    Away,
    Back,
    Ban,
    Bans,
    CatchUp,
    ChangePassword,
    Converse,
    Demote,
    Enter,
    Help,
    History,
    Ignore,
    Invite,
    Join,
    Kick,
    Kill,
    Last,
    Leave,
    Lockdown,
    Logout,
    Manage,
    Mentions,
    More,
    Motd,
    Mute,
    Names,
    Part,
    Ping,
    Promote,
    Redact,
    Register,
    Rehash,
    Rename,
    Reply,
    Request,
    Right,
    Rooms,
    Say,
    Search,
    SentBefore,
    Show,
    Shutdown,
    Slow,
    Stats,
    Tell,
    Topic,
    Unban,
    Undo,
    Unignore,
    Unmute,
    Who,
    Whois,
)

GUEST, MEMBER, HOST, OWNER, OPERATOR = Right

LEAST: list[tuple[Request, Right]] = [
    (Say("hi"), GUEST),
    (Act("waves"), GUEST),
    (Tell("bob", "hi"), GUEST),
    (Reply("hi"), GUEST),
    (Converse("bob"), GUEST),
    (Away("lunch"), GUEST),
    (Back(), GUEST),
    (Ignore("bob"), GUEST),
    (Unignore("bob"), GUEST),
    (Enter("zoe"), GUEST),
    (Rename("zoe"), GUEST),
    (Who(), GUEST),
    (Whois("bob"), GUEST),
    (Names("#lab"), GUEST),
    (Join("#shop"), GUEST),
    (Part("#lab"), GUEST),
    (Rooms(), GUEST),
    (Topic("#lab"), GUEST),
    (Topic("#lab", "ladders"), HOST),
    (Topic(LOBBY, "ladders"), OPERATOR),
    (Invite("cy", "#lab"), GUEST),
    (Invite("cy", "#cellar"), HOST),
    (Redact("last"), GUEST),
    (Show("1"), GUEST),
    (Register(PASSWORD), GUEST),
    (History(), GUEST),
    (CatchUp(), GUEST),
    (Mentions(), GUEST),
    (Last("hi"), GUEST),
    (Search("hi"), GUEST),
    (More(), GUEST),
    (Motd(), GUEST),
    (Motd("set", "hi"), OPERATOR),
    (Motd("reload"), OPERATOR),
    (Help(), GUEST),
    (Ping(), GUEST),
    (Leave(), GUEST),
    (SentBefore(), MEMBER),
    (ChangePassword(password=PASSWORD, new=PASSWORD), MEMBER),
    (ChangePassword("bob", new=PASSWORD), OPERATOR),
    (Logout(), MEMBER),
    (AccountOf("info"), MEMBER),
    (AccountOf("export"), MEMBER),
    (AccountOf("delete", PASSWORD), MEMBER),
    (Kick("bob", room="#lab"), HOST),
    (Kick("cy", room=LOBBY), OPERATOR),
    (Ban("bob", room="#lab"), HOST),
    (Ban("cy", room=LOBBY), OPERATOR),
    (Ban("bob", room="#lab", dry_run=True), HOST),
    (Unban("eve", "#lab"), HOST),
    (Unban("eve", LOBBY), OPERATOR),
    (Bans("#lab"), HOST),
    (Bans(LOBBY), OPERATOR),
    (Mute("bob", room="#lab"), HOST),
    (Mute("cy", room=LOBBY), OPERATOR),
    (Unmute("eve", "#lab"), HOST),
    (Unmute("eve", LOBBY), OPERATOR),
    (Slow("10s", "#lab"), HOST),
    (Slow("10s", LOBBY), OPERATOR),
    (Audit(), HOST),
    (Undo("1"), HOST),
    (Undo("2"), OWNER),
    (Manage("set", "#lab", "open"), OWNER),
    (Manage("transfer", "#lab", "dan"), OWNER),
    (Manage("rename", "#lab", "#hall"), OWNER),
    (Manage("delete", "#lab"), OWNER),
    (Manage("set", LOBBY, "slow 1s"), OPERATOR),
    (Promote("dan", "#lab"), OWNER),
    (Promote("dan", LOBBY), OPERATOR),
    (Demote("dan", "#lab"), OWNER),
    (Demote("dan", LOBBY), OPERATOR),
    (Announce("hi"), OPERATOR),
    (Kill("cy"), OPERATOR),
    (Lockdown("on"), OPERATOR),
    (Allow("list"), OPERATOR),
    (Stats(), OPERATOR),
    (Rehash(), OPERATOR),
    (Shutdown("cancel"), OPERATOR),
]
"""What each needs, asked by somebody who talks in #lab and is in #cellar too, which is private.
Act 1 made #lab slow, and act 2 made #cellar private."""


def asker(right: Right) -> tuple[Company, Device]:
    """Somebody who may so much in these two rooms."""
    company = Company("cy", "guest")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Slow("1s", "#lab"))
    company.private(ann, "#cellar")
    company.joins(ann, "#lab")
    company.joins(company.owner("bob"), "#lab")
    company.account("dan")
    if right is OWNER:
        return company, ann
    device = _other(company, right)
    company.asks(ann, Invite(device.member.name, "#cellar"))
    company.joins(device, "#cellar")
    company.joins(device, "#lab")
    if right is HOST:
        for room in ("#cellar", "#lab"):
            company.asks(ann, Promote("zed", room))
    return company, device


def _other(company: Company, right: Right) -> Device:
    if right is GUEST:
        return company.devices[1]
    return company.operator("zed") if right is OPERATOR else company.owner("zed")


def allowed(company: Company, device: Device, request: Request) -> bool:
    try:
        company.asks(device, request)
    except Refusal as refusal:
        return refusal.code != "not-allowed"
    return True


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize(("request_", "least"), LEAST, ids=repr)
def test_who_has_that_right_or_a_higher_one_may_and_nobody_else(
    request_: Request, least: Right, right: Right
) -> None:
    company, device = asker(right)
    assert allowed(company, device, request_) is (right >= least)


OF_A_PERSON = (Ignore, Join, Part)
"""What only somebody can do who is here by a name."""


@pytest.mark.parametrize(
    "request_", [one for one, _ in LEAST if not isinstance(one, OF_A_PERSON)], ids=repr
)
def test_the_console_may_all_that_an_operator_may(request_: Request) -> None:
    company, _ = asker(OWNER)
    assert allowed(company, company.console, request_)


@pytest.mark.parametrize(
    "request_", [one for one, _ in LEAST if isinstance(one, OF_A_PERSON)], ids=repr
)
def test_the_console_is_told_that_it_is_nobody(request_: Request) -> None:
    company, _ = asker(OWNER)
    told = company.refused(company.console, request_).sentence
    assert told == refusals.console_is_nobody().sentence


@pytest.mark.parametrize(
    "request_", [request for request, least in LEAST if least in (HOST, OWNER)], ids=repr
)
def test_the_power_over_one_room_is_none_over_another(request_: Request) -> None:
    company, _ = asker(OWNER)
    zoe = company.owner("zoe")
    company.joins(zoe, "#zoo")
    company.joins(zoe, "#lab")
    if isinstance(request_, Audit):
        assert "#lab" not in repr(company.asks(zoe, request_))
    elif isinstance(request_, Undo):
        assert company.refused(zoe, request_).code == "no-act"
    elif isinstance(request_, Invite):
        assert company.refused(zoe, request_).code == "not-in-room"
    else:
        assert not allowed(company, zoe, request_)


@pytest.mark.parametrize("right", [GUEST, MEMBER, HOST, OWNER])
@pytest.mark.parametrize(
    "request_",
    [request for request, least in LEAST if least is OPERATOR],
    ids=repr,
)
def test_what_is_refused_changes_nothing(request_: Request, right: Right) -> None:
    company, device = asker(right)
    before = dict(company.records)
    assert not allowed(company, device, request_)
    assert company.records == before


def test_no_request_is_without_a_row_and_without_a_function() -> None:
    assert {type(request) for request, _ in LEAST} == set(get_args(Request)) == set(DOES)


def test_a_request_never_needs_less_than_it_says_of_itself() -> None:
    assert all(least >= request.needs for request, least in LEAST)


@pytest.mark.parametrize(
    ("right", "says"),
    [
        (Right.MEMBER, "who own their names (/register)"),
        (Right.HOST, "the owner of the room, and those whom the owner names,"),
        (Right.OPERATOR, "the operator of the chat"),
    ],
)
def test_a_refusal_says_who_may(right: Right, says: str) -> None:
    company, guest = asker(GUEST)
    request = next(request for request, least in LEAST if least is right)
    assert says in company.refused(guest, request).sentence


def test_a_refusal_says_that_only_the_owner_may() -> None:
    company, host = asker(HOST)
    says = "Only the owner of the room may do that."
    assert says in company.refused(host, Promote("dan", "#lab")).sentence


def test_what_nobody_but_an_operator_may_in_the_lobby_is_refused_so() -> None:
    company, owner = asker(OWNER)
    assert "the operator of the chat" in company.refused(owner, Slow("1s", LOBBY)).sentence


@pytest.mark.parametrize("right", Right)
def test_help_is_of_all_that_one_may_anywhere(right: Right) -> None:
    company, device = asker(right)
    assert company.asks(device, Help("nick")) == [Explain("nick", right)]


def test_who_is_named_an_operator_is_one_at_once_and_until_she_is_not() -> None:
    company = Company()
    zed = company.owner("zed")
    company.asks(company.console, Promote("zed"))
    assert allowed(company, zed, Stats())
    company.asks(company.console, Demote("zed"))
    assert not allowed(company, zed, Stats())


def test_who_is_named_in_the_options_is_an_operator_when_she_has_proved_who_she_is() -> None:
    company = Company()
    company.chat.house.operators = frozenset({"zed"})
    assert not allowed(company, company.comes("zed"), Stats())
    assert allowed(company, company.owner("zed"), Stats())


def test_rights_survive_a_restart() -> None:
    company, _ = asker(HOST)
    company.operator("olga")
    again = company.again()
    zed, olga = again.owner("zed"), again.owner("olga")
    assert allowed(again, zed, Slow("1s", "#lab"))
    assert allowed(again, olga, Stats())
