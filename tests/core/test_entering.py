"""Who may come in, who is here then, and how somebody leaves."""

import pytest

from tests.core.chatting import Company, here, posts, rooms_of, the, told
from twisted_chat.core.chat import Arrival, House
from twisted_chat.core.events import EVERYONE, LOBBY, OPERATORS, Joined, Left, Renamed, Said
from twisted_chat.core.history import Place
from twisted_chat.core.outcomes import People, Post, Welcomed
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Allow,
    Ban,
    Enter,
    History,
    Lockdown,
    Manage,
    Part,
    Rename,
    Say,
    Tell,
    Who,
)
from twisted_chat.core.whereabouts import GREETED

# a guest


def test_who_enters_is_welcomed_and_the_room_is_told() -> None:
    device, outcomes = Company(house=House(motd="be kind")).enters(Enter(" ann "))
    assert device.member.name == "ann"
    welcomed = Welcomed("ann", LOBBY, (), 0, "be kind", rooms=(LOBBY,))
    assert outcomes == [welcomed, Post(LOBBY, Joined("ann"))]


def test_the_welcome_names_those_who_were_here_before() -> None:
    welcomed = the(Company("ann", "bob").enters(Enter("cy"))[1], Welcomed)
    assert (welcomed.others, welcomed.count) == (("ann", "bob"), 2)


def test_the_welcome_names_only_the_first_of_many_and_counts_all() -> None:
    company = Company(*(f"ann{number}" for number in range(GREETED + 5)))
    welcomed = the(company.enters(Enter("bob"))[1], Welcomed)
    assert welcomed.others == tuple(f"ann{number}" for number in range(GREETED))
    assert welcomed.count == GREETED + 5


def test_a_taken_name_is_refused_with_one_that_is_free() -> None:
    company = Company("Ann", "ann2")
    refusal = company.not_let_in(Enter("ann"))
    assert (refusal.code, "ann3 is free" in refusal.sentence) == ("name-taken", True)
    assert here(company) == ["Ann", "ann2"]


@pytest.mark.parametrize("name", ["server", "", "an n", "x" * 33, "42"])
def test_nobody_enters_by_a_name_that_is_not_legal(name: str) -> None:
    company = Company()
    company.not_let_in(Enter(name))
    assert not company.chat.members


def test_who_leaves_is_gone_and_the_room_is_told_why() -> None:
    company = Company("ann", "bob")
    left = [Post(LOBBY, Left("ann", "connection lost"))]
    assert company.leaves(company.devices[0], "connection lost") == left
    assert here(company) == ["bob"]


def test_the_name_of_somebody_who_left_is_free() -> None:
    company = Company("ann")
    company.leaves(company.devices[0])
    assert company.comes("ANN").member.name == "ANN"


def test_nothing_happens_when_somebody_leaves_who_is_not_in_the_list() -> None:
    company = Company("ann")
    assert company.leaves(company.console) == []
    company.leaves(company.devices[0])
    assert company.leaves(company.devices[0]) == []


def test_who_left_long_ago_does_not_take_away_the_new_owner_of_her_name() -> None:
    company = Company("ann")
    company.leaves(company.devices[0])
    new = company.comes("ann")
    assert company.leaves(company.devices[0]) == []
    assert company.chat.members == {"ann": new.member}


def test_whoever_is_here_cannot_enter_again() -> None:
    company = Company("ann")
    assert company.refused(company.devices[0], Enter("bob")).code == "entered-already"
    assert here(company) == ["ann"]


# coming back


def test_who_is_known_reads_since_when_and_how_much_she_missed() -> None:
    place = Place(after=3_000_000, last=9_000_000, left=5_000_000, count=7, naming=2)
    device, outcomes = Company().enters(Enter("ann"), Arrival(place=place))
    welcomed = the(outcomes, Welcomed)
    assert (welcomed.since, welcomed.missed, welcomed.naming, welcomed.last) == (5, 7, 2, 9_000_000)
    assert (device.left, device.read) == (5_000_000, 9_000_000)


