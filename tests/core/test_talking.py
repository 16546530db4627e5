"""Say, tell, reply, talk with one person, be away, ignore, paste."""

from math import inf
from typing import get_args

import pytest

from tests.core.chatting import Company, posts, the
from twisted_chat.core.chat import House
from twisted_chat.core.events import (
    LOBBY,
    OPERATORS,
    SPOKEN,
    Acted,
    Event,
    Invited,
    Said,
    Sent,
    Told,
)
from twisted_chat.core.outcomes import Done, NamesOf, Post
from twisted_chat.core.requests import (
    Act,
    Away,
    Back,
    Converse,
    Ignore,
    Invite,
    Join,
    Mute,
    Rename,
    Reply,
    Request,
    Say,
    Tell,
    Unignore,
)
from twisted_chat.core.state import ignored
from twisted_chat.core.talking import LONGEST_AWAY, MOST_IGNORED, MOST_SAID

# in rooms


def test_what_is_said_goes_to_the_room_where_one_talks() -> None:
    company = Company("ann")
    [ann] = company.devices
    assert company.asks(ann, Say("hi")) == [Post(LOBBY, Said("ann", "hi"))]
    company.joins(ann, "#lab")
    assert company.asks(ann, Say("hi")) == [Post("#lab", Said("ann", "hi"))]
    assert company.asks(ann, Act("waves")) == [Post("#lab", Acted("ann", "waves"))]


def test_who_speaks_in_another_of_her_rooms_talks_where_she_did_before() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.joins(ann, "#lab")
    assert posts(company.asks(ann, Say("hi", "#Lobby"))) == [(LOBBY, Said("ann", "hi"))]
    assert posts(company.asks(ann, Act("waves", "lobby"))) == [(LOBBY, Acted("ann", "waves"))]
    assert posts(company.asks(ann, Say("hi"))) == [("#lab", Said("ann", "hi"))]


@pytest.mark.parametrize("request_", [Say("hi", "#lab"), Act("waves", "#lab")])
def test_nobody_speaks_in_a_room_where_she_is_not(request_: Request) -> None:
    company = Company("ann", "bob")
    company.joins(company.devices[1], "#lab")
    assert company.refused(company.devices[0], request_).code == "not-in-room"


# to one person


def test_what_is_told_to_one_person_goes_to_her_inbox() -> None:
    company = Company("ann", "Bob")
    told = [Post("@bob", Told("ann", "Bob", "psst"))]
    assert company.asks(company.devices[0], Tell("BOB", "psst")) == told


def test_who_owns_her_name_keeps_a_copy_of_what_she_tells() -> None:
    company = Company("bob")
    assert company.asks(company.owner("ann"), Tell("bob", "psst")) == [
        Post("@bob", Told("ann", "bob", "psst"), silent=True),
        Post("@ann", Sent("ann", "bob", "psst", waits=False)),
    ]


def test_nobody_can_be_told_who_is_not_here_and_owns_no_name() -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], Tell("bob", "psst")).code == "not-here"


def test_nobody_tells_herself() -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], Tell("Ann", "psst")).code == "to-oneself"
    assert company.refused(company.devices[0], Converse("ann")).code == "to-oneself"


@pytest.mark.parametrize("request_", [Tell("Bob", "psst"), Reply("psst"), Say("psst")])
def test_what_is_told_to_an_owned_name_that_is_not_here_waits(request_: Request) -> None:
    company = Company("ann")
    [ann], bob = company.devices, company.owner("bob")
    company.asks(bob, Tell("ann", "hi"))
    company.asks(ann, Converse("bob"))
    company.leaves(bob)
    outcomes = company.asks(ann, request_)
    assert posts(outcomes) == [("@bob", Told("ann", "bob", "psst"))]
    assert "stored" in the(outcomes, Done).text


def test_the_copy_of_what_waits_says_so() -> None:
    company = Company()
    company.account("bob")
    outcomes = company.asks(company.owner("ann"), Tell("bob", "psst"))
    assert posts(outcomes)[1] == ("@ann", Sent("ann", "bob", "psst", waits=True))


