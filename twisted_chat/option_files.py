"""The files that options name: read, or refused in a sentence that names the option."""

from dataclasses import dataclass
from pathlib import Path

from twisted.python.usage import UsageError

from twisted_chat.core.passwords import Secret
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.texts import admitted_lines, fault
from twisted_chat.secret_files import first_line

LONGEST_MOTD = 16384
"""Bytes: a screenful or two. Everyone who enters reads it."""


@dataclass(frozen=True, slots=True)
class MotdFile:
    """``name``: as it was asked for."""

    path: Path
    name: str

    def read(self) -> str:
        """What everyone reads on entering. Raises a UsageError."""
        try:
            text = self.path.read_text("utf-8")
        except OSError as error:
            raise UsageError(f"--motd {self.name}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise UsageError(f"--motd {self.name}: it is not UTF-8") from None
        if len(text.encode()) > LONGEST_MOTD:
            raise UsageError(f"--motd {self.name}: it is longer than {LONGEST_MOTD} bytes")
        for number, line in enumerate(text.split("\n"), 1):
            if why := fault(line):
                raise UsageError(f"--motd {self.name}: line {number} has {why}")
        return admitted_lines(text)


def read_secret(path: Path, name: str) -> Secret:
    """The first line of a file that nobody else may read. ``name``: as it was asked for. Raises a
    UsageError."""
    try:
        return Secret(first_line(path).decode())
    except OSError as error:
        why = error.strerror
    except UnicodeDecodeError:
        why = "its first line is not UTF-8"
    except (Refusal, ValueError) as error:
        why = str(error)
    raise UsageError(f"--password-file {name}: {why}")


def require_readable(path: Path, name: str) -> None:
    """Of a file of passwords that is missing, Twisted only warns. Raises a UsageError."""
    try:
        with path.open("rb"):
            return
    except OSError as error:
        raise UsageError(f"--auth file:{name}: {error.strerror}") from None
