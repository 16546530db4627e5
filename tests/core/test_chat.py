"""Who may, and what then happens."""

from dataclasses import fields
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core import names
from twisted_chat.core.chat import GREETED, LISTED, Chat, House, Member
from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    OPERATORS,
    Acted,
    Announced,
    Joined,
    Left,
    Renamed,
    Said,
    Told,
)
from twisted_chat.core.history import Place, Query
from twisted_chat.core.outcomes import (
    Depart,
    Done,
    Evict,
    Explain,
    Look,
    Measure,
    NameList,
    Outcome,
    People,
    Person,
    Post,
    Stop,
    Welcomed,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Act,
    Announce,
    CatchUp,
    Enter,
    Help,
    History,
    Kick,
    Last,
    Leave,
    Mentions,
    More,
    Names,
    Rename,
    Reply,
    Request,
    Right,
    Say,
    Search,
    Shutdown,
    Stats,
    Tell,
    Who,
)

OPERATORS_ONLY: list[Request] = [Announce("hi"), Kick("ann"), Stats(), Shutdown()]


def chat_with(*people: str, house: House | None = None) -> tuple[Chat, list[Member]]:
    """A chat in which these people are, since second 100."""
    chat = Chat(house or House())
    return chat, [chat.enter(Enter(name), 100.0, None)[0] for name in people]


def refused(chat: Chat, member: Member, request: Request) -> Refusal:
    with pytest.raises(Refusal) as caught:
        chat.perform(member, request, 200.0)
    return caught.value


def people_here(chat: Chat) -> list[str]:
    return [member.name for member in chat.members.values()]


# entering and leaving


def test_who_enters_is_welcomed_and_the_room_is_told() -> None:
    member, outcomes = Chat(House(motd="be kind")).enter(Enter(" ann "), 100.0, None)
    assert member.name == "ann"
    assert outcomes == [
        Welcomed("ann", LOBBY, (), 0, "be kind"),
        Post(LOBBY, Joined("ann")),
    ]


def test_the_welcome_names_those_who_were_here_before() -> None:
    chat, _ = chat_with("ann", "bob")
    _, outcomes = chat.enter(Enter("cy"), 100.0, None)
    assert outcomes[0] == Welcomed("cy", LOBBY, ("ann", "bob"), 2, "")


def test_the_welcome_names_only_the_first_of_many_and_counts_all() -> None:
    chat, _ = chat_with(*(f"ann{number}" for number in range(GREETED + 5)))
    welcomed = chat.enter(Enter("bob"), 100.0, None)[1][0]
    assert isinstance(welcomed, Welcomed)
    assert welcomed.others == tuple(f"ann{number}" for number in range(GREETED))
    assert welcomed.count == GREETED + 5


def test_a_taken_name_is_refused_with_one_that_is_free() -> None:
    chat, _ = chat_with("Ann", "ann2")
    with pytest.raises(Refusal, match="ann3 is free") as caught:
        chat.enter(Enter("ann"), 100.0, None)
    assert caught.value.code == "name-taken"
    assert people_here(chat) == ["Ann", "ann2"]


@pytest.mark.parametrize("name", ["server", "", "an n", "x" * 33, "42"])
def test_nobody_enters_by_a_name_that_is_not_legal(name: str) -> None:
    chat, _ = chat_with()
    with pytest.raises(Refusal):
        chat.enter(Enter(name), 100.0, None)
    assert not chat.members


def test_who_leaves_is_gone_and_the_room_is_told_why() -> None:
    chat, [ann, _] = chat_with("ann", "bob")
    assert chat.leave(ann, "connection lost") == [Post(LOBBY, Left("ann", "connection lost"))]
    assert people_here(chat) == ["bob"]


def test_the_name_of_somebody_who_left_is_free() -> None:
    chat, [ann] = chat_with("ann")
    chat.leave(ann, "")
    assert chat.enter(Enter("ANN"), 100.0, None)[0].name == "ANN"


def test_nothing_happens_when_somebody_leaves_who_is_not_in_the_list() -> None:
    chat, [ann] = chat_with("ann")
    assert chat.leave(chat.operator(100.0), "") == []
    chat.leave(ann, "")
    assert chat.leave(ann, "") == []


def test_who_left_long_ago_does_not_take_away_the_new_owner_of_her_name() -> None:
    chat, [old] = chat_with("ann")
    chat.leave(old, "")
    new, _ = chat.enter(Enter("ann"), 200.0, None)
    assert chat.leave(old, "") == []
    assert list(chat.members.values()) == [new]


