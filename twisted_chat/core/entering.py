"""Who may come in, and who is here then; and how somebody leaves."""

from collections import ChainMap
from itertools import islice
from math import inf
from typing import Any

from twisted_chat.core import conduct, names, refusals, targets
from twisted_chat.core.calming import misbehaves
from twisted_chat.core.events import EVERYONE, LOBBY, Joined, Left, Renamed, inbox
from twisted_chat.core.history import Place
from twisted_chat.core.outcomes import Alert, Done, Outcome, Welcomed
from twisted_chat.core.pauses import outlast
from twisted_chat.core.requests import Enter, Rename, Right
from twisted_chat.core.sanctions import require_not_muted, require_welcome
from twisted_chat.core.state import SERVER, Device, Member, Room, State
from twisted_chat.core.value import value
from twisted_chat.core.whereabouts import GREETED, MOST_IN, moved_in

MOST_CONDUCTS = 1000
"""Of people who have gone, that are remembered: they come back within minutes, or as others."""


@value
class Arrival:
    """How somebody comes. ``address``: from where, empty for a local socket. ``owned``: she has
    proved that the name is hers. ``place``: where a reader of that name left off. ``waiting``: the
    folded names of those who wrote to her meanwhile, one for each message."""

    address: str = ""
    owned: bool = False
    place: Place | None = None
    waiting: tuple[str, ...] = ()


def operator(now: float) -> Device:
    """The console's own. It is in no list, and ``Server`` is its name."""
    return Device(Member("Server", SERVER, Right.OPERATOR, now, now))


def may_knock(state: State, request: Enter, address: str) -> str:
    """Her name, if it is one, and neither she nor her address is banned: before it is asked who she
    is. Raises a Refusal."""
    name = names.legal(request.name)
    if not _may_be_operator(state, names.fold(name)):
        require_welcome(state, LOBBY, names.fold(name), address)
    return name


def _may_be_operator(state: State, key: str) -> bool:
    """Who has power is let in to prove it, wherever from."""
    return key in state.accounts and state.right_of(key) >= Right.OPERATOR


def may_enter(state: State, request: Enter, arrival: Arrival) -> str:
    """The name by which she would be here. Raises a Refusal if she cannot come in by it."""
    name = names.legal(request.name)
    key = names.fold(name)
    if arrival.owned and key not in state.accounts:
        raise refusals.wrong_password()  # it was deleted while she was let in
    operator = arrival.owned and state.right_of(key) >= Right.OPERATOR
    if not operator:
        require_welcome(state, LOBBY, key, arrival.address)
        _require_allowed(state, key, arrival)
    if not arrival.owned:
        _require_free(state, name)
    if len(request.after) > MOST_IN:
        raise refusals.in_too_many(MOST_IN)
    for log, _ in request.after:
        _require_following(state, key, log, arrival)
    return name


def require_guests(state: State) -> None:
    """Raises a Refusal where only those come in who own their names."""
    if state.house.members_only:
        raise refusals.members_only()
    if state.setting("lockdown"):
        raise refusals.locked_down()


def enter(state: State, request: Enter, arrival: Arrival) -> tuple[Device, list[Outcome]]:
    """Somebody comes in by the name that she asked for, on one more device if she is here."""
    name = may_enter(state, request, arrival)
    key = names.fold(name)
    outcomes = _made_way(state, name) if arrival.owned else []
    member = state.members.get(key)
    came = member is None
    if member is None:
        member = _made(state, name, arrival)
        state.comes(member)
    device = Device(member, address=arrival.address)
    member.devices = (*member.devices, device)
    if arrival.place is not None:
        device.left, device.read = arrival.place.left, arrival.place.last
    joined = _rooms_again(state, member, request, arrival) if came else []
    device.room = member.rooms[-1]
    welcome = _welcome(state, device, arrival)
    return device, [*outcomes, welcome, *joined]


def leave(state: State, device: Device, why: str) -> list[Outcome]:
    """A device is gone; with the last, somebody is. ``why`` is empty when she took leave."""
    member = device.member
    member.devices = tuple(one for one in member.devices if one is not device)
    device.written_by = device.partner = None  # or the gone would keep each other in memory
    if member.devices or state.members.get(member.key) is not member:
        return []
    state.goes(member)
    if member.conduct is not None and member.conduct.strikes:
        state.conducts[member.key] = member.conduct
        if len(state.conducts) > MOST_CONDUCTS:
            del state.conducts[next(iter(state.conducts))]
    outcomes: list[Outcome] = []
    for room in member.rooms:
        room.members.pop(member.key, None)
        outlast(state, device, room)
        outcomes.append(state.post(room, Left(member.name, why)))
        if not room.members:
            state.rooms.pop(room.key, None)
    return outcomes


def rename(state: State, device: Device, request: Rename) -> list[Outcome]:
    member, name = device.member, names.legal(request.name)
    if member.key not in state.members:
        raise refusals.operator_is_server()
    if name == member.name:
        raise refusals.already_that_name(name)
    key = names.fold(name)
    if key != member.key:
        if member.owned:
            raise refusals.owns_this_name(member.name)
        for room in member.rooms:  # the name would be left behind, and the mute with it
            require_not_muted(state, device, room)
        require_welcome(state, LOBBY, key, device.address)
    _require_free(state, name, member.key)
    if measures := misbehaves(state, member, lambda _: conduct.RENAMED):
        return measures
    return renamed(state, member, name)


