"""What is asked of the past, and what it gives: values, for whoever keeps it."""

from dataclasses import replace
from math import inf

from twisted_chat.core import durations, refusals
from twisted_chat.core.events import Entry
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.value import value

END = 2**53
"""Larger than every id."""

SHOWN = 20
"""Entries of one page: with a line for the time zone and one for ``/more``, what a small terminal
shows at once."""

MOST = 1000
"""Entries up to which what was missed is counted: beyond it the exact number tells nobody more."""


@value
class Span:
    """The entries of one log with ``after`` < id <= ``until``."""

    log: str
    after: int
    until: int


@value
class Run:
    """The first entries of a span, as many as are good to have in memory at once; ``more``: there
    are others behind them. ``gone``: the oldest id that is still kept, if the span began before."""

    entries: tuple[Entry, ...]
    more: bool
    gone: int | None = None


@value
class Query:
    """Some entries of these logs: those with ``after`` < id < ``before``, the first ``limit`` of
    them if ``forward``, else the last.

    ``ago``: seconds before now at which they begin, ``today``: they are of this day. ``words``: all
    of them are in the text. ``by``: who said it, folded. ``text``: it is in the text, letter by
    letter and in any case. ``left``: so many on this and later pages, at most. ``around``: one
    entry before and after each is wanted too. ``floors``: in these logs, nothing up to that id is.
    ``number``: the paste of that number.
    """

    logs: tuple[str, ...]
    after: int = 0
    before: int = END
    limit: int = SHOWN
    forward: bool = False
    ago: float | None = None
    today: bool = False
    words: tuple[str, ...] = ()
    by: str = ""
    text: str = ""
    left: int | None = None
    around: bool = False
    floors: tuple[tuple[str, int], ...] = ()
    number: int = 0


@value
class Page:
    """What a query found, oldest first; ``found``: the ids of it, if what stands around them is
    there too. ``more``: the query goes on behind them, or before. ``ids``: people want to
    see those."""

    entries: tuple[Entry, ...]
    found: tuple[int, ...]
    more: bool
    ids: bool = False


@value
class Keep:
    """How long what is said is kept: so many seconds, and so many entries of each log."""

    seconds: float = inf
    entries: float = inf

    @classmethod
    def read(cls, typed: str) -> "Keep":
        """As it is typed: ``30d``, ``10000`` or ``forever``. Raises a Refusal."""
        text = typed.strip()
        try:
            counted = text.isascii() and text.isdecimal()
            keep = cls(entries=int(text[:12])) if counted else cls(durations.read(text))
        except Refusal:
            raise refusals.not_to_keep(text) from None
        if not keep.seconds or not keep.entries:
            raise refusals.not_to_keep(text)
        return keep

    def __str__(self) -> str:
        if self.seconds < inf:
            return f"for {durations.say(self.seconds)}"
        return "forever" if self.entries == inf else f"up to {self.entries:.0f} lines"


@value
class Place:
    """Where somebody of a name left off in a log, and what came since.

    ``after``: the id behind which the last lines begin, from which she reads on. ``last``: the
    largest id so far in any log. ``left``: the id at which she left, 0 for never here. ``count``
    and ``naming``: entries since, and those with her name in them, up to MOST.
    """

    after: int
    last: int
    left: int = 0
    count: int = 0
    naming: int = 0


def rest(query: Query, page: Page) -> Query | None:
    """What is left to ask for after that page; None for nothing."""
    ids = page.found or tuple(entry.id for entry in page.entries)
    left = None if query.left is None else query.left - len(ids)
    if not page.more or (left is not None and left <= 0):
        return None
    limit = query.limit if left is None else min(query.limit, left)
    if query.forward:
        return replace(query, after=ids[-1], limit=limit, left=left)
    return replace(query, before=ids[0], limit=limit, left=left)
