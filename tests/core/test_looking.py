"""Which of the past somebody wants to read."""

import pytest

from tests.core.chatting import Company, the
from twisted_chat.core.chat import Device, House
from twisted_chat.core.events import EVERYONE, LOBBY
from twisted_chat.core.history import SHOWN, Place, Query
from twisted_chat.core.looking import FARTHEST, WORDS, Looking
from twisted_chat.core.outcomes import Look
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    CatchUp,
    Converse,
    History,
    Last,
    Mentions,
    More,
    Part,
    Rename,
    Search,
)

LOGS = (LOBBY, EVERYONE)
DAY = 86400.0


def looker(left: int = 0, rest: Query | None = None) -> tuple[Company, Device]:
    """ann, a guest, who was here before or has read something already."""
    company = Company()
    ann = company.comes("ann", place=Place(after=1, last=20, left=left))
    ann.rest = rest
    return company, ann


def query(request: Looking, left: int = 0, rest: Query | None = None) -> Query:
    """What is asked of the archive when ann asks."""
    company, ann = looker(left, rest)
    return the(company.asks(ann, request), Look).query


def refused(request: Looking) -> Refusal:
    company, ann = looker()
    return company.refused(ann, request)


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
    assert query(CatchUp(" #lobby"), left=7) == Query(LOGS, after=7, before=21, forward=True)


def test_who_was_never_here_missed_nothing() -> None:
    assert refused(CatchUp()).code == "nothing-missed"


@pytest.mark.parametrize("room", ["#cellar", "cellar"])
def test_one_cannot_catch_up_with_what_one_may_not_read(room: str) -> None:
    assert refused(CatchUp(room)).code == "not-in-room"


@pytest.mark.parametrize("room", ["@bob", "&operators", "*"])
def test_what_is_no_room_has_no_past(room: str) -> None:
    assert refused(CatchUp(room)).code == "room-not-legal"
    assert refused(History(room=room)).code == "room-not-legal"


def test_more_is_the_rest_as_far_as_it_may_still_be_read() -> None:
    rest = Query((LOBBY, "#lab"), before=7, left=3, limit=3)
    assert query(More(), rest=rest) == Query((LOBBY,), before=7, left=3, limit=3)


def test_there_is_no_more_of_a_room_that_one_left() -> None:
    company, ann = looker(rest=Query(("#lab",)))
    assert company.refused(ann, More()).code == "no-more"
    assert refused(More()).code == "no-more"


@pytest.mark.parametrize(
    "request_", [History(), CatchUp(), Mentions(), Last("x"), Search("x"), More()]
)
def test_each_says_in_words_that_nothing_was_found(request_: Looking) -> None:
    company, ann = looker(7, Query(LOGS))
    assert the(company.asks(ann, request_), Look).none.endswith(".")


@pytest.mark.parametrize(
    "request_", [History(), CatchUp(), Mentions(), Last("x"), Search("x"), More()]
)
def test_where_nothing_is_kept_there_is_nothing_to_look_at(request_: Looking) -> None:
    company = Company("ann", house=House())
    assert company.refused(company.devices[0], request_).code == "nothing-kept"


def test_a_search_has_a_bound_on_its_words() -> None:
    assert refused(Search("word " * (WORDS + 1))).code == "search-too-long"


@pytest.mark.parametrize("typed", ["ids", "20 ids", "IDS 20"])
def test_a_history_is_shown_with_ids_to_who_wants_them(typed: str) -> None:
    company, ann = looker()
    assert the(company.asks(ann, History(typed)), Look).ids
    assert not the(company.asks(ann, History("20")), Look).ids


def test_a_history_is_of_the_room_where_one_talks_or_of_another_of_ones_own() -> None:
    company, ann = looker()
    company.joins(ann, "#lab")
    for request, log in ((History(), "#lab"), (History(room="Lobby"), LOBBY)):
        assert the(company.asks(ann, request), Look).query.logs == (log, EVERYONE)


def test_a_search_is_of_all_rooms_where_one_is_and_of_what_one_was_told() -> None:
    company = Company()
    ann = company.owner("ann")
    company.joins(ann, "#lab")
    found = the(company.asks(ann, Search("x")), Look).query
    assert found.logs == (LOBBY, "#lab", "@ann", EVERYONE)
    assert found.floors == (("@ann", company.chat.accounts["ann"].since),)
    company.asks(ann, Part())
    assert "#lab" not in the(company.asks(ann, Search("x")), Look).query.logs


def test_in_a_conversation_the_past_is_of_what_one_was_told() -> None:
    company = Company("bob")
    ann = company.owner("ann")
    company.asks(ann, Converse("bob"))
    assert the(company.asks(ann, History()), Look).query.logs == ("@ann",)


def test_a_guest_has_no_log_of_what_she_was_told_for_others_had_her_name() -> None:
    company = Company("ann", "bob")
    company.asks(company.devices[0], Converse("bob"))
    assert the(company.asks(company.devices[0], History()), Look).query.logs == LOGS


def test_the_lines_that_name_one_are_found_by_the_name_that_she_has_now() -> None:
    company, ann = looker()
    company.asks(ann, Rename("zoe"))
    assert the(company.asks(ann, Mentions()), Look).query.words == ("zoe",)
