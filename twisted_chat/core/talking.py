"""Say, tell, reply, paste, be away, ignore, take back: what people do to each other with words."""

from math import inf

from twisted_chat.core import durations, names, refusals
from twisted_chat.core.calming import misbehaves
from twisted_chat.core.events import (
    LOBBY,
    OPERATORS,
    Acted,
    Delivered,
    Entry,
    Event,
    Pasted,
    Redaction,
    Said,
    Sent,
    Told,
    inbox,
)
from twisted_chat.core.history import Page as Found
from twisted_chat.core.history import Query
from twisted_chat.core.outcomes import (
    Done,
    Look,
    NamesOf,
    Outcome,
    Paste,
    Post,
    SentLine,
    SentList,
)
from twisted_chat.core.records import Setting
from twisted_chat.core.requests import (
    Act,
    Away,
    Back,
    Converse,
    Ignore,
    Redact,
    Reply,
    Right,
    Say,
    SentBefore,
    Show,
    Tell,
    Unignore,
)
from twisted_chat.core.sanctions import require_voice
from twisted_chat.core.state import SERVER, Device, Member, Room, State

LONGEST_AWAY = 200
"""Characters: it is a line of a terminal or two, told to everybody who writes."""

MOST_IGNORED = 100
"""People that one ignores: each line is held against them."""

PASTES = 64
"""Pastes that ``/show`` finds though nothing is kept, each of at most some 64 KiB."""

REDACTABLE = 3600.0
"""Seconds for which one may take back what one has said: a slip, and not the past."""

MOST_SAID = 128
"""Words by which what somebody said is known again: a program waits for fewer receipts at once."""

SENT = 200
"""Lines of one's own log that ``/sent`` looks through."""

SHOWN = 20
"""Messages that it shows."""


def say(state: State, device: Device, request: Say) -> list[Outcome]:
    if not request.room and device.query:
        to = _partner(state, device)
        return _tell(state, device, to, Tell(device.query, request.text, request.once))
    room = state.room_inside(device, request.room)
    member = device.member
    if measures := _speaks(state, device, room, request):
        return measures
    if "\n" in request.text:
        return _paste(state, room, member, request)
    return [state.post(room, Said(member.name, request.text, request.once))]


def act(state: State, device: Device, request: Act) -> list[Outcome]:
    member = device.member
    if not request.room and device.query:
        other = _partner(state, device)
        text = f"* {member.name} {request.text}"
        return _tell(state, device, other, Tell(device.query, text, request.once))
    room = state.room_inside(device, request.room)
    if measures := _speaks(state, device, room, request):
        return measures
    return [state.post(room, Acted(member.name, request.text, request.once))]


def tell(state: State, device: Device, request: Tell) -> list[Outcome]:
    return _tell(state, device, _reachable(state, device, request.to), request)


def reply(state: State, device: Device, request: Reply) -> list[Outcome]:
    """To who wrote last, by whatever name now; to nobody else who took that name since."""
    writer = device.written_by
    if writer is None:
        raise refusals.nobody_to_reply_to()
    here = state.members.get(writer.key) is writer or writer.key == SERVER
    if not here and not writer.owned:
        raise refusals.not_here(writer.name)
    letter = Tell(writer.name, request.text, request.once)
    return _tell(state, device, writer.key if not here else writer, letter)


def converse(state: State, device: Device, request: Converse) -> list[Outcome]:
    if not request.name.strip():
        device.query, device.partner = "", None
        where = device.room.key if device.room else LOBBY
        return [Done(f"you talk in {where} again")]
    other = _reachable(state, device, request.name)
    key = other if isinstance(other, str) else other.key
    if key == device.member.key:
        raise refusals.told_oneself()
    device.query = key
    device.partner = other if isinstance(other, Member) and not other.owned else None
    name = state.name_of(key)
    return [Done(f"what you type goes to {name} alone; /query alone ends that, and so does /join")]


def away(state: State, device: Device, request: Away) -> list[Outcome]:
    device.member.away = request.text.strip()[:LONGEST_AWAY] or "away"
    return [Done("you are away: who writes to you is told so; /back ends that")]


def back(state: State, device: Device, request: Back) -> list[Outcome]:
    if not device.member.away:
        raise refusals.not_away()
    device.member.away = ""
    return [Done("you are back")]


def ignore(state: State, device: Device, request: Ignore) -> list[Outcome]:
    member, name = device.member, request.name.strip()
    if not name:
        return [NamesOf("ignored", _ignored_names(state, member))]
    key = names.fold(name)
    state.require_person(member)
    if key == member.key:
        raise refusals.ignored_oneself()
    if key not in state.members and key not in state.accounts:
        raise refusals.nobody_called(name)
    seconds = _minutes(request.minutes)
    member.ignores = dict(member.ignores or {})
    if len(member.ignores) >= MOST_IGNORED:
        raise refusals.too_many_ignored(MOST_IGNORED)
    member.ignores[key] = state.moment.clock + seconds
    told = f"you hear nothing of {state.name_of(key)} {_for(seconds)}; /unignore {name} ends that"
    return [*_ignores_for_ever(state, member), Done(told)]


