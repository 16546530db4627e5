"""Slow rooms, those who are named operators, lockdown, the list of who may come in."""

import pytest

from tests.core.chatting import Company, posts, the, told
from twisted_chat.core.chat import Device, House
from twisted_chat.core.events import EVERYONE, LOBBY, Announced
from twisted_chat.core.moderating import ALLOWED
from twisted_chat.core.outcomes import (
    Done,
    NamesOf,
)
from twisted_chat.core.records import Charter
from twisted_chat.core.requests import (
    Allow,
    Announce,
    Demote,
    Lockdown,
    Manage,
    Promote,
    Register,
    Rename,
    Request,
    Say,
    Slow,
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


def test_in_a_slow_room_one_waits_between_two_lines_and_who_has_power_does_not(
    company: Company,
) -> None:
    [bob, eve] = company.devices
    company.asks(owner(company), Slow("10s", LAB))
    company.asks(bob, Say("one"))
    company.asks(eve, Say("one"))
    refusal = company.refused(bob, Say("two"))
    assert (refusal.code, "in 10s" in refusal.sentence) == ("too-fast", True)
    company.asks(bob, Say("two", LOBBY))
    company.asks(owner(company), Say("one", LAB))
    company.asks(owner(company), Say("two", LAB))
    company.later(10)
    company.asks(bob, Say("two"))


def test_another_name_does_not_make_a_slow_room_faster(company: Company) -> None:
    [bob, _] = company.devices
    company.asks(owner(company), Slow("10s", LAB))
    company.asks(bob, Say("one"))
    company.asks(bob, Rename("rob"))
    assert company.refused(bob, Say("two")).code == "too-fast"


def test_a_slow_room_stays_so_after_a_restart_until_it_is_not(company: Company) -> None:
    company.asks(owner(company), Slow("10s", LAB))
    assert company.again().chat.charters[LAB].slow == 10.0
    company.asks(owner(company), Slow("off", LAB))
    company.asks(company.devices[0], Say("one"))
    company.asks(company.devices[0], Say("two"))


def test_who_is_named_is_told_and_has_the_power_of_a_host(company: Company) -> None:
    company.joins(company.owner("hal"), LAB)
    outcomes = company.asks(owner(company), Promote("Hal", LAB))
    assert told(outcomes, "hal") == [Done("you are an operator of #lab now")]
    assert company.chat.charters[LAB] == Charter(LAB, "ann", ("hal",))
    outcomes = company.asks(owner(company), Demote("hal", LAB))
    assert told(outcomes, "hal") == [Done("you are no operator of #lab now")]


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Promote("bob", LAB), "owns-no-name"),
        (Promote("ann", LAB), "host-already"),
        (Demote("bob", LAB), "no-host"),
        (Slow("soon", LAB), "bad-duration"),
        (Manage("transfer", LAB, "bob"), "owns-no-name"),
    ],
)
def test_who_owns_no_name_gets_no_power(company: Company, request_: Request, code: str) -> None:
    assert company.refused(owner(company), request_).code == code


def test_under_lockdown_no_name_is_registered(company: Company) -> None:
    company.asks(company.console, Lockdown("on"))
    again = company.again()
    refusal = again.refused(again.comes("dan"), Register("a horse of another colour"))
    assert refusal.code == "locked-down"


def test_a_lockdown_is_on_or_off(company: Company) -> None:
    assert company.refused(company.console, Lockdown("maybe")).code == "usage"


@pytest.mark.parametrize("held", ["on", "off"])
def test_whether_there_is_a_lockdown_is_told_to_who_asks(company: Company, held: str) -> None:
    company.asks(company.console, Lockdown(held))
    acts = len(company.chat.rulings)
    assert company.asks(company.console, Lockdown("")) == [Done(f"lockdown is {held}")]
    assert len(company.chat.rulings) == acts


def test_the_list_is_kept_and_shown(company: Company) -> None:
    for target in ("Ann", "ip:192.0.2.7", "ann"):
        company.asks(company.console, Allow("add", target))
    company.asks(company.console, Allow("on"))
    again = company.again()
    shown = again.asks(again.console, Allow("list"))
    assert shown == [NamesOf("on the allowlist, which is on", ("ann", "ip:192.0.2.7"))]
    again.asks(again.console, Allow("remove", "ANN"))
    assert the(again.asks(again.console, Allow()), NamesOf).names == ("ip:192.0.2.7",)


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Allow("on"), "allowlist-empty"),
        (Allow("remove", "dan"), "not-listed"),
        (Allow("add"), "usage"),
        (Allow("add", "ip:x"), "no-target"),
        (Allow("paint"), "usage"),
    ],
)
def test_nobody_is_locked_out_by_a_list_that_is_empty(
    company: Company, request_: Request, code: str
) -> None:
    assert company.refused(company.console, request_).code == code


def test_there_is_a_bound_on_the_list(company: Company) -> None:
    for number in range(ALLOWED):
        company.asks(company.console, Allow("add", f"a{number}"))
    assert company.refused(company.console, Allow("add", "b")).code == "allowlist-full"


def test_the_operator_speaks_to_everyone() -> None:
    company = Company(house=House())
    announced = (EVERYONE, Announced("hello"))
    assert posts(company.asks(company.console, Announce("hello"))) == [announced]
