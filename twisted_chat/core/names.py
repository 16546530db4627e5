"""Which names are legal, and when two are the same."""

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from string import ascii_letters, digits
from typing import NoReturn

import precis_i18n

from twisted_chat.core import refusals
from twisted_chat.core.likeness import plain
from twisted_chat.core.widths import columns, fitting, width

LONGEST = 32
"""Characters in a name, and columns that it takes on a terminal: it stands before every line its
owner says, on 80 columns."""

FARTHEST = 4 * LONGEST
"""Characters beyond which nothing that is typed is worth asking PRECIS about: a name of some
thousand would hold up everyone for milliseconds."""

MARKS = 4
"""Marks on one letter of a name: what Hebrew and Vietnamese have, and no tower."""

OFFICES = frozenset({"server", "admin", "administrator", "operator", "root", "system", "chat"})
"""Folded names that would let their owner pass for the daemon or its operator."""

RESERVED = OFFICES | {"exit", "quit", "help"}
"""And those that, said alone on a line, do something else: nobody could be called by them."""

_OFFICES = frozenset(map(plain, OFFICES))
_BEGINNINGS = frozenset(
    char for char in ascii_letters + digits if plain(char) in {office[0] for office in _OFFICES}
)
"""Of a name that begins otherwise no more need be looked at, as of most."""
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)
_MARKS_ALLOWED = "_.-"
# Scripts that one language writes side by side (Unicode TR39, "highly restrictive").
_TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
_ANY = frozenset({"DIGIT", "COMBINING", "VARIATION"})
"""What stands with the letters of every script: the digits of ASCII, and marks that are no one
script's."""
_SCRIPT_OF = {"IDEOGRAPHIC": "CJK"}
_OF_A_SCRIPT = frozenset({"COMBINING CYRILLIC", "COMBINING LATIN", "COMBINING GLAGOLITIC"})


def legal(asked: str) -> str:
    """The name as it will be shown, for what somebody typed.

    Raises a Refusal that says what is allowed. Source: RFC 8265, UsernameCasePreserved, and less:
    letters, digits and ``_ . -``, so that no name can be mistaken for the chat's own punctuation.
    """
    return _legal(_bounded(asked))


@lru_cache(maxsize=1024)
def _legal(asked: str) -> str:
    """Whoever comes in is asked about several times. What is refused is not remembered."""
    name = _spelled(asked)
    if not any(map(str.isalpha, name)):
        raise refusals.name_not_legal("it has no letter")
    if fold(name) in RESERVED:
        raise refusals.name_reserved(name)
    if (name[0] in _BEGINNINGS or not name.isascii()) and plain(name) in _OFFICES:
        raise refusals.name_imitates(name)
    return name


def _bounded(asked: str) -> str:
    name = asked.strip()
    if not name:
        raise refusals.name_empty()
    if len(name) > FARTHEST:
        raise refusals.name_too_long(len(name), LONGEST)
    return name


def _spelled(name: str) -> str:
    """As it is shown, whatever it says. Raises a Refusal."""
    if not _PLAIN.fullmatch(name):
        name = _enforce("UsernameCasePreserved", name)
        _require_letters(name)
    if len(name) > LONGEST:
        raise refusals.name_too_long(len(name), LONGEST)
    if not name.isascii() and width(name) > LONGEST:
        raise refusals.name_too_wide(width(name), LONGEST)
    return name


def fold(name: str) -> str:
    """What two names that are the same have in common.

    For names of ASCII letters PRECIS does no more than ``lower``, at a hundred times the price.
    """
    if len(name) > FARTHEST or _PLAIN.fullmatch(name):
        return name.lower()
    try:
        return str(precis_i18n.get_profile("UsernameCaseMapped").enforce(name))
    except UnicodeEncodeError:
        return name.lower()  # not a legal name: equal to nobody's


def legal_room(asked: str) -> str:
    """The log of a room, for what somebody typed: ``#`` and the folded name. Raises a Refusal."""
    name = asked.strip().removeprefix("#")
    if not _begins_well(name):
        return _no_room(asked)
    try:
        return f"#{fold(_spelled(_bounded(f'a{name}')))[1:]}"
    except refusals.Refusal:
        return _no_room(asked)


def _begins_well(name: str) -> bool:
    return bool(name) and name[0].isalnum()


def _no_room(asked: str) -> NoReturn:
    raise refusals.room_not_legal(asked.strip()[:LONGEST], LONGEST - 1) from None


def free_name(wanted: str, taken: Container[str], alike: Container[str] = ()) -> str:
    """``wanted`` with the smallest number behind it that nobody has: ann, ann2, ann3 ...

    ``taken``: folded names; ``alike``: names as they are shown, which look like somebody's.

    Behind digits of another script that cannot stand (RFC 5893 forbids to mix them in names that
    are written from right to left): then it is "guest" with a number.
    """
    stem = wanted[: fitting(wanted, LONGEST - 6)].rstrip(_MARKS_ALLOWED)
    if not _is_legal(f"{stem}2"):
        stem = "guest"
    folded, number = fold(f"{stem}2")[:-1], 2  # a digit behind it changes nothing of the rest
    while f"{folded}{number}" in taken or f"{stem}{number}" in alike:
        number += 1
    return f"{stem}{number}"


def _is_legal(name: str) -> bool:
    try:
        return legal(name) == name
    except refusals.Refusal:
        return False


def _enforce(profile: str, name: str) -> str:
    try:
        return str(precis_i18n.get_profile(profile).enforce(name))
    except UnicodeEncodeError:
        raise refusals.name_not_legal("it has a character that names cannot have") from None


def _require_letters(name: str) -> None:
    """Letters, marks and digits of one script; the first is a letter or a digit."""
    if not name[0].isalnum():
        raise refusals.name_not_legal("it does not begin with a letter or a digit")
    marks = 0
    for char in name:
        if unicodedata.category(char)[0] not in "LMN" and char not in _MARKS_ALLOWED:
            raise refusals.name_not_legal("it has a character that names cannot have")
        marks = marks + 1 if not columns(char) else 0
        if marks > MARKS:
            raise refusals.name_not_legal(f"it has more than {MARKS} marks on one letter")
    scripts = {_script(char) for char in name if char not in _MARKS_ALLOWED} - _ANY
    if len(scripts) > 1 and not any(scripts <= allowed for allowed in _TOGETHER):
        raise refusals.name_not_legal("it mixes the letters of two scripts")


def _script(char: str) -> str:
    """The standard library has no script property; a word of the character's name is it, in marks
    and digits too: ``HEBREW ACCENT``, ``ARABIC-INDIC DIGIT``, ``EXTENDED ARABIC-INDIC DIGIT``."""
    words = unicodedata.name(char, "UNKNOWN").split(" ", 2)
    if words[0] == "EXTENDED" or " ".join(words[:2]) in _OF_A_SCRIPT:
        words = words[1:]
    script = words[0].partition("-")[0]
    return _SCRIPT_OF.get(script, script)