def test_whoever_is_here_cannot_enter_again() -> None:
    chat, [ann] = chat_with("ann")
    assert refused(chat, ann, Enter("bob")).code == "entered-already"
    assert people_here(chat) == ["ann"]


def test_who_is_known_reads_since_when_and_how_much_she_missed() -> None:
    chat = Chat(House(kept="forever"))
    place = Place(after=3_000_000, last=9_000_000, left=5_000_000, count=7, naming=2)
    member, [welcomed, _] = chat.enter(Enter("ann"), 100.0, place)
    expected = Welcomed("ann", LOBBY, (), 0, "", "forever", 5.0, 7, 2, 9_000_000)
    assert (welcomed, member.left) == (expected, 5_000_000)


def test_who_left_off_in_a_room_that_she_may_read_can_come_in() -> None:
    chat = Chat()
    assert chat.may_enter(Enter(" ann", ((LOBBY, 7), (EVERYONE, 5)))) == "ann"


@pytest.mark.parametrize("log", [OPERATORS, "@ann", "@bob", "#cellar", ""])
def test_nobody_left_off_in_what_she_may_not_read(log: str) -> None:
    chat = Chat()
    with pytest.raises(Refusal) as caught:
        chat.enter(Enter("ann", ((LOBBY, 7), (log, 0))), 100.0, None)
    assert caught.value.code == "no-such-room"
    assert not chat.members


def test_in_a_solo_chat_who_comes_back_with_her_place_is_let_in_and_others_words_are_not() -> None:
    chat = Chat(House(solo=True, kept="forever"))
    ann, _ = chat.enter(Enter("ann", ((LOBBY, 7),)), 0.0, None)
    with pytest.raises(Refusal, match="talks to the server alone"):
        chat.perform(ann, History(), 0.0)


# speaking


def test_what_is_said_goes_to_the_lobby() -> None:
    chat, [ann] = chat_with("ann")
    assert chat.perform(ann, Say("hi"), 200.0) == [Post(LOBBY, Said("ann", "hi"))]
    assert chat.perform(ann, Act("waves"), 200.0) == [Post(LOBBY, Acted("ann", "waves"))]


def test_what_is_told_to_one_person_goes_to_her_inbox() -> None:
    chat, [ann, _] = chat_with("ann", "Bob")
    told = [Post("@bob", Told("ann", "Bob", "psst"))]
    assert chat.perform(ann, Tell("BOB", "psst"), 200.0) == told


def test_nobody_can_be_told_who_is_not_here() -> None:
    chat, [ann] = chat_with("ann")
    assert refused(chat, ann, Tell("bob", "psst")).code == "not-here"


def test_nobody_tells_herself() -> None:
    chat, [ann] = chat_with("ann")
    assert refused(chat, ann, Tell("Ann", "psst")).code == "to-oneself"


def test_a_reply_goes_to_who_wrote_last() -> None:
    chat, [ann, bob, cy] = chat_with("ann", "bob", "cy")
    chat.perform(bob, Tell("ann", "one"), 200.0)
    chat.perform(cy, Tell("ann", "two"), 200.0)
    replied = [Post("@cy", Told("ann", "cy", "yes"))]
    assert chat.perform(ann, Reply("yes"), 200.0) == replied


def test_there_is_no_reply_before_anybody_wrote() -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    chat.perform(ann, Tell("bob", "hi"), 200.0)
    assert refused(chat, ann, Reply("yes")).code == "nobody-wrote"
    assert chat.perform(bob, Reply("yes"), 200.0) == [Post("@ann", Told("bob", "ann", "yes"))]


def test_a_reply_to_somebody_who_left_is_refused() -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    chat.perform(bob, Tell("ann", "hi"), 200.0)
    chat.leave(bob, "")
    assert refused(chat, ann, Reply("yes")).code == "not-here"


def test_a_reply_finds_who_wrote_under_her_new_name() -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    chat.perform(bob, Tell("ann", "a secret?"), 200.0)
    chat.perform(bob, Rename("rob"), 200.0)
    replied = [Post("@rob", Told("ann", "rob", "yes"))]
    assert chat.perform(ann, Reply("yes"), 200.0) == replied


def test_a_reply_never_goes_to_somebody_who_took_the_name_later() -> None:
    chat, [ann, bob, _] = chat_with("ann", "bob", "cy")
    chat.perform(bob, Tell("ann", "a secret?"), 200.0)
    chat.perform(bob, Rename("rob"), 200.0)
    chat.enter(Enter("bob"), 200.0, None)
    outcomes = chat.perform(ann, Reply("yes"), 200.0)
    assert outcomes == [Post("@rob", Told("ann", "rob", "yes"))]


