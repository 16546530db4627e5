"""A file that keeps what was said and is not confirmed, for the next start after a ``kill -9``."""

import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from twisted_chat.client.sending import Send, SendState, Speech
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.lines_json import asked, write_request

SEVERAL = 9
"""Programs of one name at one chat, each of which has a file of its own."""


@dataclass(frozen=True, slots=True)
class Left:
    """What was left when a client ended: the lines that it said and that were not confirmed, and up
    to where it had read each log, by which it is found out which of them were kept."""

    sends: tuple[Send, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


class Draft:
    """``path``: where it is written; it is there only while something is not confirmed. One program
    at a time has it: the lock ends with the program, however that ends."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    def read(self) -> Left:
        """What the last run left. What cannot be read is set aside."""
        try:
            held = json.loads(self.path.read_text())
            sends = tuple(_send(one) for one in held["sends"])
            return Left(sends, {str(log): int(number) for log, number in held["places"].items()})
        except FileNotFoundError:
            return Left()
        except (OSError, ValueError, KeyError, TypeError, AttributeError, Refusal):
            with suppress(OSError):
                self.path.rename(self.path.with_suffix(".unreadable"))
            return Left()

    def write(self, sends: Iterable[Send], places: Iterable[tuple[str, int]]) -> None:
        """It is on the disk when this returns. Raises OSError."""
        lines = [json.loads(_request(send)) for send in sends if is_left(send)]
        held = json.dumps({"places": dict(places), "sends": lines}, ensure_ascii=False)
        fresh = self.path.with_suffix(".new")
        with open(fresh, "w", encoding="utf-8", opener=_private) as file:
            file.write(held)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(self.path)
        _sync(self.path.parent)

    def clear(self) -> None:
        """Everything is confirmed."""
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Another program may have it."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def draft(folder: Path, where: str, name: str) -> Draft:
    """One that no other program has: first one that was left. ``folder``: made if need be, and for
    nobody else to read. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = sha256(f"{name}@{where}".encode()).hexdigest()[:16]
    paths = [folder / f"{key}-{number}.draft" for number in range(1, SEVERAL + 1)]
    for path in sorted(paths, key=lambda path: not path.exists()):
        if (lock := _locked(path.with_suffix(".lock"))) is not None:
            return Draft(path, lock)
    raise OSError(f"{SEVERAL} programs are {name} at {where} already")


def is_left(send: Send) -> bool:
    """The next run has to know of it."""
    return send.state in (SendState.WAITING, SendState.SENT, SendState.UNSURE)


def _request(send: Send) -> bytes:
    return write_request(replace(send.request, once=send.once))


def _send(held: Mapping[str, Any]) -> Send:
    """Raises a Refusal, ValueError."""
    request, _ = asked(held)
    if not isinstance(request, get_args(Speech)) or not request.once:
        raise ValueError("it says nothing")
    return Send(replace(request, once=""), request.once)


def _locked(path: Path) -> int | None:
    """None if another program has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """The name is on the disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
