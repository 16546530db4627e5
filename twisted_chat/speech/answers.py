"""What only the asker reads, in words: in as many lines as it takes."""

from typing import assert_never

from twisted_chat.core import durations
from twisted_chat.core.events import EVERYONE, LOBBY, Moderated
from twisted_chat.core.history import MOST, Page
from twisted_chat.core.outcomes import (
    AccountInfo,
    Answer,
    CaughtUp,
    Done,
    Earlier,
    Entered,
    Figures,
    Gone,
    Goodbye,
    Hello,
    HelpText,
    Hits,
    NameList,
    NamesOf,
    Outside,
    Paste,
    People,
    Person,
    Pong,
    Profile,
    Refused,
    Registered,
    RoomList,
    Rulings,
    Sanctions,
    SentList,
    Skipped,
    Slowed,
    TopicIs,
    Welcomed,
)
from twisted_chat.core.records import Ruling, Sanction
from twisted_chat.speech.entries import moderated, past_lines
from twisted_chat.speech.times import Times

PASTE_ENDS = "-- end of paste"


def answer_lines(answer: Answer, times: Times) -> list[str]:
    match answer:
        case Welcomed():
            return _welcome(answer, times)
        case Page():
            return _page(answer, times)
        case Earlier(room):
            return [f"-- earlier {_where(room)}, times are {times.zone_name}:"]
        case CaughtUp() | Pong():
            return []  # for programs: a person sees it
        case Gone(room, oldest):
            since = f" before {times.stamp(oldest / 1e6)} {times.zone_name}" if oldest else ""
            return [f"-- what was said {_where(room)}{since} is not kept any more"]
        case People():
            return _people(answer)
        case NameList(room, names, count):
            return [f"-- {_are(count)} {_here(room)}: {listed(names, count)}"]
        case Entered():
            return _entered(answer)
        case Outside(_, now, why):
            moved = f"-- {why.removesuffix('.')}; you talk in {now} now"
            return [moved if now else f"-- {why}"]
        case RoomList():
            return _rooms(answer)
        case TopicIs(room, topic):
            return [f"-- the topic of {room}: {topic}" if topic else f"-- {room} has no topic"]
        case Profile():
            return _profile(answer, times)
        case Registered(name, codes):
            return [
                f"-- {name} is yours: from now on the name asks for your password",
                "-- recovery codes, each good once in place of a password. They are shown this one",
                "-- time: write them down.",
                *(f"--   {code}" for code in codes),
            ]
        case AccountInfo():
            return _account(answer, times)
        case SentList(sent):
            return [
                f"-- {times.stamp(one.at)} to {one.to}: {_arrived(one.arrived, times)}: {one.text}"
                for one in sent
            ] or ["-- You have told nobody anything."]
        case Sanctions(sanctions):
            return [_sanction(one, times) for one in sanctions] or ["-- nobody is banned or muted"]
        case Rulings(rulings):
            return [_ruling(one, times) for one in rulings] or ["-- nothing was done"]
        case Hits():
            return _hits(answer)
        case NamesOf(what, names):
            return [f"-- {what}: {', '.join(names) or 'nobody'}"]
        case Paste(number, room, name, text):
            head = f"-- paste {number}, by {name} in {room}:"
            return [head, *_pasted(text), f"{PASTE_ENDS} {number}"]
        case HelpText(lines):
            width = max((len(line.usage) for line in lines), default=0)
            return [f"-- {line.usage:<{width}}  {line.help}" for line in lines]
        case Figures(figures):
            width = max((len(name) for name, _ in figures), default=0)
            return [f"-- {name:<{width}}  {value}" for name, value in figures]
        case Done(text) | Refused(_, text):
            return [f"-- {line}" for line in text.split("\n")]
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
        here += f": {listed(answer.others, answer.count)}"
    motd = [f"-- {line}" for line in answer.motd.splitlines()]
    kept = [f"-- what is said here is kept {answer.kept}"] if answer.kept else []
    hello = f"Hello {answer.name}, you are now connected!"
    return [
        hello,
        *motd,
        *kept,
        f"-- {here}. {tips}",
        *_in_rooms(answer),
        *_missed(answer, times),
        *_waiting(answer),
    ]


def _in_rooms(answer: Welcomed) -> list[str]:
    others = [room for room in answer.rooms if room != answer.room]
    if not others:
        return [] if answer.room == LOBBY else [f"-- you are in {answer.room}"]
    return [f"-- you talk in {answer.room}, and are in {', '.join(others)} too"]


def _waiting(answer: Welcomed) -> list[str]:
    if not answer.waiting:
        return []
    many = answer.waiting > 1
    count = f"{_capped(answer.waiting)} private messages" if many else "1 private message"
    return [f"-- {count} waited for you"]


def _missed(answer: Welcomed, times: Times) -> list[str]:
    if not answer.missed:
        return []
    messages = "1 message" if answer.missed == 1 else f"{_capped(answer.missed)} messages"
    name = "names" if answer.naming == 1 else "name"
    naming = f", {_capped(answer.naming)} {name} you" if answer.naming else ""
    since = f"{times.stamp(answer.since)} {times.zone_name}"
    shows = "it" if answer.missed == 1 else "them"
    return [f"-- since {since}: {messages}{naming}. /catchup shows {shows}"]


def _pasted(text: str) -> list[str]:
    """As it was pasted; but what would say that it ends begins with a space, or the rest could pass
    for what others say."""
    lines = text.splitlines()
    return [f" {line}" if line.startswith(PASTE_ENDS) else line for line in lines]


