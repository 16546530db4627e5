"""Owned names: to register, to change the password, to leave, to delete it all."""

import pytest

from tests.core.chatting import Company, here, posts, rooms_of, the, told
from tests.times import NOW
from twisted_chat.core import passwords
from twisted_chat.core.chat import Arrival, Device, House
from twisted_chat.core.events import LOBBY, Closed
from twisted_chat.core.outcomes import (
    AccountInfo,
    Depart,
    Done,
    Evict,
    Forget,
    Look,
    Outside,
    Profile,
    Registered,
    Remember,
    Seal,
)
from twisted_chat.core.records import Account, Charter
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    Ban,
    ChangePassword,
    Enter,
    Ignore,
    Invite,
    Join,
    Logout,
    Promote,
    Register,
    Request,
    Slow,
    Stats,
    Whois,
)

PASSWORD, OTHER = "a horse of another colour", "an umbrella stand of note"


def registered(company: Company, name: str) -> Device:
    """A guest who has made the name hers."""
    device = company.comes(name)
    company.proves(device, Register(PASSWORD))
    return device


# what can be asked at all


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Register(), "owned-already"),
        (ChangePassword("bob"), "not-allowed"),
        (ChangePassword(), None),
        (AccountOf("delete"), None),
    ],
    ids=repr,
)
def test_what_an_owner_cannot_do_is_known_before_any_secret(
    request_: Request, code: str | None
) -> None:
    company = Company()
    assert refused_at_once(company, registered(company, "ann"), request_) == code


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Register(), None),
        (ChangePassword(), "not-allowed"),
        (AccountOf("delete"), "not-allowed"),
    ],
    ids=repr,
)
def test_what_a_guest_cannot_do_is_known_before_any_secret(
    request_: Request, code: str | None
) -> None:
    company = Company("ann")
    assert refused_at_once(company, company.devices[0], request_) == code


def test_what_an_operator_cannot_do_is_known_before_any_secret() -> None:
    company = Company("bob")
    for request in (ChangePassword("bob"), ChangePassword(), AccountOf("delete")):
        assert refused_at_once(company, company.console, request) == "owns-no-name"
    company.account("ann")
    assert refused_at_once(company, company.console, ChangePassword("ann")) is None


def refused_at_once(company: Company, device: Device, request: Request) -> str | None:
    try:
        company.chat.require(device, request, company.moment)
    except Refusal as refusal:
        return refusal.code
    return None


# to register


def test_the_password_is_hashed_before_the_name_is_owned() -> None:
    company = Company("Ann")
    [ann] = company.devices
    assert company.asks(ann, Register(PASSWORD)) == [
        Seal(Register(PASSWORD), "ann", fresh=PASSWORD)
    ]
    assert company.chat.accounts == {}


def test_who_registers_owns_her_name_and_is_given_codes_of_which_hashes_are_kept() -> None:
    company = Company("Ann")
    outcomes = company.proves(company.devices[0], Register(PASSWORD), "hash")
    given = the(outcomes, Registered)
    hashes = tuple(passwords.code_hash(code) for code in given.codes)
    account = Account("ann", "Ann", "hash", hashes, company.id_now, (LOBBY,))
    assert (given.name, company.again().chat.accounts) == ("Ann", {"ann": account})
    assert not any(code in repr(account) for code in given.codes)


def test_no_password_is_in_what_is_written_down_of_a_request() -> None:
    asked = [
        Register(PASSWORD),
        ChangePassword("ann", PASSWORD, PASSWORD),
        AccountOf("delete", PASSWORD),
        Enter("ann", (), PASSWORD, PASSWORD),
        Seal(Register(PASSWORD), "ann", PASSWORD, PASSWORD, PASSWORD),
    ]
    assert PASSWORD not in repr(asked)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-too-short"),
        ("short", "password-too-short"),
        ("x" * 129, "password-too-long"),
        ("annannann", "password-is-name"),
    ],
)
def test_what_is_no_good_password_is_refused(password: str, code: str) -> None:
    company = Company("annannann")
    assert company.refused(company.devices[0], Register(password)).code == code


