"""Every act has a number, is looked up, and is taken back."""

from dataclasses import replace

import pytest

from tests.core.chatting import Company, posts, rooms_of, the, told
from twisted_chat.core.chat import Device
from twisted_chat.core.events import LOBBY, Moderated
from twisted_chat.core.outcomes import Evict, Outside, Rulings
from twisted_chat.core.records import Charter, Ruling
from twisted_chat.core.requests import (
    Allow,
    Audit,
    Ban,
    Demote,
    Enter,
    Join,
    Kick,
    Lockdown,
    Manage,
    Mute,
    Promote,
    Request,
    Say,
    Slow,
    Stats,
    Topic,
    Unban,
    Undo,
    Unmute,
)
from twisted_chat.core.rulings import CHAT, MOST_OF_A_ROOM, MOST_RULINGS, ruled

LAB = "#lab"


@pytest.fixture
def company() -> Company:
    """ann owns #lab and talks there; eve is in it, bob owns his name, and olga is an operator."""
    company = Company("eve")
    company.operator("olga")
    company.joins(company.owner("ann"), LAB)
    company.joins(company.owner("bob"), LAB)
    company.joins(company.devices[0], LAB)
    return company


def device(company: Company, name: str) -> Device:
    return company.chat.members[name].devices[0]


def state(company: Company) -> tuple[object, ...]:
    """What acts change."""
    chat = company.chat
    settings = {key: one.value for key, one in chat.settings.items() if one.value}
    return chat.charters.copy(), chat.sanctions.copy(), settings


def acts(company: Company, who: Device, what: str = "") -> list[str]:
    return [one.key for one in the(company.asks(who, Audit(what)), Rulings).rulings]


UNDOABLE: list[Request] = [
    Ban("eve", room=LAB),
    Ban("dan", "1h"),
    Mute("eve", "1h", room=LAB),
    Mute("ip:192.0.2.7"),
    Slow("10s", LAB),
    Topic(LAB, "ladders"),
    Promote("bob", LAB),
    Promote("bob"),
    Manage("set", LAB, "unlisted"),
    Manage("set", LAB, "keep 30d"),
    Manage("transfer", LAB, "bob"),
    Lockdown("on"),
    Allow("add", "bob"),
]


@pytest.mark.parametrize("request_", UNDOABLE, ids=repr)
def test_what_is_undone_is_as_it_was_before(company: Company, request_: Request) -> None:
    before = state(company)
    company.asks(company.console, request_)
    assert state(company) != before
    company.asks(company.console, Undo("#2"))
    assert state(company) == before
    assert state(company.again()) == before


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Ban("eve", room=LAB), Unban("eve", LAB)),
        (Mute("eve", room=LAB), Unmute("eve", LAB)),
        (Promote("bob", LAB), Demote("bob", LAB)),
        (Topic(LAB, "ladders"), Topic(LAB, "-")),
        (Topic(LAB, "ladders"), Topic(LAB, "cats")),
        (Lockdown("on"), Lockdown("off")),
        (Slow("10s", LAB), Slow("off", LAB)),
        (Ban("eve", "1h", room=LAB), Ban("eve", room=LAB)),
    ],
    ids=repr,
)
def test_what_lifted_or_changed_something_is_undone_too(
    company: Company, first: Request, then: Request
) -> None:
    company.asks(company.console, first)
    before = state(company)
    company.asks(company.console, then)
    company.asks(company.console, Undo("3"))
    assert state(company) == before


def test_who_made_her_room_private_undoes_it(company: Company) -> None:
    ann, charter = device(company, "ann"), company.chat.charter(LAB)
    company.asks(ann, Manage("set", LAB, "invite-only"))
    company.asks(ann, Undo("2"))
    now = company.chat.charter(LAB)
    assert replace(now, since=0) == charter
    assert now.since == company.chat.id_now, "what was said meanwhile stays private"


