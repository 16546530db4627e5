"""From a server that is meant to a Twisted endpoint, and why there is no connection, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from twisted.internet.endpoints import HostnameEndpoint, clientFromString
from twisted.internet.error import ConnectError
from twisted.internet.interfaces import IStreamClientEndpoint

from twisted_chat.client.link import reason
from twisted_chat.client.servers import Server
from twisted_chat.client.where import WrongUse

__all__ = ["NotTrusted", "endpoint_of", "reason"]

NO_TLS_HERE = (
    "TLS needs packages that are not installed here: pip install 'twisted_chat[tls]' brings them"
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How the server is reached: ``endpoint`` with all that makes it safe, ``bare`` without TLS,
    for the doctor alone. ``password``: that of the name, or of the chat."""

    server: Server
    endpoint: IStreamClientEndpoint
    bare: IStreamClientEndpoint
    password: str | None = None


class NotTrusted(ConnectError):
    """There is a server, and it is not talked to. The sentence is all that people are told."""

    final = True
    """In a moment it is to be trusted as little."""

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.strerror = sentence

    def __str__(self) -> str:
        return str(self.strerror)


def reach_of(reactor: Any, server: Server, now: Callable[[], float], password: str | None) -> Reach:
    """Raises WrongUse."""
    return Reach(server, endpoint_of(reactor, server, now), bare(reactor, server), password)


def endpoint_of(reactor: Any, server: Server, now: Callable[[], float]) -> IStreamClientEndpoint:
    """Raises WrongUse. ``now``: seconds since 1970, by which a certificate is good or not."""
    inner = bare(reactor, server)
    if not server.tls:
        return inner
    try:
        from twisted_chat.client import look, tls
    except ImportError:
        raise WrongUse(NO_TLS_HERE) from None
    host = server.at.host if server.at is not None else ""
    return tls.Encrypted(
        reactor,
        inner,
        tls.checks(host, server.pins),
        lambda error: look.explain(reactor, inner, host, now(), error),
    )


def bare(reactor: Any, server: Server) -> IStreamClientEndpoint:
    """Without TLS. Raises WrongUse."""
    if server.at is not None:
        return HostnameEndpoint(reactor, server.at.host, server.at.port)
    try:
        endpoint: IStreamClientEndpoint = clientFromString(reactor, server.endpoint)
    except Exception as error:  # parsers raise whatever comes: ValueError, TypeError ...
        raise WrongUse(f"{server.endpoint} is no endpoint: {error}") from None
    return endpoint
