"""A chat with people in it, in which tests ask for things: what the hub does, without a hub.

All that is to be remembered is, as a store would: ``again`` is the chat after a restart.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

import pytest

from tests.times import NOW
from twisted_chat.core.chat import Arrival, Chat, Device, House, Moment
from twisted_chat.core.events import Entry, Event
from twisted_chat.core.history import Page, Place
from twisted_chat.core.outcomes import (
    Alert,
    Approach,
    Evict,
    Forget,
    Inform,
    Look,
    Outcome,
    Post,
    Remember,
    Seal,
)
from twisted_chat.core.records import Account, Inbox, Record
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Invite, Join, Manage, Promote, Request

Kind = TypeVar("Kind")

KEPT = House(kept="forever")


class Company:
    """These guests are here. ``now``: seconds of both clocks, the wall's counted from NOW on."""

    def __init__(self, *guests: str, house: House | None = None) -> None:
        self.chat = Chat(house or House(kept="forever", calm=False))
        self.records: dict[tuple[type[Record], str], Record] = {}
        self.now = 100.0
        self.console = self.chat.operator(self.now)
        self.chat.moment = self.moment
        self.devices = [self.comes(name) for name in guests]

    @property
    def moment(self) -> Moment:
        return Moment(self.now, NOW + self.now)

    @property
    def id_now(self) -> int:
        return int(self.moment.wall * 1e6)

    def later(self, seconds: float) -> None:
        self.now += seconds

    # who is here

    def comes(self, name: str, address: str = "", **how: Any) -> Device:
        """``how``: what else an Arrival says."""
        return self.enters(Enter(name), Arrival(address, **how))[0]

    def enters(
        self, request: Enter, arrival: Arrival | None = None
    ) -> tuple[Device, list[Outcome]]:
        device, outcomes = self.chat.enter(request, arrival or Arrival(), self.moment)
        return device, self._kept(outcomes)

    def owner(self, name: str, address: str = "", place: Place | None = None) -> Device:
        """Somebody who owns that name comes in; an account is made if there is none."""
        self.account(name)
        return self.comes(name, address, owned=True, place=place)

    def account(self, name: str, **fields: Any) -> Account:
        """Somebody owns that name, here or not."""
        held = self.chat.accounts.get(name.lower())
        made = held or Account(name.lower(), name, "hash", (), self.id_now, **fields)
        self._kept([self.chat.remember(made)])
        return made

    def operator(self, name: str, address: str = "") -> Device:
        """One that was named while the chat ran."""
        self.account(name)
        self.asks(self.console, Promote(name))
        return self.owner(name, address)

    def host(self, name: str, owner: Device, room: str) -> Device:
        """One whom that owner of the room names."""
        device = self.owner(name)
        self.joins(device, room)
        self.asks(owner, Promote(name, room))
        return device

    def leaves(self, device: Device, why: str = "") -> list[Outcome]:
        self.chat.moment = self.moment
        return self._kept(self.chat.leave(device, why))

    # what is asked

    def asks(self, device: Device, request: Request) -> list[Outcome]:
        """What follows; those who are disconnected by it are gone."""
        return self._kept(self.chat.perform(device, request, self.moment))

    def joins(self, device: Device, room: str) -> list[Outcome]:
        outcomes = self.asks(device, Join(room))
        if (approach := only_one(outcomes, Approach)) is None:
            return outcomes
        return self._kept(self.chat.arrive(device, approach.log, self.moment))

    def private(self, owner: Device, room: str, *guests: Device) -> None:
        """A room that she makes, into which nobody comes but those."""
        self.joins(owner, room)
        self.asks(owner, Manage("set", room, "invite-only"))
        for guest in guests:
            self.asks(owner, Invite(guest.member.name, room))
            self.joins(guest, room)

    def refused(self, device: Device, request: Request) -> Refusal:
        with pytest.raises(Refusal) as caught:
            self.asks(device, request)
        return caught.value

    def not_let_in(self, request: Enter, arrival: Arrival | None = None) -> Refusal:
        with pytest.raises(Refusal) as caught:
            self.enters(request, arrival)
        return caught.value

    def finds(self, device: Device, request: Request, *entries: Entry) -> list[Outcome]:
        """She asks for something of the past, and this is what was found."""
        look = the(self.asks(device, request), Look)
        assert look.then is not None
        return self._kept(self.chat.seen(device, look.then, Page(entries, (), False)))

    def proves(self, device: Device, request: Request, hashed: str = "hash") -> list[Outcome]:
        """She asks for something that needs a secret, and it fits."""
        seal = the(self.asks(device, request), Seal)
        return self._kept(self.chat.sealed(device, seal.request, hashed, bytes))

    # what is remembered

    def read(self, name: str, until: int) -> None:
        """She was handed all that was told to her, up to this id."""
        self._kept([self.chat.remember(Inbox(name, until))])

    def again(self, house: House | None = None) -> "Company":
        """The chat after a restart: nobody is here, and what was remembered is."""
        other = Company(house=house or self.chat.house)
        other.now, other.records = self.now, dict(self.records)
        other.chat.recall(self.records.values())
        other.chat.moment = other.moment
        return other

    def _kept(self, outcomes: list[Outcome]) -> list[Outcome]:
        for outcome in outcomes:
            match outcome:
                case Remember(record):
                    self.records[type(record), record.key] = record
                case Forget(record):
                    self.records.pop((type(record), record.key), None)
                case Evict(key, why=why, others=False) if member := self.chat.members.get(key):
                    for device in member.devices:
                        self.leaves(device, why)
                case _:
                    pass
        return outcomes


# what followed


def only_one(outcomes: Iterable[Outcome], kind: type[Kind]) -> Kind | None:
    """The one outcome of that kind, if there is one."""
    found = [one for one in outcomes if isinstance(one, kind)]
    assert len(found) < 2
    return found[0] if found else None


def the(outcomes: Iterable[Outcome], kind: type[Kind]) -> Kind:
    found = only_one(outcomes, kind)
    assert found is not None
    return found


def posts(outcomes: Iterable[Outcome]) -> list[tuple[str, Event]]:
    """What is published, and in which logs."""
    return [(one.log, one.event) for one in outcomes if isinstance(one, Post)]


def told(outcomes: Iterable[Outcome], key: str) -> list[object]:
    """What somebody is told by what others do: alerts, and why she is disconnected."""
    found: list[object] = []
    for one in outcomes:
        match one:
            case Alert(to, answer) if to == key:
                found.append(answer)
            case Inform(Device(member=member), answer) if member.key == key:
                found.append(answer)
            case Evict(to, said) if to == key:
                found.append(said)
            case _:
                pass
    return found


def rooms_of(device: Device) -> list[str]:
    return [room.key for room in device.member.rooms]


def here(company: Company) -> list[str]:
    return [member.name for member in company.chat.members.values()]
