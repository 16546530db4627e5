"""Which of the past somebody wants to read who asks for it: requests in, queries out."""

from dataclasses import replace
from typing import TypeAlias, assert_never

from twisted_chat.core import durations, names, refusals
from twisted_chat.core.events import EVERYONE, inbox
from twisted_chat.core.history import SHOWN, Query
from twisted_chat.core.outcomes import Look
from twisted_chat.core.requests import CatchUp, History, Last, Mentions, More, Search
from twisted_chat.core.state import Device, State

Looking: TypeAlias = History | CatchUp | Mentions | Last | Search | More

WORDS = 16
"""Words of one search: more of them narrow it no further."""

FARTHEST = 100_000
"""Lines that one ``/history N`` may walk through, page by page."""


def look(state: State, device: Device, request: Looking) -> Look:
    """What of the past is wanted: of the logs that she may read, and no others. Raises a
    Refusal."""
    if not state.house.kept:
        raise refusals.nothing_kept()
    logs = state.readable(device.member)
    if not logs:
        raise refusals.nothing_of_others()
    found = _look(state, device, logs, request)
    query = found.query
    return replace(found, query=replace(query, floors=state.floors(query.logs)))


def _look(state: State, device: Device, logs: tuple[str, ...], request: Looking) -> Look:
    match request:
        case History(what, room):
            words = what.strip().lower().split()
            ids = "ids" in words
            rest = " ".join(word for word in words if word != "ids")
            query = _history(_of(state, device, room), rest)
            return Look(query, "Nothing was said then.", ids=ids)
        case CatchUp(room):
            return _catch_up(device, _of(state, device, room) if room.strip() else logs)
        case Mentions():
            name = device.member.name
            return Look(Query(logs, words=(name,)), "Nobody has named you.")
        case Last(text):
            return Look(Query(logs, text=text.strip()), "Nothing of late has that in it.")
        case Search(text):
            return Look(_search(logs, text), "Nothing was found.")
        case More():
            if device.rest is None:
                raise refusals.no_more()
            return Look(_still_open(device.rest, logs), "That was all.", ids=device.ids)
        case _:
            assert_never(request)


def _of(state: State, device: Device, room: str) -> tuple[str, ...]:
    """The log of one room, and what was told to all; or in a conversation, one's own."""
    if not room.strip() and device.query and device.member.owned:
        return (inbox(device.member.key),)
    if device.room is None and not room.strip():
        return (state.stage, EVERYONE)
    inside = state.room_inside(device, room)
    return (state.log_of(inside), EVERYONE) if not state.house.solo else (EVERYONE,)


def _still_open(query: Query, logs: tuple[str, ...]) -> Query:
    """She may have left a room since she asked."""
    left = tuple(log for log in query.logs if log in logs)
    if not left:
        raise refusals.no_more()
    return replace(query, logs=left)


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


def _catch_up(device: Device, logs: tuple[str, ...]) -> Look:
    if not device.left:
        raise refusals.never_here()
    missed = Query(logs, after=device.left, before=device.read + 1, forward=True)
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
