"""Which of the past somebody wants to read who asks for it: requests in, queries out."""

from typing import TypeAlias, assert_never

from twisted_chat.core import durations, names, refusals
from twisted_chat.core.history import SHOWN, Query
from twisted_chat.core.outcomes import Look
from twisted_chat.core.requests import CatchUp, History, Last, Mentions, More, Search

Looking: TypeAlias = History | CatchUp | Mentions | Last | Search | More

WORDS = 16
"""Words of one search: more of them narrow it no further."""

FARTHEST = 100_000
"""Lines that one ``/history N`` may walk through, page by page."""


def look(request: Looking, logs: tuple[str, ...], name: str, left: int, rest: Query | None) -> Look:
    """``name`` asks, whose last visit ended at ``left``, and who could go on with ``rest``. Raises
    a Refusal."""
    match request:
        case History(what):
            return Look(_history(logs, what.strip().lower()), "Nothing was said then.")
        case CatchUp(room):
            return _catch_up(logs, room.strip(), left)
        case Mentions():
            return Look(Query(logs, words=(name,)), "Nobody has named you.")
        case Last(text):
            return Look(Query(logs, text=text.strip()), "Nothing of late has that in it.")
        case Search(text):
            return Look(_search(logs, text), "Nothing was found.")
        case More():
            if rest is None:
                raise refusals.no_more()
            return Look(rest, "That was all.")
        case _:
            assert_never(request)


def _history(logs: tuple[str, ...], typed: str) -> Query:
    if not typed:
        return Query(logs)
    if typed.isascii() and typed.isdecimal():
        left = int(typed[:9])
        if not 0 < left <= FARTHEST:
            raise refusals.not_a_count(typed)
        return Query(logs, limit=min(left, SHOWN), left=left)
    ago, today = _period(typed)
    return Query(logs, ago=ago, today=today)


def _catch_up(logs: tuple[str, ...], room: str, left: int) -> Look:
    if room and room not in logs:
        raise refusals.no_such_room(room)
    if not left:
        raise refusals.never_here()
    wanted = (room,) if room else logs
    return Look(Query(wanted, after=left, forward=True), "You missed nothing.")


def _search(logs: tuple[str, ...], typed: str) -> Query:
    """``from:ann since:2d TEXT``."""
    by, words = "", []
    ago, today = None, False
    for word in typed.split():
        key, _, given = word.partition(":")
        if given and key.lower() == "from":
            by = names.fold(given)
        elif given and key.lower() == "since":
            ago, today = _period(given.lower())
        else:
            words.append(word)
    if len(words) > WORDS:
        raise refusals.search_too_long()
    if not words and not by:
        raise refusals.usage("/search [from:NAME] [since:2d] TEXT")
    return Query(logs, ago=ago, today=today, words=tuple(words), by=by, around=True)


def _period(typed: str) -> tuple[float | None, bool]:
    """``ago`` and ``today`` of a query."""
    if typed == "today":
        return None, True
    try:
        return durations.read(typed), False
    except refusals.Refusal:
        raise refusals.not_a_count(typed) from None
