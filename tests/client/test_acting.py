"""What the keys do, between a line being typed and a conversation, without a terminal."""

from collections.abc import Callable

import pytest

from tests.client.test_conversation import Talk, says
from twisted_chat.client.acting import LEAVES, Acting
from twisted_chat.client.calls import Calls
from twisted_chat.client.completing import Known
from twisted_chat.client.layout import Desk, Views
from twisted_chat.client.model import Hands
from twisted_chat.client.notices import Notify
from twisted_chat.core import refusals
from twisted_chat.core.outcomes import Entered, Refused, Welcomed
from twisted_chat.core.requests import Help, Join, Leave, Say

WELCOME = Welcomed("ann", "#lobby", (), 0, "", "for 30d", last=7)


class Place:
    """Where they are pressed: what is said and done there is kept."""

    def __init__(self) -> None:
        self.now = 0.0
        self.said: list[str] = []
        self.edits = 0
        self.seconds: Callable[[], float] = lambda: self.now

    def say(self, text: str) -> None:
        self.said.append(text)

    def edit(self) -> None:
        self.edits += 1

    def suspend(self) -> None: ...

    def focus(self, on: bool) -> None: ...


class Seat:
    """Somebody who is in, and presses keys."""

    def __init__(self) -> None:
        self.talk = Talk()
        self.talk.answers(WELCOME)
        chat = self.talk.conversation
        self.place = Place()
        self.calls = Calls(lambda: 0.0, {})
        hands = Hands(chat.typed, chat.pasted, chat.input_ended, lambda: None)
        self.acting = Acting(hands, chat, self.calls, self.place)
        nothing = Known((), (), ())
        views = Views(list, list, list, lambda: nothing, lambda: self.acting.hides)
        self.acting.desk = Desk(views)
        self.acting.held = False

    def types(self, text: str) -> None:
        self.acting.desk.current.insert_text(text)
        self.acting.enter()

    def is_refused(self, line: str) -> None:
        self.types(line)
        self.talk.answers(Refused.of(refusals.not_in_room("#lobby")))

    @property
    def last(self) -> object:
        return self.talk.connection.requests[-1]


@pytest.fixture
def ann() -> Seat:
    return Seat()


def test_what_is_typed_goes_to_whom_it_is_for_and_the_line_is_empty(ann: Seat) -> None:
    ann.types("hi")
    assert ann.last == Say("hi", "#lobby")
    assert ann.acting.desk.line.text == ""


def test_what_is_typed_while_enough_waits_is_kept_here(ann: Seat) -> None:
    ann.acting.held = True
    ann.types("hi")
    assert not isinstance(ann.last, Say)
    ann.acting.held = False
    ann.acting.bring()
    assert ann.last == Say("hi", "#lobby")


def test_what_was_not_sent_is_sent_again_or_dropped_by_a_command_too(ann: Seat) -> None:
    for line in ("one", "two"):
        ann.is_refused(line)
    ann.types("/drop")
    assert [send.request.text for send in ann.talk.conversation.pending] == ["two"]
    ann.types("/again")
    assert ann.last == Say("two", "#lobby")


def test_the_other_commands_of_the_terminal_are_no_server_s_either(ann: Seat) -> None:
    asked = len(ann.talk.connection.asked)
    ann.types("/notify off")
    ann.types("/edit")
    assert (ann.calls.setting, ann.place.edits) == (Notify.OFF, 1)
    assert ann.place.said == ["-- you are called for nothing"]
    assert len(ann.talk.connection.asked) == asked


def test_help_tells_of_them_and_is_asked_of_the_server_too(ann: Seat) -> None:
    ann.types("/help")
    assert ann.place.said == [
        "-- at this terminal too: /again, /drop, /edit, /notify mentions|private|all|off"
    ]
    assert ann.last == Help()


def test_a_key_goes_where_one_is_named_before_where_more_is_unread(ann: Seat) -> None:
    for room in ("#lab", "#den", "#lobby"):
        ann.types(f"/join {room}")
        ann.talk.answers(Entered(room, "", (), 0))
    for number, (room, text) in enumerate((("#lab", "1"), ("#lab", "2"), ("#den", "ann!"))):
        ann.talk.hears(says(room, 8 + number, text))
    ann.acting.jump()
    assert ann.last == Join("#den")


def test_where_nothing_is_unread_it_says_so_until_the_next_key(ann: Seat) -> None:
    ann.acting.jump()
    assert ann.acting.asked(80) == [("class:quiet", "-- nothing is unread elsewhere\n")]
    ann.acting.pressed()
    assert ann.acting.asked(80) == []


def test_ctrl_c_takes_the_line_and_leaves_when_it_is_pressed_twice(ann: Seat) -> None:
    ann.acting.desk.line.insert_text("never said")
    ann.acting.interrupt()
    assert ann.acting.desk.line.text == ""
    ann.place.now += LEAVES + 1
    ann.acting.interrupt()
    assert ann.last != Leave()
    ann.acting.interrupt()
    assert ann.last == Leave()


def test_what_is_pasted_in_many_lines_is_asked_about_and_goes_as_one(ann: Seat) -> None:
    ann.acting.pasted("one\r\ntwo\r\n")
    assert ann.acting.offers()
    assert not isinstance(ann.last, Say)
    ann.acting.take_offer()
    assert ann.last == Say("one\ntwo", "#lobby")
    assert not ann.acting.offers()
