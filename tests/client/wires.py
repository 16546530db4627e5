"""A whole chat in memory, and an endpoint that leads to it: for clients that come and go."""

from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionLost, ConnectionRefusedError
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint
from twisted.internet.task import Clock
from twisted.python.failure import Failure
from twisted.test.iosim import FakeTransport, IOPump, connect
from zope.interface import implementer

from tests.doors.house import House, KeepingStore, Shelf
from tests.doors.test_line import TextSpeech
from tests.times import NOW
from twisted_chat.core.chat import Chat
from twisted_chat.core.chat import House as ChatHouse
from twisted_chat.stores.memory import MemoryStore


@implementer(IStreamClientEndpoint)
class Place:
    """Where a chat is, or is not: ``up``. ``kept``: it keeps what is said."""

    def __init__(self, kept: bool = True) -> None:
        self.up = True
        self.tries = 0
        self.clock = Clock()
        self._kept = kept
        self._shelf = Shelf()
        self._wires: list[tuple[IOPump, Any, Any]] = []
        self.house = self._made()

    def _made(self) -> House:
        house = House(TextSpeech())
        house.clock = self.clock
        house.store = MemoryStore(self._now)
        if self._kept:
            house.chat = Chat(ChatHouse(kept="forever"))
            house.store = KeepingStore(self._now, self._shelf)
        return house.open()

    def _now(self) -> float:
        return NOW + self.clock.seconds()

    def connect(self, factory: IProtocolFactory) -> "Deferred[Any]":
        self.tries += 1
        if not self.up:
            return fail(ConnectionRefusedError())
        client: Any = factory.buildProtocol(None)  # type: ignore[arg-type]
        server: Any = self.house.factory.buildProtocol(None)
        ends = FakeTransport(server, isServer=True), FakeTransport(client, isServer=False)
        pump = connect(server, ends[0], client, ends[1], clock=self.clock)
        self._wires.append((pump, server, client))
        return succeed(client)

    def settles(self) -> None:
        """All ends have read all that was sent, and all that is joined and paced is out."""
        for _ in range(5):
            for pump, _server, _client in list(self._wires):
                pump.flush()
            self.house.turn()

    def arrives(self, name: str) -> None:
        """What she has sent arrives, and what is answered does not yet."""
        sessions: dict[Any, Any] = dict(self.house.hub.sessions)
        doors = [session.door for device, session in sessions.items() if device.member.name == name]
        for pump, server, _client in self._wires:
            if server in doors:
                server.dataReceived(pump.clientIO.getOutBuffer())

    def passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.settles()

    def cut(self) -> None:
        """Every connection is gone, and what was on its way with it."""
        wires, self._wires = self._wires, []
        for _, server, client in wires:
            for end in (server, client):
                end.connectionLost(Failure(ConnectionLost()))
        self.house.turn()

    def dies(self) -> None:
        """As by kill -9: what was kept is kept, and nothing else is known any more."""
        wires, self._wires = self._wires, []
        self.house = self._made()
        for _, _server, client in wires:
            client.connectionLost(Failure(ConnectionLost()))
