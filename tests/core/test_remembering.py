"""What is to be remembered is told as it changes: a store that did as it was told gives back the
same chat."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.chatting import Company
from twisted_chat.core.chat import Chat, Device, House
from twisted_chat.core.outcomes import Seal
from twisted_chat.core.records import Account, Charter, Inbox, Record, Ruling, Sanction, Setting
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Allow,
    Ban,
    Bans,
    ChangePassword,
    Demote,
    Ignore,
    Invite,
    Join,
    Kick,
    Lockdown,
    Manage,
    Mute,
    Part,
    Promote,
    Register,
    Rename,
    Request,
    Say,
    Slow,
    Topic,
    Unban,
    Undo,
    Unignore,
    Unmute,
)

KINDS = (Account, Inbox, Charter, Sanction, Ruling, Setting)
PASSWORD = "a horse of another colour"

NAMES = st.sampled_from(["ann", "bob", "cy", "dan"])
ROOMS = st.sampled_from(["#lab", "#shop", "#cellar", "#lobby"])
TARGETS = st.sampled_from(["ann", "bob", "cy", "ip:192.0.2.7", "net:192.0.2.0/24"])
PERIODS = st.sampled_from(["", "10m", "1s", "forever"])
NUMBERS = st.integers(1, 30).map(str)
VALUES = st.sampled_from(["invite-only", "open", "unlisted", "keep 3d", "slow 2s"])

REQUESTS: st.SearchStrategy[Request] = st.one_of(
    st.builds(Say, st.sampled_from(["hi", "one\ntwo"]), st.just("")),
    st.builds(Join, ROOMS),
    st.builds(Part, ROOMS),
    st.builds(Topic, ROOMS, st.sampled_from(["ladders", "-"])),
    st.builds(Invite, NAMES, ROOMS),
    st.builds(Ignore, NAMES, st.sampled_from(["", "5"])),
    st.builds(Unignore, NAMES),
    st.builds(Rename, NAMES),
    st.builds(Manage, st.just("set"), ROOMS, VALUES),
    st.builds(Manage, st.just("transfer"), ROOMS, NAMES),
    st.builds(Manage, st.just("rename"), ROOMS, ROOMS),
    st.builds(Manage, st.just("delete"), ROOMS),
    st.builds(Kick, TARGETS, st.just("why"), ROOMS),
    st.builds(Ban, TARGETS, PERIODS, st.just("why"), ROOMS),
    st.builds(Mute, TARGETS, PERIODS, st.just("why"), ROOMS),
    st.builds(Unban, TARGETS, ROOMS),
    st.builds(Unmute, TARGETS, ROOMS),
    st.builds(Bans, ROOMS),
    st.builds(Slow, st.sampled_from(["off", "5s"]), ROOMS),
    st.builds(Promote, NAMES, ROOMS),
    st.builds(Demote, NAMES, ROOMS),
    st.builds(Lockdown, st.sampled_from(["on", "off"])),
    st.builds(Allow, st.sampled_from(["on", "off", "add", "remove"]), NAMES),
    st.builds(Undo, NUMBERS),
    st.just(Register(PASSWORD)),
    st.just(ChangePassword(password=PASSWORD, new=PASSWORD)),
    st.just(AccountOf("delete", PASSWORD)),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["asks"] * 8 + ["comes", "leaves"]), NAMES, REQUESTS), max_size=60
)


def remembered(chat: Chat) -> dict[str, list[Any]]:
    return {kind.__name__: list(chat.shelf(kind).values()) for kind in KINDS}


def sorted_by_key(held: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {kind: sorted(records, key=lambda one: one.key) for kind, records in held.items()}


def somebody(company: Company, name: str) -> Device:
    """She; the console for a name of nobody who is here."""
    member = company.chat.members.get(name)
    return member.devices[0] if member is not None else company.console


def step(company: Company, what: str, name: str, request: Request) -> None:
    company.later(1)
    device = somebody(company, name)
    try:
        if what == "comes" and device is company.console:
            company.comes(name, "192.0.2.7", owned=name in company.chat.accounts)
        elif what == "leaves" and device is not company.console:
            company.leaves(device)
        elif isinstance(request, Join) and device is company.console:
            pass  # it is in no room
        elif isinstance(request, Join):
            company.joins(device, request.room)
        elif isinstance(request, Register | ChangePassword | AccountOf):
            company.proves(device, request)
        else:
            company.asks(device, request)
    except Refusal:
        pass


def rooms_agree(chat: Chat) -> bool:
    """Who is in a room knows of it, and the other way round; nobody is nowhere."""
    here = {(room.key, one.key) for room in chat.rooms.values() for one in room.members.values()}
    there = {(room.key, one.key) for one in chat.members.values() for room in one.rooms}
    talking = all(
        device.room in one.rooms for one in chat.members.values() for device in one.devices
    )
    keys = all(key == room.key == room.charter.key for key, room in chat.rooms.items())
    return here == there and talking and keys and all(room.members for room in chat.rooms.values())


def charters_agree(chat: Chat) -> bool:
    """The room in which people are is as it is remembered."""
    return all(
        room.charter == chat.charters.get(key, Charter(key)) for key, room in chat.rooms.items()
    )


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_what_was_told_to_be_remembered_is_all_that_is_known(
    steps: list[tuple[str, str, Request]],
) -> None:
    company = Company("ann", house=House(kept="forever", calm=False))
    company.owner("bob", "192.0.2.7")
    for what, name, request in steps:
        step(company, what, name, request)
        assert rooms_agree(company.chat)
        assert charters_agree(company.chat)
    told = sorted_by_key(remembered(company.chat))
    assert sorted_by_key(remembered(company.again().chat)) == told
    assert company.again().chat.mutes == tuple(
        one for one in company.again().chat.sanctions.values() if one.kind == "mute"
    )


@settings(max_examples=100, deadline=None)
@given(STEPS, REQUESTS)
def test_what_is_refused_changes_nothing_that_is_remembered(
    steps: list[tuple[str, str, Request]], last: Request
) -> None:
    company = Company("ann", house=House(kept="forever", calm=False))
    for what, name, request in steps:
        step(company, what, name, request)
    for device in (company.console, *(one.devices[0] for one in company.chat.members.values())):
        before = remembered(company.chat)
        try:
            company.asks(device, last)
        except Refusal:
            assert remembered(company.chat) == before
            continue
        return


def test_every_kind_of_record_is_recalled() -> None:
    records: list[Record] = [
        Account("ann", "Ann", "hash", (), 7),
        Inbox("ann", 9),
        Charter("#lab", "ann"),
        Sanction("1", "mute", "#lab", "bob", 0.0, "ann", ""),
        Ruling("10", 1.0, "ann", "mute", "#lab", "bob", -1.0, ""),
        Ruling("9", 1.0, "ann", "kick", "#lab", "bob", 0.0, ""),
        Setting("motd", "be kind"),
    ]
    chat = Chat()
    chat.recall(records)
    assert list(chat.rulings) == ["9", "10"]
    assert sum(len(held) for held in remembered(chat).values()) == len(records)
    assert [one.target for one in chat.mutes] == ["bob"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_forgotten_is_gone_and_may_be_forgotten_again(kind: type[Record]) -> None:
    chat, record = Chat(), Charter("#lab")
    chat.remember(record)
    chat.forget(record)
    chat.forget(record)
    assert chat.shelf(kind) == {}


def test_a_secret_is_not_remembered_as_it_was_typed() -> None:
    company = Company("ann")
    outcomes = company.asks(company.devices[0], Register(PASSWORD))
    assert [type(one) for one in outcomes] == [Seal]
    company.proves(company.devices[0], Register(PASSWORD))
    assert PASSWORD not in repr(company.records)
