"""Times of day, as people read them."""

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.times import NOW, TIMES
from twisted_chat.speech.times import Times

HOUR = 3600.0
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("ago", "stamp"),
    [
        (0.0, "19:30"),
        (19.5 * HOUR, "00:00"),
        (19.5 * HOUR + 1, "Wed 23:59"),
        (6 * DAY, "Fri 19:30"),
        (6 * DAY + 19.5 * HOUR, "Fri 00:00"),
        (6 * DAY + 19.5 * HOUR + 1, "2025-11-13 23:59"),
        (400 * DAY, "2024-10-16 19:30"),
    ],
)
def test_a_stamp_is_as_long_as_is_needed_to_know_when(ago: float, stamp: str) -> None:
    assert TIMES.stamp(NOW - ago) == stamp


def test_what_is_to_come_has_its_date() -> None:
    assert TIMES.stamp(NOW + DAY) == "2025-11-21 19:30"


def test_days_and_hours_are_those_of_the_zone() -> None:
    east = Times(lambda: NOW, timezone(timedelta(hours=9), "JST"))
    assert east.zone_name == "JST"
    assert east.stamp(NOW) == "04:30"
    assert east.stamp(NOW - 5 * HOUR) == "Thu 23:30"


def test_the_zone_is_named_as_it_is_now() -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert Times(lambda: NOW, zone).zone_name == "CET"
    assert Times(lambda: NOW - 120 * DAY, zone).zone_name == "CEST"


def test_the_machines_own_zone_has_a_name() -> None:
    assert Times(lambda: NOW).zone_name


def test_a_period_began_so_many_seconds_ago() -> None:
    assert TIMES.since(HOUR, today=False) == NOW - HOUR


def test_today_began_at_midnight_in_the_zone() -> None:
    assert TIMES.since(None, today=True) == NOW - 19.5 * HOUR
    east = Times(lambda: NOW, timezone(timedelta(hours=9)))
    assert east.since(None, today=True) == NOW - 4.5 * HOUR


def test_without_a_period_it_is_all_since_ever() -> None:
    assert TIMES.since(None, today=False) == 0.0


def test_nothing_began_before_1970() -> None:
    assert TIMES.since(float("inf"), today=False) == 0.0


@given(st.floats(0, 2**53 / 1e6))
def test_every_time_that_an_entry_can_have_is_shown(seconds: float) -> None:
    assert Times(lambda: NOW, UTC).stamp(seconds)[-3] == ":"
