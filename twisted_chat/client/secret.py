"""The password of somebody who is not asked for it: from a file, or from a keyring's program."""

import shlex
import subprocess
from pathlib import Path
from typing import NoReturn

from twisted_chat.client.servers import Server
from twisted_chat.client.where import WrongUse
from twisted_chat.secret_files import first_line

PATIENCE = 120.0
"""Seconds: a keyring may ask for a password of its own, at the terminal."""


def password_of(server: Server) -> str | None:
    """None if nothing says where it is. Raises WrongUse; of what was read no sentence has any."""
    if server.password_file:
        return _from_file(server.password_file)
    if server.password_command:
        return _from_command(server.password_command)
    return None


def _from_file(name: str) -> str:
    try:
        return first_line(Path(name).expanduser()).decode()
    except UnicodeDecodeError:
        why = "its first line is not UTF-8"
    except OSError as error:
        why = str(error.strerror)
    except (RuntimeError, ValueError) as error:  # there is no home; others may read it
        why = str(error)
    raise WrongUse(f"--password-file {name}: {why}")


def _from_command(typed: str) -> str:
    """Its stdin is empty, since ours is perhaps what is to be said."""
    try:
        done = subprocess.run(
            shlex.split(typed) or _nothing(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=PATIENCE,
            check=True,
        )
        password = done.stdout.partition(b"\n")[0].rstrip(b"\r").decode()
    except subprocess.CalledProcessError as error:
        why = f"it ended with status {error.returncode}"
    except subprocess.TimeoutExpired:
        why = "it has not ended by now"
    except UnicodeDecodeError:
        why = "its first line is not UTF-8"
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
    else:
        if password:
            return password
        why = "it printed nothing"
    raise WrongUse(f"--password-command: {why}")


def _nothing() -> NoReturn:
    raise ValueError("it names no program")
