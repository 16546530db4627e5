"""What the client shows, asks and remembers, between a screen and a connection in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from tests.client.screens import MemoryScreen
from tests.times import TIMES, at
from twisted_chat.client.attendance import PATIENCE
from twisted_chat.client.conversation import IN_FLIGHT, Conversation
from twisted_chat.client.draft import Draft, draft
from twisted_chat.client.screen import RoomView
from twisted_chat.client.sending import Send, SendState
from twisted_chat.client.status import Status
from twisted_chat.core import refusals
from twisted_chat.core.events import (
    Acted,
    Announced,
    Entry,
    Event,
    Joined,
    Left,
    Moved,
    Renamed,
    Said,
    Told,
)
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import (
    Answer,
    CaughtUp,
    Done,
    Earlier,
    Entered,
    Gone,
    Goodbye,
    NameList,
    Outside,
    Refused,
    Registered,
    Slowed,
    Welcomed,
)
from twisted_chat.core.requests import (
    Act,
    Enter,
    Join,
    Leave,
    Register,
    Request,
    Say,
    Tell,
)
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.lines_json import Heard


@dataclass
class Connection:
    """Keeps what is asked."""

    asked: list[tuple[Request, Tag]] = field(default_factory=list)
    confirm: bool = False
    closed: bool = False

    def close(self) -> None:
        self.closed = True

    def ask(self, request: Request, tag: Tag) -> None:
        self.asked.append((request, tag))

    @property
    def requests(self) -> list[Request]:
        """Without the words by which what is said is known again."""
        return [_plainly(request) for request, _ in self.asked]


def _plainly(request: Request) -> Request:
    return replace(request, once="") if isinstance(request, Say | Act | Tell) else request


class Talk:
    """A conversation with both of its ends."""

    def __init__(
        self,
        name: str | None = "ann",
        clock: Clock | None = None,
        draft_of: Callable[[str], Draft] | None = None,
    ) -> None:
        self.screen = MemoryScreen()
        self.connection = Connection()
        self.conversation = Conversation(self.screen, name, TIMES, clock)
        self.conversation.attendance.draft_of = draft_of
        self.conversation.connected(self.connection)

    def types(self, *lines: str) -> None:
        for line in lines:
            self.conversation.typed(line.encode())

    def hears(self, what: Answer | Entry | Event, tag: Tag = None) -> None:
        entry_or_answer = Entry(1, "#lobby", what) if isinstance(what, Event) else what
        self.conversation.heard(Heard(entry_or_answer, tag))

    def comes_back(self) -> Request:
        """The connection is lost, and there is another: what is asked first over that."""
        self.conversation.lost()
        self.connection = Connection()
        self.conversation.connected(self.connection)
        [first] = self.connection.requests
        return first

    def answers(self, answer: Answer | Event) -> None:
        """To what was asked last."""
        self.hears(answer, self.connection.asked[-1][1])

    def shows(self) -> list[str]:
        """What was shown since it was asked last."""
        shown, self.screen.lines = self.screen.lines, []
        return shown


WELCOME = Welcomed("ann", "#lobby", ("bob",), 1, "", last=7)
TAKEN = Refused("name-taken", "The name ann is taken.")


@pytest.fixture
def talk() -> Talk:
    """Somebody who is in, and has seen the welcome."""
    talk = Talk()
    talk.answers(WELCOME)
    talk.screen.lines.clear()
    talk.connection.asked.clear()
    return talk


# entering


def test_a_name_that_was_given_is_used_at_once() -> None:
    talk = Talk("ann")
    assert talk.connection.requests == [Enter("ann")]
    assert talk.screen.held


def test_a_name_is_asked_for_where_none_was_given() -> None:
    talk = Talk(None)
    assert talk.shows() == ["What's your name?"]
    assert (talk.connection.requests, talk.screen.held) == ([], False)


def test_what_is_typed_first_is_the_name_and_nothing_is_read_before_the_answer() -> None:
    talk = Talk(None)
    talk.types("ann")
    assert talk.connection.requests == [Enter("ann")]
    assert talk.screen.held


def test_the_welcome_is_shown_and_lines_are_read() -> None:
    talk = Talk()
    talk.answers(WELCOME)
    assert talk.shows()[0] == "Hello ann, you are now connected!"
    assert (talk.conversation.entered, talk.screen.held) == (True, False)


def test_a_refused_name_is_shown_and_asked_for_again() -> None:
    talk = Talk()
    talk.answers(TAKEN)
    assert talk.shows() == ["-- The name ann is taken.", "What's your name?"]
    talk.types("ann2")
    assert talk.connection.requests == [Enter("ann"), Enter("ann2")]


def test_a_refused_name_at_the_end_of_the_input_is_the_end() -> None:
    talk = Talk()
    talk.conversation.input_ended()
    talk.hears(TAKEN, talk.connection.asked[0][1])
    talk.hears(Goodbye(""), talk.connection.asked[-1][1])
    assert talk.conversation.status is Status.REFUSED


# talking


def test_what_is_typed_is_said(talk: Talk) -> None:
    talk.types("hello", "", "/me waves", "/msg bob psst", "//etc")
    assert talk.connection.requests == [
        Say("hello", "#lobby"),
        Act("waves", "#lobby"),
        Tell("bob", "psst"),
        Say("/etc", "#lobby"),
    ]


def test_every_request_has_a_tag_of_its_own(talk: Talk) -> None:
    talk.types("one", "two", "/names")
    assert len({tag for _, tag in talk.connection.asked}) == 3


def test_a_command_that_is_none_is_refused_without_the_server(talk: Talk) -> None:
    talk.types("/frobnicate")
    assert talk.connection.requests == []
    [told] = talk.shows()
    assert told.startswith("-- There is no /frobnicate.")


def test_what_is_not_utf_8_is_refused_without_the_server(talk: Talk) -> None:
    talk.conversation.typed(b"caf\xe9")
    assert talk.connection.requests == []
    assert talk.shows()[0].startswith("-- not sent: that line is not UTF-8.")


def test_what_others_say_is_shown(talk: Talk) -> None:
    for event in (Said("bob", "hi"), Acted("bob", "waves"), Told("bob", "ann", "psst")):
        talk.hears(event)
    assert talk.shows() == ["bob: hi", "* bob waves", "[bob] psst"]


def test_what_was_said_before_one_came_is_shown_with_its_time(talk: Talk) -> None:
    entry = Entry(at(3600), "#lobby", Said("bob", "hi"))
    talk.hears(Earlier("#lobby"))
    talk.conversation.heard(Heard(entry, earlier=True))
    assert talk.shows() == ["-- earlier in #lobby, times are UTC:", "18:30 bob: hi"]


def test_what_one_said_oneself_before_is_shown_as_what_others_said(talk: Talk) -> None:
    entry = Entry(at(3600), "#lobby", Said("ann", "hi"))
    talk.conversation.heard(Heard(entry, earlier=True))
    assert talk.shows() == ["18:30 ann: hi"]


def test_a_page_of_the_past_is_shown_and_is_no_place_to_go_on_from(talk: Talk) -> None:
    talk.types("/history")
    talk.answers(Page((Entry(at(60), "#lobby", Said("bob", "hi")),), (), False))
    assert talk.shows() == ["-- times are UTC:", "19:29 bob: hi"]
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_what_one_said_oneself_is_not_shown_again(talk: Talk) -> None:
    talk.types("hello")
    talk.answers(Said("ann", "hello"))
    assert talk.shows() == []


def test_ones_own_private_message_and_new_name_are_shown_as_done(talk: Talk) -> None:
    talk.types("/msg bob psst")
    talk.answers(Told("ann", "bob", "psst"))
    talk.types("/nick zoe")
    talk.answers(Renamed("ann", "zoe"))
    assert talk.shows() == ["[to bob] psst", "-- you are zoe now"]


def test_answers_and_refusals_are_shown(talk: Talk) -> None:
    talk.types("/names")
    talk.answers(NameList("#lobby", ("ann", "bob"), 2))
    talk.types("/msg zoe psst")
    talk.answers(Refused("not-here", "zoe is not here."))
    talk.hears(Slowed(5.0))
    first, second, third = talk.shows()
    assert (first, second) == ("-- 2 are here: ann, bob", "-- zoe is not here.")
    assert third.startswith("-- slowly, please")


def test_what_the_server_says_in_no_language_is_shown_as_such(talk: Talk) -> None:
    talk.conversation.unclear("it has no type")
    [told] = talk.shows()
    assert told.endswith("does not understand: it has no type")


def test_a_pipe_that_is_too_fast_is_held_and_goes_on_with_the_answers(talk: Talk) -> None:
    talk.types(*(str(number) for number in range(IN_FLIGHT - 1)))
    assert not talk.screen.held
    talk.types("one more")
    assert talk.screen.held
    talk.answers(Said("ann", "one more"))
    assert not talk.screen.held


# the end


def test_goodbye_is_the_end_in_good_order(talk: Talk) -> None:
    talk.types("exit")
    talk.answers(Goodbye(""))
    assert talk.connection.requests == [Leave()]
    assert talk.shows() == ["Goodbye!"]
    assert talk.conversation.status is Status.LEFT


def test_goodbye_with_a_reason_is_a_dismissal(talk: Talk) -> None:
    talk.hears(Goodbye("You were kicked: spam."))
    assert talk.shows() == ["-- You were kicked: spam.", "Goodbye!"]
    assert talk.conversation.status is Status.REFUSED


def test_the_end_of_the_input_takes_leave_after_what_was_typed(talk: Talk) -> None:
    talk.types("hello")
    talk.conversation.input_ended()
    assert talk.connection.requests == [Say("hello", "#lobby"), Leave()]
    assert talk.conversation.status is None


def test_what_has_no_receipt_when_no_other_connection_follows_is_told(talk: Talk) -> None:
    talk.types("one", "two", "/names", "/me waves")
    talk.answers(Acted("ann", "waves"))
    talk.conversation.lost()
    talk.types("three")
    assert talk.shows() == []
    talk.conversation.gives_up()
    assert talk.shows() == [
        "-- perhaps not sent: one",
        "-- perhaps not sent: two",
        "-- not sent: three",
    ]


def test_a_loss_is_not_the_end_while_more_may_be_typed(talk: Talk) -> None:
    talk.conversation.lost()
    assert talk.conversation.status is None


def test_a_loss_after_the_end_of_the_input_is_the_end(talk: Talk) -> None:
    talk.conversation.input_ended()
    talk.conversation.lost()
    assert talk.conversation.status is Status.LOST


AFTER_WELCOME = (("#lobby", 7), ("*", 7))
"""What was read by somebody who was just welcomed."""


def test_the_name_is_given_again_over_the_next_connection(talk: Talk) -> None:
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_a_new_name_is_the_one_that_is_given_again(talk: Talk) -> None:
    talk.types("/nick zoe")
    talk.answers(Renamed("ann", "zoe"))
    assert talk.comes_back() == Enter("zoe", AFTER_WELCOME)


def test_what_was_read_is_not_asked_for_again(talk: Talk) -> None:
    talk.hears(Entry(12, "#lobby", Said("bob", "hi")))
    talk.hears(Entry(9, "*", Announced("tea")))
    assert talk.comes_back() == Enter("ann", (("#lobby", 12), ("*", 9)))


def test_what_one_said_oneself_was_read_too(talk: Talk) -> None:
    talk.types("hello")
    talk.hears(Entry(12, "#lobby", Said("ann", "hello")), talk.connection.asked[-1][1])
    assert talk.comes_back() == Enter("ann", (("#lobby", 12), ("*", 7)))


def test_what_was_told_to_one_person_is_never_asked_for(talk: Talk) -> None:
    talk.hears(Entry(12, "@ann", Told("bob", "ann", "psst")))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_what_was_said_before_the_welcome_does_not_set_it_back(talk: Talk) -> None:
    talk.conversation.heard(Heard(Entry(3, "#lobby", Said("bob", "hi")), earlier=True))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_a_second_welcome_keeps_the_place_at_which_one_left_off(talk: Talk) -> None:
    talk.comes_back()
    talk.hears(Welcomed("ann", "#lobby", (), 0, "", last=99), 1)
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_the_name_is_given_again_as_the_chat_spells_it(talk: Talk) -> None:
    talk.conversation.lost()
    talk.conversation.connected(talk.connection)
    talk.answers(Welcomed("Ann", "#lobby", (), 0, ""))
    assert talk.comes_back() == Enter("Ann", AFTER_WELCOME)


def test_who_leaves_without_a_connection_has_left(talk: Talk) -> None:
    talk.conversation.lost()
    talk.conversation.leave()
    assert talk.conversation.status is Status.LEFT
    assert talk.connection.requests == []


def test_who_comes_back_to_her_own_ghost_tries_later_and_takes_no_line_for_a_name() -> None:
    talk = Talk()
    talk.hears(Welcomed("ann", "#lobby", (), 0, ""), talk.connection.asked[0][1])
    talk.comes_back()
    talk.answers(TAKEN)
    assert talk.connection.closed
    talk.types("hello")
    assert talk.connection.requests == [Enter("ann")]


# rooms

IN_LAB = Entered("#lab", "", (), 0)


def says(room: str, number: int, text: str = "hi") -> Entry:
    return Entry(number, room, Said("bob", text))


def test_what_is_said_elsewhere_shows_its_room_and_that_changes_with_where_one_talks(
    talk: Talk,
) -> None:
    talk.hears(says("#lab", 8))
    talk.types("/join #lab")
    talk.answers(IN_LAB)
    talk.hears(says("#lab", 9))
    talk.hears(says("#lobby", 10))
    talk.hears(Outside("#lab", "#lobby", "You left #lab"))
    talk.hears(says("#lobby", 11))
    said = [line for line in talk.shows() if line.endswith("bob: hi")]
    assert said == ["#lab bob: hi", "bob: hi", "#lobby bob: hi", "bob: hi"]


def test_who_is_put_out_of_another_room_talks_where_she_talked(talk: Talk) -> None:
    talk.hears(says("#lab", 8))
    talk.hears(Outside("#lab", "#den", "You were kicked from #lab"))
    talk.shows()
    talk.hears(says("#lobby", 9))
    assert talk.shows() == ["bob: hi"]


def test_one_comes_back_to_all_rooms_and_last_to_the_one_where_one_talked(talk: Talk) -> None:
    for room in ("#lab", "#den"):
        talk.types(f"/join {room}")
        talk.answers(Entered(room, "", (), 0))
    talk.hears(says("#lab", 12))
    talk.types("/join #lab")
    talk.answers(IN_LAB)
    assert talk.comes_back() == Enter("ann", (("#lobby", 7), ("#den", 7), ("#lab", 12), ("*", 7)))


def test_one_does_not_come_back_to_a_room_that_one_left(talk: Talk) -> None:
    talk.types("/join #lab", "bye")
    talk.hears(IN_LAB, talk.connection.asked[0][1])
    talk.hears(Outside("#lab", "#lobby", "You left #lab"))
    talk.hears(Entry(9, "#lab", Said("ann", "bye")), talk.connection.asked[1][1])
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_a_room_that_was_entered_on_another_device_is_come_back_to(talk: Talk) -> None:
    talk.hears(says("#lab", 9))
    assert talk.comes_back() == Enter("ann", (("#lab", 9), ("#lobby", 7), ("*", 7)))


def test_a_room_that_was_renamed_is_come_back_to_by_its_new_name(talk: Talk) -> None:
    talk.types("/join #lab")
    talk.answers(IN_LAB)
    talk.hears(Entry(9, "#lab", Moved("bob", "#den")))
    talk.hears(says("#den", 10))
    assert talk.shows()[-1] == "bob: hi"
    assert talk.comes_back() == Enter("ann", (("#lobby", 7), ("#den", 10), ("*", 7)))


def test_where_another_room_is_the_first_one_talks_again_where_one_talked(talk: Talk) -> None:
    talk.types("/join #lab")
    talk.answers(IN_LAB)
    talk.comes_back()
    talk.answers(Welcomed("ann", "#lobby", (), 0, "", rooms=("#lab", "#lobby")))
    assert talk.connection.requests[1:] == [Join("#lab")]


def test_who_may_not_come_back_to_a_room_comes_back_without_it(talk: Talk) -> None:
    refusal = refusals.banned(" in #lab", "10m", "bob", "")
    talk.hears(says("#lab", 9))
    talk.hears(says("#den", 10))
    talk.comes_back()
    talk.answers(Refused.of(refusal))
    assert talk.shows()[-1] == f"-- {refusal.sentence}"
    assert not talk.connection.closed
    assert talk.connection.requests[-1] == Enter("ann", (("#den", 10), ("#lobby", 7), ("*", 7)))


def comes_back_without_lab(talk: Talk) -> None:
    """Of whom it was the room where she talked."""
    talk.types("/join #lab")
    talk.answers(IN_LAB)
    talk.hears(says("#lab", 9))
    talk.comes_back()
    talk.answers(Refused.of(refusals.no_such_room("#lab")))
    assert talk.connection.requests[-1] == Enter("ann", AFTER_WELCOME)
    talk.answers(replace(WELCOME, last=0))


def test_a_room_that_is_gone_is_entered_anew_and_its_past_is_not_shown_again(talk: Talk) -> None:
    comes_back_without_lab(talk)
    assert talk.connection.requests[-1] == Join("#lab")
    talk.shows()
    talk.hears(Earlier("#lab"))
    for number in (9, 10):
        talk.conversation.heard(Heard(says("#lab", number), None, earlier=True))
    talk.answers(IN_LAB)
    assert talk.shows() == [
        "1970-01-01 00:00 #lab bob: hi",
        "-- you talk in #lab now; nobody else is there",
    ]
    assert talk.comes_back() == Enter("ann", (("#lobby", 7), ("#lab", 10), ("*", 7)))


def test_a_room_that_is_gone_and_may_not_be_made_is_not_asked_for_again(talk: Talk) -> None:
    comes_back_without_lab(talk)
    refusal = refusals.no_such_room("#lab")
    talk.answers(Refused.of(refusal))
    assert talk.shows()[-1] == f"-- {refusal.sentence}"
    talk.comes_back()
    talk.answers(WELCOME)
    assert len(talk.connection.requests) == 1


def test_a_room_that_is_gone_is_asked_for_again_where_there_was_no_answer(talk: Talk) -> None:
    comes_back_without_lab(talk)
    talk.comes_back()
    talk.answers(WELCOME)
    assert talk.connection.requests[1:] == [Join("#lab")]


def test_what_waits_for_a_room_that_is_gone_is_said_when_it_is_there(kept: Talk) -> None:
    kept.types("/join #lab")
    kept.answers(IN_LAB)
    kept.conversation.lost()
    kept.types("hi")
    kept.comes_back()
    kept.answers(Refused.of(refusals.no_such_room("#lab")))
    kept.answers(KEPT)
    for log in ("#lobby", "*"):
        kept.hears(CaughtUp(log))
    assert kept.connection.requests[2:] == [Join("#lab")]
    kept.answers(IN_LAB)
    assert kept.connection.requests[-1] == Say("hi", "#lab")


def test_one_talks_again_where_one_talked_though_another_room_is_entered_anew(talk: Talk) -> None:
    talk.hears(says("#lab", 9))
    talk.comes_back()
    talk.answers(Refused.of(refusals.no_such_room("#lab")))
    talk.answers(WELCOME)
    assert talk.connection.requests[2:] == [Join("#lab"), Join("#lobby")]


def test_where_it_is_not_told_which_room_is_gone_one_comes_back_without_any(talk: Talk) -> None:
    talk.hears(says("#lab", 9))
    talk.hears(says("#den", 10))
    talk.comes_back()
    talk.answers(Refused("no-such-room", "of another version"))
    assert talk.connection.requests[-1] == Enter("ann", AFTER_WELCOME)


def test_who_is_banned_from_the_chat_comes_back_by_no_other_way(talk: Talk) -> None:
    talk.hears(says("#lab", 9))
    talk.comes_back()
    talk.answers(Refused.of(refusals.banned("", "10m", "bob", "")))
    assert talk.connection.closed


def test_who_had_to_give_her_name_away_comes_back_by_the_other(talk: Talk) -> None:
    talk.hears(Renamed("ann", "ann2"))
    assert talk.comes_back() == Enter("ann2", (("#lobby", 7), ("*", 7)))


# secrets

NEEDED = Refused.of(refusals.password_needed("ann"))
WRONG = Refused.of(refusals.wrong_password())


def test_a_password_is_asked_for_here_and_not_shown_while_it_is_typed() -> None:
    talk = Talk()
    talk.answers(NEEDED)
    assert talk.shows() == [
        "-- The name ann is owned. What is its password? (an empty line: another name)"
    ]
    assert (talk.screen.shows_typing, talk.screen.held) == (False, False)
    talk.types("/correct horse ")
    assert talk.connection.requests[-1] == Enter("ann", password="/correct horse ")
    assert (talk.screen.shows_typing, talk.screen.held) == (True, True)


def test_a_wrong_password_is_asked_for_again() -> None:
    talk = Talk()
    talk.answers(NEEDED)
    talk.types("wrong")
    talk.answers(WRONG)
    talk.types("right")
    assert talk.connection.requests[-1] == Enter("ann", password="right")


def test_who_has_no_password_takes_another_name() -> None:
    talk = Talk()
    talk.answers(NEEDED)
    talk.types("wrong")
    talk.answers(WRONG)
    talk.types("")
    assert talk.shows()[-2:] == ["-- Then by another name.", "What's your name?"]
    talk.types("zoe")
    assert talk.connection.requests[-1] == Enter("zoe")


def test_where_nobody_types_any_more_no_password_is_asked_for() -> None:
    talk = Talk()
    talk.conversation.input_ended()
    talk.hears(NEEDED, talk.connection.asked[0][1])
    assert talk.screen.shows_typing
    assert talk.connection.requests[-1] == Leave()


def test_a_new_password_is_asked_for_twice_before_anything_is_sent(talk: Talk) -> None:
    talk.types("/register")
    assert (talk.connection.requests, talk.screen.shows_typing) == ([], False)
    talk.types("correct horse", "correct horse")
    assert talk.connection.requests == [Register("correct horse")]
    assert talk.screen.shows_typing


def test_two_that_differ_are_told_without_the_server(talk: Talk) -> None:
    talk.types("/register", "correct horse", "horse correct", "hello")
    assert talk.shows()[-1].startswith("-- The two are not the same.")
    assert talk.connection.requests == [Say("hello", "#lobby")]


def test_what_is_no_utf_8_is_no_password(talk: Talk) -> None:
    talk.types("/register")
    talk.conversation.typed(b"caf\xe9 caf\xe9")
    assert talk.shows()[-1].startswith("-- not sent: that line is not UTF-8")
    assert talk.screen.shows_typing


def test_a_lost_connection_ends_a_question(talk: Talk) -> None:
    talk.types("/register")
    talk.conversation.lost()
    assert talk.screen.shows_typing


def test_one_comes_back_with_the_secrets_by_which_one_came_in() -> None:
    talk = Talk()
    talk.answers(Refused.of(refusals.house_password_needed()))
    talk.types("house")
    talk.answers(NEEDED)
    talk.types("correct horse")
    talk.answers(WELCOME)
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME, "correct horse", "house")


def test_one_comes_back_by_a_name_that_was_registered_meanwhile(talk: Talk) -> None:
    talk.types("/register", "correct horse", "correct horse")
    talk.answers(Registered("ann", ("code",)))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME, "correct horse")
    talk.answers(WELCOME)
    talk.types("/passwd", "correct horse", "battery staple", "battery staple")
    talk.answers(Done("the password is changed"))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME, "battery staple")
    talk.answers(WELCOME)
    talk.types("/account delete", "battery staple")
    talk.answers(Done("your account is deleted"))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_a_password_that_was_not_taken_is_not_come_back_with(talk: Talk) -> None:
    talk.types("/register", "correct horse", "correct horse")
    talk.answers(Refused.of(refusals.owned_already("ann")))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_the_password_of_another_is_not_ones_own(talk: Talk) -> None:
    talk.types("/passwd bob", "correct horse", "correct horse")
    talk.answers(Done("the password of bob is changed"))
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME)


def test_who_is_not_let_in_just_now_keeps_her_secrets_for_the_next_try() -> None:
    talk = Talk()
    talk.answers(NEEDED)
    talk.types("correct horse")
    talk.answers(WELCOME)
    talk.comes_back()
    talk.answers(Refused.of(refusals.busy()))
    assert talk.connection.closed
    assert talk.comes_back() == Enter("ann", AFTER_WELCOME, "correct horse")


# pastes


@pytest.mark.parametrize(
    "line", ["hello", "", "  indented", "// comment", "# heading", "#!/bin/sh"]
)
def test_a_line_that_is_said_may_be_one_of_a_paste(talk: Talk, line: str) -> None:
    assert talk.conversation.gathers(line.encode())


@pytest.mark.parametrize("line", ["/me waves", "#lab hi", "exit", "EXIT", " /register hunter22"])
def test_a_line_that_is_more_than_said_is_none_of_a_paste(talk: Talk, line: str) -> None:
    assert not talk.conversation.gathers(line.encode())


def test_neither_names_nor_answers_nor_what_is_not_utf_8_are_pasted(talk: Talk) -> None:
    assert not Talk(None).conversation.gathers(b"ann")
    assert not talk.conversation.gathers(b"caf\xe9")
    talk.types("/register")
    assert not talk.conversation.gathers(b"correct horse")


def test_a_paste_is_said_as_one_with_its_lines_as_they_were(talk: Talk) -> None:
    talk.conversation.pasted([b"one", b"", b"\ttwo  ", b"// three"])
    assert talk.connection.requests == [Say("one\n\n\ttwo  \n// three", "#lobby")]


# what is said is said once


KEPT = Welcomed("ann", "#lobby", (), 0, "", "for 30d", last=7)


@pytest.fixture
def kept() -> Talk:
    """Somebody who is in, where what is said is kept."""
    talk = Talk()
    talk.answers(KEPT)
    talk.screen.lines.clear()
    talk.connection.asked.clear()
    return talk


def words(talk: Talk) -> list[str]:
    """By what each of the open lines is known again."""
    return [send.once for send in talk.conversation.pending]


def resumes(talk: Talk, *entries: Entry) -> list[Request]:
    """It comes back, reads these, and then that this was all; what is asked then."""
    talk.comes_back()
    talk.answers(KEPT)
    talk.connection.asked.clear()
    for entry in entries:
        talk.conversation.heard(Heard(entry, earlier=True))
    for log in ("#lobby", "*"):
        talk.hears(CaughtUp(log))
    return talk.connection.requests


def test_what_was_kept_is_shown_and_not_said_again_and_the_rest_is(kept: Talk) -> None:
    kept.types("one", "two")
    [first, _] = words(kept)
    asked = resumes(kept, Entry(at(60), "#lobby", Said("ann", "one", first)))
    assert asked == [Say("two", "#lobby")]
    assert kept.shows()[-1] == "19:29 ann: one"


def test_nothing_is_said_again_before_all_has_been_read(kept: Talk) -> None:
    kept.types("one")
    kept.comes_back()
    kept.answers(KEPT)
    kept.hears(CaughtUp("#lobby"))
    assert [type(request) for request in kept.connection.requests] == [Enter]


def test_somebody_else_does_not_say_it_for_one_by_the_same_word(kept: Talk) -> None:
    kept.types("one")
    asked = resumes(kept, Entry(8, "#lobby", Said("eve", "one", words(kept)[0])))
    assert asked == [Say("one", "#lobby")]


def test_what_is_typed_while_the_line_is_down_goes_where_it_was_meant_to(kept: Talk) -> None:
    kept.conversation.lost()
    kept.types("one", "/me waves")
    assert kept.shows() == []
    kept.connection = Connection()
    kept.conversation.connected(kept.connection)
    kept.answers(replace(KEPT, room="#lab", rooms=("#lobby", "#lab")))
    kept.connection.asked.clear()
    for log in ("#lobby", "*"):
        kept.hears(CaughtUp(log))
    assert kept.connection.requests[-2:] == [Say("one", "#lobby"), Act("waves", "#lobby")]


def test_what_cannot_wait_is_refused_while_the_line_is_down(kept: Talk) -> None:
    kept.conversation.lost()
    kept.types("/names")
    assert kept.shows() == ["-- not done: there is no connection just now."]


def test_what_is_for_one_person_alone_stays_so_over_another_connection(kept: Talk) -> None:
    kept.types("/query bob")
    kept.answers(Done("what you type goes to bob alone"))
    kept.conversation.lost()
    kept.types("psst", "/me winks")
    kept.hears(Renamed("bob", "bobby"))
    kept.types("later")
    asked = [send.request for send in kept.conversation.pending]
    assert asked == [Tell("bob", "psst"), Tell("bob", "* ann winks"), Tell("bobby", "later")]


def test_a_guest_is_told_that_a_private_line_was_perhaps_not_sent_and_may_send_it_again(
    kept: Talk,
) -> None:
    kept.types("/msg bob psst")
    assert resumes(kept) == []
    assert kept.shows()[-1] == "-- perhaps not sent: psst"
    [send] = kept.conversation.pending
    assert send.state is SendState.UNSURE
    kept.conversation.again(send)
    assert kept.connection.requests == [Tell("bob", "psst")]


def test_where_a_part_is_gone_nobody_can_tell(kept: Talk) -> None:
    kept.types("one")
    kept.comes_back()
    kept.answers(KEPT)
    kept.hears(Gone("#lobby", 9))
    for log in ("#lobby", "*"):
        kept.hears(CaughtUp(log))
    assert kept.shows()[-1] == "-- perhaps not sent: one"


def test_a_line_that_is_refused_waits_for_a_decision(kept: Talk) -> None:
    kept.types("BUT")
    kept.answers(Refused("muted", "not sent: you are muted"))
    [send] = kept.conversation.pending
    assert (send.state, send.why) == (SendState.REFUSED, "not sent: you are muted")
    kept.conversation.drop(send)
    assert kept.conversation.pending == ()


def test_where_nobody_says_that_all_is_read_it_is_waited_for_a_while() -> None:
    clock = Clock()
    talk = Talk(clock=clock)
    talk.answers(KEPT)
    talk.types("one")
    talk.comes_back()
    talk.answers(KEPT)
    talk.types("two")
    clock.advance(PATIENCE)
    assert talk.shows()[-1] == "-- perhaps not sent: one"
    assert talk.connection.requests[-1] == Say("two", "#lobby")


def test_what_an_earlier_run_left_is_offered_when_it_was_not_kept(tmp_path: Path) -> None:
    one = draft(tmp_path, "localhost", "ann")
    lines = [Send(Say(text, "#lobby"), text) for text in ("kept", "lost")]
    one.write(lines, [("#lobby", 3), ("*", 3)])
    one.close()
    talk = Talk(draft_of=lambda name: draft(tmp_path, "localhost", name))
    assert talk.connection.requests == [Enter("ann", (("#lobby", 3), ("*", 3)))]
    talk.answers(KEPT)
    talk.conversation.heard(Heard(Entry(5, "#lobby", Said("ann", "kept", "kept")), earlier=True))
    for log in ("#lobby", "*"):
        talk.hears(CaughtUp(log))
    [send] = talk.conversation.pending
    assert (send.request.text, send.state) == ("lost", SendState.UNSURE)
    talk.conversation.drop(send)
    assert not one.path.exists()
    talk.conversation.attendance.ends()


def test_a_draft_that_cannot_be_written_is_told_and_what_is_typed_is_said() -> None:
    def broken(name: str) -> Draft:
        raise OSError(30, "Read-only file system")

    talk = Talk(draft_of=broken)
    talk.answers(KEPT)
    talk.types("hello")
    assert (
        talk.shows()[0] == "-- what you type is not safe from a sudden end: Read-only file system"
    )
    assert talk.connection.requests[-1] == Say("hello", "#lobby")


def test_who_owns_her_name_reads_on_in_what_was_told_to_her_alone() -> None:
    talk = Talk()
    talk.answers(replace(KEPT, owned=True))
    talk.hears(CaughtUp("@ann"))
    talk.hears(Entry(9, "@ann", Told("bob", "ann", "psst")))
    assert talk.comes_back() == Enter("ann", (("#lobby", 7), ("*", 7), ("@ann", 9)))


def test_who_comes_back_while_the_chat_ends_comes_back_once_more(kept: Talk) -> None:
    kept.comes_back()
    kept.hears(Goodbye("Server is shutting down."))
    assert kept.conversation.status is None


# what a bar shows


def test_what_is_said_elsewhere_is_unread_until_one_talks_there(kept: Talk) -> None:
    kept.hears(Entry(8, "#lab", Said("bob", "hi")))
    kept.hears(Entry(9, "#lab", Said("bob", "ann, come here")))
    assert RoomView("#lab", 2, 1) in kept.conversation.rooms
    kept.types("/join #lab")
    kept.answers(Entered("#lab", "tea", ("bob",), 1))
    assert RoomView("#lab") in kept.conversation.rooms
    assert (kept.conversation.room, kept.conversation.topic) == ("#lab", "tea")


def test_the_people_of_a_room_are_those_who_spoke_last_and_then_the_others(kept: Talk) -> None:
    for event in (Joined("zoe"), Joined("cy"), Said("dan", "hi"), Said("bob", "hi")):
        kept.hears(event)
    kept.hears(Renamed("dan", "Dan"))
    kept.hears(Left("zoe", ""))
    assert kept.conversation.people == ("bob", "Dan", "cy")


def test_who_left_while_the_line_was_down_is_not_there_any_more(kept: Talk) -> None:
    for name in ("bob", "cy"):
        kept.hears(Entry(8, "#lobby", Joined(name)))
        kept.hears(Entry(9, "#lobby", Said(name, "hi")))
    kept.comes_back()
    kept.answers(replace(KEPT, others=("dan", "cy"), count=2))
    assert kept.conversation.people == ("cy", "dan")
    kept.comes_back()
    kept.answers(replace(KEPT, others=("dan",), count=400))
    assert kept.conversation.people == ("cy", "dan")
