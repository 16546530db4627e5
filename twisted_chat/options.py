"""What ``twistd chat`` takes on its command line, checked before anything is started."""

import os
import resource
import stat
import sys
from collections.abc import Callable, Sequence
from math import inf
from pathlib import Path
from shlex import quote
from typing import Any, ClassVar, NoReturn

from twisted.cred import strcred
from twisted.cred.credentials import IUsernamePassword
from twisted.internet.endpoints import serverFromString
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.python import usage

from twisted_chat import __version__
from twisted_chat.core import durations, names
from twisted_chat.core.history import Keep
from twisted_chat.core.passwords import FARTHEST, Secret
from twisted_chat.core.refusals import Refusal

OTHER_FILES = 128
"""Files beside the clients': standard streams, logs, stores, listening sockets, and those clients
that are just being told that the chat is full."""

BURST = 4.0
"""Seconds' worth of lines that may come at once: a pasted verse, not a pasted book."""

DURABILITIES = ("power", "process")
WHO_OPENS_ROOMS = ("free", "operators")

MOST_REPLAYED = 1000
"""Lines: more than a terminal keeps of what has scrolled away."""

LONGEST_SOCKET = 107
"""Bytes of the path of a UNIX socket (unix(7))."""

LONGEST_MOTD = 16384
"""Bytes: a screenful or two. Everyone who enters reads it."""


