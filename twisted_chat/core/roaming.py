"""Rooms: to enter and to leave them, to see which there are, and to look after one's own."""

from dataclasses import replace

from twisted_chat.core import conduct, durations, names, refusals
from twisted_chat.core.attempts import whence
from twisted_chat.core.calming import misbehaves
from twisted_chat.core.events import (
    LOBBY,
    Closed,
    Invited,
    Joined,
    Left,
    Moved,
    TopicSet,
    inbox,
)
from twisted_chat.core.history import Keep
from twisted_chat.core.likeness import look
from twisted_chat.core.outcomes import (
    Approach,
    Outcome,
    Post,
    RoomLine,
    RoomList,
    TopicIs,
)
from twisted_chat.core.records import Charter
from twisted_chat.core.requests import Invite, Join, Manage, Part, Right, Rooms, Topic
from twisted_chat.core.rulings import ruled
from twisted_chat.core.sanctions import require_not_banned, require_not_muted, sanctions_of
from twisted_chat.core.state import Device, Member, Room, State
from twisted_chat.core.whereabouts import MOST_IN, entered, faces, moved_in, moved_out, put_out

MOST_ROOMS = 5000
"""Rooms in all, with those that wait for their owners: some 2 MB of memory."""

MOST_OWNED = 20
"""Rooms of one person: what anybody looks after."""

MOST_OF_GUESTS = 500
"""Rooms that guests of one address have opened and in which somebody is: a tenth, so that ten
guests with fifty each do not keep everybody else from opening any."""

LONGEST_TOPIC = 300
"""Characters: four lines of a terminal."""


LISTED = 200
"""Rooms that one answer lists: a screen or three."""


def join(state: State, device: Device, request: Join) -> list[Outcome]:
    """Talk in a room; if she is not in it yet, ``arrive`` goes on when it is known what was said
    there last."""
    key, member = names.legal_room(request.room), device.member
    if state.house.solo:
        raise refusals.alone()
    state.require_person(member)
    for room in member.rooms:
        if room.key == key:
            return [*faces(state, device, room), entered(room, member)]
    require_may_join(state, device, key)
    if measures := misbehaves(state, member, lambda _: conduct.ROOM):
        return measures
    return [Approach(key, state.charter(key).since)]


def arrive(state: State, device: Device, key: str) -> list[Outcome]:
    """She enters the room. Raises a Refusal, for it may have changed meanwhile."""
    member = device.member
    for there in member.rooms:
        if there.key == key:  # another device of hers was faster
            return [*faces(state, device, there), entered(there, member)]
    require_may_join(state, device, key)
    made = [] if state.exists(key) or not member.owned else _founded(state, member, key)
    opens = not state.exists(key)
    room = moved_in(state, member, key)
    if opens and not member.owned:
        room.opened_from = whence(device.address)
    return [
        *made,
        *faces(state, device, room),
        entered(room, member),
        state.post(room, Joined(member.name)),
    ]


def require_may_join(state: State, device: Device, key: str) -> None:
    """Raises a Refusal."""
    member, charter = device.member, state.charter(key)
    if len(member.rooms) >= MOST_IN:
        raise refusals.in_too_many(MOST_IN)
    if not state.exists(key):
        _require_may_found(state, device, key)
    elif (right := state.right_in(member, charter)) < Right.OWNER:
        require_not_banned(state, device, key)
        if charter.private and right < Right.HOST and not state.is_invited(member, key):
            raise refusals.may_not_join(key)


def part(state: State, device: Device, request: Part) -> list[Outcome]:
    member = device.member
    state.require_person(member)
    room = state.room_inside(device, request.room)
    if len(member.rooms) == 1:
        raise refusals.last_room(room.key)
    log = state.log_of(room)
    moved = moved_out(state, member, room, f"you left {room.key}", device)
    return [*moved, Post(log, Left(member.name, ""))]


def rooms(state: State, device: Device, request: Rooms) -> list[Outcome]:
    found = [_line(state, device.member, key) for key in {*state.charters, *state.rooms, LOBBY}]
    shown = sorted((line for line in found if line), key=lambda line: (-line.count, line.room))
    return [RoomList(tuple(shown[:LISTED]), len(shown))]


