"""What of a text may leave for somebody's terminal: the one place that cleans.

``core/texts.py`` says which characters act on a terminal instead of being read, and lets none of
them in. Here they are taken out of all that leaves, wherever it comes from: the last gate, for what
was kept by another version, read from a file, or said by a server that is not ours.
"""

import json
import re

from twisted_chat.core.texts import ACTS, LOOKS, is_piled, without_piles

# ECMA-48: CSI; then the strings that OSC, DCS, APC, PM and SOS begin, ended by BEL or ST, or not
# ended; then any other escape of two or three characters.
_SEQUENCE = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?"
    "|(?:\x1b[]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
    "|\x1b[ -/]*[0-~]?"
)
_RAW = re.compile(f"{ACTS.pattern}|{LOOKS.pattern}")


def clean(text: str) -> str:
    """One line without what would act on a terminal; a tab becomes four spaces.

    Cleaning twice is cleaning once, and what may be said is unchanged.
    """
    if text.isprintable() and (text.isascii() or not is_piled(text)):  # nothing to look for
        return text
    text = _SEQUENCE.sub("", text.replace("\t", "    "))
    text = ACTS.sub(_flag, LOOKS.sub("", text))
    return without_piles(text) if is_piled(text) else text


def clean_lines(text: str) -> str:
    """The same for a text of several lines, each of which stays one."""
    return "\n".join(map(clean, text.split("\n")))


def escaped(line: str) -> str:
    """A line of JSON in which what acts on a terminal stands as an escape: it means the same, and
    can be shown as it is."""
    return line if line.isprintable() else _RAW.sub(_escape, line)


def _flag(found: re.Match[str]) -> str:
    return found["flag"] or ""


def _escape(found: re.Match[str]) -> str:
    return found["flag"] or json.dumps(found[0])[1:-1]
