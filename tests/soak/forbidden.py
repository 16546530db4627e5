"""What must be in no line that anybody's terminal or program gets: from docs/protocol.md."""

import re

_CONTROLS = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_HIDDEN = re.compile("[\x80-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")


def controls(line: bytes) -> bool:
    """In a line for a program, which may have any other character in a string."""
    return bool(_CONTROLS.search(line))


def forbidden(line: bytes) -> bool:
    """In a line for a person, given without its CR LF."""
    if controls(line):
        return True
    if line.isascii():
        return False
    try:
        return bool(_HIDDEN.search(line.decode()))
    except UnicodeDecodeError:
        return True
