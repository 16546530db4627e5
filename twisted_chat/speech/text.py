"""The text dialect: for people with telnet, nc, a terminal.

Lines end in CR LF; LF or CR LF is read. docs/protocol.md is its contract.
"""

from itertools import groupby
from typing import assert_never

from twisted_chat.core import durations, refusals
from twisted_chat.core.events import (
    EVERYONE,
    Acted,
    Announced,
    Closing,
    Connected,
    Disconnected,
    Entry,
    Event,
    Joined,
    Left,
    Renamed,
    Said,
    Told,
    TurnedAway,
)
from twisted_chat.core.history import MOST, Page
from twisted_chat.core.outcomes import (
    Answer,
    Done,
    Earlier,
    Figures,
    Gone,
    Goodbye,
    Hello,
    HelpText,
    NameList,
    People,
    Refused,
    Skipped,
    Slowed,
    Welcomed,
)
from twisted_chat.core.requests import Enter, Leave, Say
from twisted_chat.speech import commands
from twisted_chat.speech.asked import Asked
from twisted_chat.speech.clean import clean
from twisted_chat.speech.times import Times

GREETING = "Welcome to the chat server! What's your name?"

CROWD = 4
"""So many joins or leaves in a row are told in one line."""

SHOWN = 8
"""Names in such a line: it should not be longer than a terminal is wide."""


class TextDialect:
    """``confirm``: a receipt for everything that is said, as simple clients want it."""

    greeting = (GREETING + "\r\n").encode()

    def __init__(self, times: Times, confirm: bool = False) -> None:
        self.times = times
        self.confirm = confirm

    def read(self, line: bytes, naming: bool) -> Asked | None:
        """What a line asks for; None for an empty one. Raises a Refusal.

        ``naming``: the speaker has no name yet, and a line that is no command is one.
        """
        text = decoded(line)
        if text.startswith("/"):
            if not text.startswith("//"):
                return commands.read(text), None
            text = text[1:]
        elif len(text) < 8 and text.strip().lower() == "exit":
            return Leave(), None
        if naming:
            return Enter(text), None
        if not text or text.isspace():
            return None
        return Say(text), None

    def line(self, entry: Entry) -> bytes:
        """An entry, as those read it who did not cause it."""
        event = entry.event
        if type(event) is Said:  # nearly all are, and this is said once per message
            return f"{event.name}: {event.text}\r\n".encode()
        return wire(event_line(event))

    def own(self, entry: Entry, tag: object) -> bytes:
        """An entry, as it is read by whoever caused it."""
        match entry.event:
            case Said(text=text) | Acted(text=text) if self.confirm:
                return wire(f"Server: I received your message - '{text}'")
            case Told(to=to, text=text):
                return wire(f"[to {to}] {text}")
            case Renamed(to=to):
                return wire(f"-- you are {to} now")
            case _:
                return b""

    def earlier(self, entry: Entry) -> bytes:
        """An entry from before the reader came: with its time, so that nobody takes it for live."""
        return wire(past_line(entry, self.times))

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        """The lines of these entries joined, and long runs of comers and goers folded to one."""
        if len(entries) < CROWD or not any(entry.event.passing for entry in entries):
            return b"".join(lines)
        told: list[bytes] = []
        at = 0
        for kind, run in groupby(entries, key=_comes_or_goes):
            length = len(list(run))
            if kind is None or length < CROWD:
                told += lines[at : at + length]
            else:
                told.append(wire(_folded(kind, entries[at : at + length])))
            at += length
        return b"".join(told)

    def answer(self, answer: Answer, tag: object) -> bytes:
        return wire(*answer_lines(answer, self.times))


