"""A path at which one daemon listens, however the one before it has ended."""

import fcntl
import os
import socket
import stat
from pathlib import Path
from typing import Any

from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IProtocolFactory

ONLY_OURS = 0o600


class Taken(Exception):
    """It cannot be had; the sentence says why."""


class Place:
    """Holds the path for one daemon: the kernel lets go with the process, even a killed one.

    Twisted's own lock is a process id in a file. In a container, where a daemon has the same id
    each time, it takes one that was killed for one that lives.
    """

    def __init__(self, path: Path) -> None:
        """Raises Taken."""
        self.path = path
        try:
            lock = path.with_name(path.name + ".lock")
            self._fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, ONLY_OURS)
        except OSError as error:
            raise Taken(f"{path}: {error.strerror}") from None
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            make_way(path)
        except BlockingIOError:
            self.release()
            raise Taken(f"{path} is in use by another daemon") from None
        except Taken:
            self.release()
            raise

    def listen(self, reactor: Any, factory: IProtocolFactory) -> IListeningPort:
        """Nobody else can connect, from the first moment: the file is made with this mode, and not
        changed to it. Raises Taken."""
        umask = os.umask(0o777 & ~ONLY_OURS)
        try:
            port: IListeningPort = reactor.listenUNIX(str(self.path), factory, mode=ONLY_OURS)
        except CannotListenError as error:
            raise Taken(f"{self.path}: {error.socketError}") from None
        finally:
            os.umask(umask)
        return port

    def release(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def make_way(path: Path) -> None:
    """Take away a socket at which nobody listens any more. Raises Taken for anything else."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise Taken(f"{path} is there already, and is no socket")
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except BlockingIOError:
            pass  # so many wait there that no more fit
        except OSError as error:
            raise Taken(f"{path}: {error.strerror}") from None
    raise Taken(f"{path} is in use: somebody listens there")
