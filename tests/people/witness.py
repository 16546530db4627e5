"""A chat that tells the model what is asked, when it is, and whether it was done."""

import re
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from tests.people.model import LOBBY, Device, Person, Room, Rules, Sanction, Token, fold
from twisted_chat.core import requests as ask
from twisted_chat.core.chat import Arrival, Chat, Moment
from twisted_chat.core.chat import Device as Real
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import Outcome, Remember
from twisted_chat.core.records import Ruling
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Enter, Request

WORD = re.compile(r"tok\d+kot")
"""What is said once, and by nobody else."""


@dataclass(frozen=True)
class Before:
    """What an act may change, as it was: a room's copy, and who was banned or muted."""

    verb: str
    there: Room
    room: Room
    sanctions: frozenset[Sanction]


class Witness(Chat):
    """``wrong``: what was done that may not be, and refused that may be."""

    def watch(self, rules: Rules) -> None:
        self.rules = rules
        self.wrong: list[str] = []
        self.real: dict[Real, Device] = {}
        self.known: dict[Real, Device] = {}
        self.console = Device(rules.server, 0)
        self.acts: dict[str, Before] = {}
        self.said: Callable[[Token], None] = lambda token: None

    # what is asked

    def perform(self, device: Real, request: Request, moment: Moment) -> list[Outcome]:
        there = self._steps(device, moment)
        may, before = self.may(there, request), self._before(there, request)
        try:
            outcomes = super().perform(device, request, moment)
        except Refusal as refusal:
            if may is True:
                self.wrong.append(f"{there.person.name} was refused {request}: {refusal}")
            raise
        if may is False:
            self.wrong.append(f"{there.person.name} did {request}")
        self._follow(there, request)
        self._note_acts(before, outcomes)
        return outcomes

    def arrive(self, device: Real, room: str, moment: Moment) -> list[Outcome]:
        there = self._steps(device, moment)
        gone = device not in self.real and there is not self.console
        outcomes = super().arrive(device, room, moment)
        if gone:
            self.wrong.append(f"{there.person.name} is gone, and enters {room}")
        elif not self.rules.may_join(there.person, room):
            self.wrong.append(f"{there.person.name} enters {room}")
        elif outcomes:
            self.rules.enters(there, room)
        return outcomes

    def enter(self, request: Enter, arrival: Arrival, moment: Moment) -> tuple[Real, list[Outcome]]:
        self.rules.step += 1
        self.rules.wall = moment.wall
        device, outcomes = super().enter(request, arrival, moment)
        if not self.rules.may_come(request.name, arrival.owned):
            self.wrong.append(f"{request.name} comes in")
        after = [log for log, _ in request.after]
        there = self.rules.comes(request.name, arrival.owned, after)
        self.real[device] = self.known[device] = there
        return device, outcomes

    def leave(self, device: Real, why: str) -> list[Outcome]:
        self.rules.step += 1
        outcomes = super().leave(device, why)
        if device in self.real:
            self.rules.leaves(self.real.pop(device))
        return outcomes

    def seen(self, device: Real, request: Request, page: Page) -> list[Outcome]:
        there = self._steps(device, self.moment)
        outcomes = super().seen(device, request, page)
        gone = device not in self.real and there is not self.console  # she takes nothing away
        if isinstance(request, ask.Redact) and not gone:
            self._redacts(there.person, page)
        return outcomes

    def sealed(self, device: Real, request: Request, hashed: str, chance: Any) -> list[Outcome]:
        there = self._steps(device, self.moment)
        outcomes = super().sealed(device, request, hashed, chance)
        if isinstance(request, ask.Register):
            self.rules.registers(there.person)
        return outcomes

    def _steps(self, device: Real, moment: Moment) -> Device:
        self.rules.step += 1
        self.rules.wall = moment.wall
        if device.member.key == "server":
            return self.console
        return self.real.get(device) or Device(Person(device.member.name), 0)

    # who may

    def may(self, device: Device, request: Request) -> bool | None:
        """None: that is no matter of these rules alone."""
        person, rules = device.person, self.rules
        match request:
            case ask.Say(room=key) | ask.Act(room=key) if key or not device.query:
                room = self._room(device, key)
                return self._is_heard_in(person, room, key) and rules.may_speak(person, room)
            case ask.Say() | ask.Act():
                return self._may_tell(person, device.query)
            case ask.Tell(to=name):
                return self._may_tell(person, fold(name))
            case ask.Join() | ask.Ignore() | ask.Unignore() if person is rules.server:
                return False  # a console is in no room, and reads everything
            case ask.Join(room=key):
                inside = rules.rooms.get(fold(key)) in person.rooms
                return None if inside or rules.may_join(person, fold(key)) else False
            case ask.Rename(name=name):
                return None if self._may_rename(person, name) else False
            case ask.Topic(topic=topic) if topic and not rules.may_speak(person, None):
                return False
            case ask.Invite() if not rules.may_speak(person, None):
                return False
            case ask.Kill() | ask.Announce():
                return rules.is_operator(person) and None
            case _:
                return None if self._has_power(device, request) else False

    def _is_heard_in(self, person: Person, room: Room | None, key: str) -> bool:
        """A console is in no room, and is heard in the lobby."""
        if room is None or (person is self.rules.server and key):
            return False
        return person in room.members or person is self.rules.server

    def _may_tell(self, person: Person, key: str) -> bool:
        there = key in self.rules.here or (self.rules.kept and key in self.rules.accounts)
        return there and key != person.key and self.rules.may_speak(person, None)

    def _may_rename(self, person: Person, name: str) -> bool:
        key, rules = fold(name), self.rules
        if key == person.key:
            return True
        if not all(rules.may_speak(person, room) for room in person.rooms):
            return False  # the mute would stay with the name
        free = key not in rules.here and key not in rules.accounts
        return free and not person.owned and not rules.holds("ban", LOBBY, key)

    def _has_power(self, device: Device, request: Request) -> bool:
        needed = self._rank_for(device, request)
        if not needed:
            return True
        room = self._room(device, getattr(request, "room", ""))
        if room is None:
            return False
        rank = self.rules.rank(device.person, room)
        return rank >= needed and self._is_below(device.person, room, request)

    def _rank_for(self, device: Device, request: Request) -> int:
        match request:
            case ask.Topic(topic=topic):
                return 1 if topic else 0
            case ask.Invite(room=key):
                room = self._room(device, key)
                return int(room is not None and room.private)
            case ask.Kick() | ask.Ban() | ask.Mute() | ask.Unban() | ask.Unmute() | ask.Bans():
                return 1
            case ask.Manage() | ask.Promote() | ask.Demote():
                return 2
            case _:
                return 0

    def _is_below(self, person: Person, room: Room, request: Request) -> bool:
        """Whom she acts on has less power there than she, or none."""
        if not isinstance(request, ask.Kick | ask.Ban | ask.Mute):
            return True
        key = fold(request.target)
        target = self.rules.here.get(key) or self.rules.accounts.get(key)
        if target is None or target is person:
            return True
        rank = self.rules.rank(target, room)
        return rank == 0 or rank < self.rules.rank(person, room)

    # what follows

    def _follow(self, device: Device, request: Request) -> None:
        person, rules = device.person, self.rules
        match request:
            case ask.Say(text, key) | ask.Act(text, key) if key or not device.query:
                self._says(text, person, self._room(device, key))
            case ask.Say(text) | ask.Act(text):
                self._tells(person, device.query, text)
            case ask.Tell(to, text):
                self._tells(person, fold(to), text)
            case ask.Reply(text) if device.written_by is not None:
                self._tells(person, device.written_by.key, text)
            case ask.Announce(text):
                self._says(text, person, None)
            case ask.Converse(name):
                device.query = fold(name)
            case ask.Join(key) if (room := rules.rooms.get(fold(key))) in person.rooms and room:
                rules.faces(device, room)
            case ask.Ignore(name) if name:
                person.deaf_to.setdefault(fold(name), rules.step)
            case ask.Unignore(name):
                person.deaf_to.pop(fold(name), None)
            case ask.Rename(name):
                rules.renames(person, name)
            case ask.Undo(number):
                self._undoes(self.acts[number])
            case _ if (room := self._room(device, getattr(request, "room", ""))) is not None:
                self._changes(person, room, request)

    def _changes(self, person: Person, room: Room, request: Request) -> None:
        """What is done to a room."""
        rules = self.rules
        match request:
            case ask.Part():
                rules.out(person, room)
            case ask.Topic(topic=topic) if topic:
                rules.sets_topic(_word(topic) if topic != "-" else "", person, room)
            case ask.Invite(name):
                key = fold(name)
                (rules.accounts.get(key) or rules.here[key]).invited.add(room)
            case ask.Manage(what, _, value):
                self._manages(room, what, value)
            case ask.Kick(target):
                self._puts_out(room, fold(target))
            case ask.Ban(target, duration):
                rules.sanctions_somebody("ban", room, fold(target), _seconds(duration))
                self._puts_out(room, fold(target))
            case ask.Mute(target, duration):
                rules.sanctions_somebody("mute", room, fold(target), _seconds(duration))
            case ask.Unban(target):
                rules.lifts("ban", room.key, fold(target))
            case ask.Unmute(target):
                rules.lifts("mute", room.key, fold(target))
            case ask.Promote(name):
                room.hosts, room.made = room.hosts | {fold(name)}, True
            case ask.Demote(name):
                room.hosts, room.made = room.hosts - {fold(name)}, True

    def _manages(self, room: Room, what: str, value: str) -> None:
        rules, room.made = self.rules, True
        match what, value:
            case "set", "invite-only":
                rules.closes(room)
            case "set", "open":
                rules.opens(room)
            case "set", "listed" | "unlisted":
                room.listed = value == "listed"
            case "transfer", name:
                room.owner, room.hosts = fold(name), room.hosts - {fold(name)}
            case "rename", key:
                rules.moves(room, key)
            case "delete", _:
                rules.deletes(room)

    def _puts_out(self, room: Room, key: str) -> None:
        """Out of the lobby is out of the chat: then her devices leave."""
        if room.key != LOBBY:
            for person in [one for one in room.members if one.key == key]:
                self.rules.out(person, room)

    def _tells(self, by: Person, key: str, text: str) -> None:
        to = self.rules.here.get(key) or self.rules.accounts.get(key)
        to = self.rules.server if to is None else to
        for device in to.devices:
            device.written_by = by
        self._says(text, by, None, to)

    def _says(self, text: str, by: Person, room: Room | None, to: Person | None = None) -> None:
        """One thing, in which there may be several words: of lines that came at once."""
        for word in WORD.findall(text):
            self.said(self.rules.says(word, by, room, to))

    def _redacts(self, person: Person, page: Page) -> None:
        text = getattr(page.entries[-1].event, "text", "")
        for token in [self.rules.tokens[word] for word in WORD.findall(text)]:
            hers = token.key == person.key
            if token.room is None or not (hers or self.rules.rank(person, token.room) > 0):
                self.wrong.append(f"{person.name} takes {token.word} away")
            token.redacted = self.rules.step

    # acts, and how they are undone

    def _before(self, device: Device, request: Request) -> Before | None:
        room = self._room(device, getattr(request, "room", ""))
        if room is None:
            return None
        kind = type(request).__name__
        verb = getattr(request, "what", "") if kind == "Manage" else kind
        was = copy(room)
        was.hosts = set(room.hosts)
        on = fold(getattr(request, "value", getattr(request, "target", "")))
        return Before(f"{verb} {on}", room, was, self._sanctions())

    def _sanctions(self) -> frozenset[Sanction]:
        return frozenset(self.rules.sanctions)

    def _note_acts(self, before: Before | None, outcomes: list[Outcome]) -> None:
        for outcome in outcomes:
            match outcome:
                case Remember(Ruling(key=number)) if before is not None:
                    self.acts.setdefault(number, before)

    def _undoes(self, act: Before) -> None:
        rules, room, was = self.rules, act.there, act.room
        if act.verb.split()[0] not in ("Ban", "Unban", "Mute", "Unmute"):
            room.made = was.made  # what is remembered of it may be nothing, as before
        match act.verb.split():
            case ["set", "invite-only"]:
                if not was.private:
                    rules.opens(room)
                room.listed = was.listed
            case ["set", "open"]:
                if was.era is not None:
                    room.era, was.era.over = was.era, False
                    room.era.readers |= room.members
                    room.secret_since = rules.step
                room.listed = was.listed
            case ["set", _]:
                room.listed = was.listed
            case ["Topic", *_]:
                self._topic_again(room, was.topic)
            case ["Promote" | "Demote", *_] | ["transfer", _]:
                room.owner, room.hosts = was.owner, set(was.hosts)
            case ["Ban" | "Unban", target]:
                self._as_before(act, "ban", target)
            case ["Mute" | "Unmute", target]:
                self._as_before(act, "mute", target)

    def _topic_again(self, room: Room, topic: Token | None) -> None:
        if room.topic is not None:
            room.topic.ended = True
        if topic is not None:
            topic.ended = False
        room.topic = topic

    def _as_before(self, act: Before, kind: str, target: str) -> None:
        room = act.there
        self.rules.lifts(kind, room.key, target)
        for one in act.sanctions:
            if (one.kind, one.room, one.target) == (kind, act.room.key, target):
                self.rules.sanctions.add(Sanction(kind, room.key, target, one.until))
                if kind == "ban":
                    self._puts_out(self.rules.rooms.get(room.key, room), target)

    def _room(self, device: Device, key: str) -> Room | None:
        if key:
            return self.rules.rooms.get(fold(key))
        return device.room or self.rules.rooms[LOBBY]


def _word(text: str) -> str:
    found = WORD.search(text)
    assert found is not None, text
    return found[0]


def _seconds(duration: str) -> float:
    return float(duration[:-1]) if duration.endswith("s") else 0.0
