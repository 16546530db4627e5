"""Which of the past somebody wants to read."""

import pytest

from twisted_chat.core.events import EVERYONE, LOBBY
from twisted_chat.core.history import SHOWN, Query
from twisted_chat.core.looking import FARTHEST, Looker, Looking, look
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import CatchUp, History, Last, Mentions, More, Search

LOGS = (LOBBY, EVERYONE)
DAY = 86400.0


def query(request: Looking, left: int = 0, rest: Query | None = None) -> Query:
    """What is asked of the archive when ann asks."""
    return look(request, Looker(LOGS, "ann", left, 20, rest)).query


def refused(request: Looking) -> Refusal:
    with pytest.raises(Refusal) as caught:
        query(request)
    return caught.value


@pytest.mark.parametrize(
    ("request_", "query_"),
    [
        (History(), Query(LOGS)),
        (History("  "), Query(LOGS)),
        (History("5"), Query(LOGS, limit=5, left=5)),
        (History(" 20 "), Query(LOGS, limit=SHOWN, left=20)),
        (History("500"), Query(LOGS, limit=SHOWN, left=500)),
        (History("1h"), Query(LOGS, ago=3600.0)),
        (History("2D"), Query(LOGS, ago=2 * DAY)),
        (History("Today"), Query(LOGS, today=True)),
        (Mentions(), Query(LOGS, words=("ann",))),
        (Last(" the ladder "), Query(LOGS, text="the ladder")),
        (Search("blue ladder"), Query(LOGS, words=("blue", "ladder"), around=True)),
        (Search("from:Bob"), Query(LOGS, by="bob", around=True)),
        (
            Search("FROM:bob since:2d ladder"),
            Query(LOGS, by="bob", ago=2 * DAY, words=("ladder",), around=True),
        ),
        (
            Search("ladder since:today"),
            Query(LOGS, today=True, words=("ladder",), around=True),
        ),
    ],
)
def test_a_request_looks_for_this(request_: Looking, query_: Query) -> None:
    assert query(request_) == query_


@pytest.mark.parametrize("text", ["http://ladder", "from:", "ratio 1:2", "since:"])
def test_what_only_looks_like_a_condition_is_searched_for(text: str) -> None:
    assert query(Search(text)) == Query(LOGS, words=tuple(text.split()), around=True)


@pytest.mark.parametrize("typed", ["0", "-1", "soon", "1,5", "١", "3 weeks", str(FARTHEST + 1)])
def test_what_is_no_number_of_lines_and_no_time_is_refused(typed: str) -> None:
    refusal = refused(History(typed))
    assert refusal.code == "bad-duration"
    assert refusal.sentence.startswith(typed)


def test_a_number_as_long_as_a_line_is_refused() -> None:
    assert refused(History("9" * 4000)).code == "bad-duration"


def test_a_search_since_what_is_no_time_is_refused() -> None:
    assert refused(Search("since:soon ladder")).code == "bad-duration"


@pytest.mark.parametrize("text", ["since:2d", " "])
def test_a_search_for_nothing_is_refused(text: str) -> None:
    assert refused(Search(text)).code == "usage"


def test_what_was_missed_begins_where_one_left_and_is_read_forward() -> None:
    assert query(CatchUp(), left=7) == Query(LOGS, after=7, before=21, forward=True)
    assert query(CatchUp(" #lobby"), left=7) == Query((LOBBY,), after=7, before=21, forward=True)


def test_who_was_never_here_missed_nothing() -> None:
    assert refused(CatchUp()).code == "nothing-missed"


@pytest.mark.parametrize("room", ["#cellar", "lobby", "@bob", "&operators"])
def test_one_cannot_catch_up_with_what_one_may_not_read(room: str) -> None:
    assert refused(CatchUp(room)).code == "no-such-room"


def test_more_is_the_rest() -> None:
    rest = Query(LOGS, before=7, left=3, limit=3)
    assert query(More(), rest=rest) == rest


def test_without_a_rest_there_is_no_more() -> None:
    assert refused(More()).code == "no-more"


@pytest.mark.parametrize(
    "request_", [History(), CatchUp(), Mentions(), Last("x"), Search("x"), More()]
)
def test_each_says_in_words_that_nothing_was_found(request_: Looking) -> None:
    assert look(request_, Looker(LOGS, "ann", 7, 20, Query(LOGS))).none.endswith(".")