# names


def test_who_takes_another_name_keeps_her_place() -> None:
    chat, [ann] = chat_with("ann")
    assert chat.perform(ann, Rename("zoe"), 200.0) == [Post(LOBBY, Renamed("ann", "zoe"))]
    assert chat.members == {"zoe": ann}
    assert chat.perform(ann, Say("hi"), 200.0) == [Post(LOBBY, Said("zoe", "hi"))]


def test_a_name_of_somebody_else_cannot_be_taken() -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    assert refused(chat, ann, Rename("BOB")).code == "name-taken"
    assert chat.members == {"ann": ann, "bob": bob}


def test_ones_own_name_can_be_written_otherwise_but_not_the_same() -> None:
    chat, [ann] = chat_with("ann")
    assert chat.perform(ann, Rename("Ann"), 200.0) == [Post(LOBBY, Renamed("ann", "Ann"))]
    assert refused(chat, ann, Rename("Ann")).code == "name-unchanged"
    assert chat.members == {"ann": ann}


def test_the_operator_keeps_the_name_server() -> None:
    chat, _ = chat_with("ann")
    with pytest.raises(Refusal):
        chat.perform(chat.operator(0.0), Rename("zoe"), 200.0)
    assert people_here(chat) == ["ann"]


NAMES = st.sampled_from(["ann", "ANN", "Ann", "bob", "Bob", "zoé", "ZOÉ", "server", "", "a b"])


@given(st.lists(st.tuples(st.sampled_from(["enter", "rename", "leave"]), NAMES, st.integers(0, 9))))
def test_two_people_never_have_the_same_name(steps: list[tuple[str, str, int]]) -> None:
    chat, members = Chat(), list[Member]()
    for what, name, which in steps:
        member = members[which % len(members)] if members else None
        try:
            if what == "enter":
                members.append(chat.enter(Enter(name), 0.0, None)[0])
            elif member is not None and what == "rename":
                chat.perform(member, Rename(name), 0.0)
            elif member is not None:
                members.remove(member)
                chat.leave(member, "")
        except Refusal:
            pass
        assert list(chat.members) == [one.key for one in chat.members.values()]
        assert all(one.key == names.fold(one.name) for one in members)
        assert set(map(id, chat.members.values())) == set(map(id, members))


# who is here


def test_who_tells_since_when_people_are_here_and_silent() -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    chat.perform(bob, Say("hi"), 150.0)
    expected = People(LOBBY, (Person("ann", 60.0, 60.0), Person("bob", 60.0, 10.0)), 2)
    assert chat.perform(ann, Who(), 160.0) == [expected]


def test_every_way_of_speaking_ends_a_silence() -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    ways: list[Request] = [Say("hi"), Act("waves"), Tell("bob", "hi"), Reply("hi")]
    chat.perform(bob, Tell("ann", "hi"), 100.0)
    for now, way in enumerate(ways, 200):
        chat.perform(ann, way, float(now))
        assert ann.spoke == now


def test_who_shows_those_whose_name_begins_so() -> None:
    chat, [ann, *_] = chat_with("ann", "Anna", "bob", "Zoé")
    found = [chat.perform(ann, Who(prefix), 100.0)[0] for prefix in ("AN", "anna ", "zoÉ", "x")]
    shown = [[one.name for one in people.people] for people in found if isinstance(people, People)]
    assert shown == [["ann", "Anna"], ["Anna"], ["Zoé"], []]


def test_names_are_those_of_all_in_the_order_in_which_they_came() -> None:
    chat, [bob, *_] = chat_with("bob", "ann")
    assert chat.perform(bob, Names(), 100.0) == [NameList(LOBBY, ("bob", "ann"), 2)]


def test_a_list_shows_a_screen_of_people_and_counts_all() -> None:
    chat, [first, *_] = chat_with(*(f"ann{number}" for number in range(LISTED + 3)))
    [listed], [people] = chat.perform(first, Names(), 1.0), chat.perform(first, Who(), 1.0)
    assert isinstance(listed, NameList)
    assert isinstance(people, People)
    assert (len(listed.names), listed.count) == (LISTED, LISTED + 3)
    assert (len(people.people), people.count) == (LISTED, LISTED + 3)


# what was said before

PAST: list[Request] = [History(), CatchUp(), Mentions(), Last("x"), Search("x"), More()]


def looked(chat: Chat, member: Member, request: Request) -> Query:
    """What is looked for."""
    [look] = chat.perform(member, request, 200.0)
    assert isinstance(look, Look)
    return look.query


