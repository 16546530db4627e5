"""Pins: a server known by its key, where no authority vouches for its certificate.

A pin is curl's ``--pinnedpubkey``: ``sha256//`` and the SHA-256 of the key as certificates have it
(SubjectPublicKeyInfo, RFC 7469), in Base64. So it outlives a renewal with the same key.
"""

import hashlib
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

KIND = "sha256//"


def pin(certificate: "Certificate") -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = certificate.public_key()
    return pin_of(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def pin_of(key: bytes) -> str:
    """``key``: a SubjectPublicKeyInfo in DER."""
    return KIND + b64encode(hashlib.sha256(key).digest()).decode()


def read(typed: str) -> frozenset[str]:
    """Those in what somebody typed; several are parted by ``;``, as curl has them. Raises a
    ValueError with a sentence."""
    return frozenset(_whole(one.strip()) for one in typed.split(";"))


def _whole(typed: str) -> str:
    try:
        digest = b64decode(typed.removeprefix(KIND), validate=True)
    except ValueError:
        digest = b""
    if not typed.startswith(KIND) or len(digest) != hashlib.sha256().digest_size:
        raise ValueError(f"a pin is {KIND} and 44 characters of Base64, and not {typed}")
    return KIND + b64encode(digest).decode()