def test_who_is_banned_no_more_may_come_in_again(company: Company) -> None:
    company.asks(company.console, Ban("eve"))
    company.asks(company.console, Undo("2"))
    company.comes("eve")
    company.asks(company.console, Mute("eve"))
    company.asks(company.console, Undo("4"))
    company.asks(device(company, "eve"), Say("hi"))


def test_who_is_banned_again_because_it_was_no_mistake_goes(company: Company) -> None:
    eve = device(company, "eve")
    company.asks(company.console, Ban("eve", room=LAB))
    company.asks(company.console, Unban("eve", LAB))
    company.joins(eve, LAB)
    outcomes = company.asks(company.console, Undo("3"))
    assert told(outcomes, "eve") == [Outside(LAB, LOBBY, "You are banned from #lab after all.")]
    assert rooms_of(eve) == [LOBBY]


def test_who_is_banned_from_the_chat_again_is_disconnected(company: Company) -> None:
    company.asks(company.console, Ban("dan"))
    company.asks(company.console, Unban("dan"))
    company.comes("dan")
    outcomes = company.asks(company.console, Undo("3"))
    assert the(outcomes, Evict) == Evict("dan", "You are banned after all.", "banned")


def test_who_is_no_operator_any_more_has_no_power_at_once(company: Company) -> None:
    bob = device(company, "bob")
    company.asks(company.console, Promote("bob"))
    company.asks(bob, Stats())
    company.asks(company.console, Undo("2"))
    assert company.refused(bob, Stats()).code == "not-allowed"


def test_no_address_is_told_when_an_act_on_one_is_undone(company: Company) -> None:
    company.asks(company.console, Mute("ip:192.0.2.7"))
    outcomes = company.asks(company.console, Undo("2"))
    assert posts(outcomes) == [(LOBBY, Moderated(3, "Server", "undo", "2", 0.0, "mute an address"))]
    assert "192.0.2.7" not in repr(posts(outcomes))


def test_an_act_is_undone_once_and_by_whom_is_known(company: Company) -> None:
    company.asks(company.console, Lockdown("on"))
    outcomes = company.asks(device(company, "olga"), Undo("2"))
    undone = Moderated(3, "olga", "undo", "2", 0.0, "lockdown on")
    assert posts(outcomes) == [(LOBBY, undone)]
    refusal = company.refused(company.console, Undo("2"))
    assert (refusal.code, "olga" in refusal.sentence) == ("undone-already", True)
    assert company.again().chat.rulings["2"].undone == "olga"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Slow("10s", LAB), Slow("20s", LAB)),
        (Topic(LAB, "one"), Topic(LAB, "two")),
        (Lockdown("on"), Lockdown("off")),
        (Promote("bob", LAB), Promote("olga", LAB)),
        (Ban("eve", room=LAB), Unban("eve", LAB)),
        (Ban("eve", room=LAB), Ban("eve", "1h", room=LAB)),
        (Slow("10s", LAB), Manage("delete", LAB)),
    ],
    ids=repr,
)
def test_what_was_changed_again_since_is_not_undone_blindly(
    company: Company, first: Request, then: Request
) -> None:
    company.asks(company.console, first)
    company.asks(company.console, then)
    before = state(company)
    assert company.refused(company.console, Undo("2")).code == "changed-since"
    assert state(company) == before


def test_what_else_was_changed_since_stays_as_it_is(company: Company) -> None:
    company.asks(company.console, Slow("10s", LAB))
    company.asks(company.console, Topic(LAB, "ladders"))
    company.asks(company.console, Undo("2"))
    assert company.chat.charters[LAB] == Charter(LAB, "ann", topic="ladders")


@pytest.mark.parametrize(
    "request_",
    [Kick("eve", room=LAB), Manage("rename", LAB, "#shop"), Manage("delete", LAB)],
    ids=repr,
)
def test_what_cannot_be_taken_back_says_so(company: Company, request_: Request) -> None:
    company.asks(company.console, request_)
    assert company.refused(company.console, Undo("2")).code == "cannot-undo"


