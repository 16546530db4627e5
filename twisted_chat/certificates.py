"""The certificates of a place that listens with TLS, and how others take their place meanwhile.

Twisted's ``tls:`` looks into its folder again only when somebody asks for a name that it does not
know: a certificate that was renewed under the same name would never be shown.
"""

from typing import Any

from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from zope.interface import implementer


@implementer(IOpenSSLServerConnectionCreator)
class Certificates:
    """Shows those of ``current`` to whoever connects; connections that are there keep theirs."""

    def __init__(self, current: Any) -> None:
        self.current = current

    def serverConnectionForTLS(self, protocol: Any) -> Any:
        return self.current.serverConnectionForTLS(protocol)

    @property
    def empty(self) -> bool:
        """There is nothing to show: no certificate has a name and its key."""
        return self.current.serverConnectionForTLS(None).get_certificate() is None


def of(endpoint: Any) -> Certificates | None:
    """Those of an endpoint, which can be replaced from now on; None where it has none of ours."""
    creator = getattr(endpoint, "connectionCreator", None)
    if creator is None or isinstance(creator, Certificates):
        return creator
    endpoint.connectionCreator = Certificates(creator)
    return endpoint.connectionCreator  # type: ignore[no-any-return]


def renew(endpoint: Any, fresh: Any) -> bool:
    """Show from now on what ``fresh``, the same endpoint read anew, has found. False where there is
    nothing to show."""
    ours, theirs = of(endpoint), of(fresh)
    if ours is None or theirs is None:
        return False
    ours.current = theirs.current
    return True
