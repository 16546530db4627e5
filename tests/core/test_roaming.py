"""Rooms: to enter and leave them, to see which there are, to invite."""

import pytest

from tests.core.chatting import Company, posts, rooms_of, the
from twisted_chat.core.chat import Arrival, House
from twisted_chat.core.events import LOBBY, Invited, Joined, Left, TopicSet
from twisted_chat.core.outcomes import (
    Approach,
    Entered,
    Face,
    Inform,
    NameList,
    Outside,
    Remember,
    RoomLine,
    RoomList,
    TopicIs,
    Withdraw,
)
from twisted_chat.core.records import Charter
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Ban,
    Enter,
    Invite,
    Join,
    Kick,
    Lockdown,
    Manage,
    Names,
    Part,
    Rooms,
    Topic,
)
from twisted_chat.core.roaming import LISTED, LONGEST_TOPIC, MOST_OWNED, MOST_ROOMS
from twisted_chat.core.whereabouts import MOST_IN

# to enter and to leave


def test_who_enters_a_room_talks_there_and_it_is_told() -> None:
    company = Company("ann", "bob")
    ann, bob = company.devices
    company.joins(ann, "#lab")
    outcomes = company.joins(bob, "lab")
    assert the(outcomes, Entered) == Entered("#lab", "", ("ann",), 1)
    assert the(outcomes, Face) == Face(LOBBY, "#lab")
    assert posts(outcomes) == [("#lab", Joined("bob"))]
    assert rooms_of(bob) == [LOBBY, "#lab"]


def test_what_was_said_there_last_is_looked_up_before_she_is_in() -> None:
    company = Company("ann")
    assert company.asks(company.devices[0], Join("#lab")) == [Approach("#lab", 0)]
    assert rooms_of(company.devices[0]) == [LOBBY]


def test_who_is_in_a_room_already_only_talks_there() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.joins(ann, "#lab")
    outcomes = company.asks(ann, Join(LOBBY))
    assert (posts(outcomes), the(outcomes, Face)) == ([], Face("#lab", LOBBY))
    assert rooms_of(ann) == ["#lab", LOBBY]


def test_who_is_invited_nowhere_meanwhile_does_not_arrive() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(company.devices[0], Join("#lab"))
    company.asks(ann, Manage("set", "#lab", "invite-only"))
    with pytest.raises(Refusal, match="There is no #lab"):
        company.chat.arrive(company.devices[0], "#lab", company.moment)
    assert rooms_of(company.devices[0]) == [LOBBY]


def test_two_devices_that_enter_at_once_are_one_person_there() -> None:
    company = Company()
    first, second = company.owner("ann"), company.owner("ann")
    company.asks(second, Join("#lab"))
    company.joins(first, "#lab")
    outcomes = company.chat.arrive(second, "#lab", company.moment)
    assert outcomes == [Face(LOBBY, "#lab"), Entered("#lab", "", (), 0)]
    assert rooms_of(second) == [LOBBY, "#lab"]


def test_who_leaves_a_room_talks_in_another_with_all_devices_that_talked_there() -> None:
    company = Company()
    first, second = company.owner("ann"), company.owner("ann")
    company.joins(first, "#lab")
    company.joins(second, "#lab")
    outcomes = company.asks(first, Part())
    outside = Outside("#lab", LOBBY, "you left #lab")
    assert the(outcomes, Withdraw) == Withdraw("ann", "#lab")
    assert the(outcomes, Inform) == Inform(second, outside)
    assert the(outcomes, Outside) == outside
    assert posts(outcomes) == [("#lab", Left("ann", ""))]
    assert {one.room.key for one in (first, second) if one.room} == {LOBBY}


def test_each_device_is_told_where_it_talks_when_she_is_sent_out_of_a_room() -> None:
    company = Company()
    company.joins(zoe := company.owner("zoe"), "#lab")
    first, second = company.owner("ann"), company.owner("ann")
    company.joins(second, "#lab")
    company.joins(first, "#shop")
    company.joins(first, LOBBY)
    company.joins(second, "#shop")
    company.joins(second, "#lab")
    outcomes = company.asks(zoe, Kick("ann", room="#lab"))
    told = [one.answer for one in outcomes if isinstance(one, Inform)]
    assert [one.now for one in told if isinstance(one, Outside)] == [LOBBY, "#shop"]


def test_nobody_leaves_the_last_of_her_rooms_or_one_where_she_is_not() -> None:
    company = Company("ann")
    [ann] = company.devices
    assert company.refused(ann, Part()).code == "last-room"
    assert company.refused(ann, Part("#lab")).code == "not-in-room"
    company.joins(ann, "#lab")
    company.asks(ann, Part(LOBBY))
    assert company.refused(ann, Part()).code == "last-room"


def test_a_room_without_people_costs_nothing() -> None:
    company = Company("ann")
    [ann] = company.devices
    company.joins(ann, "#lab")
    company.asks(ann, Part())
    assert set(company.chat.rooms) == {LOBBY}
    assert company.chat.charters == {}
    company.leaves(ann)
    assert company.chat.rooms == {}