def test_who_left_off_in_a_room_that_she_may_read_can_come_in() -> None:
    company = Company()
    request = Enter(" ann", ((LOBBY, 7), (EVERYONE, 5)))
    assert company.chat.may_enter(request, Arrival(), company.moment) == "ann"


@pytest.mark.parametrize("log", [OPERATORS, "@ann", "@bob", "#cellar", "#attic", "*x", ""])
def test_nobody_left_off_in_what_she_may_not_read(log: str) -> None:
    company = Company()
    company.private(company.owner("zoe"), "#cellar")
    assert company.not_let_in(Enter("ann", ((LOBBY, 7), (log, 0)))).code == "no-such-room"
    assert here(company) == ["zoe"]


def test_a_guest_reads_on_in_the_open_rooms_where_she_left_off() -> None:
    company = Company()
    company.joins(company.owner("zoe"), "#lab")
    ann, outcomes = company.enters(Enter("ann", ((LOBBY, 7), ("#lab", 5))))
    assert rooms_of(ann) == [LOBBY, "#lab"]
    assert ("#lab", Joined("ann")) in posts(outcomes)


@pytest.mark.parametrize("rooms", [(LOBBY, "#lab"), ("#lab", LOBBY)])
def test_a_guest_who_reads_on_talks_in_the_last_room_that_she_gives(
    rooms: tuple[str, ...],
) -> None:
    company = Company()
    company.joins(company.owner("zoe"), "#lab")
    ann, outcomes = company.enters(Enter("ann", tuple((room, 7) for room in rooms)))
    assert ann.room is not None
    assert ann.room.key == the(outcomes, Welcomed).room == rooms[-1]


def test_who_owns_her_name_is_in_her_rooms_again_and_talks_where_she_did() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.joins(ann, LOBBY)
    company.joins(ann, "#shop")
    company.joins(ann, "#lab")
    company.leaves(ann)
    ann = company.owner("ann")
    assert rooms_of(ann) == [LOBBY, "#shop", "#lab"]
    assert ann.room is not None
    assert ann.room.key == "#lab"


def test_who_left_the_lobby_is_not_in_it_when_she_comes_back() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    company.asks(ann, Part(LOBBY))
    company.leaves(ann)
    assert rooms_of(company.owner("ann")) == ["#lab"]


def test_who_comes_back_is_in_no_room_that_is_gone_or_from_which_she_is_banned() -> None:
    company = Company()
    ann, zoe = company.owner("ann"), company.owner("zoe")
    company.joins(zoe, "#lab")
    company.joins(zoe, "#shop")
    company.joins(ann, "#lab")
    company.joins(ann, "#shop")
    company.leaves(ann)
    company.asks(zoe, Ban("ann", room="#lab"))
    company.asks(zoe, Manage("delete", "#shop"))
    assert rooms_of(company.owner("ann")) == [LOBBY]


def test_a_private_room_is_entered_again_by_who_was_in_it() -> None:
    company = Company()
    bob = company.owner("bob")
    company.private(company.owner("ann"), "#cellar", bob)
    company.leaves(bob)
    assert "#cellar" in rooms_of(company.owner("bob"))


def test_how_many_messages_have_waited_is_told_and_who_wrote_them_is_known() -> None:
    company = Company()
    company.account("ann")
    ann, outcomes = company.enters(Enter("ann"), Arrival(owned=True, waiting=("bob", "bob", "cy")))
    assert the(outcomes, Welcomed).waiting == 3
    assert ann.member.waiting == ("bob", "bob", "cy")


# an owned name


def test_an_owned_name_is_not_to_be_had_by_a_guest() -> None:
    company = Company()
    company.account("Ann")
    refusal = company.not_let_in(Enter("ann"))
    assert (refusal.code, "ann2 is free" in refusal.sentence) == ("name-owned", True)


def test_who_owns_her_name_has_it_as_she_registered_it() -> None:
    company = Company()
    company.account("Ann")
    ann, outcomes = company.enters(Enter("ANN"), Arrival(owned=True))
    assert (ann.member.name, the(outcomes, Welcomed).owned) == ("Ann", True)