def test_where_nothing_is_kept_nothing_waits() -> None:
    company = Company("ann", house=House())
    company.account("bob")
    assert company.refused(company.devices[0], Tell("bob", "psst")).code == "not-here"


def test_a_reply_goes_to_who_wrote_last() -> None:
    company = Company("ann", "bob", "cy")
    ann, bob, cy = company.devices
    company.asks(bob, Tell("ann", "one"))
    company.asks(cy, Tell("ann", "two"))
    assert posts(company.asks(ann, Reply("yes"))) == [("@cy", Told("ann", "cy", "yes"))]


def test_there_is_no_reply_before_anybody_wrote() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(ann, Tell("bob", "hi"))
    assert company.refused(ann, Reply("yes")).code == "nobody-wrote"
    assert posts(company.asks(bob, Reply("yes"))) == [("@ann", Told("bob", "ann", "yes"))]


def test_a_reply_to_a_guest_who_left_is_refused() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(bob, Tell("ann", "hi"))
    company.leaves(bob)
    company.comes("bob")
    assert company.refused(ann, Reply("yes")).code == "not-here"


def test_a_reply_finds_who_wrote_under_her_new_name_and_nobody_who_took_the_old_one() -> None:
    company = Company("ann", "bob", "cy")
    ann, bob, _ = company.devices
    company.asks(bob, Tell("ann", "a secret?"))
    company.asks(bob, Rename("rob"))
    company.comes("bob")
    assert posts(company.asks(ann, Reply("yes"))) == [("@rob", Told("ann", "rob", "yes"))]


def test_all_devices_of_a_person_can_reply() -> None:
    company = Company("bob")
    first, second = company.owner("ann"), company.owner("ann")
    company.asks(company.devices[0], Tell("ann", "hi"))
    for device in (first, second):
        assert posts(company.asks(device, Reply("yes")))[0] == ("@bob", Told("ann", "bob", "yes"))


def test_the_console_is_answered_where_all_consoles_hear_it() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.asks(company.console, Tell("ann", "hello"))
    assert posts(company.asks(ann, Reply("yes"))) == [(OPERATORS, Told("ann", "Server", "yes"))]


# a conversation


def test_in_a_conversation_what_is_typed_goes_to_one_person_alone() -> None:
    company = Company("ann", "bob")
    [ann, _] = company.devices
    assert "bob alone" in the(company.asks(ann, Converse("Bob")), Done).text
    assert posts(company.asks(ann, Say("psst"))) == [("@bob", Told("ann", "bob", "psst"))]
    assert posts(company.asks(ann, Act("nods"))) == [("@bob", Told("ann", "bob", "* ann nods"))]


def test_in_a_conversation_a_room_can_still_be_named() -> None:
    company = Company("ann", "bob")
    [ann, _] = company.devices
    company.asks(ann, Converse("bob"))
    assert posts(company.asks(ann, Say("hi all", LOBBY))) == [(LOBBY, Said("ann", "hi all"))]


@pytest.mark.parametrize("request_", [Converse(), Join(LOBBY)])
def test_a_conversation_is_ended_by_a_query_alone_and_by_joining(request_: Request) -> None:
    company = Company("ann", "bob")
    [ann, _] = company.devices
    company.asks(ann, Converse("bob"))
    company.asks(ann, request_)
    assert posts(company.asks(ann, Say("hi"))) == [(LOBBY, Said("ann", "hi"))]


def test_nobody_converses_with_who_is_not_here() -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], Converse("bob")).code == "not-here"
    assert posts(company.asks(company.devices[0], Say("hi"))) == [(LOBBY, Said("ann", "hi"))]


def test_a_conversation_is_of_one_device() -> None:
    company = Company("bob")
    first, second = company.owner("ann"), company.owner("ann")
    company.asks(first, Converse("bob"))
    assert posts(company.asks(second, Say("hi"))) == [(LOBBY, Said("ann", "hi"))]


