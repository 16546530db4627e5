"""When two names look so much alike that one could be taken for the other.

Source: Unicode TR39, and less. What looks alike is told letter by letter, as names are shown: on a
terminal each letter has a column of its own, so nobody takes ``rn`` for ``m``.
"""

import re
import unicodedata
from collections.abc import Container
from functools import cache, lru_cache

_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU")
"""Those with letters that look like those of ASCII: whole names can be written in them so."""

_AS_IT_IS = re.compile("[a-z2-9]+")
_ALIKE = str.maketrans("I10_.", "llo--")
_FOR_LETTERS = str.maketrans("34578i", "eastbl")
"""What is written in place of letters: nobody takes 3 for e, but everybody reads Serv3r."""


@lru_cache(maxsize=8192)
def look(name: str) -> str:
    """What all names have in common that can be taken for this one, as it is shown.

    I, l and 1 are one letter, and so are O, o and 0; accents and points can be overlooked, and so
    can dots, dashes and underscores at the end.
    """
    if _AS_IT_IS.fullmatch(name):
        return name
    if not name.isascii():
        name = _without_accents(name).translate(_in_ascii())
    seen = name.translate(_ALIKE).lower()
    while "--" in seen:
        seen = seen.replace("--", "-")
    return seen.rstrip("-")


def plain(name: str) -> str:
    """What it is read as, where somebody wants it to be."""
    return look(name).replace("-", "").translate(_FOR_LETTERS)


def prepare() -> None:
    """Read the tables, which takes longer than anybody who is talking should wait."""
    _in_ascii()


class Looks:
    """Names by how they look; each with its folded form, by which it is found."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys: dict[str, tuple[str, ...]] = {}

    def add(self, name: str, key: str) -> None:
        seen = look(name)
        others = self._keys.get(seen)
        self._keys[seen] = (key,) if others is None else (*others, key)

    def drop(self, name: str, key: str) -> None:
        """It was added as often as it is dropped."""
        seen = look(name)
        keys = list(self._keys.pop(seen))
        keys.remove(key)
        if keys:
            self._keys[seen] = tuple(keys)

    def __contains__(self, name: object) -> bool:
        """Whether somebody's name can be taken for it, or is it."""
        return isinstance(name, str) and look(name) in self._keys

    def like(self, name: str, but: Container[str]) -> tuple[str, ...]:
        """Those that can be taken for this one, beside some."""
        found = self._keys.get(look(name))
        return () if found is None else tuple(key for key in found if key not in but)


def _without_accents(name: str) -> str:
    """And without the points of Hebrew and Arabic. Vowel signs of other scripts are letters."""
    return "".join(char for char in unicodedata.normalize("NFD", name) if not _is_accent(char))


def _is_accent(char: str) -> bool:
    """By its combining class (UAX 44): fixed positions of Hebrew and Arabic, above and below."""
    kind = unicodedata.combining(char)
    return kind >= 200 or 10 <= kind <= 35


@cache
def _in_ascii() -> dict[int, str]:
    """The letters of ASCII for those that look like them."""
    from homoglyphs_fork import Homoglyphs  # 60 ms, which a client or a script need not wait

    found: dict[int, str] = {}
    for char, others in Homoglyphs(categories=_SCRIPTS).table.items():
        twins = [other for other in others if other.isascii() and other.isalnum()]
        if twins and not char.isascii():
            found[ord(char)] = min(twins)
    return found
