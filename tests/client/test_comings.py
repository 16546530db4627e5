"""Joins and leaves in one line."""

from twisted_chat.client.comings import MOST, Comings
from twisted_chat.client.screen import Kind, Line


def came(name: str, room: str = "#lobby") -> Line:
    return Line(f"-- {name} joined", Kind.CAME, name=name, room=room)


def went(name: str, room: str = "#lobby") -> Line:
    return Line(f"-- {name} left (connection lost)", Kind.WENT, name=name, room=room)


def folded(*lines: Line) -> list[str]:
    comings = Comings()
    for line in lines:
        assert comings.folds(line)
    return [line.text for line in comings.take("#lobby")]


def test_one_alone_is_as_it_came() -> None:
    assert folded(went("bob")) == ["-- bob left (connection lost)"]


def test_several_are_one_line() -> None:
    assert folded(came("bob"), came("cy"), went("dan")) == ["-- bob, cy joined; dan left"]


def test_who_comes_and_goes_is_told_once() -> None:
    lines = folded(came("bob"), went("bob"), went("cy"), came("cy"), went("cy"), came("cy"))
    assert lines == ["-- bob came and left; cy left and came back"]


def test_each_room_has_its_own() -> None:
    lines = folded(came("bob"), came("cy", "#lab"))
    assert lines == ["-- bob joined", "-- cy joined #lab"]


def test_a_crowd_is_counted() -> None:
    (line,) = folded(*(came(f"n{number}") for number in range(20)))
    assert line == "-- n0, n1, n2, n3, n4, n5, n6, n7 and 12 others joined"


def test_they_stand_there_until_they_are_taken() -> None:
    comings = Comings()
    comings.folds(came("bob"))
    assert comings.lines("#lobby") == comings.take("#lobby") != []
    assert comings.lines("#lobby") == []


def test_what_is_said_is_not_folded_nor_what_was_before_one_came() -> None:
    comings = Comings()
    assert not comings.folds(Line("ann: hi", Kind.SAID, name="ann"))
    assert not comings.folds(Line("-- bob joined", Kind.CAME, name="bob", earlier=True))


def test_a_storm_is_shown_sometime() -> None:
    comings = Comings()
    for number in range(MOST):
        assert comings.folds(came(f"n{number}"))
    assert not comings.folds(came("one more"))
