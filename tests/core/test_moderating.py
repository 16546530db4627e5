"""Kick, kill, ban, mute, slow, name operators: what is done, and who is told."""

import pytest

from tests.core.chatting import Company, here, posts, rooms_of, the, told
from twisted_chat.core.chat import Arrival, Device, House
from twisted_chat.core.events import LOBBY, Joined, Left, Moderated, Said
from twisted_chat.core.outcomes import (
    Done,
    Evict,
    Hits,
    Outside,
    Refused,
    Sanctions,
    Withdraw,
)
from twisted_chat.core.records import Sanction
from twisted_chat.core.requests import (
    Act,
    Ban,
    Bans,
    Enter,
    Invite,
    Join,
    Kick,
    Kill,
    Manage,
    Mute,
    Part,
    Rename,
    Request,
    Say,
    Tell,
    Topic,
    Unban,
    Unmute,
)

LAB = "#lab"


@pytest.fixture
def company() -> Company:
    """bob and eve are guests in #lab, which is ann's; each at an address of her own."""
    company = Company()
    for number, name in enumerate(("bob", "eve")):
        company.devices.append(company.comes(name, f"192.0.2.{number}"))
    company.joins(company.owner("ann", "198.51.100.1"), LAB)
    for device in company.devices:
        company.joins(device, LAB)
    return company


def owner(company: Company) -> Device:
    return company.chat.members["ann"].devices[0]


def operator(company: Company) -> Device:
    """One who is in #lab, without an address."""
    company.joins(olga := company.operator("olga"), LAB)
    return olga


# out of a room


def test_who_is_kicked_out_of_a_room_is_told_why_and_may_come_again(company: Company) -> None:
    outcomes = company.asks(owner(company), Kick(" EVE", " too loud ", LAB))
    said = "You were kicked from #lab by ann: too loud"
    assert told(outcomes, "eve") == [Outside(LAB, LOBBY, said)]
    assert (LAB, Left("eve", "kicked")) in posts(outcomes)
    assert (LAB, Moderated(1, "ann", "kick", "eve", 0.0, "too loud")) in posts(outcomes)
    assert Withdraw("eve", LAB) in outcomes
    assert "eve" in here(company)
    company.joins(company.devices[1], LAB)


def test_who_was_nowhere_else_is_in_the_lobby_then(company: Company) -> None:
    [_, eve] = company.devices
    company.asks(eve, Part(LOBBY))
    outcomes = company.asks(owner(company), Kick("eve", room=LAB))
    assert (LOBBY, Joined("eve")) in posts(outcomes)
    assert rooms_of(eve) == [LOBBY]


def test_nobody_can_be_kicked_who_is_not_there(company: Company) -> None:
    company.comes("cy")
    assert company.refused(owner(company), Kick("cy", room=LAB)).code == "not-here"
    assert company.refused(company.console, Kick("dan")).code == "not-here"


def test_who_is_banned_from_a_room_stays_out_of_it_and_in_the_chat(company: Company) -> None:
    [_, eve] = company.devices
    outcomes = company.asks(owner(company), Ban("eve", "1h30m", "spam", LAB))
    said = "You were banned from #lab by ann for 1h30m: spam"
    assert told(outcomes, "eve") == [Outside(LAB, LOBBY, said)]
    assert company.refused(eve, Join(LAB)).sentence == (
        "You are banned in #lab for 1h30m by ann: spam"
    )
    assert "eve" in here(company)
    company.later(5400)
    company.joins(eve, LAB)


def test_who_is_muted_in_a_room_reads_there_and_speaks_elsewhere(company: Company) -> None:
    [_, eve] = company.devices
    outcomes = company.asks(owner(company), Mute("eve", "10m", "spam", LAB))
    said = "You were muted in #lab by ann for 10m: spam"
    assert told(outcomes, "eve") == [Refused("muted", said)]
    for request in (Say("hi", LAB), Act("hi", LAB), Say("a\nb", LAB)):
        assert company.refused(eve, request).code == "muted"
    assert posts(company.asks(eve, Say("hi", LOBBY))) == [(LOBBY, Said("eve", "hi"))]
    company.asks(eve, Tell("bob", "hi"))
    company.later(600)
    company.asks(eve, Say("hi", LAB))


