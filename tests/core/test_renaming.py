"""Another name, and two that are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.chatting import Company, here, posts, rooms_of
from twisted_chat.core import names
from twisted_chat.core.chat import Device
from twisted_chat.core.events import LOBBY, Renamed, Said
from twisted_chat.core.outcomes import Post
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Ban,
    Invite,
    Rename,
    Say,
)


def test_who_takes_another_name_keeps_her_place() -> None:
    company = Company("ann")
    [ann] = company.devices
    assert company.asks(ann, Rename("zoe")) == [Post(LOBBY, Renamed("ann", "zoe"))]
    assert company.chat.members == {"zoe": ann.member}
    assert posts(company.asks(ann, Say("hi"))) == [(LOBBY, Said("zoe", "hi"))]


def test_all_rooms_hear_of_another_name() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.joins(ann, "#lab")
    renamed = Renamed("ann", "zoe")
    assert posts(company.asks(ann, Rename("zoe"))) == [(LOBBY, renamed), ("#lab", renamed)]
    assert list(company.chat.rooms["#lab"].members) == ["zoe"]


def test_a_name_of_somebody_else_cannot_be_taken_whether_she_is_here_or_not() -> None:
    company = Company("ann", "bob")
    company.account("cy")
    assert company.refused(company.devices[0], Rename("BOB")).code == "name-taken"
    assert company.refused(company.devices[0], Rename("Cy")).code == "name-owned"
    assert here(company) == ["ann", "bob"]


def test_nobody_takes_a_name_that_is_banned() -> None:
    company = Company("ann")
    company.asks(company.console, Ban("eve"))
    assert company.refused(company.devices[0], Rename("Eve")).code == "banned"


def test_ones_own_name_can_be_written_otherwise_but_not_the_same() -> None:
    company = Company("ann")
    [ann] = company.devices
    assert company.asks(ann, Rename("Ann")) == [Post(LOBBY, Renamed("ann", "Ann"))]
    assert company.refused(ann, Rename("Ann")).code == "name-unchanged"
    assert company.chat.members == {"ann": ann.member}


def test_who_owns_her_name_keeps_it_while_she_is_here() -> None:
    company = Company()
    assert company.refused(company.owner("ann"), Rename("zoe")).code == "owns-this-name"


def test_the_operator_keeps_the_name_server() -> None:
    company = Company("ann")
    company.refused(company.console, Rename("zoe"))
    assert here(company) == ["ann"]


def test_an_invitation_is_of_the_person_and_not_of_the_guests_name() -> None:
    company = Company("bob")
    [bob] = company.devices
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Invite("bob", "#cellar"))
    company.asks(bob, Rename("rob"))
    company.joins(bob, "#cellar")
    assert "#cellar" in rooms_of(bob)
    other = company.comes("bob")
    with pytest.raises(Refusal):
        company.joins(other, "#cellar")


NAMES = st.sampled_from(["ann", "ANN", "Ann", "bob", "Bob", "zoé", "ZOÉ", "server", "", "a b"])
STEPS = st.tuples(st.sampled_from(["enter", "own", "rename", "leave"]), NAMES, st.integers(0, 9))


@given(st.lists(STEPS))
def test_two_people_never_have_the_same_name(steps: list[tuple[str, str, int]]) -> None:
    company, devices = Company(), list[Device]()
    for what, name, which in steps:
        device = devices[which % len(devices)] if devices else None
        try:
            if what == "enter":
                devices.append(company.comes(name))
            elif what == "own" and name.isalpha() and name != "server":
                company.account(name)
                devices.append(company.owner(name))
            elif device is not None and what == "rename":
                company.asks(device, Rename(name))
            elif device is not None:
                devices.remove(device)
                company.leaves(device)
        except Refusal:
            pass
        members = company.chat.members
        assert all(key == one.key == names.fold(one.name) for key, one in members.items())
        assert {id(one.member) for one in devices} == set(map(id, members.values()))