def test_what_is_no_name_of_a_room_is_refused() -> None:
    company = Company("ann")
    for typed in ("", "#", "# x", "#" + "x" * 40, "#-", "@ann", "*", "&operators"):
        assert company.refused(company.devices[0], Join(typed)).code == "room-not-legal"


def test_two_rooms_whose_names_look_alike_are_one() -> None:
    company = Company("ann", "bob")
    for device, typed in zip(company.devices, ("#Lab", "#lAB"), strict=True):
        company.joins(device, typed)
    assert list(company.chat.rooms) == [LOBBY, "#lab"]


def test_the_console_is_in_no_room() -> None:
    company = Company("ann")
    company.joins(company.devices[0], "#lab")
    with pytest.raises(Refusal, match="A console is nobody"):
        company.joins(company.console, "#lab")


def test_the_bound_holds_for_who_reads_on_in_many_rooms() -> None:
    company = Company()
    company.chat.recall(Charter(f"#lab{number}") for number in range(MOST_IN + 5))
    after = tuple((f"#lab{number}", 7) for number in range(MOST_IN + 5))
    assert company.not_let_in(Enter("ann", after)).code == "too-many-rooms"
    company.account("ann", rooms=("#lab50", "#lab51", "#lab52"))
    ann, _ = company.enters(Enter("ann", after[:MOST_IN]), Arrival(owned=True))
    assert rooms_of(ann) == [room for room, _ in after[:MOST_IN]]


# who makes a room


def test_the_first_to_enter_a_new_room_owns_it_if_she_owns_her_name() -> None:
    company = Company("bob")
    outcomes = company.joins(company.owner("ann"), "#lab")
    assert Remember(Charter("#lab", owner="ann")) in outcomes
    company.joins(company.devices[0], "#shop")
    assert "#shop" not in company.chat.charters


def test_an_owned_room_waits_for_its_owner() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Part())
    again = company.again()
    assert again.chat.exists("#lab")
    again.joins(again.owner("bob"), "#lab")
    assert again.chat.charters["#lab"].owner == "ann"


def test_where_operators_make_the_rooms_nobody_else_does() -> None:
    company = Company("bob", house=House(free_rooms=False))
    ann, olga = company.owner("ann"), company.operator("olga")
    for device in (company.devices[0], ann):
        assert company.refused(device, Join("#lab")).code == "no-such-room"
    company.joins(olga, "#lab")
    company.joins(ann, "#lab")
    assert company.chat.charters["#lab"].owner == "olga"


def test_under_lockdown_no_room_is_made_but_by_an_operator() -> None:
    company = Company("bob")
    olga = company.operator("olga")
    company.asks(olga, Lockdown("on"))
    assert company.refused(company.devices[0], Join("#lab")).code == "locked-down"
    company.joins(olga, "#lab")
    company.joins(company.devices[0], "#lab")
    assert "#lab" in rooms_of(company.devices[0])


def test_there_is_a_bound_on_the_rooms_that_one_owns() -> None:
    company = Company()
    ann = company.owner("ann")
    for number in range(MOST_OWNED):
        company.joins(ann, f"#lab{number}")
    assert company.refused(ann, Join("#shop")).code == "too-many-rooms"


def test_there_is_a_bound_on_the_rooms_that_one_is_in() -> None:
    company = Company("ann")
    [ann] = company.devices
    for number in range(MOST_IN - 1):
        company.joins(ann, f"#lab{number}")
    assert company.refused(ann, Join("#shop")).code == "too-many-rooms"


def test_there_is_a_bound_on_all_rooms() -> None:
    company = Company("ann")
    company.chat.recall(Charter(f"#lab{number}") for number in range(MOST_ROOMS - 1))
    assert company.refused(company.devices[0], Join("#shop")).code == "too-many-rooms"
    company.joins(company.devices[0], "#lab7")


# which rooms there are


def listed(company: Company, who: int = 0) -> dict[str, RoomLine]:
    found = the(company.asks(company.devices[who], Rooms()), RoomList)
    return {line.room: line for line in found.rooms}


def test_rooms_are_listed_with_how_many_are_in_and_their_topic() -> None:
    company = Company("bob", "cy")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Topic(topic="ladders"))
    company.joins(company.devices[0], "#lab")
    found = the(company.asks(company.devices[1], Rooms()), RoomList)
    lab = RoomLine("#lab", 2, "ladders", False, False)
    assert found == RoomList((RoomLine(LOBBY, 3, "", False, True), lab), 2)


def test_an_open_room_that_is_not_listed_is_found_by_who_knows_its_name() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Manage("set", "#lab", "unlisted"))
    assert set(listed(company)) == {LOBBY}
    company.joins(company.devices[0], "#lab")
    assert set(listed(company)) == {LOBBY, "#lab"}


