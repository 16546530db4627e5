"""The line at the bottom."""

from twisted_chat.client.bar import State, bar
from twisted_chat.client.screen import RoomView
from twisted_chat.core.widths import width


def shown(state: State, columns: int = 60) -> str:
    return "".join(text for _, text in bar(state, columns))


def test_it_shows_the_room_its_topic_and_the_delay() -> None:
    line = shown(State("#garden", "what grows", delay=0.012), 40)
    assert line == " #garden what grows               12 ms "


def test_it_shows_what_is_unread_and_first_where_one_is_named() -> None:
    rooms = (RoomView("#lobby", 9), RoomView("#lab", 12), RoomView("#tea", 2, 1))
    assert " #lab 12  #tea 2!  connected " in shown(State("#lobby", rooms=rooms))
    assert " #lobby 9 " not in shown(State("#lobby", rooms=rooms))


def test_it_shows_who_is_away_and_that_the_line_is_down() -> None:
    line = shown(State("#lobby", away=["bob", "cy"], link="no connection: again in 3 s"))
    assert " away: bob, cy " in line
    assert line.endswith(" no connection: again in 3 s ")


def test_it_is_as_wide_as_the_terminal_whatever_it_shows() -> None:
    rooms = tuple(RoomView(f"#room{number}", number) for number in range(20))
    for topic in ("", "x" * 300, "日本語" * 30, "👨‍👩‍👧" * 20):
        state = State("#lobby", topic, rooms, ["bob"] * 9, "down", 1.5)
        for columns in (20, 33, 80, 200):
            assert width(shown(state, columns)) == columns


def test_in_a_narrow_terminal_the_connection_is_left_out_last() -> None:
    rooms = (RoomView("#garden", 3),)
    assert shown(State("#lobby", "topic", rooms, ["bob"]), 20).split() == ["#lobby", "connected"]


def test_nothing_in_it_drives_the_terminal() -> None:
    evil = "\x1b[2J\x07\x1b]0;x\x07"
    state = State(f"#a{evil}", evil, (RoomView(f"#b{evil}", 1),), [evil], f"down{evil}")
    assert shown(state).isprintable()