def test_a_guest_gives_the_name_to_whom_it_belongs_and_is_told() -> None:
    company = Company("ann", "bob")
    guest = company.devices[0]
    company.account("Ann")
    _, outcomes = company.enters(Enter("ann"), Arrival(owned=True))
    assert here(company) == ["bob", "ann2", "Ann"]
    assert (LOBBY, Renamed("ann", "ann2")) in posts(outcomes)
    assert "you are ann2 now" in str(told(outcomes, "ann2"))
    assert posts(company.asks(guest, Say("hi"))) == [(LOBBY, Said("ann2", "hi"))]


def test_nobody_comes_in_as_the_owner_of_an_account_that_was_deleted_meanwhile() -> None:
    company = Company("Ann")
    refusal = company.not_let_in(Enter("ann"), Arrival(owned=True))
    assert refusal.code == "wrong-password"
    assert here(company) == ["Ann"]


def test_a_second_device_is_the_same_person_and_nobody_is_told() -> None:
    company = Company()
    first = company.owner("ann")
    second, outcomes = company.enters(Enter("ann"), Arrival(owned=True))
    assert second.member is first.member
    assert posts(outcomes) == []
    assert here(company) == ["ann"]


def test_who_leaves_with_one_device_is_still_here_with_the_other() -> None:
    company = Company()
    first, second = company.owner("ann"), company.owner("ann")
    assert company.leaves(first) == []
    assert here(company) == ["ann"]
    assert posts(company.leaves(second, "gone")) == [(LOBBY, Left("ann", "gone"))]


def test_rooms_are_of_all_devices_and_each_talks_where_it_wants() -> None:
    company = Company()
    first, second = company.owner("ann"), company.owner("ann")
    company.joins(first, "#lab")
    assert posts(company.asks(first, Say("here"))) == [("#lab", Said("ann", "here"))]
    assert posts(company.asks(second, Say("there"))) == [(LOBBY, Said("ann", "there"))]
    assert posts(company.asks(second, Say("here too", "#lab"))) == [
        ("#lab", Said("ann", "here too"))
    ]


def test_two_guests_are_never_one_person() -> None:
    company = Company("ann")
    assert company.not_let_in(Enter("ann")).code == "name-taken"
    assert len(company.chat.members["ann"].devices) == 1


# who may come in at all


def test_where_only_members_come_in_guests_are_told_so() -> None:
    with pytest.raises(Refusal) as caught:
        Company(house=House(members_only=True)).chat.require_guests()
    assert caught.value.code == "members-only"


def test_under_lockdown_no_guest_comes_in_until_it_is_over() -> None:
    company = Company()
    company.asks(company.console, Lockdown("on"))
    with pytest.raises(Refusal, match="locked down"):
        company.chat.require_guests()
    company.asks(company.console, Lockdown("off"))
    company.chat.require_guests()


ON_THE_LIST = ["ann", "ip:192.0.2.7", "net:198.51.100.0/24"]


@pytest.mark.parametrize(
    ("name", "arrival", "comes_in"),
    [
        ("ann", Arrival("203.0.113.9", owned=True), True),
        ("Bob", Arrival("203.0.113.9", owned=True), False),
        ("bob", Arrival("192.0.2.7", owned=True), True),
        ("guest", Arrival("192.0.2.7"), True),
        ("guest", Arrival("::ffff:192.0.2.7"), True),
        ("guest", Arrival("198.51.100.200"), True),
        ("guest", Arrival("192.0.2.8"), False),
        ("guest", Arrival(""), False),
        ("olga", Arrival("203.0.113.9", owned=True), True),
    ],
)
def test_where_there_is_a_list_only_those_on_it_and_operators_come_in(
    name: str, arrival: Arrival, comes_in: bool
) -> None:
    company = Company(house=House(operators=frozenset({"olga"})))
    for one in ("ann", "bob", "olga"):
        company.account(one)
    for one in ON_THE_LIST:
        company.asks(company.console, Allow("add", one))
    company.asks(company.console, Allow("on"))
    if comes_in:
        company.enters(Enter(name), arrival)
    else:
        assert company.not_let_in(Enter(name), arrival).code == "not-on-allowlist"


