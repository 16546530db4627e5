"""Where an export goes and an import comes from."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from twisted_chat.stores.database import Unusable


@contextmanager
def target(path: Path | None) -> Iterator[BinaryIO]:
    """Where an export goes: standard output, or a file, which gets its name when it is whole and
    which only its owner may read, for private messages are in it."""
    if path is None:
        with open(1, "wb", closefd=False) as stream:
            yield stream
    elif path.exists() and not path.is_file():  # a pipe, say
        with open(path, "wb") as stream:
            yield stream
    else:
        with whole(path.resolve()) as stream:
            yield stream


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    fd, made = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
    try:
        with open(fd, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(fd)
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise


def source(path: Path | None) -> BinaryIO:
    """Where an import comes from."""
    return open(0, "rb", closefd=False) if path is None else open(path, "rb")


def size_of(stream: BinaryIO) -> int:
    """Bytes, 0 if it is no file and that cannot be known."""
    about = os.fstat(stream.fileno())
    return about.st_size if stat.S_ISREG(about.st_mode) else 0


def require_elsewhere(path: Path | None, file: Path) -> None:
    """Raises Unusable for an export that would take the place of what it is made of."""
    if path is not None and path.resolve() == file.resolve():
        raise Unusable(f"{path} is the chat itself: --output wants another file")
