"""Who may not come in, and who may not speak: asked before anybody does."""

import json
from dataclasses import replace
from math import inf

from twisted_chat.core import durations, refusals, targets
from twisted_chat.core.conduct import PAUSE
from twisted_chat.core.events import LOBBY
from twisted_chat.core.pauses import require_over, require_pause
from twisted_chat.core.records import Sanction
from twisted_chat.core.requests import Right
from twisted_chat.core.rulings import CHAT, Ruled, change, next_number, ruled
from twisted_chat.core.state import Device, Room, State
from twisted_chat.core.texts import fault

MOST_SANCTIONS = 5000
"""In all rooms: each is asked of whoever comes in."""

LONGEST_REASON = 200
"""Characters: it is told in one line."""


def sanctioned(
    state: State, device: Device | None, what: tuple[str, Room, str], seconds: float, reason: str
) -> Ruled:
    """It holds from now on, in place of one of the same kind."""
    kind, room, target = what
    if seconds <= 0:
        raise refusals.bad_duration(durations.say(seconds))
    number = next_number(state)
    until = 0.0 if seconds == inf else state.moment.wall + seconds
    by = device.member.name if device is not None else CHAT
    same = (kind, room.key, target)
    old = [
        one
        for one in state.sanctions.values()
        if (one.kind, one.room, one.target) == same or is_over(state, one)
    ]
    if len(state.sanctions) - len(old) >= MOST_SANCTIONS:
        raise refusals.too_many_sanctions(MOST_SANCTIONS)
    sanction = Sanction(number, kind, room.key, target, until, by, short(reason))
    lasts = None if seconds == inf else seconds
    acts = ruled(state, device, what, short(reason), sanction, lasts)
    if not old:
        return acts
    was = json.dumps([change(None, sanction), *(change(one, None) for one in old)])
    noted = state.remember(replace(state.rulings[number], was=was))
    return replace(acts, kept=[*(state.forget(one) for one in old), *acts.kept, noted])


def require_not_banned(state: State, device: Device, key: str) -> None:
    """Raises a Refusal."""
    require_welcome(state, key, device.member.key, device.address)


def require_welcome(state: State, key: str, name: str, address: str) -> None:
    """Nobody of that name, or from there, is banned from the room; the lobby stands for the chat.
    Raises a Refusal that says why and how long."""
    for one in state.sanctions.values():
        holds = one.kind == "ban" and one.room == key and not is_over(state, one)
        if holds and targets.hits(one.target, name, address):
            raise refusals.banned(of_room(key), _left(state, one), one.by, one.reason)


def require_voice(state: State, device: Device, room: Room | None) -> None:
    """Raises a Refusal if she may not speak just now: in that room, or to one person alone."""
    member = device.member
    if state.mutes and member.right < Right.OPERATOR:
        require_not_muted(state, device, room)
    if member.conduct is not None and member.conduct.slowed > state.moment.clock:
        require_over(state, member.spoke, PAUSE)
    if room is not None:
        require_pause(state, device, room)


def require_not_muted(state: State, device: Device, room: Room | None) -> None:
    places = {LOBBY} if room is None else {LOBBY, room.key}
    for one in state.mutes:
        holds = one.room in places and not is_over(state, one)
        if holds and targets.hits(one.target, device.member.key, device.address):
            raise refusals.muted(of_room(one.room), _left(state, one), one.by, one.reason)


def sanctions_of(state: State, key: str) -> list[Sanction]:
    """Those that still hold in that room."""
    found = state.sanctions.values()
    return [one for one in found if one.room == key and not is_over(state, one)]


def is_over(state: State, sanction: Sanction) -> bool:
    return 0 < sanction.until <= state.moment.wall


def _left(state: State, sanction: Sanction) -> str:
    """How long it holds yet, in words."""
    if not sanction.until:
        return "forever"
    return durations.say(max(1.0, round(sanction.until - state.moment.wall)))


def of_room(key: str) -> str:
    return "" if key == LOBBY else f" in {key}"


def short(typed: str) -> str:
    """No longer than it may be, and not cut within a flag: an import would refuse what is left."""
    reason = typed.strip()[:LONGEST_REASON]
    while fault(reason):
        reason = reason[:-1]
    return reason