def test_what_is_looked_at_are_the_logs_that_all_may_read() -> None:
    chat, [ann] = chat_with("ann", house=House(kept="forever"))
    assert looked(chat, ann, History()).logs == (LOBBY, EVERYONE)


def test_the_lines_that_name_one_are_found_by_the_name_that_she_has_now() -> None:
    chat, [ann] = chat_with("ann", house=House(kept="forever"))
    chat.perform(ann, Rename("zoe"), 200.0)
    assert looked(chat, ann, Mentions()).words == ("zoe",)


def test_who_was_here_before_catches_up_from_where_she_left() -> None:
    chat = Chat(House(kept="forever"))
    ann, _ = chat.enter(Enter("ann"), 100.0, Place(after=1, last=9, left=5))
    assert looked(chat, ann, CatchUp()).after == 5


def test_who_is_new_missed_nothing() -> None:
    chat, [ann] = chat_with("ann", house=House(kept="forever"))
    assert refused(chat, ann, CatchUp()).code == "nothing-missed"


def test_more_goes_on_with_what_is_left_of_the_last_answer() -> None:
    chat, [ann] = chat_with("ann", house=House(kept="forever"))
    assert refused(chat, ann, More()).code == "no-more"
    ann.rest = Query((LOBBY,), before=7)
    assert looked(chat, ann, More()) == ann.rest


@pytest.mark.parametrize("request_", PAST)
def test_where_nothing_is_kept_there_is_nothing_to_look_at(request_: Request) -> None:
    chat, [ann] = chat_with("ann")
    assert refused(chat, ann, request_).code == "nothing-kept"


@pytest.mark.parametrize("request_", PAST)
def test_in_a_solo_chat_a_guest_reads_nothing_of_the_past(request_: Request) -> None:
    chat, [ann] = chat_with("ann", house=House(solo=True, kept="forever"))
    assert refused(chat, ann, request_).code == "nothing-kept"


def test_in_a_solo_chat_the_operator_reads_what_was_said_to_her() -> None:
    chat, _ = chat_with(house=House(solo=True, kept="forever"))
    assert looked(chat, chat.operator(0.0), History()).logs == (OPERATORS, EVERYONE)


def test_elsewhere_the_operator_reads_no_more_of_the_past_than_all_do() -> None:
    chat, _ = chat_with(house=House(kept="forever"))
    assert looked(chat, chat.operator(0.0), History()).logs == (LOBBY, EVERYONE)


# rights


@pytest.mark.parametrize("request_", OPERATORS_ONLY)
def test_what_only_an_operator_may_is_refused_to_a_guest(request_: Request) -> None:
    chat, [ann] = chat_with("ann")
    refusal = refused(chat, ann, request_)
    assert refusal.code == "not-allowed"
    assert "the operator of the chat" in refusal.sentence


def test_these_are_all_that_only_an_operator_may() -> None:
    kinds = {kind for kind in get_args(Request) if kind.needs > Right.GUEST}
    assert kinds == {type(one) for one in OPERATORS_ONLY}


def test_help_is_for_the_right_of_whoever_asks() -> None:
    chat, [ann] = chat_with("ann")
    assert chat.perform(ann, Help("nick"), 1.0) == [Explain("nick", Right.GUEST)]
    assert chat.perform(chat.operator(0.0), Help(), 1.0) == [Explain("", Right.OPERATOR)]


# the operator


def operated(request: Request, *people: str) -> list[Outcome]:
    """What follows when the operator asks this in a chat with these people."""
    chat, _ = chat_with(*people)
    return chat.perform(chat.operator(100.0), request, 200.0)


def test_the_operator_speaks_to_everyone() -> None:
    assert operated(Announce("hello")) == [Post(EVERYONE, Announced("hello"))]


def test_the_operator_is_in_no_list() -> None:
    assert operated(Names(), "ann") == [NameList(LOBBY, ("ann",), 1)]


def test_who_is_kicked_is_told_why_and_the_operator_that_it_was_done() -> None:
    told = "kicked: too loud"
    evicted = [Evict("ann", told), Done(f"Ann was {told}")]
    assert operated(Kick(" ANN", "too loud"), "Ann") == evicted
    assert operated(Kick("ann"), "ann") == [Evict("ann", "kicked"), Done("ann was kicked")]


def test_nobody_can_be_kicked_who_is_not_here() -> None:
    with pytest.raises(Refusal) as caught:
        operated(Kick("bob"), "ann")
    assert caught.value.code == "not-here"


