"""Certificates as tests want them, and a server that shows one and greets."""

import ipaddress
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from twisted.internet import ssl
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import deferLater
from twisted.python.failure import Failure

from twisted_chat import pins

GREETING = b"Welcome to the chat server! What's your name?\r\n"
TODAY = datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Made:
    certificate: x509.Certificate
    pem: bytes

    @property
    def pin(self) -> str:
        return pins.pin(self.certificate)

    def trusted(self, folder: Path) -> str:
        """A file with it, for those who are to trust it."""
        file = folder / "trusted.pem"
        file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))
        return str(file)


@cache
def made(host: str = "localhost", begins: int = -10, days: int = 100) -> Made:
    """By its owner, for this host and 127.0.0.1 if that is ``localhost``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    hosts: list[x509.GeneralName] = [x509.DNSName(host)]
    if host == "localhost":
        hosts.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(TODAY + timedelta(days=begins))
        .not_valid_after(TODAY + timedelta(days=begins + days))
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Made(certificate, private + certificate.public_bytes(serialization.Encoding.PEM))


class Greeter(Protocol):
    """``heard``: what was said to it, over all connections; ``here``: those that there are."""

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.factory.here += 1
        self.transport.write(GREETING)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.here -= 1

    def dataReceived(self, data: bytes) -> None:
        self.factory.heard += data


@asynccontextmanager
async def listening(
    reactor: Any, shows: Made | None, kind: type[Protocol] = Greeter
) -> AsyncGenerator[tuple[int, Any], None]:
    """The port of somebody who greets, under TLS if there is a certificate to show."""
    factory: Any = Factory.forProtocol(kind)
    factory.noisy, factory.heard, factory.here = False, b"", 0
    if shows is None:
        port = reactor.listenTCP(0, factory, interface="127.0.0.1")
    else:
        options = ssl.PrivateCertificate.loadPEM(shows.pem).options()
        port = reactor.listenSSL(0, factory, options, interface="127.0.0.1")
    try:
        yield port.getHost().port, factory
    finally:
        await port.stopListening()
        while factory.here:
            await deferLater(reactor, 0.001)
