"""The library: talk in a chat from a program, on any of Twisted's reactors."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IStreamClientEndpoint

from twisted_chat.client.attendance import Attendance
from twisted_chat.client.draft import draft as draft_of
from twisted_chat.client.entries import Entries
from twisted_chat.client.link import End, Habits, Link
from twisted_chat.client.protocol import ChatClientProtocol
from twisted_chat.client.replies import NoConnection, endpoint_at, of_kind, page, settle, words
from twisted_chat.client.seat import Seat
from twisted_chat.client.sending import UNDER_WAY, Send, SendState, Speech
from twisted_chat.core.events import Entry, TopicSet
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import (
    Answer,
    Entered,
    Goodbye,
    Outside,
    People,
    RoomList,
    TopicIs,
    Welcomed,
)
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    Act,
    Enter,
    History,
    Join,
    Part,
    Request,
    Rooms,
    Say,
    Search,
    Tell,
    Topic,
    Who,
)
from twisted_chat.speech.lines_json import Heard

__all__ = ["ChatClient", "NoConnection"]

T = TypeVar("T")

GHOST = 6
"""Times that a name is asked for by whoever comes back to it: a connection of hers that was lost
may have it for some seconds."""


class ChatClient:
    """Somebody who is in a chat, and comes back by herself when the connection is lost.

    ``docs/library.md`` has a bot in seventeen lines.

    Methods raise ``Refusal`` (``code``, ``sentence``) for what the chat refuses, and
    ``NoConnection`` when there is no connection and none will be made. What is said while the line
    is down waits, and is said once after it; what is asked waits too.

    ``link``: how it is with the connection.
    """

    def __init__(self, reactor: Any, endpoint: IStreamClientEndpoint, habits: Habits) -> None:
        """``connect`` makes one that is in."""
        self.link = Link(reactor, endpoint, habits)
        self._entries = Entries(self.link.hold, self.link.go_on)
        self._attendance: Attendance
        self._reactor = reactor
        self._in: Deferred[None] | None = None
        self._waiting: list[Deferred[None]] = []
        self._settling: dict[Send, Deferred[Entry]] = {}
        self._refusal: Refusal | None = None
        self._why = ""
        self._ghosts = 0
        self._returns = False
        self._closing = self._leaves = self._is_gone = False
        self._gone: Deferred[None] = Deferred()
        self._given: dict[str, int] = {}
        self._hears = False
        self._due: list[Callable[[], None]] = []

    @classmethod
    async def connect(
        cls,
        reactor: Any,
        where: str | IStreamClientEndpoint,
        name: str,
        *,
        password: str | None = None,
        house: str | None = None,
        rooms: Sequence[str] = (),
        after: Mapping[str, int] | None = None,
        reconnects: bool = True,
        draft: Path | None = None,
        habits: Habits | None = None,
    ) -> Self:
        """Come in by this name, and enter these rooms beside the lobby.

        ``where``: ``HOST[:PORT]``, or any of Twisted's endpoints. ``password``: of the name, if it
        is owned; ``house``: of the chat. ``after``: what ``places`` was. ``draft``: a folder in
        which is kept, on the disk before it is sent, what was said and is not confirmed; the next
        client of that name and place says once what a ``kill -9`` left there; of an endpoint only
        the kind is known, so that two chats want two folders. Returns when one is
        in all of the rooms. Raises Refusal if one is not let in, NoConnection if there is no
        connection, ValueError if ``where`` is none; with ``reconnects`` too: what was never there
        does not come back.
        """
        endpoint = endpoint_at(reactor, where) if isinstance(where, str) else where
        chat = cls(reactor, endpoint, replace(habits or Habits(), reconnects=reconnects))
        seat = Seat(name, password, house, after)
        chat._given = dict(after or {})
        chat._attendance = Attendance(seat, chat, reactor)
        chat._attendance.reopens = True
        if draft is not None:
            place = where if isinstance(where, str) else type(where).__name__
            chat._attendance.draft_of = partial(draft_of, draft, place)
        await chat._come_in(rooms)
        return chat

    async def _come_in(self, rooms: Sequence[str]) -> None:
        came = self._in = Deferred()
        running = Deferred.fromCoroutine(self.link.run(self))
        running.addCallback(self._ended)
        try:
            await came
            for room in rooms:
                if room not in self.rooms:
                    await self.join(room)
        except BaseException:
            self._closing = True
            self.link.stop()
            raise
        self._entries.rest()

    # who and where one is

    @property
    def name(self) -> str:
        """As the chat writes it."""
        return self._attendance.seat.name

    @property
    def rooms(self) -> tuple[str, ...]:
        return self._attendance.seat.rooms

    @property
    def room(self) -> str:
        """The one that was entered last."""
        return self._attendance.seat.room

    @property
    def places(self) -> dict[str, int]:
        """By log, the id up to which ``entries`` has given everything: as JSON has it, to be given
        as ``after`` by another process that goes on from there."""
        places = dict(self._attendance.seat.places())
        for entry in self._entries.unread():
            if entry.log in places:
                places[entry.log] = min(places[entry.log], entry.id - 1)
        return places

    @property
    def pending(self) -> tuple[Send, ...]:
        """What was said and is not kept, in order."""
        return self._attendance.sending.open

    # what one does

    async def say(self, room: str, text: str) -> Entry:
        """Say it; returns the entry when it is kept. A text of several lines is a paste."""
        return await self._said(Say(text, room))

    async def act(self, room: str, text: str) -> Entry:
        """``* name text``"""
        return await self._said(Act(text, room))

    async def tell(self, name: str, text: str) -> Entry:
        """In private. A guest who loses the connection before the receipt cannot know whether it
        was said: that raises Refusal too, with the code ``unsure``."""
        return await self._said(Tell(name, text))

    def send(self, room: str, text: str) -> Send:
        """Say it, and do not wait: how it is with it, its ``state`` says from now on. Raises
        Refusal if too many wait already."""
        self._require_link()
        return self._attendance.say(Say(text, room))

    async def join(self, room: str) -> Entered:
        return of_kind(Entered, await self.ask(Join(room)))

    async def leave(self, room: str) -> None:
        of_kind(Outside, await self.ask(Part(room)))

    async def topic(self, room: str, topic: str = "") -> TopicIs:
        """What the room is about; with a topic, set it, and ``-`` takes it away."""
        answer = await self.ask(Topic(room, topic))
        if isinstance(answer, Entry) and isinstance(answer.event, TopicSet):
            return TopicIs(answer.log, answer.event.topic)
        return of_kind(TopicIs, answer)

    async def who(self, prefix: str = "") -> People:
        return of_kind(People, await self.ask(Who(prefix)))

    async def list(self) -> RoomList:
        return of_kind(RoomList, await self.ask(Rooms()))

    async def history(self, room: str, what: str = "") -> Page:
        """``what``: so many lines (``50``), those of so long (``1h``), or of ``today``."""
        return page(await self.ask(History(what, room)))

    async def search(self, text: str) -> Page:
        return page(await self.ask(Search(text)))

    async def ask(self, request: Request) -> Answer | Entry:
        """Anything of ``twisted_chat.core.requests``; its answer, or the entry that it became."""
        while not self._attendance.entered:
            self._require_link()
            waiting: Deferred[None] = Deferred()
            self._waiting.append(waiting)
            await waiting
        answered: Deferred[Answer | Entry] = Deferred()
        self._attendance.ask(request, partial(settle, answered))
        return await self._urgently(answered)

    def entries(self) -> AsyncIterator[Entry]:
        """All that is said and done in one's rooms, and to all, and to one alone, what was said
        before one came too: each once, in order in each log, one's own as well. There is one such
        iterator, that begins with what came since ``connect``, or with the last 1000 of it where it
        is asked for later. It ends with ``close``, or when the connection is lost for good.

        Who reads slowly slows the connection: some hundreds of entries are in memory. But while an
        answer is waited for, all that comes before it is read too.
        """
        self._entries.begin()
        return self._entries

    async def close(self) -> None:
        """Leave, when all that was said is kept or refused."""
        if self._is_gone:
            return
        self._closing = True
        self._entries.end()
        self._leave_if_settled()
        await self._gone

    # what the link brings: see link.LinkListener

    def connected(self, connection: ChatClientProtocol) -> None:
        self._attendance.connected(connection)

    def heard(self, heard: Heard) -> None:
        """What follows in the program follows when all of it has been taken in."""
        self._hears = True
        try:
            self._attendance.heard(heard)
        finally:
            self._hears = False
        due, self._due = self._due, []
        for follows in due:
            follows()

    def unclear(self, why: str) -> None:
        """It is of a newer version: nothing that was asked for here."""

    def changed(self, link: Link | None = None) -> None:
        """Of the link, or of what waits to be sent."""

    def lost(self, end: End) -> None:
        self._attendance.lost()
        self._why = words(end)
        never_in = not self._attendance.seat.was_in and not self._ghosts
        left = self._closing and not self._attendance.sending.under_way
        self._leaves = False
        if never_in or left or self._refusal is not None:
            self.link.stop()

    def _ended(self, end: End) -> None:
        """There is no connection, and there will be none."""
        self._is_gone = True
        self._attendance.ends()
        self._entries.end()
        error: Exception = self._refusal or NoConnection(self._why)
        if self._in is not None:
            self._in.errback(error)
            self._in = None
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.errback(error)
        settling, self._settling = self._settling, {}
        for said in settling.values():
            said.errback(error)
        self._gone.callback(None)

    # what comes of what is asked: see attendance.Hearer

    def nameless(self) -> None:
        raise AssertionError("a program has a name")

    def entry(self, heard: Heard, own: Request | None) -> None:
        entry = heard.what
        assert isinstance(entry, Entry)
        if entry.id > self._given.get(entry.log, 0):  # or it is read for a draft's sake
            self._given[entry.log] = entry.id
            self._entries.add(entry)

    def answer(self, answer: Answer, request: Request | None) -> None:
        match answer:
            case Welcomed():
                self.link.settled()
                self._came_in()
            case Goodbye(why) if why and self._attendance.entered:
                self._refusal = Refusal("dismissed", why)

    def _came_in(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self._in is not None:
            waiting.append(self._in)
            self._in = None
        for one in waiting:
            self._then(partial(one.callback, None))
        if self._closing:
            self._then(self._leave_if_settled)

    def _then(self, follows: Callable[[], None]) -> None:
        if self._hears:
            self._due.append(follows)
        else:
            follows()

    def not_let_in(self, request: Enter, refusal: Refusal) -> None:
        """By a name that one had a moment ago a later try may come in."""
        returns = bool(request.after) or self._attendance.seat.was_in
        if refusal.code == "name-taken" and returns and self._ghosts < GHOST:
            self._ghosts += not self._attendance.seat.was_in
            self.link.drop()
        elif refusal.code in ("busy", "not-checked", "too-many-attempts") and returns:
            self.link.drop()
        else:
            self._refusal = refusal
            self.link.stop()

    # waiting for what was said

    async def _said(self, request: Speech) -> Entry:
        self._require_link()
        send = self._attendance.say(request)
        if send.state is SendState.REFUSED:
            raise Refusal(send.code, send.why)
        said: Deferred[Entry] = Deferred()
        self._settling[send] = said
        return await self._urgently(said)

    async def _urgently(self, answered: "Deferred[T]") -> T:
        self._entries.wait(True)
        try:
            return await answered
        finally:
            self._entries.wait(False)

    def becomes(self, send: Send) -> None:
        """Whoever waits for it is told when it is kept, or will not be."""
        if send.state not in UNDER_WAY:
            self._then(partial(self._tell, send))

    def unsaved(self, error: OSError) -> None:
        """What was promised cannot be had."""
        self._refusal = Refusal("not-saved", f"the draft cannot be written: {error}")
        self.link.stop()

    def _tell(self, send: Send) -> None:
        said = self._settling.pop(send, None)
        if said is not None and send.entry is not None:
            said.callback(send.entry)
        elif said is not None:
            self._attendance.drop(send)
            said.errback(Refusal(send.code or "unsure", send.why or "perhaps not sent"))
        if self._closing:
            self._leave_if_settled()

    def _leave_if_settled(self) -> None:
        """What is said is said before one leaves; where there is no connection any more, and one is
        not made, that is the end of it."""
        if self._attendance.sending.under_way or self._leaves:
            return
        if self._attendance.entered:
            self._leaves = True
            self._attendance.leave()
        else:
            self.link.stop()

    def _require_link(self) -> None:
        if self._is_gone or self._closing:
            raise self._refusal or NoConnection(self._why or "it was closed")