def test_who_is_muted_again_is_muted_as_said_last(company: Company) -> None:
    company.asks(owner(company), Mute("eve", "1h", room=LAB))
    company.asks(owner(company), Mute("eve", "1m", room=LAB))
    [sanction] = company.again().chat.sanctions.values()
    assert (sanction.key, sanction.until) == ("2", company.moment.wall + 60)


# out of the chat


@pytest.mark.parametrize("request_", [Kill("eve", "too loud"), Kick("Eve", "too loud", LOBBY)])
def test_who_is_sent_away_is_told_why_and_gone_with_all_devices(
    company: Company, request_: Request
) -> None:
    outcomes = company.asks(company.console, request_)
    evicted = Evict("eve", "You were kicked by Server: too loud", "kicked: too loud")
    assert the(outcomes, Evict) == evicted
    assert (LOBBY, Moderated(1, "Server", "kick", "eve", 0.0, "too loud")) in posts(outcomes)
    assert here(company) == ["bob", "ann"]


def test_who_is_banned_from_the_chat_is_gone_and_does_not_come_back(company: Company) -> None:
    outcomes = company.asks(company.console, Ban("eve", "1h", "spam", LOBBY))
    assert the(outcomes, Evict).told == "You were banned by Server for 1h: spam"
    refusal = company.not_let_in(Enter("EVE"))
    assert refusal.sentence == "You are banned for 1h by Server: spam"


def test_a_ban_without_a_time_is_for_ever(company: Company) -> None:
    outcomes = company.asks(company.console, Ban("eve"))
    assert the(outcomes, Evict).told == "You were banned by Server forever."
    company.later(10**9)
    assert company.not_let_in(Enter("eve")).sentence == "You are banned forever by Server."


def test_a_reason_is_not_cut_within_a_flag_and_so_can_be_imported(company: Company) -> None:
    england = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
    company.asks(company.console, Ban("eve", "1h", "x" * 196 + england, LOBBY))
    [ban] = company.chat.sanctions.values()
    assert ban.reason == "x" * 196 + "\U0001f3f4"


def test_who_is_muted_in_the_lobby_is_heard_nowhere_and_by_nobody(company: Company) -> None:
    [_, eve] = company.devices
    company.asks(company.console, Mute("eve", "1h"))
    for request in (Say("hi"), Say("hi", LOBBY), Act("hi"), Tell("bob", "hi"), Say("a\nb")):
        assert company.refused(eve, request).code == "muted"


@pytest.mark.parametrize("room", [LOBBY, LAB])
def test_who_is_muted_takes_no_other_name(company: Company, room: str) -> None:
    [_, eve] = company.devices
    company.asks(company.console, Mute("eve", "1h", room=room))
    assert company.refused(eve, Rename("eva")).code == "muted"
    company.asks(eve, Rename("Eve"))
    company.later(3600)
    company.asks(eve, Rename("eva"))


@pytest.mark.parametrize("request_", [Topic(LAB, "buy this"), Invite("cy", LAB)])
def test_who_is_muted_does_not_speak_by_a_topic_or_an_invitation(
    company: Company, request_: Request
) -> None:
    company.comes("cy")
    company.asks(company.console, Mute("ann"))
    assert company.refused(owner(company), request_).code == "muted"
    company.asks(owner(company), Topic(LAB))


def test_bans_and_mutes_survive_a_restart(company: Company) -> None:
    company.asks(company.console, Ban("eve", "1h"))
    company.asks(company.console, Mute("net:192.0.2.0/24", "1h"))
    again = company.again()
    assert again.not_let_in(Enter("eve")).code == "banned"
    assert again.refused(again.comes("dan", "192.0.2.9"), Say("hi")).code == "muted"