def test_a_conversation_goes_on_with_who_took_another_name() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(ann, Converse("bob"))
    company.asks(bob, Rename("rob"))
    company.comes("bob")
    assert posts(company.asks(ann, Say("psst"))) == [("@rob", Told("ann", "rob", "psst"))]


# away


def test_who_writes_to_somebody_who_is_away_reads_so_and_it_is_told_all_the_same() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(ann, Away(" lunch "))
    outcomes = company.asks(bob, Tell("ann", "hi"))
    assert outcomes == [Post("@ann", Told("bob", "ann", "hi")), Done("ann is away: lunch")]


def test_who_is_back_is_away_no_more() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(ann, Away())
    company.asks(ann, Back())
    assert company.asks(bob, Tell("ann", "hi")) == [Post("@ann", Told("bob", "ann", "hi"))]
    assert company.refused(ann, Back()).code == "not-away"


def test_why_somebody_is_away_is_as_long_as_a_line_or_two() -> None:
    company = Company("ann")
    company.asks(company.devices[0], Away("x" * 5000))
    assert len(company.devices[0].member.away) == LONGEST_AWAY


# ignoring


def test_all_that_somebody_says_herself_is_what_is_not_shown_to_who_ignores_her() -> None:
    spoken = {kind.__name__ for kind in SPOKEN}
    assert spoken == {"Said", "Acted", "Told", "Pasted", "Invited", "TopicSet"}
    assert set(SPOKEN) <= set(get_args(Event))


def not_heard(company: Company, key: str) -> set[str]:
    return set(ignored(company.chat.members[key], company.now))


def test_who_is_ignored_is_not_heard_until_she_is_again() -> None:
    company = Company("ann", "Bob")
    [ann, _] = company.devices
    company.asks(ann, Ignore("BOB"))
    assert not_heard(company, "ann") == {"bob"}
    assert company.asks(ann, Ignore()) == [NamesOf("ignored", ("Bob",))]
    company.asks(ann, Unignore("bob"))
    assert not_heard(company, "ann") == set()


@pytest.mark.parametrize(("typed", "seconds"), [("10", 600.0), ("90s", 90.0), ("1h", 3600.0)])
def test_somebody_is_ignored_for_minutes(typed: str, seconds: float) -> None:
    company = Company("ann", "bob")
    company.asks(company.devices[0], Ignore("bob", typed))
    company.later(seconds - 1)
    assert not_heard(company, "ann") == {"bob"}
    company.later(1)
    assert not_heard(company, "ann") == set()
    assert company.asks(company.devices[0], Ignore()) == [NamesOf("ignored", ())]


def test_another_name_does_not_make_somebody_heard_who_is_ignored() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(ann, Ignore("bob"))
    company.asks(bob, Rename("rob"))
    assert "rob" in not_heard(company, "ann")


def test_who_owns_her_name_ignores_the_same_people_when_she_comes_back() -> None:
    company = Company("bob", "cy")
    ann = company.owner("ann")
    company.asks(ann, Ignore("bob"))
    company.asks(ann, Ignore("cy", "10m"))
    again = company.again()
    again.owner("ann")
    assert not_heard(again, "ann") == {"bob"}
    assert again.chat.members["ann"].ignores == {"bob": inf}


def test_nobody_ignores_herself_or_who_is_not_known() -> None:
    company = Company("ann")
    [ann] = company.devices
    assert company.refused(ann, Ignore("Ann")).code == "to-oneself"
    assert company.refused(ann, Ignore("bob")).code == "nobody-called"
    assert company.refused(ann, Unignore("bob")).code == "not-ignored"


def test_there_is_a_bound_on_people_whom_one_ignores() -> None:
    company = Company("ann", *(f"bob{number}" for number in range(MOST_IGNORED + 1)))
    ann = company.devices[0]
    for number in range(MOST_IGNORED):
        company.asks(ann, Ignore(f"bob{number}"))
    assert company.refused(ann, Ignore(f"bob{MOST_IGNORED}")).code == "too-many-ignored"


