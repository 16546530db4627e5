"""Times, days, and where somebody stopped reading."""

from datetime import UTC, date, datetime

from twisted_chat.client.marks import Looking, Marks


def at(year: int, month: int, day: int, *time: int) -> float:
    hour, minute, second = (*time, 0, 0, 0)[:3]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp()


def marks() -> Marks:
    return Marks(date(2026, 11, 26), UTC)


def test_the_time_is_shown_when_the_minute_changes() -> None:
    shown = marks()
    times = [at(2026, 11, 26, 18, 2, 1), at(2026, 11, 26, 18, 2, 59), at(2026, 11, 26, 18, 3)]
    assert [shown.gutter(time) for time in times] == ["18:02 ", "      ", "18:03 "]


def test_what_has_no_time_stands_behind_an_empty_gutter() -> None:
    assert marks().gutter(0) == "      "
    assert marks().rule(0) == ""


def test_a_day_is_shown_when_it_is_another() -> None:
    shown = marks()
    assert shown.rule(at(2026, 11, 26, 23, 59)) == ""
    assert shown.rule(at(2026, 11, 27)) == "──── Friday, 27 November 2026 ────"
    assert shown.rule(at(2026, 11, 27, 1)) == ""


def test_the_time_is_said_anew_after_a_day_or_a_mark() -> None:
    shown = marks()
    time = at(2026, 11, 26, 18, 2)
    shown.gutter(time)
    assert shown.unread(at(2026, 11, 26, 17, 30)) == "──── new since 17:30 ────"
    assert shown.gutter(time) == "18:02 "


def test_a_time_that_is_none_is_some_time_all_the_same() -> None:
    assert marks().gutter(1e30) != ""


def test_what_comes_first_after_one_looked_away_is_marked_once() -> None:
    looking = Looking()
    assert looking.to_mark() is None
    looking.looks_away(7.0)
    looking.looks_away(9.0)
    assert [looking.to_mark(), looking.to_mark()] == [7.0, None]
    looking.looks()
    assert looking.to_mark() is None
    looking.looks_away(11.0)
    assert looking.to_mark() == 11.0
