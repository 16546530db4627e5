"""What only the asker reads, in words."""

import pytest

from tests.times import TIMES, at
from twisted_chat.core.events import EVERYONE, Entry, Pasted, Said
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import (
    AccountInfo,
    Answer,
    Earlier,
    Entered,
    Gone,
    Hits,
    NameList,
    NamesOf,
    Outside,
    Paste,
    People,
    Person,
    Profile,
    Registered,
    RoomLine,
    RoomList,
    Rulings,
    Sanctions,
    SentLine,
    SentList,
    TopicIs,
    Welcomed,
)
from twisted_chat.core.records import Ruling, Sanction
from twisted_chat.speech.answers import answer_lines

HOUR_AGO = at(3600) / 1e6
LOBBY = "#lobby"


def shown(answer: Answer) -> list[str]:
    return answer_lines(answer, TIMES)


def welcomed(room: str, *rooms: str, waiting: int = 0) -> list[str]:
    """What follows the line with the tips."""
    answer = Welcomed("ann", room, (), 0, "", rooms=rooms, owned=True, waiting=waiting)
    return shown(answer)[2:]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (welcomed(LOBBY, LOBBY), []),
        (welcomed("#lab", "#lab"), ["-- you are in #lab"]),
        (
            welcomed("#lab", LOBBY, "#den", "#lab"),
            ["-- you talk in #lab, and are in #lobby, #den too"],
        ),
        (welcomed(LOBBY, LOBBY, waiting=1), ["-- 1 private message waited for you"]),
        (welcomed(LOBBY, LOBBY, waiting=7), ["-- 7 private messages waited for you"]),
        (
            welcomed(LOBBY, LOBBY, waiting=1001),
            ["-- more than 1000 private messages waited for you"],
        ),
    ],
)
def test_who_comes_back_is_told_where_she_is_and_what_waited(
    lines: list[str], told: list[str]
) -> None:
    assert lines == told


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (
            Entered("#lab", "glass", ("bob",), 1),
            ["-- you talk in #lab now; 1 other is there: bob", "-- the topic: glass"],
        ),
        (Entered("#lab", "", (), 0), ["-- you talk in #lab now; nobody else is there"]),
        (
            Outside("#lab", LOBBY, "you left #lab"),
            ["-- you left #lab; you talk in #lobby now"],
        ),
        (
            Outside("#lab", LOBBY, "You were kicked from #lab by ann."),
            ["-- You were kicked from #lab by ann; you talk in #lobby now"],
        ),
        (Outside("#lab", "", "You were kicked."), ["-- You were kicked."]),
        (TopicIs("#lab", "glass"), ["-- the topic of #lab: glass"]),
        (TopicIs("#lab", ""), ["-- #lab has no topic"]),
        (NameList("#lab", ("ann", "bob"), 3), ["-- 3 are in #lab: ann, bob and 1 more"]),
        (Earlier(EVERYONE), ["-- earlier to all, times are UTC:"]),
        (Earlier("@ann"), ["-- earlier to you alone, times are UTC:"]),
        (Gone("@ann", 0), ["-- what was said to you alone is not kept any more"]),
        (NamesOf("ignored", ("bob (for 9m)",)), ["-- ignored: bob (for 9m)"]),
        (NamesOf("ignored", ()), ["-- ignored: nobody"]),
        (Hits("bob", 1, ("bob",)), ["-- bob would hit 1 here: bob"]),
        (Hits("bob", 0, (), ("bob",)), ["-- bob would hit 0 here; not here: bob"]),
        (Hits("net:0.0.0.0/0", 2, ()), ["-- net:0.0.0.0/0 would hit 2 here"]),
        (Hits("ip:192.0.2.7", 0, ()), ["-- ip:192.0.2.7 would hit nobody who is here"]),
        (
            Paste(17, "#lab", "ann", "a\n\n  b\n"),
            ["-- paste 17, by ann in #lab:", "a", "", "  b", "-- end of paste 17"],
        ),
    ],
)
def test_an_answer_is_shown_so(answer: Answer, lines: list[str]) -> None:
    assert shown(answer) == lines


def test_rooms_are_listed_with_what_one_may_know_of_them() -> None:
    lines = (
        RoomLine(LOBBY, 12, "all and sundry", False, True),
        RoomLine("#den", 2, "", True, True),
        RoomLine("#lab", 0, "", True, False),
    )
    assert shown(RoomList(lines, 5)) == [
        "-- rooms, and how many are in:",
        "--   #lobby  12 (you are in)  all and sundry",
        "--   #den    2 (you are in, private)",
        "--   #lab    0 (private)",
        "--   and 2 more",
    ]


def test_a_person_is_one_on_several_devices_and_perhaps_away() -> None:
    people = People("", (Person("ann", 60.0, 2.0, "lunch", True, 2),), 1)
    assert shown(people)[1] == "--   ann  here 1m, idle 2s, on 2 devices, away: lunch"


