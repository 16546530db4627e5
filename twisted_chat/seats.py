"""Who is here, by which session, and which logs each session reads, from where on."""

from twisted_chat.core import names
from twisted_chat.core.chat import Arrival, Chat, Device, Member
from twisted_chat.core.events import EVERYONE, LOBBY, OPERATORS, inbox
from twisted_chat.core.requests import Enter
from twisted_chat.logs import Logs
from twisted_chat.ports import Asker, Session, Store
from twisted_chat.roomlog import RoomLog


class Seats:
    """``sessions``: the registry, by device; ``owners``: the reverse, and consoles too. ``starts``:
    from where a session reads on in logs that it does not follow yet."""

    def __init__(self, chat: Chat, logs: Logs, store: Store) -> None:
        self.sessions: dict[Device, Session] = {}
        self.owners: dict[Session, Device] = {}
        self.starts: dict[Session, dict[str, int]] = {}
        self._chat = chat
        self._logs = logs
        self._store = store

    def take(self, session: Session, device: Device, request: Enter, arrival: Arrival) -> None:
        """Somebody has come in."""
        self.sessions[device] = session
        self.owners[session] = device
        self.starts[session] = self._places(device, request, arrival)

    def console(self, session: Session, device: Device) -> None:
        """An operator sits down, and sees all that is said to all."""
        self.owners[session] = device
        for name in (LOBBY, EVERYONE, OPERATORS):
            self._logs.follow(session, name)

    def give_up(self, session: Session, device: Device) -> None:
        """She reads nothing any more."""
        member = device.member
        self.note_places(session, device)
        rooms = self._chat.logs_of(member)
        own = [LOBBY, EVERYONE, OPERATORS, inbox(member.key)]
        self._logs.unfollow_all(session, [*own, *rooms])
        self.starts.pop(session, None)
        self.owners.pop(session, None)
        self.sessions.pop(device, None)

    def follow_hers(self, session: Session, device: Device) -> None:
        """What she reads from the start, after the welcome; her rooms when she has joined them, and
        on one more device at once."""
        member = device.member
        self._follow(session, EVERYONE)
        if member.owned or self._logs.find(inbox(member.key)) is not None:
            for one in (session, *self.sessions_of(member)):  # she may have registered since
                self._follow(one, inbox(member.key))
        if len(member.devices) > 1:
            for room in () if self._chat.house.solo else member.rooms:
                self._follow(session, room.key)
            self.starts.pop(session)

    def seated(self, session: Session, device: Device) -> None:
        """The session knows who it is, by which it tells where she talks and whom she does not
        hear: what it has begun to read meanwhile is read accordingly."""
        for room in device.member.rooms:
            self._logs.turn(session, self._chat.log_of(room))
        self.heed(device.member)

    def joined(self, log: str, name: str, asker: Asker | None) -> None:
        """Who joins a room reads what comes after that, and so not her own coming; unless she has
        left it already. Where everybody is alone, the operators read it."""
        if log == OPERATORS:
            return
        device = self.owners.get(asker[0]) if asker is not None else None
        member = device.member if device is not None else self._chat.members.get(names.fold(name))
        now = self._chat.renamed.get(log, log)
        if member is None or now not in self._chat.logs_of(member):
            return
        for session in self.sessions_of(member):
            if not session.gone:
                self._follow(session, log)

    def withdraw(self, member: Member, log: str) -> None:
        """Who talked there talks in another of her rooms now."""
        for session in self.sessions_of(member):
            self._logs.unfollow(session, log)
            for room in member.rooms:
                self._logs.turn(session, self._chat.log_of(room))

    def moved(self, old: str, new: str) -> None:
        """The room has moved in the store too. Who left it meanwhile, by its new name, reads it no
        more; whose coming was under way to the old name reads it by the new one."""
        self._chat.renamed.pop(old, None)
        for session in self._logs.rename(old, new):
            device = self.owners.get(session)
            if device is None or not device.member.is_in(new):
                self._logs.unfollow(session, new)
        room = self._chat.rooms.get(new)
        for member in list(room.members.values()) if room is not None else ():
            for session in self.sessions_of(member):
                self._follow(session, new)

    def heed(self, member: Member) -> None:
        """Whom she does not hear may have changed."""
        for name in (*self._chat.logs_of(member), inbox(member.key)):
            if log := self._logs.find(name):
                for session in self.sessions_of(member):
                    log.heed(session)

    def probe(self, key: str) -> None:
        """Somebody asks for a name that somebody has: perhaps only her connection is left."""
        member = self._chat.members.get(key)
        for session in self.sessions_of(member) if member is not None else ():
            session.probe()

    def note_places(self, session: Session, device: Device) -> None:
        """Who lags has not read all that was said by now."""
        if self._store.archive is None:
            return
        member = device.member
        for room in member.rooms:
            log = self._logs.find(self._chat.log_of(room))
            read = log.read_by(session) if log is not None else None
            if read is not None:
                self._store.archive.left_off(room.key, member.name, max(read, device.left))

    def log(self, name: str) -> RoomLog:
        """A log of that name; what is told to one person is read by her alone."""
        log = self._logs.find(name)
        if log is None:
            log = self._logs.open(name)
            member = self._chat.members.get(name[1:]) if name[0] == "@" else None
            for session in self.sessions_of(member) if member is not None else ():
                log.follow(session)
        return log

    def sessions_of(self, member: Member) -> list[Session]:
        return [self.sessions[device] for device in member.devices if device in self.sessions]

    def _follow(self, session: Session, log: str) -> None:
        """From her place, if she has one there. What operators read she does not: in a solo chat
        that is all that is said."""
        if log == OPERATORS:
            return
        self._logs.follow(session, log, self.starts.get(session, {}).pop(log, None))

    def _places(self, device: Device, request: Enter, arrival: Arrival) -> dict[str, int]:
        """From where she reads on, in those logs in which it is not just from now on."""
        starts, place = dict(request.after), arrival.place
        if device.room is not None and place is not None:
            starts = {device.room.key: place.after}
            if max(self._logs.latest, self._store.latest) > place.last:
                starts[EVERYONE] = place.last  # told to all while she was let in
        if device.member.owned and self._store.archive is not None:
            key = device.member.key
            starts.setdefault(inbox(key), self._chat.read_up_to(key))
        floors = dict(self._chat.floors(starts))
        return {log: max(after, floors.get(log, 0)) for log, after in starts.items()}
