"""A secret in a file of its own, for both ends."""

import os
import stat
from pathlib import Path
from shlex import quote

from twisted_chat.core.passwords import FARTHEST


def first_line(path: Path) -> bytes:
    """Of a file that nobody but its owner may read. Raises OSError, or ValueError with words."""
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        line = file.readline(4 * FARTHEST + 2).rstrip(b"\r\n")
    if mode & 0o077:
        raise ValueError(f"others than its owner may read it: chmod 600 {quote(str(path))}")
    if not line.strip():
        raise ValueError("its first line is empty")
    return line