def _made(state: State, name: str, arrival: Arrival) -> Member:
    now, key = state.moment.clock, names.fold(name)
    if not arrival.owned:
        guest = Member(name, key, Right.GUEST, now, now, state.id_now)
        guest.conduct = state.conducts.pop(key, None)
        return guest
    account = state.accounts[key]
    member = Member(account.name, key, state.right_of(key), now, now, state.id_now)
    member.ignores = dict.fromkeys(account.ignores, inf) or None
    member.waiting = arrival.waiting
    member.conduct = state.conducts.pop(key, None)
    return member


def _rooms_again(state: State, member: Member, request: Enter, arrival: Arrival) -> list[Outcome]:
    """The lobby; or where she was, if the name is hers, and where she reads on: in the last of
    these she talks."""
    account = state.accounts.get(member.key) if member.owned else None
    after = [log for log, _ in request.after if log[0] == "#"]
    were = account.rooms if account is not None else ()
    wanted = [*(key for key in were if key not in after), *after] or [LOBBY]
    for key in wanted[-MOST_IN:]:
        if key == LOBBY or _is_open(state, member, key, arrival):
            moved_in(state, member, key)
    if not member.rooms:
        moved_in(state, member, LOBBY)
    return [state.post(room, Joined(member.name)) for room in member.rooms]


def _is_open(state: State, member: Member, key: str, arrival: Arrival) -> bool:
    """The room is still there, and she is not banned from it."""
    if state.house.solo or not state.exists(key):
        return False
    try:
        require_welcome(state, key, member.key, arrival.address)
    except refusals.Refusal:
        return False
    return True


def _require_following(state: State, key: str, log: str, arrival: Arrival) -> None:
    """Whether she may read on there. Raises a Refusal."""
    if log in (LOBBY, EVERYONE) or (arrival.owned and log == inbox(key)):
        return
    account = state.accounts.get(key) if arrival.owned else None
    if account is not None and log in account.rooms:
        return
    charter = state.charter(log)
    if log[:1] != "#" or not state.exists(log) or charter.private:
        raise refusals.no_such_room(log[:32])
    require_welcome(state, log, key, arrival.address)


def _require_free(state: State, name: str, own: str = "") -> None:
    """Nobody has the name, or one that could be taken for it. ``own``: whoever asks has that one.
    Raises a Refusal."""
    key = names.fold(name)
    if key in state.members and key != own:
        raise refusals.name_taken(name, free_name(state, name))
    if key in state.accounts and key != own:
        raise refusals.name_owned(name, free_name(state, name))
    if like := state.looks.like(name, (key, own)):
        here = next((state.members[one].name for one in like if one in state.members), None)
        known = None if state.house.solo else here
        raise refusals.name_alike(name, known, free_name(state, name))


def free_name(state: State, name: str) -> str:
    taken = ChainMap[str, Any](state.members, state.accounts)
    return names.free_name(name, taken, state.looks)


def _require_allowed(state: State, key: str, arrival: Arrival) -> None:
    """Raises a Refusal for who is not on the list, where there is one."""
    if not state.setting("allowlist"):
        return
    listed = state.setting("allowed").split()
    by_name = arrival.owned and key in listed
    if not by_name and not any(
        targets.hits(one, "", arrival.address) for one in listed if not targets.is_name(one)
    ):
        raise refusals.not_on_allowlist()


def _made_way(state: State, name: str) -> list[Outcome]:
    """A guest who has the name gives it to whom it belongs."""
    key = names.fold(name)
    guest = state.members.get(key)
    if guest is None or guest.owned:
        return []
    other = free_name(state, name)
    told = f"{name} belongs to somebody who has come in: you are {other} now"
    outcomes = renamed(state, guest, other)
    return [*outcomes, Alert(guest.key, Done(told))]


def renamed(state: State, member: Member, name: str) -> list[Outcome]:
    """She has that name from now on, for all who know of her."""
    old, key = member.name, names.fold(name)
    state.goes(member)
    if key != member.key:
        _carry_over(state, member, key)
    member.name = name
    state.comes(member)
    written = state.change_account(member, name=name)
    return [*written, *(state.post(room, Renamed(old, name)) for room in member.rooms)]


def _carry_over(state: State, member: Member, key: str) -> None:
    """Who ignores her does so by her new name too, and who talks with her alone still does, and not
    with whoever takes the old one."""
    old, member.key, member.came = member.key, key, state.id_now
    for room in member.rooms:
        room.members[key] = room.members.pop(old)
        if old in room.spoke:
            room.spoke[key] = room.spoke.pop(old)
    for other in state.members.values():
        if other.ignores and old in other.ignores:
            other.ignores = other.ignores | {key: other.ignores[old]}
        for device in other.devices:
            if device.partner is member:
                device.query = key


def _welcome(state: State, device: Device, arrival: Arrival) -> Welcomed:
    member, house = device.member, state.house
    here = [] if house.solo else list(islice(state.members.values(), GREETED + 1))
    others = [one.name for one in here if one is not member][:GREETED]
    missed = arrival.place or Place(0, 0)
    room: Room | None = device.room
    return Welcomed(
        member.name,
        room.key if room else LOBBY,
        tuple(others),
        0 if house.solo else len(state.members) - 1,
        house.motd,
        house.kept,
        missed.left / 1e6,
        missed.count,
        missed.naming,
        missed.last,
        tuple(one.key for one in member.rooms),
        member.owned,
        len(arrival.waiting),
    )