def decoded(line: bytes) -> str:
    """A line as text that is fit for others' terminals. Raises a Refusal."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise refusals.not_utf8() from None
    return text if text.isprintable() else clean(text)


def wire(*lines: str) -> bytes:
    """Lines as they go out: the one gate to a terminal, for what we word ourselves too."""
    return "".join([clean(line) + "\r\n" for line in lines]).encode("utf-8", "replace")


def event_line(event: Event) -> str:
    """What happened, in one line."""
    match event:
        case Said(name, text):
            return f"{name}: {text}"
        case Acted(name, text):
            return f"* {name} {text}"
        case Told(name, _, text):
            return f"[{name}] {text}"
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
        case TurnedAway(peer, why):
            return f"[TURNED AWAY] {peer}: {why}"
        case _:
            assert_never(event)


def past_line(entry: Entry, times: Times) -> str:
    """What happened, and when."""
    return f"{times.stamp(entry.id / 1e6)} {event_line(entry.event)}"


def _closing(event: Closing) -> str:
    because = f": {event.reason}" if event.reason else ""
    if event.seconds is None:
        return f"-- Server is not shutting down after all{because or '.'}"
    if event.seconds > 0:
        return f"-- Server is shutting down in {durations.say(event.seconds)}{because or '.'}"
    return f"-- Server is shutting down.{because[1:]}"


def _comes_or_goes(entry: Entry) -> type[Event] | None:
    kind = type(entry.event)
    return kind if kind is Joined or kind is Left else None


def _folded(kind: type[Event], run: list[Entry]) -> str:
    first = [entry.event.name for entry in run[:SHOWN] if isinstance(entry.event, Joined | Left)]
    rest = len(run) - SHOWN
    more = f" and {rest} {'other' if rest == 1 else 'others'}" if rest > 0 else ""
    return f"-- {', '.join(first)}{more} {'joined' if kind is Joined else 'left'}"


def answer_lines(answer: Answer, times: Times) -> list[str]:
    """An answer, in as many lines as it takes."""
    match answer:
        case Welcomed():
            return _welcome(answer, times)
        case Page():
            return _page(answer, times)
        case Earlier(room):
            return [f"-- earlier {_where(room)}, times are {times.zone_name}:"]
        case Gone(room, oldest):
            since = f" before {times.stamp(oldest / 1e6)} {times.zone_name}" if oldest else ""
            return [f"-- what was said {_where(room)}{since} is not kept any more"]
        case People():
            return _people(answer)
        case NameList(_, names, count):
            return [f"-- {_are(count)} here: {_listed(names, count)}"]
        case HelpText(lines):
            width = max((len(line.usage) for line in lines), default=0)
            return [f"-- {line.usage:<{width}}  {line.help}" for line in lines]
        case Figures(figures):
            width = max((len(name) for name, _ in figures), default=0)
            return [f"-- {name:<{width}}  {value}" for name, value in figures]
        case Done(text) | Refused(_, text):
            return [f"-- {text}"]
        case Slowed(rate):
            return [f"-- slowly, please: your lines are read at {rate:g} a second; none is lost"]
        case Skipped(count):
            return [f"-- {count} lines skipped (you were too slow)"]
        case Hello(protocol, server, limit):
            return [f"-- {server}, protocol {protocol}, lines of up to {limit} bytes"]
        case Goodbye(why):
            return [f"-- {why}", "Goodbye!"] if why else ["Goodbye!"]
        case _:
            assert_never(answer)


def _welcome(answer: Welcomed, times: Times) -> list[str]:
    tips = "/help shows what you can do; exit leaves."
    here = f"{_others(answer.count)} here"
    if answer.others:
        here += f": {_listed(answer.others, answer.count)}"
    motd = [f"-- {line}" for line in answer.motd.splitlines()]
    kept = [f"-- what is said here is kept {answer.kept}"] if answer.kept else []
    hello = f"Hello {answer.name}, you are now connected!"
    return [hello, *motd, *kept, f"-- {here}. {tips}", *_missed(answer, times)]


def _missed(answer: Welcomed, times: Times) -> list[str]:
    if not answer.missed:
        return []
    messages = "1 message" if answer.missed == 1 else f"{_capped(answer.missed)} messages"
    name = "names" if answer.naming == 1 else "name"
    naming = f", {_capped(answer.naming)} {name} you" if answer.naming else ""
    since = f"{times.stamp(answer.since)} {times.zone_name}"
    shows = "it" if answer.missed == 1 else "them"
    return [f"-- since {since}: {messages}{naming}. /catchup shows {shows}"]


def _where(log: str) -> str:
    return "to all" if log == EVERYONE else f"in {log}"


def _capped(count: int) -> str:
    return f"more than {MOST}" if count > MOST else str(count)


def _page(answer: Page, times: Times) -> list[str]:
    """The lines with their times; of a search, those that were found are marked."""
    found = set(answer.found)
    lines = [f"-- times are {times.zone_name}:"]
    for entry in answer.entries:
        mark = "> " if entry.id in found else "  " if found else ""
        lines.append(mark + past_line(entry, times))
    return [*lines, *(["-- /more shows more"] if answer.more else [])]


def _people(answer: People) -> list[str]:
    width = max((len(person.name) for person in answer.people), default=0)
    lines = [
        f"--   {person.name:<{width}}  here {durations.say(round(person.here))}"
        f", idle {durations.say(round(person.idle))}"
        for person in answer.people
    ]
    rest = answer.count - len(answer.people)
    more = [f"--   and {rest} more: /who PREFIX shows those whose name begins so"] if rest else []
    return [f"-- {_are(answer.count)} here", *lines, *more]


def _listed(names: tuple[str, ...], count: int) -> str:
    more = count - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _others(count: int) -> str:
    if not count:
        return "nobody else is"
    return "1 other is" if count == 1 else f"{count} others are"


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count} are"
