"""Passwords that are typed where all would read them."""

import re

from twisted_chat.core import refusals

# A command of this chat or another with a space, a dot or a wrong slash before it, and what is
# typed alone by those who take the chat for a place where one logs in.
_COMMANDS = "register|passwd|password|identify|login|logon|auth|nickserv|account"
_SLIPPED = re.compile(
    rf"(?:\s+/|\s*[.\\!:/]\s*/?)(?:{_COMMANDS})\b.*|\s*(?:register|passwd|identify)\s+\S+(?:\s+\S+)?\s*"
    r"|\s*(?:/?msg\s+)?nickserv:?\s+.*",
    re.IGNORECASE,
)


_BEGINS = frozenset(".\\!:/rRpPiInNmM")
"""With one of these they all begin, or with a space: every line that is said is looked at."""


def require_no_password(text: str) -> None:
    """Raises a Refusal for a line that looks as if a password stood in it."""
    first = text[:1]
    begins = first in _BEGINS or first.isspace()
    if begins and len(text) < 200 and _SLIPPED.fullmatch(text):
        word = re.search(_COMMANDS, text, re.IGNORECASE)
        command = "passwd" if word and word[0].lower() in ("passwd", "password") else "register"
        raise refusals.password_in_line(command)
