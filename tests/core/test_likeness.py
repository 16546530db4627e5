"""When one name could be taken for another: of the chat, of who is here, of who owns hers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.chatting import Company, posts
from tests.core.test_names import WISHES
from twisted_chat.core import chat, names
from twisted_chat.core.chat import House
from twisted_chat.core.events import LOBBY, Told, inbox
from twisted_chat.core.likeness import Looks, look
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Act,
    Converse,
    Enter,
    Join,
    Manage,
    Register,
    Rename,
    Reply,
    Request,
    Say,
    Tell,
)

ALIKE = [
    ("ann", "ann_"),
    ("ann", "ann."),
    ("ann", "Ann--"),
    ("ann-b", "ann_b"),
    ("ann-b", "ann..b"),
    ("bob", "b0b"),
    ("lan", "Ian"),
    ("lan", "1an"),
    ("Bill", "BiIl"),
    ("ace", "асе"),  # Cyrillic, all of it
    ("BOB", "ВОВ"),
    ("ANNA", "ΑΝΝΑ"),  # Greek
    ("ann", "ꓮꓠꓠ"),  # Lisu
    ("anni", "annı"),  # a dotless i
    ("ann", "ɑnn"),
    ("Zoe", "Zoé"),
    ("ann", "an\u0323n"),
    ("דן", "דָן"),
]

UNLIKE = [
    ("ann", "anna"),
    ("ann", "ann2"),
    ("ann2", "ann3"),
    ("ann", "an-n"),
    ("arne", "ame"),  # a terminal gives each letter a column
    ("ian", "lan"),
    ("bob", "rob"),
    ("Жук", "Лук"),
    ("कि", "का"),
    ("日本", "日木"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_names_that_can_be_taken_for_each_other_look_alike(one: str, other: str) -> None:
    assert look(names.legal(one)) == look(names.legal(other))


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_names_that_differ_in_a_letter_that_is_seen_do_not(one: str, other: str) -> None:
    assert look(names.legal(one)) != look(names.legal(other))


@given(WISHES)
def test_a_name_looks_like_itself_however_large_it_is_written(asked: str) -> None:
    try:
        name = names.legal(asked)
    except Refusal:
        return
    assert look(name) == look(f"{name}_")


@given(st.lists(st.tuples(st.sampled_from(["ann", "ann_", "bob", "b0b"]), st.booleans())))
def test_what_is_dropped_is_found_no_more_and_all_else_is(doings: list[tuple[str, bool]]) -> None:
    looks, held = Looks(), list[str]()
    for name, comes in doings:
        if comes:
            looks.add(name, name)
            held.append(name)
        elif name in held:
            looks.drop(name, name)
            held.remove(name)
    for name in ("ann", "b0b"):
        assert sorted(looks.like(name, ())) == sorted(
            one for one in held if look(one) == look(name)
        )
        assert (name in looks) == any(look(one) == look(name) for one in held)


# coming in


def refused(company: Company, name: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        company.enters(Enter(name))
    return caught.value


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_nobody_comes_in_who_could_be_taken_for_somebody_here(one: str, other: str) -> None:
    for here, comes in ((one, other), (other, one)):
        if names.fold(here) == names.fold(comes):
            continue
        refusal = refused(Company(here), comes)
        assert refusal.code == "name-alike"
        assert f"like that of {names.legal(here)}, who is here" in refusal.sentence


def test_nor_for_somebody_who_owns_her_name_and_of_whom_no_more_is_told() -> None:
    company = Company()
    company.account("Ian")
    refusal = refused(company, "lan")
    assert refusal.code == "name-alike"
    assert "Ian" not in refusal.sentence


def test_in_a_solo_chat_it_is_not_told_who_is_here() -> None:
    refusal = refused(Company("bob", house=House(solo=True)), "b0b")
    assert "bob" not in refusal.sentence.partition("much like")[2].partition(".")[0]


@pytest.mark.parametrize(("here", "comes"), [("ann", "ann_"), ("bob", "b0b"), ("lan", "Ian")])
def test_the_name_that_is_proposed_can_be_had(here: str, comes: str) -> None:
    company = Company(here, "ann2", "b0b2", "lan2")
    proposed = refused(company, comes).sentence.split(". ")[1].split()[0]
    assert company.comes(proposed).member.name == proposed


def test_who_owns_her_name_comes_in_whoever_looks_like_her() -> None:
    company = Company("b0b")
    company.account("bob")
    assert company.comes("bob", owned=True).member.name == "bob"


def test_the_name_is_free_when_she_has_gone_or_has_another() -> None:
    company = Company("ann", "lan")
    ann, lan = company.devices
    company.leaves(ann)
    company.comes("ann_")
    company.asks(lan, Rename("zoe"))
    assert company.comes("Ian").member.name == "Ian"


def test_it_is_free_when_the_account_is_deleted() -> None:
    company = Company()
    company.chat.forget(company.account("bob"))
    assert company.comes("b0b").member.name == "b0b"


# other names


def test_nobody_takes_a_name_that_could_be_anothers_but_one_like_her_own() -> None:
    company = Company("ann", "bob")
    ann, _ = company.devices
    assert company.refused(ann, Rename("b0b")).code == "name-alike"
    company.asks(ann, Rename("ann_"))
    company.asks(ann, Rename("Ann_"))
    assert ann.member.name == "Ann_"
    assert company.refused(company.comes("cy"), Rename("ann")).code == "name-alike"


def test_a_name_that_is_only_written_otherwise_may_not_be_anothers_either() -> None:
    company = Company("lan", "ian")
    assert company.refused(company.devices[1], Rename("Ian")).code == "name-alike"


def test_nobody_registers_a_name_that_could_be_taken_for_an_owned_one() -> None:
    company = Company("b0b")
    company.account("bob")
    assert company.refused(company.devices[0], Register("correct horse")).code == "name-alike"


def test_who_takes_one_name_after_another_is_stopped() -> None:
    company = Company("eve", house=chat.House())
    [eve] = company.devices
    for number in range(8):
        company.asks(eve, Rename(f"eve{number}x"))
    assert eve.member.conduct is not None
    assert eve.member.conduct.strikes == 2
    assert company.refused(eve, Rename("eve8x")).code == "muted"


# rooms


def test_no_room_is_opened_or_renamed_that_could_be_taken_for_one_that_she_can_know() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.joins(ann, "#attic")
    for device in (company.devices[0], ann):
        for room in ("#lab_", "#1ab", "#L0BBY", "#lobby."):
            assert company.refused(device, Join(room)).code == "room-alike"
    assert company.refused(ann, Manage("rename", "#attic", "#lab.")).code == "room-alike"
    company.asks(ann, Manage("rename", "#attic", "#attic_"))


def test_a_private_room_is_not_betrayed_by_one_like_it() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.private(ann, "#lab")
    company.joins(company.devices[0], "#lab_")
    assert "#lab_" in company.chat.rooms


# a name that is free again, and taken at once


TALKS: list[Request] = [Say("just for you"), Act("winks")]


@pytest.mark.parametrize("request_", TALKS)
def test_a_conversation_with_a_guest_is_not_gone_on_with_by_who_takes_the_name(
    request_: Request,
) -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(bob, Converse("ann"))
    company.leaves(ann)
    assert company.refused(bob, request_).code == "not-here"
    company.comes("ann")
    refusal = company.refused(bob, request_)
    assert refusal.code == "not-here"
    assert "somebody else has that name now" in refusal.sentence
    company.asks(bob, Converse("ann"))
    [(log, told)] = posts(company.asks(bob, Say("are you new?")))
    assert (log, told) == (inbox("ann"), Told("bob", "ann", "are you new?"))


def test_nor_by_who_takes_the_name_of_somebody_that_has_another_now() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(bob, Converse("ann"))
    company.asks(ann, Rename("zoe"))
    company.comes("ann")
    assert posts(company.asks(bob, Say("hi")))[0][0] == inbox("zoe")


def test_a_reply_does_not_reach_who_takes_the_name() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(ann, Tell("bob", "psst"))
    company.leaves(ann)
    company.comes("ann")
    assert company.refused(bob, Reply("what?")).code == "not-here"


def test_a_conversation_ends_with_whoever_talks_to_the_room_again() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(bob, Converse("ann"))
    company.leaves(ann)
    company.asks(bob, Converse(""))
    assert posts(company.asks(bob, Say("hi")))[0][0] == LOBBY


def test_a_conversation_with_who_registers_meanwhile_waits_for_her() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(bob, Converse("ann"))
    ann.member.right = company.chat.right_of(company.account("ann").key)
    company.leaves(ann)
    assert posts(company.asks(bob, Say("hi")))[0][0] == inbox("ann")
