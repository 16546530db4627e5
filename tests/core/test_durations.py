"""Lengths of time as people type and read them."""

from contextlib import suppress
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core import durations
from twisted_chat.core.refusals import Refusal


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("30", 30.0),
        ("90s", 90.0),
        ("10m", 600.0),
        ("1h30m", 5400.0),
        ("7d", 604800.0),
        ("1d2h3m4s", 93784.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (" 10M ", 600.0),
        ("forever", inf),
    ],
)
def test_what_people_type_is_read_as_seconds(typed: str, seconds: float) -> None:
    assert durations.read(typed) == seconds


@pytest.mark.parametrize(
    "typed", ["", " ", "soon", "-5", "5x", "m", "30m1h", "1h 30m", "1e9", "inf", "nan", "٣", "1_0"]
)
def test_what_is_no_duration_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(Refusal, match="Type 30, 90s, 10m") as caught:
        durations.read(typed)
    assert caught.value.code == "bad-duration"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_seconds_that_are_not_negative_or_refused(typed: str) -> None:
    with suppress(Refusal):
        assert durations.read(typed) >= 0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0s"),
        (45, "45s"),
        (60, "1m"),
        (5400, "1h30m"),
        (3 * 86400, "3d"),
        (93784, "1d2h"),  # the two largest units only
        (0.25, "0.25s"),
        (59.7, "1m"),
        (inf, "forever"),
    ],
)
def test_a_duration_is_said_in_its_two_largest_units(seconds: float, said: str) -> None:
    assert durations.say(seconds) == said


@given(st.integers(0, 99), st.integers(0, 59))
def test_minutes_and_seconds_that_are_said_are_read_as_the_same(minutes: int, seconds: int) -> None:
    length = 60.0 * (minutes % 60) + seconds
    assert durations.read(durations.say(length)) == length


@given(st.floats(0, 1e8))
def test_what_is_said_is_less_than_its_second_unit_away_from_the_truth(seconds: float) -> None:
    said = durations.say(round(seconds))
    assert abs(durations.read(said) - seconds) <= max(1.0, seconds / 23)