# by address


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("ip:203.0.113.9", "203.0.113.9"),
        ("ip:203.0.113.9", "::ffff:203.0.113.9"),
        ("ip:::ffff:203.0.113.9", "203.0.113.9"),
        ("ip:::ffff:203.0.113.9", "::ffff:203.0.113.9"),
        ("net:203.0.113.0/24", "203.0.113.77"),
        ("net:203.0.113.0/24", "::ffff:203.0.113.77"),
        ("ip:2001:db8::1", "2001:db8:0::1"),
        ("net:2001:db8::/32", "2001:db8:7::1"),
    ],
)
def test_an_act_hits_who_comes_from_there_and_nobody_else(
    company: Company, target: str, address: str
) -> None:
    company.comes("dan", address)
    outcomes = company.asks(company.console, Ban(target))
    assert the(outcomes, Evict).key == "dan"
    assert company.not_let_in(Enter("dora"), Arrival(address)).code == "banned"
    assert here(company) == ["bob", "eve", "ann"]


def test_a_mute_of_an_address_is_of_the_devices_there(company: Company) -> None:
    there, elsewhere = company.owner("dan", "203.0.113.9"), company.owner("dan", "203.0.113.10")
    company.asks(company.console, Mute("ip:203.0.113.9"))
    assert company.refused(there, Say("hi")).code == "muted"
    company.asks(elsewhere, Say("hi"))


def test_who_comes_by_a_local_socket_has_no_address(company: Company) -> None:
    company.comes("dan")
    company.asks(company.console, Ban("net:0.0.0.0/0", yes=True))
    assert here(company) == ["dan"]


@pytest.mark.parametrize("target", ["ip:192.0.2.1", "net:192.0.2.0/24"])
def test_no_address_is_told_to_a_room(company: Company, target: str) -> None:
    outcomes = company.asks(operator(company), Kick(target, room=LAB))
    assert (LAB, Moderated(2, "olga", "kick", "an address", 0.0, "")) in posts(outcomes)
    assert company.chat.rulings["2"].target == target


@pytest.mark.parametrize("kind", [Kick, Ban, Mute, Unban, Unmute])
@pytest.mark.parametrize("target", ["ip:192.0.2.1", "net:192.0.2.0/24"])
def test_addresses_are_for_operators_and_for_no_owner_of_a_room(
    company: Company, kind: type[Kick], target: str
) -> None:
    before = dict(company.records)
    assert company.refused(owner(company), kind(target, room=LAB)).code == "not-allowed"
    assert company.records == before


# to look before one acts


@pytest.mark.parametrize("kind", [Kick, Kill, Ban, Mute])
def test_a_trial_lists_who_would_be_hit_and_does_nothing(
    company: Company, kind: type[Kick]
) -> None:
    before, people = dict(company.records), here(company)
    asked = kind("net:192.0.2.0/24", dry_run=True)
    assert company.asks(company.console, asked) == [Hits("net:192.0.2.0/24", 2, ("bob", "eve"))]
    assert (company.records, here(company)) == (before, people)


def test_a_trial_in_a_room_lists_those_in_it(company: Company) -> None:
    company.comes("cy", "192.0.2.77")
    hits = company.asks(operator(company), Ban("net:192.0.2.0/24", room=LAB, dry_run=True))
    assert hits == [Hits("net:192.0.2.0/24", 2, ("bob", "eve"))]


def test_a_trial_says_that_an_owned_name_is_not_here(company: Company) -> None:
    company.account("Dan")
    assert company.asks(company.console, Ban("dan", dry_run=True)) == [Hits("dan", 0, (), ("Dan",))]


@pytest.mark.parametrize("kind", [Kick, Kill, Ban, Mute])
@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("olga", "hits-yourself"),
        ("ip:198.51.100.77", "hits-yourself"),
        ("net:198.51.100.0/24", "hits-yourself"),
        ("net:203.0.113.0/24", "hits-many"),
    ],
)
def test_what_one_would_be_sorry_for_is_asked_twice(
    company: Company, kind: type[Kick], target: str, code: str
) -> None:
    olga = company.operator("olga", "198.51.100.77")
    for number in range(3):
        company.comes(f"nat{number}", "203.0.113.7")
    company.comes("dan", "198.51.100.77")
    before, people = dict(company.records), here(company)
    assert company.refused(olga, kind(target)).code == code
    assert (company.records, here(company)) == (before, people)
    company.asks(olga, kind(target, yes=True))
    assert company.records != before