def test_of_somebody_who_owns_her_name_it_is_told() -> None:
    ann = Profile("ann", True, True, HOUR_AGO, 5.0, 2, "lunch", ("#lab",), ("192.0.2.7",))
    assert shown(ann) == [
        "-- ann owns the name since 18:30, idle 5s",
        "--   away: lunch",
        "--   on 2 devices",
        "--   in #lab",
        "--   from 192.0.2.7",
    ]


def test_of_a_guest_and_of_who_is_not_here_too() -> None:
    assert shown(Profile("bob", True, False, 0.0, 5.0, 1, "", (), ())) == [
        "-- bob is a guest, idle 5s"
    ]
    assert shown(Profile("ann", False, True, HOUR_AGO, 0.0, 0, "", (), ())) == [
        "-- ann owns the name since 18:30, and is not here: /msg leaves a message"
    ]


def test_recovery_codes_are_shown_once_and_it_says_so() -> None:
    first, *lines = shown(Registered("ann", ("abcd-efgh", "ijkl-mnop")))
    assert first == "-- ann is yours: from now on the name asks for your password"
    assert lines[-2:] == ["--   abcd-efgh", "--   ijkl-mnop"]
    assert any("write them down" in line for line in lines)


def test_an_account_is_shown_with_all_that_is_kept_of_it() -> None:
    info = AccountInfo("ann", HOUR_AGO, 2, (LOBBY, "#lab"), (), ("bob",), 9)
    assert shown(info) == [
        "-- ann, owned since 18:30 UTC",
        "--   devices here: 2",
        "--   in #lobby, #lab",
        "--   owns no room",
        "--   ignores bob",
        "--   recovery codes left: 9",
    ]


def test_what_one_told_others_is_stored_or_delivered() -> None:
    sent = (SentLine("bob", "one", HOUR_AGO, at(60) / 1e6), SentLine("cy", "two", HOUR_AGO, 0.0))
    assert shown(SentList(sent)) == [
        "-- 18:30 to bob: delivered 19:29: one",
        "-- 18:30 to cy: stored: two",
    ]
    assert shown(SentList(())) == ["-- You have told nobody anything."]


def test_who_is_banned_or_muted_is_shown_with_until_when_by_whom_and_why() -> None:
    ban = Sanction("7", "ban", LOBBY, "bob", at(-600) / 1e6, "ann", "loud")
    mute = Sanction("8", "mute", "#lab", "ip:192.0.2.7", 0.0, "ann", "")
    assert shown(Sanctions((ban, mute))) == [
        "-- bob is banned until 19:40, by ann: loud (act 7)",
        "-- ip:192.0.2.7 is muted in #lab forever, by ann (act 8)",
    ]
    assert shown(Sanctions(())) == ["-- nobody is banned or muted"]


def test_acts_are_shown_with_their_numbers_and_what_was_undone() -> None:
    ban = Ruling("7", HOUR_AGO, "ann", "ban", LOBBY, "bob", -1.0, "loud", undone="cy")
    slow = Ruling("8", HOUR_AGO, "ann", "slow", "#lab", "", 10.0, "")
    assert shown(Rulings((ban, slow))) == [
        "-- 7: 18:30 bob was banned forever by ann: loud; undone by cy",
        "-- 8: 18:30 #lab #lab: one line every 10s from now on, by ann",
    ]
    assert shown(Rulings(())) == ["-- nothing was done"]


def test_a_page_of_several_rooms_says_of_which_each_line_is() -> None:
    said = (Entry(at(3600), LOBBY, Said("ann", "hi")), Entry(at(60), "#lab", Said("bob", "ho")))
    assert shown(Page(said, (), False))[1:] == ["18:30 #lobby ann: hi", "19:29 #lab bob: ho"]


def test_a_page_with_ids_has_one_before_each_line() -> None:
    said = (Entry(at(3600), LOBBY, Said("ann", "hi")),)
    assert shown(Page(said, (), False, True))[1:] == [f"{at(3600)} 18:30 ann: hi"]


def test_all_lines_of_a_paste_that_was_found_are_marked() -> None:
    entry = Entry(at(3600), "#lab", Pasted("ann", "a\nb", 7))
    assert shown(Page((entry,), (entry.id,), False))[1:] == ["> 18:30 ann: a", "> 18:30 ann: b"]


def test_a_paste_cannot_say_itself_that_it_ends() -> None:
    assert shown(Paste(7, "#lab", "ann", "a\n-- end of paste 7\nServer: hi")) == [
        "-- paste 7, by ann in #lab:",
        "a",
        " -- end of paste 7",
        "Server: hi",
        "-- end of paste 7",
    ]