def unignore(state: State, device: Device, request: Unignore) -> list[Outcome]:
    member, key = device.member, names.fold(request.name.strip())
    if key not in (member.ignores or {}):
        raise refusals.not_ignored(request.name.strip())
    member.ignores = {other: till for other, till in (member.ignores or {}).items() if other != key}
    return [*_ignores_for_ever(state, member), Done(f"you hear {state.name_of(key)} again")]


def show(state: State, device: Device, request: Show) -> list[Outcome]:
    typed = request.number.strip().removeprefix("#")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise refusals.no_paste(typed[:32])
    number, logs = int(typed), state.readable(device.member)
    if number in state.pastes and state.pastes[number][0] in logs:
        log, name, text = state.pastes[number]
        return [Paste(number, log, name, text)]
    if not state.house.kept:
        raise refusals.no_paste(typed)
    query = Query(logs, number=number, limit=1, floors=state.floors(logs))
    return [Look(query, f"There is no paste {number} in a room where you are.", request)]


def shown(state: State, device: Device, request: Show, page: Found) -> list[Outcome]:
    entry = page.entries[0]
    if not isinstance(entry.event, Pasted):
        raise refusals.no_paste(request.number)
    return [Paste(entry.event.number, entry.log, entry.event.name, entry.event.text)]


def redact(state: State, device: Device, request: Redact) -> list[Outcome]:
    """Look for the entry; ``redacted`` goes on when it is found."""
    if not state.house.kept:
        raise refusals.nothing_kept()
    typed, none = request.entry.strip().lower(), "There is no such line that you may take away."
    if typed == "last":
        room = state.room_inside(device, "")
        by = names.fold(request.name.strip()) or device.member.key
        logs = (state.log_of(room),)
        return [Look(Query(logs, by=by, floors=state.floors(logs)), none, request)]
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 16):
        raise refusals.no_id(request.entry.strip()[:32])
    rooms = tuple(log for log in state.readable(device.member) if log[0] == "#")
    number = int(typed)
    span = Query(rooms, number - 1, number + 1, limit=1, floors=state.floors(rooms))
    return [Look(span, none, request)]


def redacted(state: State, device: Device, request: Redact, page: Found) -> list[Outcome]:
    member = device.member
    said = [
        (one, one.event) for one in page.entries if isinstance(one.event, Said | Acted | Pasted)
    ]
    if not said:
        raise refusals.not_redactable()
    entry, event = said[-1]
    if not state.may_read(member, entry.log):
        raise refusals.not_in_room(entry.log)
    if state.right_in(member, state.charter(entry.log)) < Right.HOST:
        _require_own(state, member, entry)
    if isinstance(event, Pasted):
        state.pastes.pop(event.number, None)
    return [Post(entry.log, Redaction(member.name, event.name, entry.id))]


def sent(state: State, device: Device, request: SentBefore) -> list[Outcome]:
    if not state.house.kept:
        raise refusals.nothing_kept()
    log = inbox(device.member.key)
    query = Query((log,), limit=SENT, floors=state.floors((log,)))
    return [Look(query, "You have told nobody anything.", request)]


def sent_before(page: Found) -> list[Outcome]:
    lines: list[SentLine] = []
    arrived: dict[str, list[tuple[int, int]]] = {}
    for entry in page.entries:
        if isinstance(entry.event, Delivered):
            marks = arrived.setdefault(names.fold(entry.event.name), [])
            marks.append((entry.event.until, entry.id))
    for entry in page.entries:
        event = entry.event
        if isinstance(event, Sent):
            marks = arrived.get(names.fold(event.to), [])
            there = next((at for until, at in marks if until >= entry.id), 0)
            at = there if event.waits else entry.id
            lines.append(SentLine(event.to, event.text, entry.id / 1e6, at / 1e6))
    return [SentList(tuple(lines[-SHOWN:]))]


# how it goes


def _require_once(member: Member, once: str) -> None:
    """Raises a Refusal for what was said already, by a connection that was lost."""
    if member.said is not None and once in member.said:
        raise refusals.said_already()


def _note(member: Member, once: str) -> None:
    if member.said is None:
        member.said = {}
    member.said[once] = None
    if len(member.said) > MOST_SAID:
        del member.said[next(iter(member.said))]


def forget(state: State, event: Event) -> None:
    """What was said was not: it may be said by the same word, and a paste is shown to nobody."""
    if isinstance(event, Pasted):
        state.pastes.pop(event.number, None)
    once, member = getattr(event, "once", ""), state.members.get(names.fold(_name_of(event)))
    if once and member is not None and member.said is not None:
        member.said.pop(once, None)


def _name_of(event: Event) -> str:
    return str(getattr(event, "name", ""))