@pytest.mark.parametrize("number", ["", "0", "99", "x", "#", "٢"])
def test_there_is_no_such_act(company: Company, number: str) -> None:
    assert company.refused(company.console, Undo(number)).code == "no-act"


# who may


def test_a_host_undoes_what_a_host_may_do_and_no_more(company: Company) -> None:
    ann, bob = device(company, "ann"), device(company, "bob")
    company.asks(ann, Promote("bob", LAB))
    company.asks(ann, Slow("10s", LAB))
    refusal = company.refused(bob, Undo("2"))
    assert (refusal.code, "Only the owner of the room may" in refusal.sentence) == (
        "not-allowed",
        True,
    )
    company.asks(bob, Undo("3"))


def test_an_owner_undoes_what_was_done_in_her_room_wherever_she_talks(company: Company) -> None:
    ann = device(company, "ann")
    company.asks(ann, Slow("10s", LAB))
    company.asks(ann, Join(LOBBY))
    assert acts(company, ann) == ["2"]
    company.asks(ann, Undo("2"))


def test_nobody_undoes_or_sees_what_was_done_where_she_has_no_power(company: Company) -> None:
    ann = device(company, "ann")
    company.asks(company.console, Lockdown("on"))
    company.asks(ann, Slow("10s", LAB))
    assert acts(company, ann) == ["3"]
    assert company.refused(ann, Undo("2")).code == "no-act"


def test_an_operator_sees_all_acts_but_those_in_secret_rooms(company: Company) -> None:
    ann, olga = device(company, "ann"), device(company, "olga")
    company.asks(ann, Slow("10s", LAB))
    company.private(ann, "#cellar")
    company.asks(ann, Topic("#cellar", "port wine"))
    assert acts(company, olga) == ["1", "2"]
    assert company.refused(olga, Undo("4")).code == "no-act"
    company.asks(ann, Manage("set", LAB, "invite-only"))
    assert acts(company, olga) == ["1"]
    assert rooms_of(olga) == [LOBBY]


# how they are looked up


def test_an_act_says_who_when_why_and_for_how_long(company: Company) -> None:
    company.asks(device(company, "ann"), Ban("Eve", "1h", " spam ", LAB))
    ruling = company.again().chat.rulings["2"]
    found = (ruling.at, ruling.by, ruling.verb, ruling.room, ruling.target, ruling.reason)
    assert found == (company.moment.wall, "ann", "ban", LAB, "eve", "spam")
    assert (ruling.seconds, ruling.undone) == (3600.0, "")


@pytest.mark.parametrize("what", ["EVE", "ban", "spam", "ann", "#lab", "#2"])
def test_acts_are_found_by_what_is_in_them(company: Company, what: str) -> None:
    company.asks(device(company, "ann"), Ban("eve", "1h", "spam", LAB))
    company.asks(company.console, Lockdown("on"))
    assert acts(company, company.console, what) == ["2"]


def test_the_oldest_acts_are_forgotten_and_numbers_go_on(company: Company) -> None:
    company.chat.recall(
        Ruling(str(number), 0.0, "Server", "slow", LOBBY, "", 0.0, "")
        for number in range(1, MOST_RULINGS + 1)
    )
    company.asks(company.console, Lockdown("on"))
    assert len(company.chat.rulings) == MOST_RULINGS
    assert "1" not in company.chat.rulings
    assert str(MOST_RULINGS + 1) in company.chat.rulings


def acts_in(room: str, first: int, count: int, by: str = "Server") -> list[Ruling]:
    numbers = range(first, first + count)
    return [Ruling(str(number), 0.0, by, "slow", room, "", 0.0, "") for number in numbers]


def test_acts_in_one_room_push_away_none_of_another(company: Company) -> None:
    others = [*acts_in(LOBBY, 1, 5), *acts_in("#den", 6, 5), *acts_in(LOBBY, 11, 5, CHAT)]
    company.chat.recall([*others, *acts_in(LAB, 16, MOST_OF_A_ROOM)])
    company.asks(device(company, "ann"), Slow("10s", LAB))
    kept = company.chat.rulings
    assert [one for one in others if one.key not in kept] == []
    assert "16" not in kept
    assert len(kept) == len(others) + MOST_OF_A_ROOM


