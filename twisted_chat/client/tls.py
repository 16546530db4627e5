"""Connections under TLS: who is at the other end is known before a word is said.

Whether a certificate is good, Twisted's ``optionsForClientTLS`` decides; with pins, the key does
alone. There is no way down from here: what is not trusted is not talked to.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from OpenSSL import SSL
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.error import (
    ConnectError,
    ConnectionAborted,
    ConnectionDone,
    ConnectionLost,
)
from twisted.internet.interfaces import (
    IHandshakeListener,
    IOpenSSLClientConnectionCreator,
    IProtocolFactory,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.ssl import CertificateOptions, VerificationError, optionsForClientTLS
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from twisted_chat import pins
from twisted_chat.client.reaching import NotTrusted

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

HANDSHAKE = 10.0
"""Seconds for it, even far away: what listens there and says nothing does not speak TLS."""

Explain: TypeAlias = Callable[[BaseException], Awaitable[str]]


class NoHandshake(ConnectError):
    """The connection ended, or nothing came, before it was known who is there."""

    strerror = "the connection was closed while TLS began"

    def __str__(self) -> str:
        return self.strerror


@implementer(IOpenSSLClientConnectionCreator)
class Pinned:
    """Trusts these keys and no others, whoever vouches for them, and whatever host and days their
    certificate is for."""

    def __init__(self, host: str, trusted: frozenset[str]) -> None:
        self._host = host
        self._trusted = trusted
        self._context = CertificateOptions().getContext()

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        connection = SSL.Connection(self._context, None)
        connection.set_verify(
            SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT,
            lambda _, certificate, error, depth, good: (
                depth > 0 or self._is_trusted(certificate.to_cryptography(), protocol)
            ),
        )
        name_host(connection, self._host)
        return connection

    def _is_trusted(self, certificate: "Certificate", protocol: Any) -> bool:
        seen = pins.pin(certificate)
        if seen in self._trusted:
            return True
        protocol.failVerification(Failure(NotTrusted(wrong_pin(self._trusted, seen))))
        return False


def wrong_pin(trusted: frozenset[str], seen: str) -> str:
    return (
        f"that is another key than the one that is pinned: it has {seen}, and the pin is "
        f"{' or '.join(sorted(trusted))}. Either somebody stands between, or the server has a new "
        "key: ask who runs it, by another way than this"
    )


def name_host(connection: SSL.Connection, host: str) -> None:
    """Of several hosts at one address, the one that is meant. An address is none (RFC 6066)."""
    if host and not isIPAddress(host) and not isIPv6Address(host):
        connection.set_tlsext_host_name(host.encode("idna"))


def checks(host: str, trusted: frozenset[str]) -> Any:
    """What decides whether a server is the one that is meant."""
    return Pinned(host, trusted) if trusted else optionsForClientTLS(host)


class Handshakes(Factory):
    """One for each connection that is tried."""

    noisy = False

    def __init__(self, clock: Any, talking: IProtocolFactory) -> None:
        self._clock = clock
        self._talking = talking

    def buildProtocol(self, addr: Any) -> "Handshake":
        return Handshake(lambda: self._talking.buildProtocol(addr), self._clock)


@implementer(IHandshakeListener)
class Handshake(Protocol):
    """Waits for the handshake, and then makes room for the protocol that talks. ``done``: with
    that, or with why there is none."""

    def __init__(self, build: Callable[[], Any], clock: Any) -> None:
        self.done: Deferred[Any] = Deferred(lambda _: self._abort())
        self._build = build
        self._late = clock.callLater(HANDSHAKE, self._abort)

    def handshakeCompleted(self) -> None:
        self._late.cancel()
        talking = self._build()
        self.transport.wrappedProtocol = talking  # type: ignore[union-attr]
        talking.makeConnection(self.transport)
        self.done.callback(talking)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._late.active():
            self._late.cancel()
        if not self.done.called:
            self.done.errback(reason)

    def _abort(self) -> None:
        if self.transport is not None:
            self.transport.abortConnection()  # type: ignore[attr-defined]


@implementer(IStreamClientEndpoint)
class Encrypted:
    """``inner``, under TLS. Its Deferred fails with NotTrusted if the other end is not the one that
    is meant, in words that ``explain`` has found."""

    def __init__(
        self, reactor: Any, inner: IStreamClientEndpoint, creator: Any, explain: Explain
    ) -> None:
        self._reactor = reactor
        self._inner = inner
        self._creator = creator
        self._explain = explain

    def connect(self, factory: IProtocolFactory) -> "Deferred[Any]":
        return Deferred.fromCoroutine(self._connect(factory))

    async def _connect(self, factory: IProtocolFactory) -> Any:
        handshakes = Handshakes(self._reactor, factory)
        under_tls = TLSMemoryBIOFactory(self._creator, True, handshakes, clock=self._reactor)
        protocol: Any = await self._inner.connect(under_tls)
        try:
            return await protocol.wrappedProtocol.done
        except (SSL.Error, VerificationError) as error:
            raise NotTrusted(await self._explain(error)) from None
        except (ConnectionDone, ConnectionLost, ConnectionAborted):
            raise NoHandshake() from None
