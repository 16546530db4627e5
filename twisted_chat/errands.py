"""What takes a while and then goes on: to read the past, to enter a room, to check a secret."""

from dataclasses import dataclass, replace
from os import urandom
from typing import assert_never

from twisted.logger import Logger

from twisted_chat.core import refusals
from twisted_chat.core.chat import Device
from twisted_chat.core.history import Page, rest
from twisted_chat.core.outcomes import Approach, Done, Look, Outcome, Seal
from twisted_chat.entrance import Entrance
from twisted_chat.ports import Session, StoreFailed
from twisted_chat.roomlog import speaker
from twisted_chat.speech.asked import Tag
from twisted_chat.speech.times import Times


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asked for something, and by what she wants to find the answer."""

    session: Session
    device: Device
    tag: Tag


class Errands:
    """``starts``: from where each session reads on in logs that it will follow."""

    log = Logger()

    def __init__(
        self, entrance: Entrance, times: Times, starts: dict[Session, dict[str, int]]
    ) -> None:
        self._entrance = entrance
        self._chat = entrance.chat
        self._archive = entrance.archive
        self._times = times
        self._starts = starts

    async def run(self, asking: Asking, errand: Look | Approach | Seal) -> list[Outcome]:
        """What follows when it is done. Raises a Refusal."""
        match errand:
            case Look():
                return await self._look(asking, errand)
            case Approach():
                return await self._approach(asking, errand)
            case Seal():
                return await self._check(asking, errand)
            case _:
                assert_never(errand)

    async def _look(self, asking: Asking, look: Look) -> list[Outcome]:
        """Find what a member wants to read of the past."""
        query, archive, device = look.query, self._archive, asking.device
        if archive is None:
            raise refusals.nothing_kept()
        since = int(self._times.since(query.ago, query.today) * 1e6)
        query = replace(query, after=max(query.after, since), ago=None, today=False)
        try:
            page = await archive.look(query)
        except StoreFailed:
            raise refusals.cannot_read() from None
        if look.then is not None:
            self._chat.moment = self._entrance.now()
            page = self._for(asking, page)
            return self._chat.seen(device, look.then, page) if page.entries else [Done(look.none)]
        device.rest, device.ids = rest(query, page), look.ids
        if not page.entries:
            return [Done(look.none)]
        return [replace(self._for(asking, page), more=device.rest is not None, ids=look.ids)]

    def _for(self, asking: Asking, page: Page) -> Page:
        """What of it she hears, and may still read: she may have been sent out of a room since."""
        open_to_her, ignored = self._chat.readable(asking.device.member), asking.session.ignored
        entries = (one for one in page.entries if one.log in open_to_her)
        return replace(page, entries=tuple(one for one in entries if speaker(one) not in ignored))

    async def _approach(self, asking: Asking, approach: Approach) -> list[Outcome]:
        """She enters a room, and reads what was said there last."""
        session, device, room = asking.session, asking.device, approach.log
        replay = self._chat.house.replay
        if self._archive is not None and replay:
            try:
                floors = ((room, approach.since),)
                place = await self._archive.place((room,), device.member.name, replay, floors)
                self._starts.setdefault(session, {})[room] = max(place.after, approach.since)
            except StoreFailed:
                self.log.debug("who enters a room is not shown what was said before")
        if session.gone:  # or she would be in the room, and never leave it
            return []
        return self._chat.arrive(device, room, self._entrance.now())

    async def _check(self, asking: Asking, seal: Seal) -> list[Outcome]:
        """A secret is checked or hashed, and what was asked is done."""
        hashed = await self._entrance.check(seal, asking.session.address)
        self._chat.moment = self._entrance.now()
        if asking.session.gone:
            return []
        return self._chat.sealed(asking.device, seal.request, hashed, urandom)