def test_a_name_is_registered_once() -> None:
    company = Company()
    ann = registered(company, "ann")
    assert company.refused(ann, Register(PASSWORD)).code == "owned-already"
    assert company.refused(company.console, Register(PASSWORD)).code == "owned-already"


def test_a_name_that_was_registered_while_the_hash_was_made_is_not_registered_again() -> None:
    company = Company("ann")
    [ann] = company.devices
    seal = the(company.asks(ann, Register(PASSWORD)), Seal)
    company.proves(ann, Register(PASSWORD))
    with pytest.raises(Exception, match="owned already"):
        company.chat.sealed(ann, seal.request, "other", bytes)
    assert company.chat.accounts["ann"].secret == "hash"


def test_what_was_told_to_a_guest_of_that_name_before_is_not_hers() -> None:
    company = Company("ann")
    company.later(50)
    company.proves(company.devices[0], Register(PASSWORD))
    since = company.chat.accounts["ann"].since
    assert since == int((NOW + company.now) * 1e6)
    assert company.chat.floors(("@ann",)) == (("@ann", since),)
    assert company.chat.read_up_to("ann") == since


def test_what_was_told_before_is_not_hers_though_the_clock_has_stepped_back() -> None:
    company = Company("ann")
    company.chat.latest = company.id_now + 10**9
    company.proves(company.devices[0], Register(PASSWORD))
    assert company.chat.read_up_to("ann") == company.chat.latest + 1


def test_up_to_where_she_was_handed_what_was_told_to_her_survives() -> None:
    company = Company()
    company.account("ann")
    company.read("ann", company.id_now + 7)
    assert company.again().chat.read_up_to("ann") == company.id_now + 7
    assert company.chat.read_up_to("bob") == 0


def test_the_rooms_where_a_guest_was_are_hers_when_she_registers() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.joins(company.owner("zoe"), "#lab")
    company.joins(ann, "#lab")
    company.proves(ann, Register(PASSWORD))
    company.leaves(ann)
    assert rooms_of(company.owner("ann")) == [LOBBY, "#lab"]


def test_who_is_named_in_the_options_is_an_operator_when_she_registers() -> None:
    company = Company("ann", house=House(operators=frozenset({"ann"})))
    company.proves(company.devices[0], Register(PASSWORD))
    company.asks(company.devices[0], Stats())


# the password


def test_who_changes_her_password_proves_the_old_one() -> None:
    company = Company()
    ann = registered(company, "ann")
    asked = ChangePassword(password=PASSWORD, new=OTHER)
    assert company.asks(ann, asked) == [Seal(asked, "ann", PASSWORD, "hash", OTHER)]
    company.proves(ann, asked, "other")
    assert company.again().chat.accounts["ann"].secret == "other"


def test_an_operator_sets_a_new_password_without_the_old_one() -> None:
    company = Company()
    company.account("Ann")
    asked = ChangePassword("ANN", new=OTHER)
    assert company.asks(company.console, asked) == [Seal(asked, "ann", fresh=OTHER)]
    outcomes = company.proves(company.console, asked, "other")
    assert the(outcomes, Done).text == "the password of Ann is changed (act 1)"
    assert company.chat.accounts["ann"].secret == "other"


def test_who_is_given_a_new_password_is_told_and_it_is_an_act() -> None:
    company = Company()
    ann, olga = company.owner("ann"), company.operator("olga")
    outcomes = company.proves(olga, ChangePassword("ann", new=OTHER), "other")
    assert told(outcomes, ann.member.key) == [Done("olga has set a new password for your name")]
    ruling = company.chat.rulings["2"]
    assert (ruling.by, ruling.verb, ruling.target) == ("olga", "password", "ann")


