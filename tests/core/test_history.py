"""Pages of the past, and for how long it is kept."""

import pytest

from twisted_chat.core.events import Entry, Said
from twisted_chat.core.history import Keep, Page, Query, rest
from twisted_chat.core.refusals import Refusal

QUERY = Query(("#lobby",), limit=3)


def page(*ids: int, found: tuple[int, ...] = (), more: bool = True) -> Page:
    return Page(tuple(Entry(number, "#lobby", Said("ann", "hi")) for number in ids), found, more)


def test_the_rest_is_what_came_before_the_page() -> None:
    assert rest(QUERY, page(4, 5, 6)) == Query(("#lobby",), limit=3, before=4)


def test_of_what_is_read_forward_the_rest_is_what_came_after_the_page() -> None:
    forward = Query(("#lobby",), limit=3, forward=True)
    assert rest(forward, page(4, 5, 6)) == Query(("#lobby",), limit=3, forward=True, after=6)


def test_after_the_last_page_nothing_is_left() -> None:
    assert rest(QUERY, page(4, 5, 6, more=False)) is None


def test_the_rest_of_a_search_begins_at_what_was_found_and_not_around_it() -> None:
    asked = rest(QUERY, page(3, 4, 5, found=(4,)))
    assert asked is not None
    assert asked.before == 4


def test_of_so_many_lines_so_many_fewer_are_left() -> None:
    asked = rest(Query(("#lobby",), limit=3, left=5), page(4, 5, 6))
    assert asked == Query(("#lobby",), limit=2, left=2, before=4)


def test_when_so_many_lines_were_shown_nothing_is_left() -> None:
    assert rest(Query(("#lobby",), limit=3, left=3), page(4, 5, 6)) is None


@pytest.mark.parametrize(
    ("keep", "told"),
    [
        (Keep(), "forever"),
        (Keep(seconds=30 * 86400.0), "for 30d"),
        (Keep(entries=10_000), "up to 10000 lines"),
    ],
)
def test_for_how_long_it_is_kept_is_told_in_words(keep: Keep, told: str) -> None:
    assert str(keep) == told


@pytest.mark.parametrize(
    ("typed", "keep"),
    [("30d", Keep(30 * 86400.0)), (" 10000 ", Keep(entries=10_000)), ("forever", Keep())],
)
def test_for_how_long_it_is_kept_is_a_time_or_a_number_of_lines(typed: str, keep: Keep) -> None:
    assert Keep.read(typed) == keep


@pytest.mark.parametrize("typed", ["", "0", "0d", "-1", "soon"])
def test_what_is_no_time_and_no_number_of_lines_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Refusal, match="Type 30d, 10000 or forever") as refused:
        Keep.read(typed)
    assert refused.value.code == "bad-duration"
