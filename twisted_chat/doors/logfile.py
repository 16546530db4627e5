"""twistd's log file, which may be moved away, cut short, or be on a full disk while we write it.

A log that cannot be written must not end what it is about: what is lost of it is counted, and told
as soon as there is room.
"""

import os
import signal
import sys
from typing import Any

from twisted.python.logfile import LogFile


class FollowingLogFile(LogFile):
    """Goes on in a new file when somebody has moved the old one away (logrotate), at the end of it
    when it was cut short (copytruncate), and after a while when nothing could be written."""

    _lost = 0
    _why = ""

    def _openFile(self) -> None:
        """What is written goes to the end, wherever that is by then; Twisted's own file goes on
        where it was, and leaves a hole before it."""
        super()._openFile()
        self._file.close()
        end = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._file = os.fdopen(end, "ab", 0)
        self.size = os.fstat(self._file.fileno()).st_size

    def write(self, data: str | bytes) -> None:
        try:
            self._follow()
            if self._lost:
                super().write(f"{self._lost} entries are missing here: {self._why}\n")
                self._lost = 0
            super().write(data)
        except OSError as error:
            self._lost += 1
            self._why = error.strerror or str(error)

    def _follow(self) -> None:
        """Reopen it if it is not the file of that name any more."""
        if self.closed or not self._is_moved():
            return
        self._file.close()
        self.closed = True
        self._openFile()
        super().write("this log begins here: the one before was moved away\n")

    def _is_moved(self) -> bool:
        if self._file.closed:  # what is there now could not be opened the last time
            return True
        try:
            there = os.stat(self.path)
        except FileNotFoundError:
            return True
        ours = os.fstat(self._file.fileno())
        self.size = ours.st_size
        return (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino)


def logs_to_stdout(parent: Any) -> bool:
    """Whether the log of twistd or twist goes where the console is."""
    if parent is None:
        return False
    return twistd_logs_to_stdout(parent) or parent.get("logFile") is sys.stdout


def twistd_logs_to_stdout(parent: Any) -> bool:
    if parent is None or not parent.get("nodaemon"):
        return False
    elsewhere = parent.get("syslog") or parent.get("logger")
    return not elsewhere and parent.get("logfile") in (None, "", "-")


def path_of(twistd: Any) -> str | None:
    """Where twistd's log goes, if that is a file."""
    if twistd is None or "nodaemon" not in twistd or twistd.get("syslog") or twistd.get("logger"):
        return None
    path = twistd.get("logfile") or ("" if twistd["nodaemon"] else "twistd.log")
    return None if path in ("", "-", os.devnull) else path


def open_log(path: str, reactor: Any) -> FollowingLogFile:
    """SIGUSR1 rotates it, as it does twistd's own."""
    log: FollowingLogFile = FollowingLogFile.fromFullPath(path)
    if signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL:
        signal.signal(signal.SIGUSR1, lambda *_: reactor.callFromThread(log.rotate))
    return log