def _speaks(state: State, device: Device, room: Room, request: Say | Act) -> list[Outcome]:
    """Somebody says something in a room. Raises a Refusal if she may not just now; gives what is
    done about it if she bothers the others: then it is not said."""
    member = device.member
    require_voice(state, device, room)
    if request.once:
        _require_once(member, request.once)
    member.spoke = state.moment.clock
    text = request.text
    if measures := misbehaves(state, member, lambda conduct: conduct.says(text)):
        return measures
    if request.once:
        _note(member, request.once)
    return []


def _paste(state: State, room: Room, member: Member, request: Say) -> list[Outcome]:
    text = request.text
    number = int(state.setting("pastes", "0")) + 1
    state.pastes[number] = (state.log_of(room), member.name, text)
    if len(state.pastes) > PASTES:
        del state.pastes[min(state.pastes)]
    counted = state.remember(Setting("pastes", str(number)))
    return [counted, state.post(room, Pasted(member.name, text, number, request.once))]


def _reachable(state: State, device: Device, name: str) -> Member | str:
    """Who is here by that name, or the key of who owns it and is not. Raises a Refusal."""
    key = names.fold(name.strip())
    there = state.members.get(key)
    if there is not None and state.may_know(device.member, there):
        return there
    if key in state.accounts and not state.house.solo and state.house.kept:
        return key
    raise refusals.not_here(name.strip())


def _partner(state: State, device: Device) -> Member | str:
    """With whom she talks alone. Raises a Refusal for somebody else who has that name now."""
    other, partner = _reachable(state, device, device.query), device.partner
    if partner is not None and other is not partner and not partner.owned:
        raise refusals.another_has_that_name(partner.name)
    return other


def _tell(state: State, device: Device, other: Member | str, letter: Tell) -> list[Outcome]:
    """A private message: to who is here, to who will be again, or to the console."""
    member = device.member
    key = other if isinstance(other, str) else other.key
    if key == member.key:
        raise refusals.told_oneself()
    require_voice(state, device, None)
    if letter.once:
        _require_once(member, letter.once)
    member.spoke = state.moment.clock
    if measures := misbehaves(state, member, lambda one: one.writes_to(key, letter.text)):
        return measures
    if letter.once and _keeps_copies(state, member):  # or nobody could say that it was not kept
        _note(member, letter.once)
    if isinstance(other, str):
        told = Done(f"{state.name_of(key)} is not here: it is stored, and waits")
        return [*_letters(state, member, key, letter, waits=True), told]
    for one in other.devices:
        one.written_by = member
    is_away = [Done(f"{other.name} is away: {other.away}")] if other.away else []
    return [*_letters(state, member, key, letter, waits=False), *is_away]


def _letters(state: State, member: Member, key: str, asked: Tell, waits: bool) -> list[Outcome]:
    """One for who it is for, and one to keep for who wrote it, if that name stays hers: in that
    order, so that she has no receipt for what has not arrived."""
    name = "Server" if key == SERVER else state.name_of(key)
    log = OPERATORS if key == SERVER else inbox(key)
    letter: Event = Told(member.name, name, asked.text)
    if not _keeps_copies(state, member):
        return [Post(log, letter)]
    copy = Sent(member.name, name, asked.text, waits, asked.once)
    return [Post(log, letter, silent=True), Post(inbox(member.key), copy)]


def _keeps_copies(state: State, member: Member) -> bool:
    """Of what she tells others there is one in her own log, with its word."""
    return member.owned and member.key in state.accounts


def _require_own(state: State, member: Member, entry: Entry) -> None:
    event = entry.event
    assert isinstance(event, Said | Acted | Pasted)
    account = state.accounts.get(member.key) if member.owned else None
    since = member.came if account is None else min(member.came, account.since)
    if names.fold(event.name) != member.key or entry.id < since:
        raise refusals.not_yours()
    if state.moment.wall - entry.id / 1e6 > REDACTABLE:
        raise refusals.too_late(durations.say(REDACTABLE))


def _ignored_names(state: State, member: Member) -> tuple[str, ...]:
    now, found = state.moment.clock, []
    for key, until in (member.ignores or {}).items():
        if until > now:
            left = "" if until == inf else f" (for {durations.say(until - now)})"
            found.append(state.name_of(key) + left)
    return tuple(found)


def _ignores_for_ever(state: State, member: Member) -> list[Outcome]:
    """What of it is remembered with her name."""
    ever = tuple(key for key, until in (member.ignores or {}).items() if until == inf)
    return state.change_account(member, ignores=ever)


def _minutes(typed: str) -> float:
    """A bare number is minutes, as people say it; none is for ever."""
    typed = typed.strip()
    if not typed:
        return inf
    return durations.read(f"{typed}m" if typed.isdecimal() else typed)


def _for(seconds: float) -> str:
    return "from now on" if seconds == inf else f"for {durations.say(seconds)}"
