"""A look at who is there, for words alone: nothing is said over such a connection, and nothing that
is seen makes anybody trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from service_identity import VerificationError
from service_identity.cryptography import extract_patterns
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator, IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.ssl import CertificateOptions, platformTrust
from zope.interface import implementer

from twisted_chat import pins
from twisted_chat.client.tls import Encrypted, name_host

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

DAY = "%Y-%m-%d"


@dataclass(frozen=True, slots=True)
class Seen:
    """``vouched``: an authority that this machine trusts has signed it. ``fits``: it is for the
    host that was asked for. ``names``: those that it is for."""

    version: str
    pin: str
    vouched: bool
    fits: bool
    names: tuple[str, ...]
    begins: datetime
    ends: datetime

    def days_left(self, now: float) -> int:
        return (self.ends - datetime.fromtimestamp(now, UTC)).days

    def trouble(self, host: str, now: float) -> str:
        """What is wrong with it, and what to do; empty for nothing. ``now``: since 1970."""
        today = datetime.fromtimestamp(now, UTC)
        if not self.vouched:
            return (
                f"nobody whom this machine trusts vouches for the certificate of {host}. If its "
                "owner has made it, name its key with --pin: ask the owner for it, by another way "
                f"than this, and see whether it is the one that came just now, {self.pin}"
            )
        if self.ends < today:
            return f"the certificate of {host} has expired on {self.ends:{DAY}}: tell who runs it"
        if self.begins > today:
            return (
                f"the certificate of {host} is good from {self.begins:{DAY}} on, and here it is "
                f"{today:{DAY}}: is the clock of this machine right?"
            )
        if not self.fits:
            names = ", ".join(self.names) or "nobody"
            return f"the certificate is for {names}, and not for {host}: use a name that it is for"
        return ""


@implementer(IOpenSSLClientConnectionCreator)
class Onlooker:
    """Takes any certificate, and remembers what is wrong with it."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._context = CertificateOptions(trustRoot=platformTrust()).getContext()
        self.connection: SSL.Connection | None = None
        self.errors: set[int] = set()
        self.certificate: Certificate | None = None

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        self.connection = SSL.Connection(self._context, None)
        self.connection.set_verify(SSL.VERIFY_PEER, self._note)
        name_host(self.connection, self._host)
        return self.connection

    def _note(self, connection: Any, certificate: Any, error: int, depth: int, good: int) -> bool:
        if not good:
            self.errors.add(error)
        if depth == 0:
            self.certificate = certificate.to_cryptography()
        return True


ABOUT_TIME = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED: the certificate tells that too."""


async def look(reactor: Any, inner: IStreamClientEndpoint, host: str) -> Seen:
    """Connect, see the certificate, and be gone. Raises what a connection raises, or NotTrusted in
    words where there is no TLS."""
    onlooker = Onlooker(host)
    nobody = Factory.forProtocol(Protocol)
    nobody.noisy = False
    protocol = await Encrypted(reactor, inner, onlooker, no_tls).connect(nobody)
    assert onlooker.connection is not None
    assert onlooker.certificate is not None
    version = onlooker.connection.get_protocol_version_name()
    protocol.transport.abortConnection()
    certificate = onlooker.certificate
    return Seen(
        version,
        pins.pin(certificate),
        not onlooker.errors - ABOUT_TIME,
        fits(certificate, host),
        names(certificate),
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def fits(certificate: "Certificate", host: str) -> bool:
    is_address = isIPAddress(host) or isIPv6Address(host)
    wanted = IPAddress_ID(host) if is_address else DNS_ID(host.encode("idna").decode())
    try:
        verify_service_identity(extract_patterns(certificate), [wanted], [])
    except VerificationError:
        return False
    return True


def names(certificate: "Certificate") -> tuple[str, ...]:
    """Hosts and addresses that it is for, as they stand in it."""
    from cryptography.x509 import ExtensionNotFound, SubjectAlternativeName

    try:
        them = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except (ExtensionNotFound, ValueError):
        return ()
    return tuple(str(one.value) for one in them)


async def no_tls(error: BaseException) -> str:
    """What the library says of somebody who does not speak TLS, or not ours, in words."""
    told = str(error)
    if ("version" in told and "alert" in told) or "unsupported protocol" in told:
        return "its TLS is too old: 1.2 is the oldest that is good enough"
    if "alert handshake failure" in told:
        return (
            "what listens there refuses TLS, as a chat without it does. Without --tls everybody on "
            "the way can read what is said"
        )
    if any(sign in told for sign in ("wrong version number", "record layer", "packet length")):
        return (
            "what listens there does not speak TLS. Without --tls it may be a chat, and everybody "
            "on the way can read what is said"
        )
    reasons = error.args[0] if error.args and isinstance(error.args[0], list) else []
    words = "; ".join(str(reason[-1]) for reason in reasons) or type(error).__name__
    return f"no TLS came about: {words}"


async def explain(
    reactor: Any, inner: IStreamClientEndpoint, host: str, now: float, error: BaseException
) -> str:
    """Why a server is not trusted: seen in a second look, since what fails does not say."""
    try:
        seen = await look(reactor, inner, host)
    except Exception as why:  # it is gone meanwhile, or it was no TLS from the first
        return str(why) or await no_tls(error)
    return seen.trouble(host, now) or await no_tls(error)