@pytest.mark.parametrize("kind", [Ban, Mute])
@pytest.mark.parametrize("target", ["ip:127.0.0.1", "ip:::1", "net:0.0.0.0/0", "net:::/0"])
def test_the_loopback_is_not_hit_without_a_second_thought(
    company: Company, kind: type[Ban], target: str
) -> None:
    assert company.refused(company.console, kind(target)).code == "hits-loopback"


def test_those_who_bother_others_do_not_make_an_address_shared(company: Company) -> None:
    for number in range(3):
        company.comes(f"bot{number}", "203.0.113.7")
        company.asks(company.console, Mute(f"bot{number}"))
    company.asks(company.console, Ban("ip:203.0.113.7"))
    assert here(company) == ["bob", "eve", "ann"]


# as high as oneself


@pytest.mark.parametrize("kind", [Kick, Ban, Mute])
def test_a_host_does_nothing_to_the_owner_or_another_host(
    company: Company, kind: type[Kick]
) -> None:
    host = company.host("hal", owner(company), LAB)
    company.host("ida", owner(company), LAB)
    for name in ("ann", "ida"):
        assert company.refused(host, kind(name, room=LAB, yes=True)).code == "not-allowed"
    company.asks(owner(company), kind("ida", room=LAB))


@pytest.mark.parametrize("kind", [Kick, Ban, Mute])
@pytest.mark.parametrize("target", ["ip:198.51.100.1", "net:198.51.100.0/24"])
def test_who_has_power_in_a_room_is_not_meant_by_her_address(
    company: Company, kind: type[Kick], target: str
) -> None:
    company.joins(company.comes("cy", "198.51.100.1"), LAB)
    outcomes = company.asks(operator(company), kind(target, room=LAB))
    assert told(outcomes, "cy") != []
    assert told(outcomes, "ann") == []
    assert rooms_of(owner(company)) == [LOBBY, LAB]


def test_an_operator_is_not_sent_away_by_her_address(company: Company) -> None:
    company.operator("olga", "203.0.113.9")
    company.comes("cy", "203.0.113.9")
    outcomes = company.asks(company.console, Ban("ip:203.0.113.9"))
    assert the(outcomes, Evict).key == "cy"
    assert "olga" in here(company)


def test_the_console_acts_on_operators_that_the_options_name() -> None:
    company = Company(house=House(operators=frozenset({"olga"})))
    olga = company.owner("olga")
    zed = company.operator("zed")
    assert company.refused(zed, Kick("olga")).code == "not-allowed"
    assert the(company.asks(company.console, Kick("olga")), Evict).key == "olga"
    assert olga.member.name not in here(company)


def test_an_owner_does_nothing_to_an_operator_and_an_operator_to_any_owner(
    company: Company,
) -> None:
    company.joins(olga := company.operator("olga"), LAB)
    assert company.refused(owner(company), Kick("olga", room=LAB)).code == "not-allowed"
    company.asks(olga, Kick("ann", room=LAB))
    assert LAB not in rooms_of(owner(company))


def test_power_is_respected_of_who_is_not_here(company: Company) -> None:
    olga = company.operator("olga")
    company.leaves(olga)
    zed = company.operator("zed")
    assert company.refused(zed, Ban("olga")).code == "not-allowed"


def test_a_guest_of_no_power_is_not_protected_by_what_she_is_called(company: Company) -> None:
    company.asks(owner(company), Kick("bob", room=LAB))
    assert LAB not in rooms_of(company.devices[0])


# lifted


@pytest.mark.parametrize(("act", "lift"), [(Ban, Unban), (Mute, Unmute)])
def test_what_is_lifted_holds_no_more(company: Company, act: type[Ban], lift: type[Unban]) -> None:
    company.asks(owner(company), act("eve", room=LAB))
    outcomes = company.asks(owner(company), lift("Eve", LAB))
    assert isinstance(told(outcomes, "eve")[0], Done)
    assert company.again().chat.sanctions == {}
    company.joins(company.devices[1], LAB)
    company.asks(company.devices[1], Say("hi", LAB))


