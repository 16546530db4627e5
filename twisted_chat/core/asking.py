"""Who is here, and what one may know of them."""

from twisted_chat.core import names, refusals
from twisted_chat.core.outcomes import NameList, Outcome, People, Person, Profile
from twisted_chat.core.requests import Names, Right, Who, Whois
from twisted_chat.core.state import Device, Member, State

LISTED = 200
"""People that one answer lists: a screen or three. ``/who PREFIX`` finds the others."""


def who(state: State, device: Device, request: Who) -> list[Outcome]:
    wanted = names.fold(request.prefix.strip())
    fits = [one for one in state.visible(device.member) if one.key.startswith(wanted)]
    return [People("", tuple(_person(state, one) for one in fits[:LISTED]), len(fits))]


def names_in(state: State, device: Device, request: Names) -> list[Outcome]:
    """Those in a room; of the lobby, all who are here."""
    room, member = state.room(device, request.room), device.member
    if room.charter.private and not state.may_read(member, room.key):
        raise refusals.no_such_room(room.key)
    here = [one for one in room.members.values() if state.may_know(member, one)]
    return [NameList(room.key, tuple(one.name for one in here[:LISTED]), len(here))]


def whois(state: State, device: Device, request: Whois) -> list[Outcome]:
    key = names.fold(request.name.strip())
    there, account = state.members.get(key), state.accounts.get(key)
    if there is not None and state.may_know(device.member, there):
        return [_profile(state, device.member, there)]
    if account is None or state.house.solo:
        raise refusals.nobody_called(request.name.strip())
    return [Profile(account.name, False, True, account.since / 1e6, 0.0, 0, "", (), ())]


def _person(state: State, one: Member) -> Person:
    now = state.moment.clock
    here, idle = now - one.entered, now - one.spoke
    return Person(one.name, here, idle, one.away, one.owned, len(one.devices))


def _profile(state: State, asker: Member, one: Member) -> Profile:
    account, operator = state.accounts.get(one.key), asker.right >= Right.OPERATOR
    rooms = [
        room.key
        for room in one.rooms
        if asker.is_in(room.key) or (room.charter.listed and not room.charter.private)
    ]
    addresses = [device.address for device in one.devices if device.address]
    return Profile(
        one.name,
        True,
        one.owned,
        account.since / 1e6 if account and one.owned else 0.0,
        state.moment.clock - one.spoke,
        len(one.devices),
        one.away,
        tuple(rooms),
        tuple(dict.fromkeys(addresses)) if operator or one is asker else (),
    )