def test_an_invitation_says_by_whom_so_that_it_can_be_ignored() -> None:
    company = Company("ann", "bob")
    ann, _ = company.devices
    company.joins(ann, "#lab")
    assert posts(company.asks(ann, Invite("bob"))) == [("@bob", Invited("ann", "bob", "#lab"))]


def test_every_way_of_speaking_ends_a_silence() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.asks(bob, Tell("ann", "hi"))
    for way in (Say("hi"), Act("waves"), Tell("bob", "hi"), Reply("hi")):
        company.later(10)
        company.asks(ann, way)
        assert ann.member.spoke == company.now


# what is said once


TWICE = [
    Say("hi", "", "k1"),
    Act("waves", "", "k1"),
    Tell("bob", "psst", "k1"),
    Say("a\nb", "", "k1"),
]


@pytest.mark.parametrize("request_", TWICE, ids=repr)
def test_what_was_said_by_a_word_is_not_said_by_it_again(request_: Request) -> None:
    company = Company("bob")
    ann = company.owner("ann")
    assert company.asks(ann, request_)
    assert company.refused(ann, request_).code == "said-already"


def test_it_is_said_once_by_all_devices_of_a_person_and_by_others_too() -> None:
    company = Company("bob")
    ann, phone = company.owner("ann"), company.owner("ann")
    company.asks(ann, Say("hi", once="k1"))
    assert company.refused(phone, Say("hi", once="k1")).code == "said-already"
    assert company.asks(company.devices[0], Say("hi", once="k1"))


def test_the_word_stands_in_what_is_kept_for_who_said_it() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    [post] = company.asks(ann, Say("hi", once="k1"))
    assert post == Post(LOBBY, Said("ann", "hi", "k1"))
    [told, sent] = company.asks(ann, Tell("bob", "psst", "k2"))
    assert told == Post("@bob", Told("ann", "bob", "psst"), silent=True)
    assert sent == Post("@ann", Sent("ann", "bob", "psst", False, "k2"))


def test_in_a_conversation_and_in_a_reply_the_word_is_kept_too() -> None:
    company = Company("bob")
    ann, bob = company.owner("ann"), company.devices[0]
    company.asks(bob, Tell("ann", "hi"))
    company.asks(ann, Reply("ho", "k1"))
    company.asks(ann, Converse("bob"))
    for once, request in (("k2", Say("one", once="k2")), ("k3", Act("two", once="k3"))):
        assert company.asks(ann, request)[1].event.once == once  # type: ignore[union-attr]
    for once in ("k1", "k2", "k3"):
        assert company.refused(ann, Say("hi", LOBBY, once)).code == "said-already"


def test_what_was_refused_may_be_said_by_the_same_word() -> None:
    company = Company("ann", "bob")
    ann, muted = company.devices[0], Mute("ann", "10m")
    company.asks(company.console, muted)
    assert company.refused(ann, Say("hi", once="k1")).code == "muted"
    company.later(601)
    assert company.asks(ann, Say("hi", once="k1"))


def test_what_could_not_be_kept_may_be_said_by_the_same_word() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.asks(ann, Say("hi", once="k1"))
    company.chat.unsaid(Said("ann", "hi", "k1"))
    assert company.asks(ann, Say("hi", once="k1"))


def test_what_a_guest_tells_one_person_has_no_word_that_could_not_be_taken_back() -> None:
    company = Company("ann", "bob")
    ann = company.devices[0]
    assert company.asks(ann, Tell("bob", "psst", "k1")) == [
        Post("@bob", Told("ann", "bob", "psst"))
    ]
    company.chat.unsaid(Told("ann", "bob", "psst"))
    assert company.asks(ann, Tell("bob", "psst", "k1"))


def test_there_is_a_bound_on_the_words_that_are_remembered() -> None:
    company = Company("ann")
    [ann] = company.devices
    for number in range(MOST_SAID + 1):
        company.asks(ann, Say("hi", once=f"k{number}"))
    assert company.asks(ann, Say("hi", once="k0"))
    assert company.refused(ann, Say("hi", once=f"k{MOST_SAID}")).code == "said-already"
