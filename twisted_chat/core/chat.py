"""Enter, say, tell, rename, leave: who may, and what then happens.

Every method either raises a Refusal and changes nothing, or changes what is remembered here and
gives back the outcomes, in order.
"""

from dataclasses import dataclass, field
from itertools import islice
from typing import assert_never

from twisted_chat.core import durations, names, refusals
from twisted_chat.core.events import (
    EVERYONE,
    LOBBY,
    OPERATORS,
    Acted,
    Announced,
    Joined,
    Left,
    Renamed,
    Said,
    Told,
    inbox,
)
from twisted_chat.core.history import Place, Query
from twisted_chat.core.looking import Looker, Looking, look
from twisted_chat.core.outcomes import (
    Depart,
    Done,
    Evict,
    Explain,
    Look,
    Measure,
    NameList,
    Outcome,
    People,
    Person,
    Post,
    Stop,
    Welcomed,
)
from twisted_chat.core.requests import (
    Act,
    Announce,
    CatchUp,
    Enter,
    Help,
    History,
    Kick,
    Last,
    Leave,
    Mentions,
    More,
    Names,
    Rename,
    Reply,
    Request,
    Right,
    Say,
    Search,
    Shutdown,
    Stats,
    Tell,
    Who,
)

GREETED = 20
"""Names that the welcome shows: more than a line of them tells nobody anything."""

LISTED = 200
"""People that one answer lists: a screen or three. ``/who PREFIX`` finds the others."""

FARTHEST = 7 * 86400.0
"""Seconds before a shutdown that is announced: nobody counts down for longer than a week."""

WHO_MAY = {Right.GUEST: "people who are here", Right.OPERATOR: "the operator of the chat"}


@dataclass(slots=True, eq=False)
class Member:
    """Somebody who is here. ``key`` is the folded name, by which all others find her. ``left``: the
    id at which she was here before. ``came``: all that was said later, she reads as it is said.
    ``rest``: what ``/more`` shows."""

    name: str
    key: str
    right: Right
    entered: float
    spoke: float
    written_by: "Member | None" = None
    left: int = 0
    came: int = 0
    rest: Query | None = None


@dataclass(slots=True)
class House:
    """How this chat is run: what its options say."""

    motd: str = ""
    solo: bool = False
    exit_stops: bool = False
    kept: str = ""
    """How long what is said is kept, in words; empty for not at all."""
    replay: int = 0
    """So many of the last lines are shown to who comes."""


