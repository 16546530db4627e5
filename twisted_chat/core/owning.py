"""Owned names: to register, to change the password, to leave, to delete it all.

A secret is hashed or checked elsewhere, and takes a while: ``sealed`` goes on then.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf

from twisted_chat.core import names, passwords, refusals
from twisted_chat.core.entering import free_name
from twisted_chat.core.events import LOBBY, Closed, inbox
from twisted_chat.core.history import Query
from twisted_chat.core.outcomes import (
    AccountInfo,
    Alert,
    Depart,
    Done,
    Evict,
    Look,
    Outcome,
    Post,
    Registered,
    Seal,
)
from twisted_chat.core.records import Account, Charter
from twisted_chat.core.requests import AccountOf, ChangePassword, Logout, Register, Right
from twisted_chat.core.roaming import closed
from twisted_chat.core.rulings import ruled
from twisted_chat.core.state import Device, Member, State

Chance = Callable[[int], bytes]
"""So many bytes that nobody can guess."""


def require(state: State, device: Device, request: Register | ChangePassword | AccountOf) -> None:
    """Raises a Refusal where it is clear already that nothing will come of it."""
    if isinstance(request, Register):
        _require_may_register(state, device.member)
    else:
        _account(state, device, getattr(request, "name", ""))


def register(state: State, device: Device, request: Register) -> list[Outcome]:
    member = device.member
    _require_may_register(state, member)
    fresh = passwords.legal_password(request.password, member.name)
    return [Seal(request, member.key, fresh=fresh)]


def registered(state: State, device: Device, hashed: str, chance: Chance) -> list[Outcome]:
    """The name is hers. What was told to others who had it is not."""
    member = device.member
    _require_may_register(state, member)
    codes = passwords.codes(chance)
    hashes = tuple(passwords.code_hash(code) for code in codes)
    keys = tuple(room.key for room in member.rooms)
    ever = tuple(key for key, until in (member.ignores or {}).items() if until == inf)
    account = Account(member.key, member.name, hashed, hashes, state.id_now, keys, ever)
    kept = state.remember(account)
    member.right = state.right_of(member.key)
    return [kept, Registered(member.name, codes)]


def change_password(state: State, device: Device, request: ChangePassword) -> list[Outcome]:
    name = request.name or device.member.name
    account = _account(state, device, request.name)
    fresh = passwords.legal_password(request.new, name)
    if request.name:
        _require_no_peer(state, device, account)
        return [Seal(request, account.key, fresh=fresh)]
    return [Seal(request, account.key, request.password, account.secret, fresh)]


def _require_no_peer(state: State, device: Device, account: Account) -> None:
    """An operator's name is no other operator's to take; whoever started the chat is above all."""
    peer = account.key != device.member.key and state.right_of(account.key) >= Right.OPERATOR
    if peer and device.member.key in state.members:
        raise refusals.too_high(account.name)


def password_changed(
    state: State, device: Device, request: ChangePassword, hashed: str
) -> list[Outcome]:
    account = _account(state, device, request.name)
    kept: list[Outcome] = [state.remember(replace(account, secret=hashed))]
    if not request.name:
        return [*kept, Done("the password is changed")]
    told = Done(f"{device.member.name} has set a new password for your name")
    acts = ruled(state, device, ("password", state.opened(LOBBY), account.key), "", None)
    done = Done(f"the password of {account.name} is changed (act {acts.number})")
    return [*kept, *acts.kept, Alert(account.key, told), done]


def logout(state: State, device: Device, request: Logout) -> list[Outcome]:
    key = device.member.key
    match request.which.strip().lower():
        case "":
            return [Depart()]
        case "others":
            told = "You were logged out on another device."
            return [Evict(key, told, "logged out", others=True), Done("your other devices left")]
        case "all":
            return [Evict(key, "You were logged out.", "logged out")]
        case _:
            raise refusals.usage("/logout [others | all]")


def account(state: State, device: Device, request: AccountOf) -> list[Outcome]:
    held = _account(state, device, "")
    match request.what.strip().lower():
        case "info" | "":
            return [_info(state, device.member, held)]
        case "export":
            log = inbox(held.key)
            told = Query((log,), forward=True, floors=state.floors((log,)))
            info = _info(state, device.member, held)
            return [info, Look(told, "No private messages are kept.")]
        case "delete":
            return [Seal(request, held.key, request.password, held.secret)]
        case _:
            raise refusals.usage("/account info|export|delete")


def deleted(state: State, device: Device) -> list[Outcome]:
    """Nothing of it is remembered, and she is a guest of that name. Her rooms pass to a host."""
    member = device.member
    held = _account(state, device, "")
    outcomes: list[Outcome] = []
    for charter in state.owned_by(held.key):
        outcomes += _inherited(state, device, charter)
    for charter in [one for one in state.charters.values() if held.key in one.hosts]:
        hosts = tuple(host for host in charter.hosts if host != held.key)
        outcomes.append(state.remember(replace(charter, hosts=hosts)))
    member.right, member.came = Right.GUEST, state.id_now
    outcomes.append(state.forget(held))
    if read := state.inboxes.get(held.key):
        outcomes.append(state.forget(read))
    gone = Post(inbox(held.key), Closed(member.name), silent=True)
    return [*outcomes, gone, Done("your account is deleted; you are a guest of that name")]


def _inherited(state: State, device: Device, charter: Charter) -> list[Outcome]:
    heirs = [host for host in charter.hosts if host in state.accounts]
    if heirs:
        hosts = tuple(heirs[1:])
        return [state.remember(replace(charter, owner=heirs[0], hosts=hosts))]
    room = state.opened(charter.key)
    told = f"{charter.key} has no owner any more"
    gone = Post(charter.key, Closed(device.member.name), silent=True)
    return [*closed(state, room, told, device), gone]


def _require_may_register(state: State, member: Member) -> None:
    if member.owned or member.key in state.accounts:
        raise refusals.owned_already(member.name)
    if member.key not in state.members:
        raise refusals.operator_is_server()
    if state.setting("lockdown") or state.house.solo:
        raise refusals.locked_down()
    if any(key in state.accounts for key in state.looks.like(member.name, (member.key,))):
        raise refusals.name_alike(member.name, None, free_name(state, member.name))


def _account(state: State, device: Device, name: str) -> Account:
    """One's own, or an operator's choice. Raises a Refusal."""
    key = names.fold(name.strip()) if name.strip() else device.member.key
    held = state.accounts.get(key)
    if held is None:
        raise refusals.owns_no_name(name.strip() or device.member.name)
    return held


def _info(state: State, member: Member, held: Account) -> AccountInfo:
    return AccountInfo(
        held.name,
        held.since / 1e6,
        len(member.devices),
        held.rooms,
        tuple(one.key for one in state.owned_by(held.key)),
        tuple(state.name_of(key) for key in held.ignores),
        len(held.codes),
    )
