"""What may be a password, the codes that stand in for a lost one, and the house's shared secret.

How an account's password is hashed is no matter of the core: that takes time and a thread.
"""

import hmac
from collections.abc import Callable, Sequence
from hashlib import sha256

import precis_i18n

from twisted_chat.core import names, refusals

SHORTEST = 8
"""Characters: the least that NIST SP 800-63B lets people choose."""

LONGEST = 128
"""Characters: more than anybody types, and as much as a password manager makes."""

FARTHEST = 4 * LONGEST
"""Characters as typed, before normalisation may join some: what is longer is not worth asking
PRECIS about, which takes a millisecond for so much."""

CODES = 8
"""Recovery codes at once: a card in a wallet."""

_CODE_BYTES = 10
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32: no i, l, o or u."""

_LOOK_ALIKE = str.maketrans("ilo", "110")


def prepared(typed: str) -> str:
    """The password for what somebody typed; what is hashed and compared is always this.

    Raises a Refusal. Source: RFC 8265, OpaqueString: the same characters typed on two keyboards
    are the same password; control characters are in none.
    """
    if len(typed) > FARTHEST:
        raise refusals.password_too_long(LONGEST)
    if not typed:
        raise refusals.password_too_short(SHORTEST)
    try:
        password = str(precis_i18n.get_profile("OpaqueString").enforce(typed))
    except UnicodeEncodeError:
        raise refusals.password_not_legal() from None
    if len(password) > LONGEST:
        raise refusals.password_too_long(LONGEST)
    return password


def legal_password(password: str, name: str) -> str:
    """The password that ``name`` gets who chose this one. Raises a Refusal.

    Length alone is asked for: rules on capitals and digits make passwords worse (SP 800-63B).
    """
    chosen = prepared(password)
    if len(chosen) < SHORTEST:
        raise refusals.password_too_short(SHORTEST)
    if names.fold(chosen.strip()) == names.fold(name):
        raise refusals.password_is_name()
    return chosen


def codes(randbytes: Callable[[int], bytes], count: int = CODES) -> tuple[str, ...]:
    """New recovery codes, such as ``k7mq-04tz-9v2a-xh3c``: 80 random bits each.

    ``randbytes``: gives so many bytes that nobody can guess, like ``os.urandom``.
    """
    return tuple(_written(randbytes(_CODE_BYTES)) for _ in range(count))


def code_hash(code: str) -> str:
    """What is kept of a code, in hexadecimal; case, dashes, spaces and look-alikes do not matter.

    One round of SHA-256 is right here, where a password needs Argon2: nobody tries 2**80 codes,
    however cheap a try is.
    """
    plain = "".join(char for char in code.lower() if char.isalnum())
    return _digest(plain.translate(_LOOK_ALIKE)).hex()


def used(code: str, hashes: Sequence[str]) -> tuple[str, ...] | None:
    """The hashes that are left when this code is used up; None if it is not one of them.

    All are compared, and each in full, so that the time does not tell which was nearly right.
    """
    given = code_hash(code)
    fits = [hmac.compare_digest(given, kept) for kept in hashes]
    if not any(fits):
        return None
    return tuple(kept for kept, fit in zip(hashes, fits, strict=True) if not fit)


class Secret:
    """A password that a house shares. Its text is not kept, so nothing can show or log it.

    One round of SHA-256, and no salt: it lives in memory beside the file that has it in plain
    text, and everyone who comes must be answered at once. Raises a Refusal where it cannot be a
    password.
    """

    __slots__ = ("_digest",)

    def __init__(self, typed: str) -> None:
        self._digest = _digest(prepared(typed))

    def fits(self, given: str) -> bool:
        """Compared in constant time."""
        try:
            digest = _digest(prepared(given))
        except refusals.Refusal:
            return False  # as it could not be set, it cannot be right
        return hmac.compare_digest(digest, self._digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._digest, other._digest)

    def __hash__(self) -> int:
        return hash(self._digest)

    def __repr__(self) -> str:
        return "<Secret>"


def _written(random: bytes) -> str:
    number = int.from_bytes(random, "big")
    letters = "".join(
        _LETTERS[number >> shift & 31] for shift in range(8 * len(random) - 5, -1, -5)
    )
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _digest(text: str) -> bytes:
    """``surrogatepass``: half a character is wrong, and no error."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
