"""What was said and is not confirmed: how it is with each line, whatever the connection does."""

from collections.abc import Callable
from itertools import count

import pytest

from twisted_chat.client.sending import MOST, UNDECIDED, WINDOW, Send, Sending, SendState
from twisted_chat.core.events import Acted, Entry, Event, Said
from twisted_chat.core.refusals import Refusal, said_already
from twisted_chat.core.requests import Say


class Desk:
    """Sending with words that one can read, and what was told of it."""

    def __init__(self) -> None:
        numbers = count(1)
        self.told: list[tuple[str, SendState]] = []
        self.sending = Sending(self._changed, lambda: f"w{next(numbers)}")

    def _changed(self, send: Send) -> None:
        self.told.append((send.request.text, send.state))

    def says(self, *texts: str) -> list[Send]:
        return [self.sending.add(Say(text, "#lab")) for text in texts]

    def sends(self) -> list[str]:
        """What is ready; it is on its way then."""
        ready = self.sending.ready()
        for send in ready:
            self.sending.sent(send)
        return [send.request.text for send in ready]

    def reads(self, once: str, event: Callable[[str, str, str], Event] = Said) -> Send | None:
        return self.sending.reads(Entry(7, "#lab", event("ann", "hi", once)))

    def comes_back(self, told: bool = True) -> list[str]:
        self.sending.lost()
        self.sending.resumes(lambda send: told)
        return self.sends()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_what_is_said_waits_is_sent_and_is_kept(desk: Desk) -> None:
    [send] = desk.says("hi")
    assert desk.told == []
    assert desk.sends() == ["hi"]
    assert desk.reads("w1") is send
    assert (send.state, send.entry) == (SendState.KEPT, Entry(7, "#lab", Said("ann", "hi", "w1")))
    assert desk.told == [("hi", SendState.SENT), ("hi", SendState.KEPT)]
    assert desk.sending.open == ()


def test_an_entry_with_another_word_or_none_settles_nothing(desk: Desk) -> None:
    desk.says("hi")
    assert (desk.reads("w2"), desk.reads("", Acted)) == (None, None)
    assert desk.sending.under_way == 1


def test_no_more_are_on_their_way_than_the_chat_knows_again(desk: Desk) -> None:
    desk.says(*(str(number) for number in range(WINDOW + 2)))
    assert len(desk.sends()) == WINDOW
    assert desk.sends() == []
    desk.reads("w1")
    assert desk.sends() == [str(WINDOW)]


def test_there_is_a_bound_on_what_waits_and_it_is_told(desk: Desk) -> None:
    desk.says(*(str(number) for number in range(MOST)))
    with pytest.raises(Refusal, match="wait already"):
        desk.says("one more")


def test_what_was_kept_before_the_loss_is_not_sent_again(desk: Desk) -> None:
    desk.says("one", "two", "three")
    desk.sends()
    desk.sending.lost()
    desk.reads("w2")
    desk.sending.resumes(lambda send: True)
    assert desk.sends() == ["one", "three"]


def test_what_is_said_meanwhile_comes_after_what_is_sent_again(desk: Desk) -> None:
    desk.says("one")
    desk.sends()
    desk.sending.lost()
    desk.says("two")
    assert desk.comes_back() == ["one", "two"]


def test_where_nobody_can_tell_what_was_sent_is_unsure_and_what_was_not_is_sent(desk: Desk) -> None:
    [one] = desk.says("one")
    desk.sends()
    desk.says("two")
    assert desk.comes_back(told=False) == ["two"]
    assert one.state is SendState.UNSURE


def test_what_is_unsure_is_said_by_the_same_word_when_somebody_says_so(desk: Desk) -> None:
    [one] = desk.says("one")
    desk.sends()
    desk.comes_back(told=False)
    desk.sending.again(one)
    assert (desk.sends(), one.once) == (["one"], "w1")


def test_what_is_unsure_and_read_after_all_is_kept(desk: Desk) -> None:
    [one] = desk.says("one")
    desk.sends()
    desk.comes_back(told=False)
    desk.reads("w1")
    assert one.state is SendState.KEPT


def test_what_is_refused_says_why_and_can_be_said_again_behind_the_others(desk: Desk) -> None:
    one, _ = desk.says("one", "two")
    desk.sends()
    desk.sending.refused(one, Refusal("muted", "not sent: you are muted"))
    assert (one.state, one.code, one.why) == (SendState.REFUSED, "muted", "not sent: you are muted")
    desk.sending.lost()
    desk.sending.again(one)
    assert desk.comes_back() == ["two", "one"]
    assert one.why == ""


def test_what_was_said_already_over_another_connection_is_awaited(desk: Desk) -> None:
    [one] = desk.says("one")
    desk.sends()
    desk.sending.refused(one, said_already())
    desk.reads("w1")
    assert desk.told == [("one", SendState.SENT), ("one", SendState.KEPT)]


def test_what_is_under_way_is_not_said_twice_by_impatience(desk: Desk) -> None:
    [one] = desk.says("one")
    desk.sending.again(one)
    desk.sends()
    desk.sending.again(one)
    assert desk.sends() == []


def test_what_is_dropped_is_said_no_more(desk: Desk) -> None:
    [one] = desk.says("one")
    desk.sending.drop(one)
    assert desk.sends() == []


def test_of_what_nobody_decides_the_last_ones_are_kept(desk: Desk) -> None:
    for send in desk.says(*(str(number) for number in range(UNDECIDED + 2))):
        desk.sending.sent(send)
        desk.sending.refused(send, Refusal("muted", "not sent"))
    assert [send.request.text for send in desk.sending.open][:1] == ["2"]
    assert len(desk.sending.open) == UNDECIDED


@pytest.mark.parametrize("offers", [True, False])
def test_what_an_earlier_run_left_is_offered_to_a_person_and_said_by_a_program(
    desk: Desk, offers: bool
) -> None:
    desk.sending.offers = offers
    desk.says("now")
    desk.sending.left([Send(Say("kept", "#lab"), "x1"), Send(Say("not kept", "#lab"), "x2")])
    desk.reads("x1")
    desk.sending.resumes(lambda send: True)
    states = {send.request.text: send.state for send in desk.sending.open}
    assert states["not kept"] is (SendState.UNSURE if offers else SendState.WAITING)
    assert desk.sends() == (["now"] if offers else ["not kept", "now"])


def test_no_two_have_the_same_word() -> None:
    sending = Sending(lambda send: None)
    words = {sending.add(Say("hi")).once for _ in range(100)}
    assert len(words) == 100
    assert all(word.isalnum() and word.isascii() for word in words)
