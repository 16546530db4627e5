"""What happened, in words: for telnet, the console, the log and our own client."""

from dataclasses import replace
from itertools import groupby
from typing import assert_never

from twisted_chat.core import durations
from twisted_chat.core.events import (
    Acted,
    Announced,
    Closed,
    Closing,
    Connected,
    Delivered,
    Disconnected,
    Entry,
    Event,
    Invited,
    Joined,
    Left,
    Moderated,
    Moved,
    Noted,
    Pasted,
    Redacted,
    Redaction,
    Renamed,
    Said,
    Sent,
    Told,
    TopicSet,
    TurnedAway,
)
from twisted_chat.speech.times import Times

CROWD = 4
"""So many joins or leaves in a row are told in one line."""

SHOWN = 8
"""Names in such a line: it should not be longer than a terminal is wide."""

WHOLE = 12
"""Lines of a paste that are shown: half a small terminal. Of a longer one it is told how long."""


def entry_lines(entry: Entry, elsewhere: bool = False) -> list[str]:
    """An entry, as it is read: in the room where one talks, or ``elsewhere``."""
    if isinstance(entry.event, Closed) and entry.log.startswith("@"):
        return [f"-- what was told to {entry.event.name} alone is deleted"]
    lines = event_lines(entry.event)
    if not elsewhere or not entry.log.startswith("#"):
        return lines
    if isinstance(entry.event, Joined | Left):
        return [f"{line} {entry.log}" for line in lines]
    return [f"{entry.log} {line}" for line in lines]


def past_lines(entry: Entry, times: Times, elsewhere: bool = False) -> list[str]:
    """The same, with when it was."""
    stamp = times.stamp(entry.id / 1e6)
    return [f"{stamp} {line}" for line in entry_lines(entry, elsewhere)]


def event_lines(event: Event) -> list[str]:
    """What happened, in one line; but for a paste."""
    match event:
        case Pasted():
            return pasted_lines(event)
        case Told(text=text) | Sent(text=text) if "\n" in text:
            return [_line(replace(event, text=line)) for line in text.split("\n")]
        case _:
            return [_line(event)]


def pasted_lines(event: Pasted) -> list[str]:
    lines = event.text.splitlines()
    if len(lines) <= WHOLE:
        return [f"{event.name}: {line}" for line in lines]
    number = event.number
    return [f"-- {event.name} pasted {len(lines)} lines, /show {number} shows them"]


def _line(event: Event) -> str:
    match event:
        case Said(name, text):
            return f"{name}: {text}"
        case Acted(name, text):
            return f"* {name} {text}"
        case Told(name, _, text):
            return f"[{name}] {text}"
        case Sent(_, to, text):
            return f"[to {to}] {text}"
        case Delivered(name, _, count):
            what = "a message that was" if count == 1 else f"{count} messages that were"
            return f"-- delivered to {name}: {what} stored"
        case Pasted(name, text):
            return f"{name}: {text}"
        case Redacted(name, by):
            taken = f"{by} took it away" if by else "it was taken away"
            return f"-- a line of {name} was here; {taken}"
        case Redaction(name, of):
            return f"-- {name} took {'back a line' if name == of else f'a line of {of} away'}"
        case TopicSet(name, topic):
            return (
                f"-- {name} set the topic: {topic}" if topic else f"-- {name} took the topic away"
            )
        case Invited(name, _, room):
            return f"-- {name} invites you to {room}: /join {room} enters it"
        case Moved(name, room):
            return f"-- {name} renamed the room: it is {room} now"
        case Closed(name):
            return f"-- {name} deleted the room"
        case Moderated():
            return f"-- {moderated(event)} (act {event.number})"
        case Announced(text):
            return f"Server: {text}"
        case Joined(name):
            return f"-- {name} joined"
        case Left(name, why):
            return f"-- {name} left ({why})" if why else f"-- {name} left"
        case Renamed(name, to):
            return f"-- {name} is {to} now"
        case Closing():
            return _closing(event)
        case Connected(number, peer):
            return f"[NEW CONNECTION] {peer} (#{number})"
        case Disconnected(number, peer, why):
            return f"[DISCONNECTED] {peer} (#{number}): {why}"
        case TurnedAway(peer, why, 1):
            return f"[TURNED AWAY] {peer}: {why}"
        case TurnedAway(peer, why, count):
            return f"[TURNED AWAY] {count} more, most of them from {peer}: {why}"
        case Noted():
            return ""
        case _:
            assert_never(event)


_MODERATED = {
    "kick": "{target} was kicked by {name}{why}",
    "ban": "{target} was banned {how_long} by {name}{why}",
    "unban": "{target} is banned no more, by {name}",
    "mute": "{target} was muted {how_long} by {name}{why}",
    "unmute": "{target} is muted no more, by {name}",
    "op": "{target} is an operator here now, by {name}",
    "deop": "{target} is no operator here any more, by {name}",
    "transfer": "{target} owns the room now, by {name}",
    "calm": "{target} was slowed down {how_long} by {name}{why}",
    "password": "{name} set a new password for {target}",
    "lockdown": "lockdown is {target}, by {name}",
    "undo": "act {target} was undone by {name}{why}",
    "set": "{name} set {target}{why}",
    "rename": "{name} renamed the room {target}",
    "delete": "{name} deleted {target}",
    "topic": "{name} set the topic of {target}{why}",
    "allowlist": "{name} changed the allowlist: {target}",
}


def moderated(event: Moderated) -> str:
    """An act, in a sentence without its end."""
    seconds = event.seconds
    why = f": {event.reason}" if event.reason else ""
    if event.verb == "slow":
        pause = f"one line every {durations.say(seconds or 0)}" if seconds else "no pause"
        return f"{event.target}: {pause} from now on, by {event.name}{why}"
    how_long = "forever" if seconds is None else f"for {durations.say(seconds)}"
    words = _MODERATED.get(event.verb, "{name}: {target}{why}")
    return words.format(target=event.target, name=event.name, how_long=how_long, why=why)


def _closing(event: Closing) -> str:
    because = f": {event.reason}" if event.reason else ""
    if event.seconds is None:
        return f"-- Server is not shutting down after all{because or '.'}"
    if event.seconds > 0:
        return f"-- Server is shutting down in {durations.say(event.seconds)}{because or '.'}"
    return f"-- Server is shutting down.{because[1:]}"


def folded(entries: list[Entry], lines: list[bytes], elsewhere: bool = False) -> list[bytes | str]:
    """The lines of these entries, with long runs of comers and goers in one line each, which is
    not encoded yet."""
    told: list[bytes | str] = []
    at = 0
    for kind, run in groupby(entries, key=_comes_or_goes):
        length = len(list(run))
        if kind is None or length < CROWD:
            told += lines[at : at + length]
        else:
            room = f" {entries[at].log}" if elsewhere else ""
            told.append(_crowd(kind, entries[at : at + length]) + room)
        at += length
    return told


def _comes_or_goes(entry: Entry) -> type[Event] | None:
    kind = type(entry.event)
    return kind if kind is Joined or kind is Left else None


def _crowd(kind: type[Event], run: list[Entry]) -> str:
    first = [entry.event.name for entry in run[:SHOWN] if isinstance(entry.event, Joined | Left)]
    rest = len(run) - SHOWN
    more = f" and {rest} {'other' if rest == 1 else 'others'}" if rest > 0 else ""
    return f"-- {', '.join(first)}{more} {'joined' if kind is Joined else 'left'}"