def test_an_operator_takes_no_name_of_another_operator_and_the_console_does() -> None:
    company = Company()
    zed, _ = company.operator("zed"), company.operator("olga")
    asked = ChangePassword("olga", new=OTHER)
    assert company.refused(zed, asked).code == "not-allowed"
    company.proves(company.console, asked, "other")
    assert company.chat.accounts["olga"].secret == "other"


def test_who_ignored_somebody_as_a_guest_ignores_her_by_the_name_that_she_registers() -> None:
    company = Company("ann", "bob", "eve")
    [ann, *_] = company.devices
    company.asks(ann, Ignore("bob"))
    company.asks(ann, Ignore("eve", "10"))
    company.proves(ann, Register(PASSWORD))
    assert company.again().chat.accounts["ann"].ignores == ("bob",)


def test_nobody_sets_the_password_of_a_name_that_is_not_owned() -> None:
    company = Company("bob")
    asked = ChangePassword("bob", new=OTHER)
    assert company.refused(company.console, asked).code == "owns-no-name"


# to leave


def test_who_logs_out_leaves_with_this_device_the_others_or_all() -> None:
    company = Company()
    ann = registered(company, "ann")
    assert company.asks(ann, Logout()) == [Depart()]
    others = the(company.asks(ann, Logout("others")), Evict)
    assert (others.key, others.others) == ("ann", True)
    all_of_them = the(company.asks(ann, Logout("ALL")), Evict)
    assert (all_of_them.key, all_of_them.others) == ("ann", False)
    company.comes("bob")
    assert here(company) == ["bob"]


def test_there_is_no_other_way_to_log_out() -> None:
    company = Company()
    assert company.refused(registered(company, "ann"), Logout("bob")).code == "usage"


# the account


def test_one_reads_what_is_remembered_of_one() -> None:
    company = Company("bob")
    ann = registered(company, "Ann")
    company.comes("ann", owned=True)
    company.joins(ann, "#lab")
    company.asks(ann, Ignore("bob"))
    info = AccountInfo("Ann", company.moment.wall, 2, (LOBBY, "#lab"), ("#lab",), ("bob",), 8)
    assert company.asks(ann, AccountOf()) == [info]
    export = company.asks(ann, AccountOf("export"))
    assert the(export, AccountInfo) == info
    query = the(export, Look).query
    assert (query.logs, query.forward) == (("@ann",), True)


def test_nothing_else_is_done_with_an_account() -> None:
    company = Company()
    assert company.refused(registered(company, "ann"), AccountOf("paint")).code == "usage"


def test_who_deletes_her_account_proves_that_it_is_hers() -> None:
    company = Company()
    ann, asked = registered(company, "ann"), AccountOf("delete", PASSWORD)
    assert company.asks(ann, asked) == [Seal(asked, "ann", PASSWORD, "hash")]
    assert "ann" in company.chat.accounts


def deleted(company: Company, device: Device) -> list[object]:
    return list(company.proves(device, AccountOf("delete", PASSWORD)))


def test_nothing_is_remembered_of_an_account_that_was_deleted() -> None:
    company = Company()
    ann = registered(company, "ann")
    company.read("ann", company.id_now)
    outcomes = company.proves(ann, AccountOf("delete", PASSWORD))
    assert ("@ann", Closed("ann")) in posts(outcomes)
    assert not company.records
    assert not ann.member.owned
    company.proves(ann, Register(PASSWORD))


def test_the_rooms_of_an_account_that_was_deleted_pass_to_a_host_or_are_gone() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.joins(ann, "#shop")
    company.joins(company.devices[0], "#shop")
    for name in ("hal", "ida"):
        company.host(name, ann, "#lab")
    outcomes = company.proves(ann, AccountOf("delete", PASSWORD))
    assert company.again().chat.charters == {"#lab": Charter("#lab", "hal", ("ida",))}
    assert ("#shop", Closed("ann")) in posts(outcomes)
    assert rooms_of(company.devices[0]) == [LOBBY]
    assert Outside("#shop", LOBBY, "#shop has no owner any more") in [
        getattr(one, "answer", None) for one in outcomes
    ]


