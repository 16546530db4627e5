"""What those with power have done: each act with a number, and how it is taken back."""

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from twisted_chat.core import refusals, targets
from twisted_chat.core.events import LOBBY, Moderated
from twisted_chat.core.outcomes import Outcome, Post
from twisted_chat.core.records import Charter, Record, Ruling, Sanction, Setting
from twisted_chat.core.requests import Right
from twisted_chat.core.state import Device, Member, Room, State

MOST_RULINGS = 1000
"""Acts in the lobby that are looked up and undone; older ones are forgotten."""

MOST_OF_A_ROOM = 100
"""The same in any other room, and of the chat itself: nobody can push away what others did."""

CHAT = "the chat"
"""Who acts where nobody does: what is done about somebody who bothers the others."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """``kept``: what is to be remembered of an act. ``told``: what the room hears of it."""

    number: str
    kept: list[Outcome]
    told: Post


def ruled(
    state: State,
    device: Device | None,
    what: tuple[str, Room, str],
    reason: str,
    changed: Record | None,
    seconds: float | None = 0.0,
) -> Ruled:
    """An act gets its number and is remembered, with what it changes. ``what``: a verb, the room,
    and the target. ``device`` None: the chat itself acts."""
    verb, room, target = what
    number = next_number(state)
    by = device.member.name if device is not None else CHAT
    kept: list[Outcome] = []
    was = ""
    if changed is not None:
        before = state.shelf(type(changed)).get(changed.key)
        was = json.dumps([change(before, changed)])
        kept.append(state.remember(changed))
    lasts = -1.0 if seconds is None else seconds
    ruling = Ruling(number, state.moment.wall, by, verb, room.key, target, lasts, reason, was)
    kept.append(state.remember(ruling))
    kept += _forgotten(state, room.key, by == CHAT)
    told = Moderated(int(number), by, verb, shown(target) or room.key, seconds, reason)
    return Ruled(number, kept, state.post(room, told))


def _forgotten(state: State, room: str, by_chat: bool) -> list[Outcome]:
    """The oldest of that room's, or of the chat's own, if there are too many."""
    alike = [
        one for one in state.rulings.values() if one.room == room and (one.by == CHAT) == by_chat
    ]
    most = MOST_RULINGS if room == LOBBY and not by_chat else MOST_OF_A_ROOM
    return [state.forget(one) for one in alike[:-most]]


def next_number(state: State) -> str:
    """Of the act that is done next. None is given twice, though acts are forgotten."""
    return str(state.last_act + 1)


def shown(target: str) -> str:
    """As all may know it: an address is for operators alone."""
    return target if targets.is_name(target) else "an address"


def change(before: Record | None, after: Record | None) -> dict[str, object]:
    """What a record was and is now, as far as they differ."""
    one = before or after
    assert one is not None
    old, new = asdict(before) if before else None, asdict(after) if after else None
    if old is not None and new is not None:
        differ = [name for name in old if old[name] != new[name]]
        old, new = {name: old[name] for name in differ}, {name: new[name] for name in differ}
    return {"kind": type(one).__name__, "key": one.key, "before": old, "after": new}


def restored(state: State, changes: list[dict[str, object]]) -> list[Outcome]:
    """As it was before, unless it was changed again since. Raises a Refusal."""
    return [_restore(state, change) for change in changes]


def _restore(state: State, change: dict[str, object]) -> Outcome:
    kind = _KINDS[str(change["kind"])]
    before, after = _fields(change["before"]), _fields(change["after"])
    there = state.shelf(kind).get(str(change["key"]))
    is_now = None if there is None else asdict(there)
    wanted = after if after is None or before is None else (is_now or {}) | after
    if _plain(is_now) != _plain(wanted):
        raise refusals.changed_since()
    if there is None:
        return state.remember(kind(**(before or {})))
    if isinstance(there, Charter) and there.private and before and not before.get("private", True):
        before["since"] = state.id_now  # what was said in private meanwhile
    return state.forget(there) if before is None else state.remember(replace(there, **before))


_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (Charter, Sanction, Setting)}


def _fields(held: object) -> dict[str, object] | None:
    if not isinstance(held, dict):
        return None
    return {name: tuple(one) if isinstance(one, list) else one for name, one in held.items()}


def _plain(held: dict[str, object] | None) -> str:
    return json.dumps(held, sort_keys=True)


def may_see(state: State, member: Member, ruling: Ruling) -> bool:
    """Acts in the lobby are the operators' to know, others those of the room's hosts; an operator
    knows of all but those in secret rooms where she is not."""
    charter = state.charter(ruling.room)
    if state.right_in(member, charter) < Right.HOST:
        return False
    return state.knows_of(member, charter) or charter.owner == member.key


def words(ruling: Ruling) -> str:
    parts = (ruling.by, ruling.verb, ruling.room, ruling.target, ruling.reason, f"#{ruling.key}")
    return " ".join(parts).casefold()