def test_a_guest_of_a_name_that_is_on_the_list_has_not_proved_that_she_is_her() -> None:
    company = Company()
    company.asks(company.console, Allow("add", "ann"))
    company.asks(company.console, Allow("on"))
    assert company.not_let_in(Enter("ann")).code == "not-on-allowlist"


@pytest.mark.parametrize("target", ["eve", "ip:192.0.2.7", "net:192.0.2.0/24"])
def test_who_is_banned_is_told_why_and_how_long_before_she_is_asked_for_a_password(
    target: str,
) -> None:
    company = Company()
    company.asks(company.console, Ban(target, "1h", "spam"))
    company.later(600)
    with pytest.raises(Refusal) as caught:
        company.chat.may_knock(Enter("Eve"), "192.0.2.7", company.moment)
    assert caught.value.code == "banned"
    assert caught.value.sentence == "You are banned for 50m by Server: spam"


def test_a_ban_is_over_when_its_time_is() -> None:
    company = Company()
    company.asks(company.console, Ban("eve", "1h"))
    company.later(3599)
    assert company.not_let_in(Enter("eve")).code == "banned"
    company.later(1)
    assert company.comes("eve").member.name == "eve"


def test_an_operator_proves_who_she_is_from_a_banned_address_and_comes_in() -> None:
    company = Company(house=House(operators=frozenset({"olga"})))
    company.account("olga")
    company.asks(company.console, Ban("net:192.0.2.0/24"))
    assert company.chat.may_knock(Enter("olga"), "192.0.2.7", company.moment) == "olga"
    assert company.owner("olga", "192.0.2.7").member.name == "olga"


def test_a_name_in_the_options_has_no_power_before_it_is_proved_to_be_owned() -> None:
    company = Company(house=House(operators=frozenset({"olga"})))
    company.asks(company.console, Ban("olga"))
    with pytest.raises(Refusal, match="banned"):
        company.chat.may_knock(Enter("olga"), "", company.moment)


# a chat in which everybody is alone with the server

SOLO = House(solo=True, kept="forever")


def test_in_a_solo_chat_only_the_operators_hear_who_comes_speaks_and_goes() -> None:
    company = Company("ann", house=SOLO)
    [ann] = company.devices
    outcomes = [
        *company.enters(Enter("bob"))[1],
        *company.asks(ann, Say("hi")),
        *company.asks(ann, Rename("zoe")),
        *company.leaves(ann),
    ]
    assert {log for log, _ in posts(outcomes)} == {OPERATORS}
    assert len(posts(outcomes)) == 4


def test_in_a_solo_chat_who_comes_is_told_of_nobody() -> None:
    welcomed = the(Company("ann", house=SOLO).enters(Enter("cy"))[1], Welcomed)
    assert (welcomed.others, welcomed.count) == ((), 0)


def test_in_a_solo_chat_who_comes_back_with_her_place_is_let_in_and_others_words_are_not() -> None:
    company = Company(house=SOLO)
    ann, _ = company.enters(Enter("ann", ((LOBBY, 7),)))
    assert "talks to the server alone" in company.refused(ann, History()).sentence


def test_in_a_solo_chat_there_are_no_rooms() -> None:
    company = Company("ann", house=SOLO)
    with pytest.raises(Refusal) as caught:
        company.joins(company.devices[0], "#lab")
    assert caught.value.code == "alone"


def test_in_a_solo_chat_a_guest_cannot_find_out_who_is_here_by_telling() -> None:
    company = Company("ann", "bob", house=SOLO)
    company.account("dan")
    codes = [company.refused(company.devices[0], Tell(n, "hi")).code for n in ("bob", "cy", "dan")]
    assert codes == ["not-here"] * 3


def test_nobody_is_here_when_the_chat_comes_back() -> None:
    company = Company("ann")
    company.owner("bob")
    again = company.again()
    assert here(again) == []
    assert again.asks(again.console, Who()) == [People("", (), 0)]
