"""The chat of Twisted's tutorial: one ``sendLine`` for each other client and message."""

from twisted.internet import reactor
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import ITCPTransport
from twisted.internet.protocol import ServerFactory
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure


class NaiveChat(LineReceiver):
    """``others``: everyone who gave a name, this one too."""

    delimiter = b"\n"
    transport: ITCPTransport

    def __init__(self, others: dict["NaiveChat", bytes]) -> None:
        self.others = others

    def connectionMade(self) -> None:
        self.transport.setTcpNoDelay(True)
        self.sendLine(b"Welcome to the chat server! What's your name?\r")

    def connectionLost(self, reason: Failure | None = None) -> None:
        self.others.pop(self, None)

    def lineReceived(self, line: bytes) -> None:
        name = self.others.get(self)
        if name is None:
            self.others[self] = line
            self.sendLine(b"Hello " + line + b", you are now connected!\r")
            return
        for other in self.others:
            if other is not self:
                other.sendLine(name + b": " + line + b"\r")


class NaiveFactory(ServerFactory):
    noisy = False

    def __init__(self) -> None:
        self.people: dict[NaiveChat, bytes] = {}

    def buildProtocol(self, addr: object) -> NaiveChat:
        return NaiveChat(self.people)


def main() -> None:
    door = reactor.listenTCP(0, NaiveFactory(), backlog=1024, interface="127.0.0.1")
    address = door.getHost()
    assert isinstance(address, IPv4Address)
    print(f"[LISTENING] 127.0.0.1:{address.port}", flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