@pytest.mark.parametrize("request_", [Unban("eve", LAB), Unmute("eve", LAB), Unban("ip:::1", LAB)])
def test_nothing_is_lifted_that_does_not_hold(company: Company, request_: Request) -> None:
    assert company.refused(operator(company), request_).code == "no-sanction"


def test_those_who_are_banned_or_muted_are_listed_by_room(company: Company) -> None:
    company.asks(owner(company), Ban("eve", "1h", "spam", LAB))
    company.asks(company.console, Mute("bob"))
    ban = Sanction("1", "ban", LAB, "eve", company.moment.wall + 3600, "ann", "spam")
    assert the(company.asks(owner(company), Bans(LAB)), Sanctions).sanctions == (ban,)
    mute = Sanction("2", "mute", LOBBY, "bob", 0.0, "Server", "")
    assert the(company.asks(company.console, Bans()), Sanctions).sanctions == (mute,)


def test_what_is_over_is_forgotten_when_it_is_listed(company: Company) -> None:
    company.asks(owner(company), Ban("eve", "1h", "spam", LAB))
    company.later(3600)
    assert the(company.asks(owner(company), Bans(LAB)), Sanctions).sanctions == ()
    assert company.again().chat.sanctions == {}


def test_a_name_that_nobody_can_have_is_not_banned(company: Company) -> None:
    assert company.refused(company.console, Ban("a b")).code == "name-not-legal"
    assert company.refused(company.console, Ban("ip:bob")).code == "no-target"
    assert company.refused(company.console, Ban("eve", "soon")).code == "bad-duration"


@pytest.mark.parametrize("kind", [Ban, Mute])
def test_nobody_is_banned_or_muted_for_no_time(company: Company, kind: type[Ban]) -> None:
    assert company.refused(owner(company), kind("eve", "0s", room=LAB)).code == "bad-duration"
    assert company.chat.sanctions == {}


def test_a_host_who_is_muted_is_not_heard_by_what_he_does(company: Company) -> None:
    gil = company.host("gil", owner(company), LAB)
    company.asks(owner(company), Mute("gil", room=LAB))
    acts = Ban("eve", reason="hi", room=LAB), Kick("eve", "hi", LAB), Topic(LAB, "hi")
    told = [company.refused(gil, act).code for act in acts]
    assert told == ["muted"] * len(acts)
    assert rooms_of(company.devices[1]) == [LOBBY, LAB]


def test_an_owner_who_is_muted_changes_nothing_of_her_room(company: Company) -> None:
    before = company.chat.charter(LAB)
    company.asks(operator(company), Mute("ann", room=LAB))
    for request in (Manage("set", LAB, "unlisted"), Manage("rename", LAB, "#hi")):
        assert company.refused(owner(company), request).code == "muted"
    assert company.chat.charter(LAB) == before


@pytest.mark.parametrize("act", [Kick, Ban])
def test_who_is_kicked_or_banned_while_she_is_away_is_not_there_when_she_comes(
    company: Company, act: type[Kick]
) -> None:
    company.account("hal")
    company.asks(owner(company), Invite("hal", LAB))
    company.joins(gil := company.owner("gil"), LAB)
    company.leaves(gil)
    for name in ("gil", "hal"):
        company.asks(owner(company), act(name, room=LAB))
        account = company.chat.accounts[name]
        assert LAB not in (*account.rooms, *account.invited)
    assert rooms_of(company.again().owner("gil")) == [LOBBY]


def test_there_are_no_more_bans_and_mutes_than_can_be_looked_at(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twisted_chat.core.sanctions.MOST_SANCTIONS", 2)
    company.asks(owner(company), Ban("gil", "10s", room=LAB))
    company.asks(owner(company), Mute("eve", room=LAB))
    refusal = company.refused(owner(company), Ban("hal", room=LAB))
    assert refusal.code == "too-many-sanctions"
    company.asks(owner(company), Mute("eve", "1h", room=LAB))  # in place of the first
    company.later(11)  # the ban is over
    company.asks(owner(company), Ban("hal", room=LAB))
    assert {one.target for one in company.chat.sanctions.values()} == {"eve", "hal"}
