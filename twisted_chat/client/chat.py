"""The library: talk in a chat from a program, on any of Twisted's reactors."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Self

from twisted.internet.interfaces import IStreamClientEndpoint

from twisted_chat.client.link import Habits, Link
from twisted_chat.client.sending import Send
from twisted_chat.core.events import Entry
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import Answer, Entered, People, RoomList, TopicIs
from twisted_chat.core.requests import Request


class ChatClient:
    """Somebody who is in a chat, and comes back by herself when the connection is lost.

    ::

        async def main(reactor):
            chat = await ChatClient.connect(reactor, "localhost:9999", "bot")
            async for entry in chat.entries():
                if isinstance(entry.event, Said) and entry.event.text == "ping":
                    await chat.say(entry.log, "pong")

        react(lambda reactor: Deferred.fromCoroutine(main(reactor)))

    Methods raise ``Refusal`` (``code``, ``sentence``) for what the chat refuses, and ``Gone`` when
    there is no connection and none will be made. What is said while the line is down waits, and is
    said once after it.

    ``name``, ``rooms`` and ``room`` (where one talks) are as the chat has them now. ``places``: by
    log, the last id that was read; give it as ``after`` to go on from there in another process.
    ``link``: how it is with the connection.
    """

    name: str
    rooms: tuple[str, ...]
    room: str
    places: Mapping[str, int]
    link: Link

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
        habits: Habits | None = None,
    ) -> Self:
        """Come in by this name, and enter these rooms beside the lobby.

        ``where``: ``HOST[:PORT]``, or any of Twisted's endpoints. ``password``: of the name, if it
        is owned; ``house``: of the chat. ``after``: what ``places`` was. Returns when one is in all
        of the rooms. Raises Refusal if one is not let in, ``CannotConnect`` if there is no
        connection, with ``reconnects`` too: what was never there does not come back.
        """
        raise NotImplementedError

    async def say(self, room: str, text: str) -> Entry:
        """Say it; returns the entry when it is kept. A text of several lines is a paste."""
        raise NotImplementedError

    async def act(self, room: str, text: str) -> Entry:
        """``* name text``"""
        raise NotImplementedError

    async def tell(self, name: str, text: str) -> Entry:
        """In private."""
        raise NotImplementedError

    def send(self, room: str, text: str) -> Send:
        """Say it, and do not wait: how it is with it, its ``state`` says from now on. Raises
        Refusal if too many wait already."""
        raise NotImplementedError

    async def join(self, room: str) -> Entered:
        raise NotImplementedError

    async def leave(self, room: str) -> None:
        raise NotImplementedError

    async def topic(self, room: str, topic: str | None = None) -> TopicIs:
        """What the room is about; with a topic, set it, and ``-`` takes it away."""
        raise NotImplementedError

    async def who(self, prefix: str = "") -> People:
        raise NotImplementedError

    async def list(self) -> RoomList:
        raise NotImplementedError

    async def history(self, room: str, what: str = "") -> Page:
        """``what``: so many lines (``50``), those of so long (``1h``), or of ``today``."""
        raise NotImplementedError

    async def search(self, text: str) -> Page:
        raise NotImplementedError

    async def ask(self, request: Request) -> Answer | Entry:
        """Anything of ``twisted_chat.core.requests``; its answer, or the entry that it became."""
        raise NotImplementedError

    def entries(self) -> AsyncIterator[Entry]:
        """All that is said and done in one's rooms, and to all, and to one alone, what was said
        before one came too: each once, in order in each log, one's own as well. There is one such
        iterator; it ends with ``close``, or when the connection is lost for good. Who reads slowly
        slows the connection, and holds nothing in memory but a page."""
        raise NotImplementedError

    async def close(self) -> None:
        """Leave, when all that was said is kept or refused."""
        raise NotImplementedError