def test_what_the_chat_itself_does_pushes_away_nothing_that_somebody_did(company: Company) -> None:
    others = [*acts_in(LOBBY, 1, 5), *acts_in(LAB, 6, 5)]
    company.chat.recall([*others, *acts_in(LOBBY, 11, MOST_OF_A_ROOM, CHAT)])
    lobby = company.chat.opened(LOBBY)
    ruled(company.chat, None, ("mute", lobby, "eve"), "flooding", None)
    kept = company.chat.rulings
    assert [one for one in others if one.key not in kept] == []
    assert "11" not in kept
    assert len(kept) == len(others) + MOST_OF_A_ROOM


def test_acts_are_counted_on_after_a_restart(company: Company) -> None:
    for _ in range(10):
        company.asks(company.console, Slow("1s", LAB))
    again = company.again()
    again.asks(again.console, Lockdown("on"))
    assert list(again.chat.rulings) == [str(number) for number in range(1, 13)]


def test_what_was_done_before_a_restart_is_undone_after_it(company: Company) -> None:
    company.asks(company.console, Ban("dan"))
    again = company.again()
    assert again.not_let_in(Enter("dan")).code == "banned"
    again.asks(again.console, Undo("2"))
    again.comes("dan")


# who is a host and is concerned herself


def host(company: Company) -> Device:
    """bob, whom ann names: act 1 is that olga is an operator, act 2 that he is a host."""
    company.asks(device(company, "ann"), Promote("bob", LAB))
    return device(company, "bob")


@pytest.mark.parametrize("by", ["ann", "olga"])
def test_a_host_who_is_muted_does_not_unmute_himself(company: Company, by: str) -> None:
    bob = host(company)
    company.asks(device(company, by), Mute("bob", room=LAB))
    assert company.refused(bob, Unmute("bob", LAB)).code == "not-allowed"
    assert company.refused(bob, Undo("3")).code == "not-allowed"
    assert company.refused(bob, Say("hi", LAB)).code == "muted"


@pytest.mark.parametrize("by", ["ann", "olga"])
def test_a_host_who_is_banned_does_not_come_back_by_himself(company: Company, by: str) -> None:
    bob = host(company)
    company.asks(device(company, by), Ban("bob", room=LAB))
    assert company.refused(bob, Join(LAB)).code == "banned"
    assert company.refused(bob, Unban("bob", LAB)).code == "not-allowed"
    assert company.refused(bob, Undo("3")).code == "not-allowed"
    assert rooms_of(bob) == [LOBBY]


@pytest.mark.parametrize("request_", [Unban("eve", LAB), Undo("3")], ids=repr)
def test_a_host_does_not_lift_what_somebody_with_more_power_did(
    company: Company, request_: Request
) -> None:
    bob = host(company)
    company.asks(device(company, "ann"), Ban("eve", room=LAB))
    assert company.refused(bob, request_).code == "not-allowed"


@pytest.mark.parametrize("request_", [Unban("ann", LAB), Undo("2")], ids=repr)
def test_an_owner_comes_back_and_lifts_what_an_operator_did_to_her_in_her_room(
    company: Company, request_: Request
) -> None:
    ann = device(company, "ann")
    company.asks(device(company, "olga"), Ban("ann", room=LAB))
    company.joins(ann, LAB)
    company.asks(ann, request_)
    assert rooms_of(ann) == [LOBBY, LAB]
    assert not company.chat.sanctions


def test_a_host_does_not_lift_what_another_host_did_to_him_before_he_was_one(
    company: Company,
) -> None:
    gil = company.host("gil", device(company, "ann"), LAB)
    company.asks(gil, Ban("bob", room=LAB))
    assert company.refused(host(company), Unban("bob", LAB)).code == "not-allowed"
