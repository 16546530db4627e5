"""The certificates of a place that listens with TLS, and how others take their place meanwhile.

Twisted's ``tls:`` looks into its folder again only when somebody asks for a name that it does not
know: a certificate that was renewed under the same name would never be shown.
"""

import re
from pathlib import Path
from typing import Any

from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from zope.interface import implementer

from twisted_chat import pins

PEM = re.compile(rb"-----BEGIN ([^-]+)-----.*?-----END \1-----", re.DOTALL)


class Unusable(Exception):
    """A folder cannot be used, and in words why."""


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
        return self._first is None

    @property
    def pin(self) -> str | None:
        """Of what is shown where no name is asked for, if nobody else vouches for it."""
        if self.empty:
            return None
        shown = self._first.to_cryptography()
        return pins.pin(shown) if shown.issuer == shown.subject else None

    @property
    def _first(self) -> Any:
        return self.current.serverConnectionForTLS(None).get_certificate()


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


def look_through(base: Path, name: str) -> None:
    """What is in a folder, before Twisted reads it: that would ask the terminal for the passphrase
    of a key, and tell of no file by its name. Raises Unusable."""
    if not name:
        raise Unusable("it names no folder: tls:FOLDER:PORT")
    folder = base / name
    if not folder.is_dir():
        raise Unusable(f"there is no folder {name}")
    files = [path for path in sorted(folder.rglob("*.pem")) if path.is_file()]
    if not files:
        raise Unusable(f"{name} holds no .pem file")
    for path in files:
        shown = Path(name, path.relative_to(folder))
        try:
            found = path.read_bytes()
        except OSError as error:
            raise Unusable(f"{shown}: {error.strerror}") from None
        for block in PEM.finditer(found):
            _require_usable(shown, block[1].decode("ascii", "replace"), block[0])


def _require_usable(path: Path, kind: str, pem: bytes) -> None:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    if "ENCRYPTED" in kind or b"ENCRYPTED" in pem.partition(b"\n\n")[0]:
        raise Unusable(f"{path}: its key has a passphrase, which nobody would be there to type")
    try:
        if kind == "CERTIFICATE":
            load_pem_x509_certificate(pem)
        elif kind.endswith("PRIVATE KEY"):
            load_pem_private_key(pem, None)
        else:
            raise Unusable(f"{path}: {kind} is neither a certificate nor a key; take it out")
    except (ValueError, TypeError):
        raise Unusable(f"{path}: its {kind.lower()} is damaged") from None


def traces(folder: Path) -> frozenset[tuple[str, int, int]]:
    """What tells whether anything in a folder is another than before: names, times and sizes."""
    found = set()
    for path in folder.rglob("*.pem"):
        try:
            seen = path.stat()
        except OSError:
            continue  # it has just gone, or is a link that leads nowhere: it is not there
        found.add((str(path), seen.st_mtime_ns, seen.st_size))
    return frozenset(found)