@dataclass(slots=True)
class Chat:
    """All that the law has to remember."""

    house: House = field(default_factory=House)
    members: dict[str, Member] = field(default_factory=dict)
    _stage: str = field(init=False)
    """The log in which what is said here is heard. In a solo chat nobody else hears it."""

    def __post_init__(self) -> None:
        self._stage = OPERATORS if self.house.solo else LOBBY

    @property
    def open_to_all(self) -> tuple[str, ...]:
        """The logs whose past everybody may read who is here."""
        return () if self.house.solo else (LOBBY, EVERYONE)

    def operator(self, now: float) -> Member:
        """The console's own member. It is in no list, and ``Server`` is its name."""
        return Member("Server", "server", Right.OPERATOR, now, now)

    def may_enter(self, request: Enter) -> str:
        """The name by which she would be here. Raises a Refusal if she cannot come in by it."""
        name = names.legal(request.name)
        self._free_key(name)
        for room, _ in request.after:
            if room not in (LOBBY, EVERYONE):
                raise refusals.no_such_room(room[:32])
        return name

    def enter(
        self, request: Enter, now: float, place: Place | None
    ) -> tuple[Member, list[Outcome]]:
        """Somebody comes in by the name she asked for; ``place``: where a reader of that name left
        off, if it is known."""
        name = self.may_enter(request)
        key = names.fold(name)
        member = self.members[key] = Member(name, key, Right.GUEST, now, now)
        if place is not None:
            member.left, member.came = place.left, place.last
        return member, [self._welcome(member, place), Post(self._stage, Joined(name))]

    def leave(self, member: Member, why: str) -> list[Post]:
        """Somebody is gone; ``why`` is empty when she took leave."""
        if self.members.get(member.key) is not member:
            return []  # the operator, who is in no list
        del self.members[member.key]
        member.written_by = None  # or the gone would keep each other in memory
        return [Post(self._stage, Left(member.name, why))]

    def perform(self, member: Member, request: Request, now: float) -> list[Outcome]:
        """Do what ``member`` asks, if she may."""
        if request.needs > member.right:
            raise refusals.not_allowed(WHO_MAY[request.needs])
        match request:
            case Say(text):
                member.spoke = now
                return [Post(self._stage, Said(member.name, text))]
            case Act(text):
                member.spoke = now
                return [Post(self._stage, Acted(member.name, text))]
            case Tell(to, text):
                return self._tell(member, self._find(member, to), text, now)
            case Reply(text):
                return self._tell(member, self._writer(member), text, now)
            case Rename(name):
                return self._rename(member, name)
            case Who(prefix):
                return [self._people(member, prefix, now)]
            case Names():
                return [self._names(member)]
            case History() | CatchUp() | Mentions() | Last() | Search() | More():
                return [self._look(member, request)]
            case Leave():
                return self._take_leave(member)
            case Announce(text):
                return [Post(EVERYONE, Announced(text))]
            case Kick(name, reason):
                return self._kick(name, reason)
            case Stats():
                return [Measure()]
            case Shutdown(delay, reason):
                return [self._shutdown(delay, reason)]
            case Enter():
                raise refusals.entered_already(member.name)
            case Help(command):
                return [Explain(command, member.right)]
            case _:
                assert_never(request)

    def _free_key(self, name: str) -> str:
        key = names.fold(name)
        if key in self.members:
            raise refusals.name_taken(name, names.free_name(name, self.members.keys()))
        return key

    def _visible(self, member: Member) -> list[Member]:
        """Those whom ``member`` may know to be here: all, or in a solo chat herself."""
        if self.house.solo and member.right < Right.OPERATOR:
            return [member]
        return list(self.members.values())

    def _find(self, member: Member, name: str) -> Member:
        found = self.members.get(names.fold(name.strip()))
        if found is None or (self.house.solo and member.right < Right.OPERATOR):
            raise refusals.not_here(name.strip())
        return found

    def _writer(self, member: Member) -> Member:
        """Who wrote last, by whatever name now; nobody else who took that name since."""
        writer = member.written_by
        if writer is None:
            raise refusals.nobody_to_reply_to()
        if self.members.get(writer.key) is not writer and writer.right < Right.OPERATOR:
            raise refusals.not_here(writer.name)
        return writer

    def _welcome(self, member: Member, place: Place | None) -> Welcomed:
        count = 0 if self.house.solo else len(self.members) - 1
        first = islice(self.members.values(), min(count, GREETED))
        others = tuple([other.name for other in first])
        house, missed = self.house, place or Place(0, 0)
        return Welcomed(
            member.name,
            LOBBY,
            others,
            count,
            house.motd,
            house.kept,
            missed.left / 1e6,
            missed.count,
            missed.naming,
            missed.last,
        )

    def _look(self, member: Member, request: Looking) -> Look:
        """What of the past is wanted: of the logs that are open to this member, and no others."""
        operator = member.right >= Right.OPERATOR
        logs = (self._stage, EVERYONE) if operator else self.open_to_all
        if not self.house.kept:
            raise refusals.nothing_kept()
        if not logs:
            raise refusals.nothing_of_others()
        return look(request, Looker(logs, member.name, member.left, member.came, member.rest))

    def _tell(self, member: Member, other: Member, text: str, now: float) -> list[Outcome]:
        if other is member:
            raise refusals.told_oneself()
        member.spoke = now
        other.written_by = member
        log = inbox(other.key) if other.right < Right.OPERATOR else OPERATORS
        return [Post(log, Told(member.name, other.name, text))]

    def _rename(self, member: Member, asked: str) -> list[Outcome]:
        if member.key not in self.members:
            raise refusals.operator_is_server()
        name = names.legal(asked)
        if name == member.name:
            raise refusals.already_that_name(name)
        key = names.fold(name)
        if key != member.key:
            self._free_key(name)
        old = member.name
        if key != member.key:
            del self.members[member.key]
            member.key = key
            self.members[key] = member
        member.name = name
        return [Post(self._stage, Renamed(old, name))]

    def _people(self, member: Member, prefix: str, now: float) -> People:
        wanted = names.fold(prefix.strip())
        fits = [one for one in self._visible(member) if one.key.startswith(wanted)]
        people = tuple(
            Person(one.name, now - one.entered, now - one.spoke) for one in fits[:LISTED]
        )
        return People(LOBBY, people, len(fits))

    def _names(self, member: Member) -> NameList:
        here = self._visible(member)
        return NameList(LOBBY, tuple(one.name for one in here[:LISTED]), len(here))

    def _take_leave(self, member: Member) -> list[Outcome]:
        ends = self.house.exit_stops and member.right < Right.OPERATOR  # who leaves just a console
        return [Depart(), Stop(0.0, "")] if ends else [Depart()]

    def _kick(self, name: str, reason: str) -> list[Outcome]:
        other = self.members.get(names.fold(name.strip()))
        if other is None:
            raise refusals.not_here(name.strip())
        why = f"kicked: {reason}" if reason else "kicked"
        return [Evict(other.key, why), Done(f"{other.name} was {why}")]

    def _shutdown(self, delay: str, reason: str) -> Stop:
        if delay == "cancel":
            return Stop(None, reason)
        seconds = durations.read(delay) if delay else 0.0
        if seconds > FARTHEST:
            raise refusals.bad_duration(delay)
        return Stop(seconds, reason)