class Options(usage.Options, strcred.AuthOptionMixin):
    """Raises SystemExit with one line on stderr for whatever cannot be used."""

    supportedInterfaces = (IUsernamePassword,)

    synopsis = "[options]"
    longdesc = "A chat for terminals. With no options it listens on port 9999 of this machine only."

    optParameters: ClassVar[list[list[Any]]] = [
        ["port", "p", None, "The port to listen on  [default: 9999]"],
        ["interface", "i", None, "The address to listen on; 0.0.0.0 for all  [default: 127.0.0.1]"],
        ["max-clients", "m", "500", "Connections at once; more are turned away in words"],
        ["handshake-timeout", None, "60s", "Time to give a name"],
        ["idle-timeout", None, "forever", "Time after which those who say nothing must go"],
        ["rate", "r", "5", "Lines a second that one client may send in the long run; 0: no limit"],
        ["max-line", None, "4096", "Bytes in a line"],
        ["flush-delay", None, "0", "Milliseconds in which a busy room's lines are joined"],
        ["motd", None, None, "A file whose text everyone reads on entering"],
        [
            "store",
            "s",
            "sqlite:chat.sqlite",
            "The file in which what is said is kept; memory: keeps nothing",
        ],
        ["keep", "k", "forever", "For how long: 30d, or the last 10000 lines of each room"],
        [
            "durability",
            None,
            "power",
            "What a line outlives that anybody has seen: power, a power cut; process, kill -9",
        ],
        ["replay", None, "20", "Lines that who enters is shown of what was said before"],
        ["stall-timeout", None, "5m", "Time after which those who read nothing must go"],
        ["password-file", None, None, "A file whose first line everyone must know to enter"],
        ["rooms", None, "free", "Who may open a room: free, everyone; operators, they alone"],
        ["admin", None, None, "A console for operators on a socket: unix:/run/chat/admin.sock"],
    ]
    optFlags: ClassVar[list[list[Any]]] = [
        ["no-console", None, "No operator's console on stdin and stdout"],
        ["confirm", None, "Confirm each line to who said it"],
        ["solo", None, "Everyone talks to the server alone: confirmed, and passed on to nobody"],
        ["exit-stops-server", None, "A client's exit shuts the server down"],
        ["members-only", None, "Only those who have an account may enter"],
    ]

    def __init__(self) -> None:
        super().__init__()
        self["listen"] = []
        self["operators"] = ()
        self["credCheckers"] = []

    def opt_listen(self, description: str) -> None:
        """Listen there too: any Twisted endpoint, such as tcp:9999, unix:/run/chat.sock,
        tls:/etc/chat/certificates:9998. May be given several times."""
        self["listen"].append(description)

    def opt_operator(self, typed: str) -> None:
        """A name whose account is an operator's. May be given several times."""
        try:
            name = names.fold(names.legal(typed))
        except Refusal as refusal:
            raise usage.UsageError(f"--operator {typed}: {refusal}") from None
        if name not in self["operators"]:
            self["operators"] = (*self["operators"], name)

    def opt_auth(self, description: str) -> None:
        """Who else knows names and passwords, such as file:/etc/chat/passwords. May be given
        several times."""
        # not in what is said of it: an argument may be a password
        kind, _, argument = description.partition(":")
        try:
            if kind == "file" and argument.strip():
                require_readable(argument)
            self.addChecker(strcred.makeChecker(description))
        except (strcred.InvalidAuthType, strcred.UnsupportedInterfaces):
            known = "--help-auth shows which there are"
            raise usage.UsageError(f"--auth {kind}: it checks no passwords; {known}") from None
        except usage.UsageError:
            raise
        except Exception as error:  # checkers are plugins: they raise whatever comes
            why = " ".join(str(error).split()) or type(error).__name__
            raise usage.UsageError(f"--auth {kind}: {why}") from None

    def opt_version(self) -> NoReturn:
        """Show the version and exit."""
        print(f"twisted_chat {__version__}")
        sys.exit(0)

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        try:
            super().parseOptions(options)
        except usage.UsageError as error:
            fail(str(error))

    def parseArgs(self, *unexpected: str) -> None:
        if unexpected:
            raise usage.UsageError(f"{unexpected[0]} is no option. --help shows them all")

    def postOptions(self) -> None:
        self["max-clients"] = self._number("max-clients", int, 1, 1_000_000)
        self["max-line"] = self._number("max-line", int, 64, 1 << 20)
        self["rate"] = self._number("rate", float, 0, 1e6)
        self["flush-delay"] = self._number("flush-delay", float, 0, 60_000) / 1000
        self["handshake-timeout"] = self._duration("handshake-timeout")
        self["idle-timeout"] = self._duration("idle-timeout")
        self["motd"] = self._motd()
        self["endpoints"] = self._endpoints()
        self["stall-timeout"] = self._duration("stall-timeout")
        self["store"] = self._store()
        self["keep"] = self._keep()
        self["admin"] = self._admin()
        self["replay"] = self._number("replay", int, 0, MOST_REPLAYED)
        self["house-secret"] = self._house_secret()
        self._require("durability", DURABILITIES)
        self._require("rooms", WHO_OPENS_ROOMS)
        make_room(self["max-clients"])

    def _number(self, name: str, kind: Callable[[str], Any], least: float, most: float) -> Any:
        try:
            number = kind(self[name])
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise usage.UsageError(
                f"--{name} wants a number from {least:g} to {most:g}, and not {self[name]}"
            )
        return number

    def _duration(self, name: str) -> float:
        try:
            return durations.read(self[name]) or inf
        except Refusal:
            raise usage.UsageError(
                f"--{name} wants a time such as 90s, 10m or forever, and not {self[name]}"
            ) from None

    def _require(self, name: str, choices: Sequence[str]) -> None:
        if self[name] not in choices:
            wanted = " or ".join(choices)
            raise usage.UsageError(f"--{name} wants {wanted}, and not {self[name]}")

    def _store(self) -> Path | None:
        """The file, or None for a chat that keeps nothing."""
        kind, colon, path = self["store"].partition(":")
        if kind == "memory" and colon and not path:
            return None
        if kind != "sqlite" or not path:
            raise usage.UsageError(f"--store wants sqlite:FILE or memory:, and not {self['store']}")
        return Path(path)

    def _admin(self) -> Path | None:
        if self["admin"] is None:
            return None
        kind, _, path = self["admin"].partition(":")
        if kind != "unix" or not path or ":" in path:
            raise usage.UsageError(f"--admin wants unix:FILE, and not {self['admin']}")
        if len(os.fsencode(path)) > LONGEST_SOCKET:
            raise usage.UsageError(f"--admin {self['admin']}: longer than {LONGEST_SOCKET} bytes")
        return Path(path)

    def _keep(self) -> Keep:
        typed = self["keep"].strip()
        try:
            if typed.isascii() and typed.isdecimal():
                keep = Keep(entries=int(typed[:12]))
            else:
                keep = Keep(seconds=durations.read(typed))
        except Refusal:
            keep = Keep(seconds=0)
        if not keep.seconds or not keep.entries:
            raise usage.UsageError(
                f"--keep wants a time such as 30d, a number of lines, or forever, and not {typed}"
            )
        return keep

    def _motd(self) -> str:
        if self["motd"] is None:
            return ""
        try:
            text = Path(self["motd"]).read_text("utf-8")
        except OSError as error:
            raise usage.UsageError(f"--motd {self['motd']}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise usage.UsageError(f"--motd {self['motd']}: it is not UTF-8") from None
        if len(text.encode()) > LONGEST_MOTD:
            raise usage.UsageError(f"--motd {self['motd']}: it is longer than {LONGEST_MOTD} bytes")
        return text

    def _house_secret(self) -> Secret | None:
        path = self["password-file"]
        if path is None:
            return None
        try:
            return read_secret(path)
        except OSError as error:
            why = error.strerror
        except UnicodeDecodeError:
            why = "its first line is not UTF-8"
        except Refusal as refusal:
            why = refusal.sentence
        raise usage.UsageError(f"--password-file {path}: {why}")

    def _endpoints(self) -> dict[str, IStreamServerEndpoint]:
        """Those of --listen, and that of --port and --interface unless only --listen is given."""
        descriptions = list(self["listen"])
        if self["port"] is not None or self["interface"] is not None or not descriptions:
            port = 9999 if self["port"] is None else self._number("port", int, 0, 65535)
            address = self["interface"] or "127.0.0.1"
            kind = "tcp6" if ":" in address else "tcp"
            quoted = address.replace("\\", "\\\\").replace(":", "\\:")
            descriptions.insert(0, f"{kind}:{port}:interface={quoted}:backlog=1024")
        return {description: self._endpoint(description) for description in descriptions}

    def _endpoint(self, description: str) -> IStreamServerEndpoint:
        from twisted.internet import reactor

        kind, _, rest = description.partition(":")
        folder = rest.partition(":")[0]
        if kind == "tls":  # Twisted looks only when somebody comes
            if not Path(folder).is_dir():
                raise usage.UsageError(f"--listen {description}: there is no folder {folder}")
            if not any(Path(folder).rglob("*.pem")):
                raise usage.UsageError(f"--listen {description}: {folder} holds no .pem file")
        try:
            endpoint: IStreamServerEndpoint = serverFromString(reactor, description)
        except ModuleNotFoundError as error:
            need = f"it needs {error.name}: pip install 'twisted_chat[tls]'"
            raise usage.UsageError(f"--listen {description}: {need}") from None
        except Exception as error:  # parsers raise whatever comes: KeyError, TypeError, OSError ...
            why = str(error) or type(error).__name__
            if kind == "systemd":
                why = "systemd has handed over no such socket"
            raise usage.UsageError(f"--listen {description} is no endpoint: {why}") from None
        return endpoint


def require_readable(path: str) -> None:
    """Of a file of passwords that is missing, Twisted only warns. Raises a UsageError."""
    try:
        with open(path, "rb"):
            return
    except OSError as error:
        raise usage.UsageError(f"--auth file:{path}: {error.strerror}") from None


def read_secret(path: str) -> Secret:
    """The first line of a file that nobody else may read. Raises UsageError, OSError,
    UnicodeDecodeError or Refusal."""
    with open(path, "rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        line = file.readline(4 * FARTHEST + 2).rstrip(b"\r\n")
    if mode & 0o077:
        raise usage.UsageError(
            f"--password-file {path}: others than its owner may read it: chmod 600 {quote(path)}"
        )
    if not line.strip():
        raise usage.UsageError(f"--password-file {path}: its first line is empty")
    return Secret(line.decode())


def make_room(clients: int) -> None:
    """See that so many files may be open. Raises a UsageError."""
    needed = clients + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and needed > hard:
        raise usage.UsageError(
            f"--max-clients {clients} is more than this process may open as files: "
            f"the limit is {hard} (ulimit -n), and {OTHER_FILES} are needed for other things"
        )
    if soft != resource.RLIM_INFINITY and needed > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


def fail(why: str) -> NoReturn:
    """End with one line on the real stderr: twistd may have sent sys.stderr to its log."""
    print(f"chat: {why}", file=sys.__stderr__, flush=True)
    raise SystemExit(1)
