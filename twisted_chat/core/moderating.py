"""Kick, ban, mute, slow, promote: what those with power do, who is told, and how it is taken back.

Every act is a ruling with a number; what it changes is noted with it, so that it can be undone.
The lobby stands for the chat: who is banned there may not come in, and who is muted there is muted
everywhere.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from math import inf

from twisted_chat.core import durations, names, refusals, targets
from twisted_chat.core.events import EVERYONE, LOBBY, Announced, Left
from twisted_chat.core.outcomes import (
    Alert,
    Done,
    Evict,
    Hits,
    NamesOf,
    Outcome,
    Post,
    Refused,
    Remember,
    Rulings,
    Sanctions,
)
from twisted_chat.core.records import Charter, Ruling, Sanction, Setting
from twisted_chat.core.requests import (
    Allow,
    Announce,
    Audit,
    Ban,
    Bans,
    Demote,
    Kick,
    Kill,
    Lockdown,
    Mute,
    Promote,
    Right,
    Slow,
    Unban,
    Undo,
    Unmute,
)
from twisted_chat.core.rights import WHO_MAY
from twisted_chat.core.rulings import change, may_see, restored, ruled, shown, words
from twisted_chat.core.sanctions import is_over, of_room, sanctioned, sanctions_of, short
from twisted_chat.core.state import SERVER, Device, Member, Room, State
from twisted_chat.core.whereabouts import put_out

SHARED = 3
"""People at one address who have done nothing: then it is no one's own, and a ban of it needs a
second thought."""


SHOWN = 20
"""Acts, or names, of one answer."""


ALLOWED = 1000
"""Names and addresses of the list of those who may come in."""


# what is asked


def announce(state: State, device: Device, request: Announce) -> list[Outcome]:
    return [Post(EVERYONE, Announced(request.text))]


def kick(state: State, device: Device, request: Kick) -> list[Outcome]:
    """Out of a room, into which she may come again; out of the lobby is out of the chat."""
    room = state.room(device, request.room)
    if room.key == LOBBY:
        return kill(
            state, device, Kill(request.target, request.reason, request.dry_run, request.yes)
        )
    target = targets.read(request.target)
    hit = _hit(state, room, target)
    if request.dry_run:
        return [_hits(state, device, room, target)]
    _require_harmless(state, device, room, target, request.yes)
    absent = _absent(state, room, target)
    if not absent:
        _require_somebody(state, target, hit)
    acts = ruled(state, device, ("kick", room, target), short(request.reason), None)
    told = _sentence(f"kicked from {room.key}", device, 0, request.reason)
    return [*acts.kept, *absent, *_out(state, room, hit, told, "kicked"), acts.told]


def kill(state: State, device: Device, request: Kill) -> list[Outcome]:
    target = targets.read(request.target)
    lobby = state.opened(LOBBY)
    hit = _hit(state, lobby, target)
    if request.dry_run:
        return [_hits(state, device, lobby, target)]
    _require_harmless(state, device, lobby, target, request.yes)
    _require_somebody(state, target, hit)
    reason = short(request.reason)
    acts = ruled(state, device, ("kick", lobby, target), reason, None)
    why = f"kicked: {reason}" if reason else "kicked"
    told = _sentence("kicked", device, 0, reason)
    return [*acts.kept, acts.told, *(Evict(one.key, told, why) for one in hit)]


def ban(state: State, device: Device, request: Ban) -> list[Outcome]:
    room, target = state.room(device, request.room), targets.read(request.target)
    hit = _hit(state, room, target)
    if request.dry_run:
        return [_hits(state, device, room, target)]
    _require_known(state, target)
    _require_harmless(state, device, room, target, request.yes)
    _require_over_all(state, device, room, ("ban", target))
    seconds = durations.read(request.duration) if request.duration else inf
    acts = sanctioned(state, device, ("ban", room, target), seconds, request.reason)
    told = _sentence(f"banned{_from(room)}", device, seconds, request.reason)
    absent = _absent(state, room, target)
    return [*acts.kept, *absent, *_kept_out(state, room, hit, told), acts.told]


def mute(state: State, device: Device, request: Mute) -> list[Outcome]:
    room, target = state.room(device, request.room), targets.read(request.target)
    hit = _hit(state, room, target)
    if request.dry_run:
        return [_hits(state, device, room, target)]
    _require_known(state, target)
    _require_harmless(state, device, room, target, request.yes)
    _require_over_all(state, device, room, ("mute", target))
    seconds = durations.read(request.duration) if request.duration else inf
    acts = sanctioned(state, device, ("mute", room, target), seconds, request.reason)
    told = _sentence(f"muted{of_room(room.key)}", device, seconds, request.reason)
    return [*acts.kept, *(Alert(one.key, Refused("muted", told)) for one in hit), acts.told]


def unban(state: State, device: Device, request: Unban) -> list[Outcome]:
    return _lifted(state, device, ("ban", state.room(device, request.room)), request.target)


def unmute(state: State, device: Device, request: Unmute) -> list[Outcome]:
    return _lifted(state, device, ("mute", state.room(device, request.room)), request.target)


def bans(state: State, device: Device, request: Bans) -> list[Outcome]:
    room = state.room(device, request.room)
    ended = [state.forget(one) for one in list(state.sanctions.values()) if is_over(state, one)]
    return [*ended, Sanctions(tuple(sanctions_of(state, room.key)))]


def slow(state: State, device: Device, request: Slow) -> list[Outcome]:
    room, seconds = state.room(device, request.room), durations.pause(request.pause)
    changed = replace(room.charter, slow=seconds)
    acts = ruled(state, device, ("slow", room, ""), "", changed, seconds)
    return [*acts.kept, acts.told]


def promote(state: State, device: Device, request: Promote) -> list[Outcome]:
    """A host of the room; in the lobby, an operator of the chat."""
    room, key = state.room(device, request.room), names.fold(request.name.strip())
    if key not in state.accounts:
        raise refusals.owns_no_name(request.name.strip())
    charter = room.charter
    if key in charter.hosts or key == charter.owner:
        raise refusals.host_already(state.name_of(key))
    changed = replace(charter, hosts=(*charter.hosts, key))
    return _hosts(state, device, ("op", room, key), changed)


def demote(state: State, device: Device, request: Demote) -> list[Outcome]:
    room, key = state.room(device, request.room), names.fold(request.name.strip())
    charter = room.charter
    if key not in charter.hosts:
        raise refusals.no_host(request.name.strip())
    changed = replace(charter, hosts=tuple(host for host in charter.hosts if host != key))
    return _hosts(state, device, ("deop", room, key), changed)


def lockdown(state: State, device: Device, request: Lockdown) -> list[Outcome]:
    if not request.what.strip():
        return [Done(f"lockdown is {state.setting('lockdown') or 'off'}")]
    on = _on_or_off(request.what, "/lockdown on|off")
    changed = Setting("lockdown", "on" if on else "")
    place = ("lockdown", state.opened(LOBBY), "on" if on else "off")
    acts = ruled(state, device, place, "", changed)
    return [*acts.kept, acts.told]


def allow(state: State, device: Device, request: Allow) -> list[Outcome]:
    what, listed = request.what.strip().lower(), allowed(state)
    match what:
        case "list" | "":
            on = "on" if state.setting("allowlist") else "off"
            return [NamesOf(f"on the allowlist, which is {on}", listed)]
        case "on" | "off":
            if what == "on" and not any(targets.is_name(one) for one in listed):
                raise refusals.allowlist_empty()
            changed = Setting("allowlist", "on" if what == "on" else "")
        case "add" if request.target.strip():
            target = targets.read(request.target)
            if len(listed) >= ALLOWED:
                raise refusals.allowlist_full(ALLOWED)
            changed = Setting("allowed", " ".join(dict.fromkeys((*listed, target))))
        case "remove" if request.target.strip():
            target = targets.read(request.target)
            if target not in listed:
                raise refusals.not_listed(request.target.strip()[:64])
            changed = Setting("allowed", " ".join(one for one in listed if one != target))
        case _:
            raise refusals.usage("/allowlist on|off|list | add|remove NAME|ip:…|net:…")
    place = ("allowlist", state.opened(LOBBY), f"{what} {request.target.strip()}".strip())
    acts = ruled(state, device, place, "", changed)
    return [*acts.kept, Done(f"allowlist {place[2]}: done, act {acts.number}")]


def audit(state: State, device: Device, request: Audit) -> list[Outcome]:
    """The acts in the rooms where one has power; for an operator, in all of which she may know."""
    wanted = request.what.strip().casefold()
    found = [one for one in state.rulings.values() if may_see(state, device.member, one)]
    if wanted:
        found = [one for one in found if wanted in words(one)]
    return [Rulings(tuple(replace(one, was="") for one in found[-SHOWN:]))]


def undo(state: State, device: Device, request: Undo) -> list[Outcome]:
    typed = request.number.strip().removeprefix("#")
    ruling = state.rulings.get(typed)
    if ruling is None or not may_see(state, device.member, ruling):
        raise refusals.no_act(typed[:32])
    room = state.opened(ruling.room)
    needs = _needed_for(ruling)
    if state.right_in(device.member, room) < needs:
        raise refusals.not_allowed(WHO_MAY[needs])
    if ruling.verb in ("ban", "mute"):
        _require_over(state, device, room, ruling)
    if ruling.undone:
        raise refusals.undone_already(ruling.undone)
    if not ruling.was:
        raise refusals.cannot_undo(ruling.verb)
    as_before = restored(state, json.loads(ruling.was))
    marked = state.remember(replace(ruling, undone=device.member.name))
    acts = ruled(
        state, device, ("undo", room, typed), f"{ruling.verb} {shown(ruling.target)}".strip(), None
    )
    state.bring_up_rights()
    return [*as_before, marked, *acts.kept, *_banned_again(state, as_before), acts.told]


def allowed(state: State) -> tuple[str, ...]:
    return tuple(state.setting("allowed").split())


# how it goes


def _lifted(state: State, device: Device, what: tuple[str, Room], typed: str) -> list[Outcome]:
    kind, room = what
    target = targets.read(typed)
    found = [
        one for one in sanctions_of(state, room.key) if (one.kind, one.target) == (kind, target)
    ]
    if not found:
        raise refusals.no_sanction(typed.strip()[:64], kind)
    for one in found:
        _require_over(state, device, room, one)
    was = json.dumps([change(one, None) for one in found])
    acts = ruled(state, device, (f"un{kind}", room, target), "", None)
    ruling = replace(state.rulings[acts.number], was=was)
    lifted: list[Outcome] = [state.forget(one) for one in found]
    was_what = f"muted{of_room(room.key)}" if kind == "mute" else f"banned{_from(room)}"
    told = Done(f"you are {was_what} no more")
    concerned = _hit(state, state.opened(LOBBY), target)
    alerts = [Alert(one.key, told) for one in concerned if state.knows_of(one, room.charter)]
    return [*acts.kept, state.remember(ruling), *lifted, *alerts, acts.told]


def _hosts(
    state: State, device: Device, what: tuple[str, Room, str], changed: Charter
) -> list[Outcome]:
    verb, room, key = what
    acts = ruled(state, device, (verb, room, state.name_of(key)), "", changed)
    of = "the chat" if room.key == LOBBY else room.key
    told = f"you are {'an operator' if verb == 'op' else 'no operator'} of {of} now"
    state.bring_up_rights()
    return [*acts.kept, Alert(key, Done(told)), acts.told]


def _require_known(state: State, target: str) -> None:
    """A name that nobody has had is most likely mistyped, and may all the same come tomorrow: it
    has to be a name."""
    if targets.is_name(target):
        names.legal(target)


def _require_somebody(state: State, target: str, hit: list[Member]) -> None:
    if not hit:
        raise refusals.not_here(target)


def _require_harmless(state: State, device: Device, room: Room, target: str, yes: bool) -> None:
    """Raises a Refusal for what one would be sorry for."""
    member = device.member
    if targets.is_name(target):
        other = state.members.get(target)
        rank = state.right_in(other, room) if other else _rank(state, room, target)
        console = member.key not in state.members  # whoever started the chat is above all
        equal = rank >= Right.HOST and rank >= state.right_in(member, room)
        if target != member.key and equal and not console:
            raise refusals.too_high(state.name_of(target))
    if yes:
        return
    if any(targets.hits(target, member.key, one.address) for one in member.devices):
        raise refusals.hits_oneself()
    if targets.is_loopback(target):
        raise refusals.hits_loopback()
    others = [one for one in _hit(state, room, target) if not _is_sanctioned(state, one)]
    if not targets.is_name(target) and len(others) >= SHARED:
        raise refusals.hits_many(len(others), _known(state, device, room, others)[:SHOWN])


def _require_over(state: State, device: Device, room: Room, one: Sanction | Ruling) -> None:
    """Nobody lifts what concerns herself, or what somebody did who has more power there. Raises a
    Refusal."""
    member, by = device.member, names.fold(one.by)
    right = state.right_in(member, room)
    above = Right.OPERATOR if by == SERVER else _rank(state, room, by)
    if right < Right.OWNER and (one.target == member.key or above > right):
        raise refusals.too_high(one.by)


def _require_over_all(state: State, device: Device, room: Room, what: tuple[str, str]) -> None:
    """What takes the place of another is as little to be asked for as to lift it."""
    for one in sanctions_of(state, room.key):
        if (one.kind, one.target) == what:
            _require_over(state, device, room, one)


def _rank(state: State, room: Room, key: str) -> Right:
    """Of somebody who is not here."""
    if key not in state.accounts:
        return Right.GUEST
    right = state.right_of(key)
    if right < Right.OPERATOR and key == room.charter.owner:
        return Right.OWNER
    return Right.HOST if right < Right.OPERATOR and key in room.charter.hosts else right


def _is_sanctioned(state: State, member: Member) -> bool:
    held = [one for one in state.sanctions.values() if one.target == member.key]
    return bool(held) or (member.conduct is not None and member.conduct.strikes > 0)


def _hit(state: State, room: Room, target: str) -> list[Member]:
    """Those whom it means. Who has power there is meant by her name alone: an address is not hers
    alone, and she may come back from it anyway."""
    members = state.members if room.key == LOBBY else room.members
    return [
        one
        for one in members.values()
        if any(targets.hits(target, one.key, device.address) for device in one.devices)
        and (targets.is_name(target) or state.right_in(one, room) < Right.HOST)
    ]


def _banned_again(state: State, restored: list[Outcome]) -> list[Outcome]:
    """A ban that was lifted holds again: those whom it means go."""
    outcomes: list[Outcome] = []
    for one in restored:
        if isinstance(one, Remember) and isinstance(one.record, Sanction):
            sanction = one.record
            if sanction.kind == "ban" and not is_over(state, sanction):
                room = state.opened(sanction.room)
                told = f"You are banned{_from(room)} after all."
                outcomes += _kept_out(state, room, _hit(state, room, sanction.target), told)
    return outcomes


def _hits(state: State, device: Device, room: Room, target: str) -> Hits:
    hit = _hit(state, room, target)
    away = target in state.accounts and target not in state.members
    absent = (state.name_of(target),) if away else ()
    return Hits(target, len(hit), _known(state, device, room, hit), absent)


def _known(state: State, device: Device, room: Room, members: Iterable[Member]) -> tuple[str, ...]:
    """Their names, unless they are in a private room of which the asker is no part."""
    secret = room.charter.private and not state.may_read(device.member, room.key)
    return () if secret else tuple(one.name for one in members)


def _kept_out(state: State, room: Room, hit: list[Member], told: str) -> list[Outcome]:
    if room.key == LOBBY:
        return [Evict(one.key, told, "banned") for one in hit]
    return _out(state, room, hit, told, "banned")


def _absent(state: State, room: Room, target: str) -> list[Outcome]:
    """Who owns that name and is not in the room now does not come into it again by herself."""
    account = state.accounts.get(target)
    if account is None or target in room.members or room.key == LOBBY:
        return []
    rooms = tuple(key for key in account.rooms if key != room.key)
    invited = tuple(key for key in account.invited if key != room.key)
    if (rooms, invited) == (account.rooms, account.invited):
        return []
    return [state.remember(replace(account, rooms=rooms, invited=invited))]


def _out(state: State, room: Room, hit: list[Member], told: str, why: str) -> list[Outcome]:
    """They are in the room no more, and all in it are told."""
    outcomes: list[Outcome] = []
    for member in hit:
        log = state.log_of(room)
        outcomes += [*put_out(state, member, room, told, None), Post(log, Left(member.name, why))]
    return outcomes


def _needed_for(ruling: Ruling) -> Right:
    return Right.OWNER if ruling.verb in ("op", "deop", "set", "transfer") else Right.HOST


def _from(room: Room) -> str:
    return "" if room.key == LOBBY else f" from {room.key}"


def _sentence(what: str, device: Device, seconds: float, reason: str) -> str:
    """What the person concerned is told: what, by whom, why, and how long."""
    lasts = "" if seconds == 0 else f" {_how_long(seconds)}"
    because = f": {short(reason)}" if reason.strip() else ""
    return f"You were {what} by {device.member.name}{lasts}{because or '.'}"


def _how_long(seconds: float) -> str:
    return "forever" if seconds == inf else f"for {durations.say(seconds)}"


def _on_or_off(typed: str, usage: str) -> bool:
    word = typed.strip().lower()
    if word not in ("on", "off"):
        raise refusals.usage(usage)
    return word != "off"