def test_who_registers_a_deleted_name_later_has_nothing_of_the_power_it_had() -> None:
    company = Company()
    ann, bob = company.owner("ann"), company.operator("bob")
    company.joins(ann, "#lab")
    company.joins(bob, "#lab")
    company.asks(ann, Promote("bob", "#lab"))
    deleted(company, bob)
    company.leaves(bob)
    stranger = registered(company, "bob")
    assert company.refused(stranger, Stats()).code == "not-allowed"
    company.joins(stranger, "#lab")
    assert company.refused(stranger, Slow("1s", "#lab")).code == "not-allowed"


def test_a_name_that_was_deleted_is_free() -> None:
    company = Company()
    ann = registered(company, "ann")
    deleted(company, ann)
    company.leaves(ann)
    assert company.comes("ann").member.owned is False


def test_who_deletes_her_account_is_a_guest_on_all_devices() -> None:
    company = Company()
    ann = registered(company, "ann")
    other = company.comes("ann", owned=True)
    deleted(company, ann)
    assert company.refused(other, AccountOf()).code == "not-allowed"


def test_an_invitation_of_a_guest_holds_when_she_registers() -> None:
    company = Company("bob")
    [bob], ann = company.devices, company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Invite("bob", "#cellar"))
    company.proves(bob, Register(PASSWORD))
    company.joins(bob, "#cellar")
    assert "#cellar" in rooms_of(bob)


def test_no_room_stays_with_an_owner_who_is_banned_from_the_chat_alone() -> None:
    company = Company()
    company.joins(company.owner("ann"), "#lab")
    company.asks(company.console, Ban("ann"))
    assert company.again().chat.charters["#lab"].owner == "ann"


# who it is


def test_whois_tells_what_one_may_know_and_addresses_to_operators_and_oneself() -> None:
    company = Company("bob")
    ann = company.owner("Ann", "192.0.2.7")
    company.comes("ann", "192.0.2.8", owned=True)
    company.later(30)
    profile = the(company.asks(company.devices[0], Whois("ANN")), Profile)
    assert (profile.name, profile.here, profile.owned, profile.devices) == ("Ann", True, True, 2)
    assert (profile.idle, profile.since, profile.addresses) == (30.0, NOW + 100, ())
    for device in (ann, company.console):
        shown = the(company.asks(device, Whois("ann")), Profile).addresses
        assert shown == ("192.0.2.7", "192.0.2.8")


def test_whois_tells_of_an_owned_name_that_is_not_here() -> None:
    company = Company("bob")
    company.account("Ann")
    profile = Profile("Ann", False, True, NOW + 100, 0.0, 0, "", (), ())
    assert company.asks(company.devices[0], Whois("ann")) == [profile]
    assert company.refused(company.devices[0], Whois("zoe")).code == "nobody-called"


def test_what_is_remembered_is_told_before_who_asked_hears_of_it() -> None:
    company = Company("ann")
    outcomes = company.proves(company.devices[0], Register(PASSWORD))
    assert [type(one) for one in outcomes] == [Remember, Registered]
    gone = company.proves(company.devices[0], AccountOf("delete", PASSWORD))
    assert isinstance(gone[0], Forget)
    assert isinstance(gone[-1], Done)


def test_a_private_room_is_entered_by_the_new_owner_of_an_account_only_if_she_is_asked_in() -> None:
    company = Company()
    bob = registered(company, "bob")
    company.private(company.owner("ann"), "#cellar", bob)
    deleted(company, bob)
    company.leaves(bob)
    stranger, _ = company.enters(Enter("bob"), Arrival())
    assert rooms_of(stranger) == [LOBBY]
    assert company.refused(stranger, Join("#cellar")).code == "no-such-room"