def test_the_figures_are_measured_for_the_operator() -> None:
    assert operated(Stats()) == [Measure()]


@pytest.mark.parametrize(
    ("request_", "stop"),
    [
        (Shutdown(), Stop(0.0, "")),
        (Shutdown("10m", "backup"), Stop(600.0, "backup")),
        (Shutdown("cancel", "not today"), Stop(None, "not today")),
    ],
)
def test_a_shutdown_is_at_once_or_later_or_taken_back(request_: Shutdown, stop: Stop) -> None:
    assert operated(request_) == [stop]


@pytest.mark.parametrize("delay", ["soon", "10 m", "-1"])
def test_a_shutdown_after_what_is_no_duration_is_refused(delay: str) -> None:
    with pytest.raises(Refusal) as caught:
        operated(Shutdown(delay))
    assert caught.value.code == "bad-duration"


def test_no_shutdown_is_announced_that_never_comes() -> None:
    with pytest.raises(Refusal):
        operated(Shutdown("forever"))


def test_an_operator_who_leaves_ends_nothing_but_her_visit() -> None:
    assert operated(Leave()) == [Depart()]


# how the house is run


def test_a_guests_exit_ends_her_visit_alone() -> None:
    chat, [ann] = chat_with("ann")
    assert chat.perform(ann, Leave(), 200.0) == [Depart()]


def test_a_guests_exit_ends_the_daemon_too_where_the_house_wants_it() -> None:
    chat, [ann] = chat_with("ann", house=House(exit_stops=True))
    assert chat.perform(ann, Leave(), 200.0) == [Depart(), Stop(0.0, "")]


def test_an_operators_exit_ends_no_daemon_even_where_a_guests_does() -> None:
    chat, _ = chat_with(house=House(exit_stops=True))
    assert chat.perform(chat.operator(100.0), Leave(), 200.0) == [Depart()]


def test_in_a_solo_chat_only_the_operators_hear_who_comes_speaks_and_goes() -> None:
    chat, [ann] = chat_with("ann", house=House(solo=True))
    _, [_, joined] = chat.enter(Enter("bob"), 100.0, None)
    said = chat.perform(ann, Say("hi"), 200.0)
    renamed = chat.perform(ann, Rename("zoe"), 200.0)
    left = chat.leave(ann, "")
    for post in (joined, *said, *renamed, *left):
        assert isinstance(post, Post)
        assert post.log == OPERATORS


def test_in_a_solo_chat_a_guest_sees_nobody_but_herself() -> None:
    chat, [_, bob] = chat_with("ann", "bob", house=House(solo=True))
    assert chat.perform(bob, Names(), 100.0) == [NameList(LOBBY, ("bob",), 1)]
    assert chat.perform(bob, Who("a"), 100.0) == [People(LOBBY, (), 0)]
    assert chat.enter(Enter("cy"), 100.0, None)[1][0] == Welcomed("cy", LOBBY, (), 0, "")


def test_in_a_solo_chat_a_guest_cannot_find_out_who_is_here_by_telling() -> None:
    chat, [ann, _] = chat_with("ann", "bob", house=House(solo=True))
    absent, here = refused(chat, ann, Tell("cy", "hi")), refused(chat, ann, Tell("bob", "hi"))
    assert (here.code, absent.code) == ("not-here", "not-here")


def test_in_a_solo_chat_the_operator_sees_and_reaches_all() -> None:
    chat, _ = chat_with("ann", "bob", house=House(solo=True))
    operator = chat.operator(100.0)
    assert chat.perform(operator, Names(), 100.0) == [NameList(LOBBY, ("ann", "bob"), 2)]
    told = [Post("@ann", Told("Server", "ann", "hi"))]
    assert chat.perform(operator, Tell("ann", "hi"), 100.0) == told


# a refusal changes nothing

REFUSED: list[Request] = [
    Enter("bob"),
    Tell("nobody", "hi"),
    Tell("ann", "hi"),
    Reply("hi"),
    Rename("ann"),
    Rename("bob"),
    Rename("x y"),
    *PAST,
    *OPERATORS_ONLY,
]


def remembered(*members: Member) -> list[object]:
    """All that the chat knows of them."""
    return [getattr(member, field.name) for member in members for field in fields(member)]


@pytest.mark.parametrize("request_", REFUSED)
def test_what_is_refused_changes_nothing(request_: Request) -> None:
    chat, [ann, bob] = chat_with("ann", "bob")
    before = remembered(ann, bob)
    refused(chat, ann, request_)
    assert remembered(ann, bob) == before
    assert chat.members == {"ann": ann, "bob": bob}
