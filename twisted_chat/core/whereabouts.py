"""Who is in which room, and in which of them each device talks."""

from twisted_chat.core.events import LOBBY, Joined
from twisted_chat.core.outcomes import Entered, Face, Inform, Outcome, Outside, Post, Withdraw
from twisted_chat.core.state import Device, Member, Room, State

MOST_IN = 50
"""Rooms in which one person is: what anybody reads."""

GREETED = 20
"""Names that one answer shows: more than a line of them tells nobody anything."""


def moved_in(state: State, member: Member, key: str) -> Room:
    """She is in the room from now on, with all her devices."""
    room = state.rooms.get(key)
    if room is None:
        room = state.rooms[key] = Room(state.charter(key))
    room.members[member.key] = member
    member.rooms = (*member.rooms, room)
    member.invited = member.invited - {key}
    return room


def moved_out(
    state: State, member: Member, room: Room, told: str, device: Device | None
) -> list[Outcome]:
    """She is in the room no more; her devices that talked there talk elsewhere, and are told so.
    ``device``: the one that asked."""
    room.members.pop(member.key, None)
    member.rooms = tuple(one for one in member.rooms if one is not room)
    if not room.members:
        state.rooms.pop(room.key, None)
    next_room = member.rooms[-1] if member.rooms else None
    outcomes: list[Outcome] = [Withdraw(member.key, state.log_of(room))]
    outcomes += rooms_remembered(state, member)
    for one in member.devices:
        if one.room is room:
            one.room = next_room
        now_in = one.room.key if one.room is not None else ""
        outside = Outside(room.key, now_in, told)
        outcomes.append(outside if one is device else Inform(one, outside))
    return outcomes


def put_out(
    state: State, member: Member, room: Room, told: str, device: Device | None
) -> list[Outcome]:
    """The same to somebody who did not ask for it: who is nowhere else is in the lobby then."""
    came: list[Outcome] = []
    if len(member.rooms) == 1:
        moved_in(state, member, LOBBY)
        came.append(Post(state.stage, Joined(member.name), silent=True))
    return [*came, *moved_out(state, member, room, told, device)]


def faces(state: State, device: Device, room: Room) -> list[Outcome]:
    """She talks there from now on, and there she will when she comes back."""
    old, device.room = device.room, room
    device.query, device.partner = "", None
    member = device.member
    member.rooms = (*(one for one in member.rooms if one is not room), room)
    turned = [] if old is room else [Face(old.key if old else "", room.key)]
    return [*turned, *rooms_remembered(state, member)]


def rooms_remembered(state: State, member: Member) -> list[Outcome]:
    account = state.accounts.get(member.key)
    invited = account.invited if account else ()
    keys = tuple(room.key for room in member.rooms)
    left = tuple(key for key in invited if key not in keys)
    return state.change_account(member, rooms=keys, invited=left)


def entered(room: Room, member: Member) -> Entered:
    others = [one.name for one in room.members.values() if one is not member]
    return Entered(room.key, room.charter.topic, tuple(others[:GREETED]), len(others))