def topic(state: State, device: Device, request: Topic) -> list[Outcome]:
    room, member = state.room(device, request.room), device.member
    if not request.topic:
        if room.charter.private and not state.may_read(member, room.key):
            raise refusals.no_such_room(room.key)
        return [TopicIs(room.key, room.charter.topic)]
    require_not_muted(state, device, room)
    text = "" if request.topic.strip() == "-" else request.topic.strip()
    if len(text) > LONGEST_TOPIC:
        raise refusals.topic_too_long(LONGEST_TOPIC)
    changed = replace(room.charter, topic=text)
    acts = ruled(state, device, ("topic", room, ""), text, changed)
    return [*acts.kept, state.post(room, TopicSet(member.name, text))]


def invite(state: State, device: Device, request: Invite) -> list[Outcome]:
    room, member = state.room_inside(device, request.room), device.member
    key = names.fold(request.name.strip())
    there = state.members.get(key)
    require_not_muted(state, device, room)
    if there is None and key not in state.accounts:
        raise refusals.nobody_called(request.name.strip())
    if key in room.members:
        raise refusals.in_room_already(state.name_of(key), room.key)
    if measures := misbehaves(state, member, lambda _: conduct.INVITED):
        return measures
    return [
        *_let_in(state, key, room.key),
        Post(inbox(key), Invited(member.name, state.name_of(key), room.key)),
    ]


def manage(state: State, device: Device, request: Manage) -> list[Outcome]:
    room = state.room(device, request.room)
    match request.what.strip().lower():
        case "set":
            return _set(state, device, room, request.value.strip().lower())
        case "transfer":
            return _transfer(state, device, room, request.value)
        case "rename":
            return _rename(state, device, room, request.value)
        case "delete":
            return _delete(state, device, room)
        case _:
            raise refusals.usage("/room set|transfer|rename|delete #ROOM [VALUE]")


# what becomes of a room


def _require_may_found(state: State, device: Device, key: str) -> None:
    member = device.member
    operator = member.right >= Right.OPERATOR
    if not state.house.free_rooms and not operator:
        raise refusals.may_not_join(key)
    if state.setting("lockdown") and not operator:
        raise refusals.locked_down()
    if len({*state.charters, *state.rooms}) >= MOST_ROOMS:
        raise refusals.too_many_rooms()
    _require_no_double(state, member, key)
    if member.owned and len(state.owned_by(member.key)) >= MOST_OWNED:
        raise refusals.owns_too_many(MOST_OWNED)
    if not member.owned and state.house.calm:
        _require_room_for_guests(state, whence(device.address))


def _require_room_for_guests(state: State, place: str) -> None:
    if place and len(state.rooms) >= MOST_OF_GUESTS:  # or it need not be counted
        opened = sum(room.opened_from == place for room in state.rooms.values())
        if opened >= MOST_OF_GUESTS:
            raise refusals.too_many_rooms_from_there(MOST_OF_GUESTS)


def _require_no_double(state: State, member: Member, key: str, but: str = "") -> None:
    """No room of which she may know has a name that could be taken for this one: of another she
    would be told by that. Raises a Refusal."""
    seen = look(key)
    for other in {*state.charters, *state.rooms, LOBBY} - {but}:
        if look(other) == seen and state.knows_of(member, state.charter(other)):
            raise refusals.room_alike(key, other)


def _founded(state: State, member: Member, key: str) -> list[Outcome]:
    """Who was in another room of that name, or asked into it, has no claim to this one."""
    forgotten = _everywhere(state, key, None)
    return [*forgotten, state.remember(Charter(key, owner=member.key))]


def _line(state: State, member: Member, key: str) -> RoomLine | None:
    """A room as a list shows it; None for one that it does not show."""
    charter, inside = state.charter(key), member.is_in(key)
    if not inside and not (charter.listed and state.knows_of(member, charter)):
        return None
    there = state.rooms.get(key)
    open_to_her = inside or not charter.private
    count = len(there.members) if there and open_to_her else 0
    return RoomLine(key, count, charter.topic if open_to_her else "", charter.private, inside)


def _let_in(state: State, key: str, room: str) -> list[Outcome]:
    """Somebody is invited: a guest as long as she is here, an owned name until she comes."""
    account, there = state.accounts.get(key), state.members.get(key)
    if account is not None:
        if room in account.invited:
            return []
        return [state.remember(replace(account, invited=(*account.invited[-MOST_IN:], room)))]
    if there is not None:
        there.invited = frozenset([*there.invited][1 - MOST_IN :]) | {room}
    return []


