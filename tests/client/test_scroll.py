"""Lines on their way into the scrollback, and whom they call."""

from datetime import UTC, date

from twisted_chat.client.calls import Calls
from twisted_chat.client.marks import PAUSE, Marks
from twisted_chat.client.notices import BELL
from twisted_chat.client.paint import Paint
from twisted_chat.client.screen import Kind, Line, RoomView
from twisted_chat.client.scroll import MOST, Scroll


class Now:
    seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


def scroll(now: Now) -> Scroll:
    calls = Calls(now, {})
    return Scroll(Paint(0), Marks(date.fromtimestamp(now()), UTC), now, calls.to)


def said(text: str, mentions: bool = False) -> Line:
    return Line(f"bob: {text}", Kind.SAID, name="bob", room="#lobby", mentions=mentions)


def test_who_comes_is_held_back_until_something_is_said() -> None:
    shown = scroll(Now())
    shown.add(Line("-- bob joined", Kind.CAME, name="bob", room="#lobby"))
    assert shown.take("#lobby") == ""
    shown.add(said("hi"))
    joined, rest = shown.take("#lobby").split("\n", 1)
    assert "bob joined" in joined
    assert "bob: hi" in rest.replace("\x1b[m", "").replace("\x1b[1m", "")


def test_what_is_held_back_is_shown_at_the_end() -> None:
    shown = scroll(Now())
    shown.add(Line("-- bob joined", Kind.CAME, name="bob", room="#lobby"))
    assert "bob joined" in shown.rest("#lobby")


def test_of_too_many_the_last_are_shown_and_the_others_counted() -> None:
    shown = scroll(Now())
    for number in range(MOST + 2):
        shown.add(said(f"line {number}"))
    text = shown.take("#lobby")
    assert "-- 2 lines were not shown: /history has them" in text
    assert text.count("bob:") == MOST


def test_who_has_pressed_no_key_for_long_finds_a_mark() -> None:
    now = Now()
    shown = scroll(now)
    shown.add(said("one"))
    assert "new since" not in shown.take("#lobby")
    now.seconds += PAUSE + 1
    shown.add(said("two"))
    assert "new since" in shown.take("#lobby")
    shown.pressed()
    shown.add(said("three"))
    assert "new since" not in shown.take("#lobby")


def test_who_is_named_again_and_again_is_not_shaken() -> None:
    now = Now()
    calls = Calls(now, {})
    assert calls.to(said("ann!", mentions=True)).startswith(BELL)
    assert calls.to(said("ann!", mentions=True)) == ""
    now.seconds += 5
    calls.looking(True)
    assert calls.to(said("ann!", mentions=True)) == BELL


def test_the_title_counts_what_was_not_read() -> None:
    calls = Calls(Now(), {})
    calls.to(said("hi"))
    rooms = [RoomView("#lobby"), RoomView("#lab", 2, 1)]
    assert calls.title("#lobby", rooms) == "\x1b]2;(3!) #lobby\x1b\\"
    calls.looking(True)
    assert calls.title("#lobby", [RoomView("#lobby")]) == "\x1b]2;#lobby\x1b\\"