def _where(log: str) -> str:
    if log == EVERYONE:
        return "to all"
    return "to you alone" if log.startswith("@") else f"in {log}"


def _here(room: str) -> str:
    return "here" if room in ("", LOBBY) else f"in {room}"


def _capped(count: int) -> str:
    return f"more than {MOST}" if count > MOST else str(count)


def _page(answer: Page, times: Times) -> list[str]:
    """The lines with their times; of a search, those that were found are marked. If they are of
    several rooms, each says of which."""
    found = set(answer.found)
    several = len({entry.log for entry in answer.entries if entry.log.startswith("#")}) > 1
    lines = [f"-- times are {times.zone_name}:"]
    for entry in answer.entries:
        mark = "> " if entry.id in found else "  " if found else ""
        shown_id = f"{entry.id} " if answer.ids else ""
        lines += [f"{mark}{shown_id}{line}" for line in past_lines(entry, times, several)]
    return [*lines, *(["-- /more shows more"] if answer.more else [])]


def _people(answer: People) -> list[str]:
    width = max((len(person.name) for person in answer.people), default=0)
    lines = [f"--   {person.name:<{width}}  {_person(person)}" for person in answer.people]
    rest = answer.count - len(answer.people)
    more = [f"--   and {rest} more: /who PREFIX shows those whose name begins so"] if rest else []
    return [f"-- {_are(answer.count)} here", *lines, *more]


def _person(person: Person) -> str:
    parts = [f"here {durations.say(round(person.here))}, idle {durations.say(round(person.idle))}"]
    if person.devices > 1:
        parts.append(f"on {person.devices} devices")
    if person.away:
        parts.append(f"away: {person.away}")
    return ", ".join(parts)


def _entered(answer: Entered) -> list[str]:
    topic = [f"-- the topic: {answer.topic}"] if answer.topic else []
    others = f": {listed(answer.others, answer.count)}" if answer.others else ""
    return [f"-- you talk in {answer.room} now; {_others(answer.count)} there{others}", *topic]


def _rooms(answer: RoomList) -> list[str]:
    width = max((len(line.room) for line in answer.rooms), default=0)
    lines = []
    for line in answer.rooms:
        notes = [
            note
            for note, holds in (("you are in", line.inside), ("private", line.private))
            if holds
        ]
        noted = f" ({', '.join(notes)})" if notes else ""
        topic = f"  {line.topic}" if line.topic else ""
        lines.append(f"--   {line.room:<{width}}  {line.count}{noted}{topic}")
    rest = answer.count - len(answer.rooms)
    more = [f"--   and {rest} more"] if rest else []
    return ["-- rooms, and how many are in:", *lines, *more]


def _profile(answer: Profile, times: Times) -> list[str]:
    owned = "owns the name" if answer.owned else "is a guest"
    since = f" since {times.stamp(answer.since)}" if answer.since else ""
    if not answer.here:
        return [f"-- {answer.name} {owned}{since}, and is not here: /msg leaves a message"]
    lines = [f"-- {answer.name} {owned}{since}, idle {durations.say(round(answer.idle))}"]
    if answer.away:
        lines.append(f"--   away: {answer.away}")
    if answer.devices > 1:
        lines.append(f"--   on {answer.devices} devices")
    if answer.rooms:
        lines.append(f"--   in {', '.join(answer.rooms)}")
    if answer.addresses:
        lines.append(f"--   from {', '.join(answer.addresses)}")
    return lines


def _account(answer: AccountInfo, times: Times) -> list[str]:
    return [
        f"-- {answer.name}, owned since {times.stamp(answer.since)} {times.zone_name}",
        f"--   devices here: {answer.devices}",
        f"--   in {', '.join(answer.rooms) or 'no room'}",
        f"--   owns {', '.join(answer.owns) or 'no room'}",
        f"--   ignores {', '.join(answer.ignores) or 'nobody'}",
        f"--   recovery codes left: {answer.codes}",
    ]


def _arrived(at: float, times: Times) -> str:
    return f"delivered {times.stamp(at)}" if at else "stored"


def _sanction(one: Sanction, times: Times) -> str:
    what = "banned" if one.kind == "ban" else "muted"
    until = f"until {times.stamp(one.until)}" if one.until else "forever"
    where = "" if one.room == LOBBY else f" in {one.room}"
    why = f": {one.reason}" if one.reason else ""
    return f"-- {one.target} is {what}{where} {until}, by {one.by}{why} (act {one.key})"


def _ruling(one: Ruling, times: Times) -> str:
    seconds = one.seconds if one.seconds >= 0 else None
    event = Moderated(0, one.by, one.verb, one.target or one.room, seconds, one.reason)
    undone = f"; undone by {one.undone}" if one.undone else ""
    where = "" if one.room == LOBBY else f" {one.room}"
    return f"-- {one.key}: {times.stamp(one.at)}{where} {moderated(event)}{undone}"


def _hits(answer: Hits) -> list[str]:
    if not answer.count and not answer.away:
        return [f"-- {answer.target} would hit nobody who is here"]
    here = f": {', '.join(answer.here)}" if answer.here else ""
    absent = f"; not here: {', '.join(answer.away)}" if answer.away else ""
    return [f"-- {answer.target} would hit {answer.count} here{here}{absent}"]


def listed(names: tuple[str, ...], count: int) -> str:
    more = count - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _others(count: int) -> str:
    if not count:
        return "nobody else is"
    return "1 other is" if count == 1 else f"{count} others are"


def _are(count: int) -> str:
    return "1 is" if count == 1 else f"{count} are"
