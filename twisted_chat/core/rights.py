"""Who may ask for what: one place, before anything is done."""

from twisted_chat.core import refusals
from twisted_chat.core.requests import (
    Audit,
    Ban,
    ChangePassword,
    Invite,
    Kick,
    Motd,
    Mute,
    Request,
    Right,
    Topic,
    Unban,
    Undo,
    Unmute,
)
from twisted_chat.core.sanctions import require_not_muted
from twisted_chat.core.state import Device, State

WHO_MAY = {
    Right.GUEST: "people who are here",
    Right.MEMBER: "those who own their names (/register)",
    Right.HOST: "the owner of the room, and those whom the owner names,",
    Right.OWNER: "the owner of the room",
    Right.OPERATOR: "the operator of the chat",
}

OF_A_ROOM = (Right.HOST, Right.OWNER)

IT_DEPENDS = frozenset({Topic, ChangePassword, Motd, Invite})
"""Requests of which ``needed`` has to look at what they ask."""


def require(state: State, device: Device, request: Request) -> None:
    """Raises a Refusal if this is not for her to ask."""
    needs = needed(state, device, request)
    if needs <= device.member.right:
        return
    if needs in OF_A_ROOM:
        room = state.room(device, getattr(request, "room", ""))
        if needs <= state.right_in(device.member, room):
            if not isinstance(request, Unban | Unmute):
                require_not_muted(state, device, room)  # or a reason, or a name, would be heard
            return
        if room.charter.key == "#lobby":
            needs = Right.OPERATOR
    raise refusals.not_allowed(WHO_MAY[needs])


def needed(state: State, device: Device, request: Request) -> Right:
    """What a request needs by itself, or because of what it asks."""
    match request:
        case Topic(topic=topic) if topic:
            return Right.HOST
        case ChangePassword(name=name) | Motd(what=name) if name:
            return Right.OPERATOR
        case Invite(room=room) if state.room_inside(device, room).charter.private:
            return Right.HOST
        case Kick() | Ban() | Unban() | Mute() | Unmute() if ":" in request.target:
            return Right.OPERATOR  # addresses are for operators to know, and so to try out
        case Audit() | Undo() if highest(state, device) >= Right.HOST:
            return Right.GUEST  # which acts, is asked of each
        case _:
            return request.needs


def highest(state: State, device: Device) -> Right:
    """The most that somebody may anywhere: what help shows her."""
    member = device.member
    return max([member.right, *(state.right_in(member, one) for one in state.charters.values())])
