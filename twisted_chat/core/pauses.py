"""The pause between two lines of one person in a slow room, which nobody gets around by going and
coming back."""

from math import inf

from twisted_chat.core import durations, refusals
from twisted_chat.core.attempts import whence
from twisted_chat.core.requests import Right
from twisted_chat.core.state import Device, Room, State


def require_pause(state: State, device: Device, room: Room) -> None:
    """Raises a Refusal if it is not over; or a new one begins."""
    pause = room.charter.slow
    if not pause or state.right_in(device.member, room) >= Right.HOST:
        return
    require_over(state, _spoke_last(device, room), pause)
    room.spoke[device.member.key] = state.moment.clock


def require_over(state: State, last: float, pause: float) -> None:
    """Raises a Refusal."""
    wait = last + pause - state.moment.clock
    if wait > 0:
        raise refusals.too_fast(durations.say(pause), durations.say(max(1.0, round(wait))))


def outlast(state: State, device: Device, room: Room) -> None:
    """Somebody goes whose pause may not be over. A guest may come back by another name; so it holds
    for the guests who come from there later, and not for those who are here already."""
    member, now = device.member, state.moment.clock
    if not room.charter.slow:
        room.spoke.pop(member.key, None)
        return
    since = now - room.charter.slow
    last = room.spoke.get(member.key, -inf)
    if not member.owned and device.address and last > since:
        room.gone[whence(device.address)] = last, now
    room.spoke = {key: spoke for key, spoke in room.spoke.items() if spoke > since}
    room.gone = {place: gone for place, gone in room.gone.items() if gone[0] > since}


def _spoke_last(device: Device, room: Room) -> float:
    """She, or the guest who may have been her."""
    member = device.member
    own = room.spoke.get(member.key, -inf)
    spoke, went = room.gone.get(whence(device.address), (-inf, inf))
    return max(own, spoke) if not member.owned and member.entered > went else own