def _set(state: State, device: Device, room: Room, value: str) -> list[Outcome]:
    charter = room.charter
    word, _, rest = value.partition(" ")
    match word:
        case "invite-only" if room.key == LOBBY:
            raise refusals.lobby_is_open()
        case "invite-only":
            changed = replace(charter, private=True, listed=False)
        case "open":
            since = state.id_now if charter.private else charter.since
            changed = replace(charter, private=False, listed=True, since=since)
        case "listed" | "unlisted":
            changed = replace(charter, listed=word == "listed")
        case "keep" if rest:
            Keep.read(rest)
            changed = replace(charter, keep="" if rest == "forever" else rest)
        case "slow" if rest:
            changed = replace(charter, slow=durations.pause(rest))
        case _:
            raise refusals.usage(
                "/room set #ROOM invite-only|open|listed|unlisted|keep 30d|slow 10s"
            )
    acts = ruled(state, device, ("set", room, ""), value, changed)
    return [*acts.kept, acts.told]


def _transfer(state: State, device: Device, room: Room, name: str) -> list[Outcome]:
    key = names.fold(name.strip())
    if key not in state.accounts:
        raise refusals.owns_no_name(name.strip())
    if room.key == LOBBY:
        raise refusals.lobby_stays()
    if len(state.owned_by(key)) >= MOST_OWNED:
        raise refusals.owns_too_many_rooms(state.name_of(key), MOST_OWNED)
    charter = room.charter
    hosts = tuple(host for host in charter.hosts if host != key)
    changed = replace(charter, owner=key, hosts=hosts)
    acts = ruled(state, device, ("transfer", room, state.name_of(key)), "", changed)
    return [*acts.kept, acts.told]


def _rename(state: State, device: Device, room: Room, asked: str) -> list[Outcome]:
    new, old = names.legal_room(asked), room.charter
    if room.key == LOBBY:
        raise refusals.lobby_stays()
    if state.exists(new):
        raise refusals.room_taken(new)
    _require_no_double(state, device.member, new, but=old.key)
    log = state.log_of(room)
    state.renamed[log] = new
    acts = ruled(state, device, ("rename", room, new), "", None)
    if there := state.rooms.pop(old.key, None):
        state.rooms[new] = there
        there.charter = replace(old, key=new)
    changes: list[Outcome] = []
    if old.key in state.charters:
        changes = [state.forget(old), state.remember(replace(old, key=new))]
    changes += _everywhere(state, old.key, new)
    changes += [state.remember(replace(one, room=new)) for one in sanctions_of(state, old.key)]
    acted = [one for one in state.rulings.values() if one.room == old.key]
    changes += [state.remember(replace(one, room=new, was="")) for one in acted]
    return [*acts.kept, *changes, Post(log, Moved(device.member.name, new))]


def _delete(state: State, device: Device, room: Room) -> list[Outcome]:
    if room.key == LOBBY:
        raise refusals.lobby_stays()
    log, name = state.log_of(room), device.member.name
    acts = ruled(state, device, ("delete", room, ""), "", None)
    return [
        *acts.kept,
        *closed(state, room, f"{room.key} was deleted by {name}", device),
        Post(log, Closed(name)),
    ]


def closed(state: State, room: Room, told: str, device: Device | None) -> list[Outcome]:
    """Nobody is in the room any more, and nothing of it is remembered."""
    outcomes: list[Outcome] = []
    for member in list(room.members.values()):
        asks = device if device is not None and device.member is member else None
        outcomes += put_out(state, member, room, told, asks)
    if room.key in state.charters:
        outcomes.append(state.forget(room.charter))
    outcomes += _everywhere(state, room.key, None)
    outcomes += [state.forget(one) for one in sanctions_of(state, room.key)]
    if room.charter.private:  # what was done in it is as secret as what was said
        acts = [one for one in state.rulings.values() if one.room == room.key]
        outcomes += [state.forget(one) for one in acts]
    return outcomes


def _everywhere(state: State, old: str, new: str | None) -> list[Outcome]:
    """The room's name in what is remembered of people; None takes it away."""
    changes: list[Outcome] = []
    for account in list(state.accounts.values()):
        rooms = _with(account.rooms, old, new)
        invited = _with(account.invited, old, new)
        if (rooms, invited) != (account.rooms, account.invited):
            changes.append(state.remember(replace(account, rooms=rooms, invited=invited)))
    for member in state.members.values():
        if old in member.invited:
            member.invited = (member.invited - {old}) | ({new} if new else set())
    return changes


def _with(keys: tuple[str, ...], old: str, new: str | None) -> tuple[str, ...]:
    return tuple(new if key == old else key for key in keys if key != old or new is not None)  # type: ignore[misc]