def test_a_list_shows_a_screen_or_three_of_rooms_and_counts_all() -> None:
    company = Company("ann")
    company.chat.recall(Charter(f"#lab{number}") for number in range(LISTED + 3))
    found = the(company.asks(company.devices[0], Rooms()), RoomList)
    assert (len(found.rooms), found.count) == (LISTED, LISTED + 4)


def test_names_are_those_in_the_room_where_one_talks_or_in_another() -> None:
    company = Company("bob", "ann")
    bob, ann = company.devices
    company.joins(ann, "#lab")
    assert company.asks(ann, Names()) == [NameList("#lab", ("ann",), 1)]
    assert company.asks(bob, Names()) == [NameList(LOBBY, ("bob", "ann"), 2)]
    assert company.asks(bob, Names("#lab")) == [NameList("#lab", ("ann",), 1)]


def test_nothing_is_known_of_a_room_that_is_not_there() -> None:
    company = Company("ann")
    for request in (Names("#attic"), Topic("#attic")):
        assert company.refused(company.devices[0], request).code == "no-such-room"


# topics


def test_a_topic_is_read_by_all_and_set_by_who_has_power_there() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    outcomes = company.asks(ann, Topic("#lab", " ladders "))
    assert posts(outcomes) == [("#lab", TopicSet("ann", "ladders"))]
    assert company.asks(company.devices[0], Topic("#lab")) == [TopicIs("#lab", "ladders")]
    assert company.refused(company.devices[0], Topic("#lab", "x")).code == "not-allowed"


def test_a_topic_is_kept_and_taken_away() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Topic(topic="ladders"))
    assert company.again().chat.charters["#lab"].topic == "ladders"
    company.asks(ann, Topic(topic="-"))
    assert company.asks(ann, Topic()) == [TopicIs("#lab", "")]


def test_a_topic_is_no_novel() -> None:
    company = Company()
    refusal = company.refused(company.console, Topic(topic="x" * (LONGEST_TOPIC + 1)))
    assert refusal.code == "topic-too-long"


# invitations


def test_who_is_invited_into_a_private_room_may_enter_it_once() -> None:
    company = Company("bob")
    [bob], ann = company.devices, company.owner("ann")
    company.private(ann, "#cellar")
    outcomes = company.asks(ann, Invite("Bob", "#cellar"))
    assert posts(outcomes) == [("@bob", Invited("ann", "bob", "#cellar"))]
    company.joins(bob, "#cellar")
    company.asks(bob, Part("#cellar"))
    assert company.refused(bob, Join("#cellar")).code == "no-such-room"


def test_an_owned_name_is_invited_while_she_is_not_here() -> None:
    company = Company()
    company.account("bob")
    ann = company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Invite("bob", "#cellar"))
    again = company.again()
    again.joins(bob := again.owner("bob"), "#cellar")
    assert rooms_of(bob) == [LOBBY, "#cellar"]
    assert again.chat.accounts["bob"].invited == ()


def test_a_guest_is_invited_as_long_as_she_is_here() -> None:
    company = Company("bob")
    [bob], ann = company.devices, company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Invite("bob", "#cellar"))
    company.leaves(bob)
    assert company.refused(company.comes("bob"), Join("#cellar")).code == "no-such-room"


def test_who_has_no_power_in_a_private_room_invites_nobody_into_it() -> None:
    company = Company("bob", "cy")
    bob, _ = company.devices
    company.private(company.owner("ann"), "#cellar", bob)
    assert company.refused(bob, Invite("cy", "#cellar")).code == "not-allowed"


def test_everybody_invites_into_an_open_room_where_she_is() -> None:
    company = Company("bob", "cy")
    bob, _ = company.devices
    company.joins(bob, "#lab")
    assert posts(company.asks(bob, Invite("cy"))) == [("@cy", Invited("bob", "cy", "#lab"))]
    company.asks(bob, Part())
    assert company.refused(bob, Invite("cy", "#lab")).code == "not-in-room"


def test_nobody_is_invited_who_is_in_or_is_not_known() -> None:
    company = Company("bob", "cy")
    bob, _ = company.devices
    assert company.refused(bob, Invite("cy")).code == "in-room-already"
    assert company.refused(bob, Invite("dan")).code == "nobody-called"


def test_who_is_banned_from_a_room_is_not_let_in_by_an_invitation() -> None:
    company = Company("bob")
    [bob], ann = company.devices, company.owner("ann")
    company.private(ann, "#cellar")
    company.asks(ann, Ban("bob", room="#cellar"))
    company.asks(ann, Invite("bob", "#cellar"))
    assert company.refused(bob, Join("#cellar")).code == "banned"


def test_who_was_kicked_out_of_a_private_room_needs_another_invitation() -> None:
    company = Company()
    ann, bob = company.owner("ann"), company.owner("bob")
    company.private(ann, "#cellar", bob)
    company.asks(ann, Kick("bob", room="#cellar"))
    assert company.refused(bob, Join("#cellar")).code == "no-such-room"
    company.asks(ann, Invite("bob", "#cellar"))
    company.joins(bob, "#cellar")
    assert "#cellar" in rooms_of(bob)
