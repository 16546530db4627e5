"""What the options say, put where it holds: when the daemon starts, and again while people talk.

Which of them can change is for rehash.py to say, and what they mean for whoever keeps it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from twisted.python.usage import UsageError

from twisted_chat.auth import Authority
from twisted_chat.config import WrongOptions
from twisted_chat.core import refusals
from twisted_chat.core.chat import House
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.limits import NO_LIMIT, Allowance
from twisted_chat.doors.line import ChatFactory
from twisted_chat.hub import Hub
from twisted_chat.options import BURST, Options
from twisted_chat.ports import Store
from twisted_chat.rehash import rehash
from twisted_chat.stores.sqlite import SqliteStore

FEW = 20
"""Connections that any address may have, however small the chat: a family, a classroom's row. And
those of one address that may think about their names at the same time."""

PACE = 60
"""Connections a minute from one address in the long run: a script that comes anew for each line."""


@dataclass(slots=True)
class LiveOptions:
    """``options``: those that hold now. ``people`` and ``operators``: who come in, and their
    limits. ``held`` is called when others hold than before."""

    options: Options
    store: Store
    people: ChatFactory
    operators: ChatFactory
    held: Callable[[], None]

    def reread(self, what: str) -> str:
        """For an operator: the MOTD alone, or all that can be read again. Raises a Refusal."""
        try:
            return self._reload_motd() if what else "\n".join(self.rehash())
        except (WrongOptions, UsageError) as error:
            raise refusals.not_reread(str(error)) from None

    def rehash(self) -> list[str]:
        """What whoever asked for it is told. Raises WrongOptions, and then nothing is changed."""
        self.options["motd"] = self._house.motd  # an operator may have set another
        rehashed = rehash(self.options)
        self.options = rehashed.options
        self._hold()
        return rehashed.lines

    @property
    def _house(self) -> House:
        return self.people.hub.chat.house

    def _reload_motd(self) -> str:
        if self.options.motd is None:
            raise UsageError("there is no file of it. --motd FILE, or motd in --config, names one")
        self._house.motd = self.options.motd.read()
        return "all who enter read that now"

    def _hold(self) -> None:
        """What can change while people are here is from now on as the options have it."""
        options, hub = self.options, self.people.hub
        furnish(self._house, options)
        grant(hub, options)
        hub.chat.bring_up_rights()
        hub.logs.delay = options["flush-delay"]
        self._hold_limits()
        if isinstance(self.store, SqliteStore):
            self.store.keep(options["keep"])
        self.held()

    def _hold_limits(self) -> None:
        options, rules, door = self.options, self.people.rules, self.people.door
        rules.allowance = allowance(options["rate"])
        bind(door.bounds, options)
        door.longest = options["max-line"]
        door.text.confirm, door.json.longest = confirms(options), options["max-line"]
        rules.watch.naming.limit = options["handshake-timeout"]
        rules.watch.idle.limit = options["idle-timeout"]
        for watch in (rules.watch, self.operators.rules.watch):
            watch.stalled.limit = options["stall-timeout"]


def furnish(house: House, options: Options) -> None:
    house.motd = options["motd"]
    house.exit_stops = options["exit-stops-server"]
    house.kept = "" if options["store"] is None else str(options["keep"])
    house.replay = options["replay"]


def grant(hub: Hub, options: Options) -> None:
    """Who may enter, and what they may do there."""
    house, keys, checkers = hub.chat.house, hub.keys, options["credCheckers"]
    house.members_only = bool(options["members-only"])
    house.operators = frozenset(options["operators"])
    house.free_rooms = options["rooms"] == "free"
    house.calm = options["rate"] > 0
    keys.house = options["house-secret"]
    keys.authority = Authority(checkers, hub.clock) if checkers else None


def bind(bounds: Bounds, options: Options) -> None:
    """How many may come, and how fast. What is not said follows from --max-clients; and where no
    pace is kept of lines, none is kept of connections, and one address may have all of them."""
    most, paced = options["max-clients"], options["rate"] > 0
    fifth = max(FEW, most // 5) if paced else inf
    bounds.most = most
    bounds.of_one = said(options["per-address"], fifth)
    bounds.nameless_of_one = said(options["nameless"], FEW if paced else inf)
    bounds.nameless = max(bounds.nameless_of_one, most // 4) if paced else inf
    a_minute = said(options["connects"], PACE if paced else inf)
    at_once = min(bounds.of_one, most)
    bounds.pace = NO_LIMIT if a_minute == inf else Allowance(a_minute / 60, max(a_minute, at_once))
    bounds.pace_of_all = Allowance(most / 30, 2.0 * most) if paced else NO_LIMIT
    bounds.exempt = options["exempted"]


def said(number: int | None, otherwise: float) -> float:
    """A bound as it was given, where 0 is none; or what holds where nothing was."""
    return otherwise if number is None else number or inf


def allowance(rate: float) -> Allowance:
    return Allowance(rate, max(1.0, rate * BURST))


def confirms(options: Options) -> bool:
    return bool(options["confirm"] or options["solo"])
