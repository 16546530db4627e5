"""Which of the past somebody wants to read who asks for it: requests in, queries out."""

from typing import TypeAlias, assert_never

from twisted_chat.core import durations, names, refusals
from twisted_chat.core.history import SHOWN, Query
from twisted_chat.core.outcomes import Look
from twisted_chat.core.requests import CatchUp, History, Last, Mentions, More, Search
from twisted_chat.core.value import value

Looking: TypeAlias = History | CatchUp | Mentions | Last | Search | More

WORDS = 16
"""Words of one search: more of them narrow it no further."""

FARTHEST = 100_000
"""Lines that one ``/history N`` may walk through, page by page."""


@value
class Looker:
    """Who asks: the logs that she may read, her name, the id at which her last visit ended, the one
    behind which she has read all that was said, and what she could go on with."""

    logs: tuple[str, ...]
    name: str
    left: int = 0
    came: int = 0
    rest: Query | None = None


def look(request: Looking, who: Looker) -> Look:
    """Raises a Refusal."""
    logs = who.logs
    match request:
        case History(what):
            return Look(_history(logs, what.strip().lower()), "Nothing was said then.")
        case CatchUp(room):
            return _catch_up(who, room.strip())
        case Mentions():
            return Look(Query(logs, words=(who.name,)), "Nobody has named you.")
        case Last(text):
            return Look(Query(logs, text=text.strip()), "Nothing of late has that in it.")
        case Search(text):
            return Look(_search(logs, text), "Nothing was found.")
        case More():
            if who.rest is None:
                raise refusals.no_more()
            return Look(who.rest, "That was all.")
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


def _catch_up(who: Looker, room: str) -> Look:
    if room and room not in who.logs:
        raise refusals.no_such_room(room[:32])
    if not who.left:
        raise refusals.never_here()
    logs = (room,) if room else who.logs
    missed = Query(logs, after=who.left, before=who.came + 1, forward=True)
    return Look(missed, "You missed nothing.")


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
        raise refusals.too_many_words(WORDS)
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
