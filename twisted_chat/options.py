"""What ``twistd chat`` takes on its command line, checked before anything is started."""

import getopt
import os
import re
import resource
import sys
from collections.abc import Callable, Sequence
from math import inf
from operator import itemgetter
from pathlib import Path
from typing import Any, ClassVar, NoReturn

from twisted.cred import strcred
from twisted.cred.credentials import IUsernamePassword
from twisted.internet.interfaces import IStreamServerEndpoint
from twisted.python import usage

from twisted_chat import __version__, config, endpoints
from twisted_chat.config import Kind, WrongOptions
from twisted_chat.core import durations, names, targets
from twisted_chat.core.history import Keep
from twisted_chat.core.passwords import Secret
from twisted_chat.core.refusals import Refusal
from twisted_chat.option_files import MotdFile, read_secret, require_readable
from twisted_chat.speech.clean import clean

OTHER_FILES = 192
"""Files beside the clients': standard streams, logs, stores, listening sockets, and those clients
that are just being turned away."""

BURST = 4.0
"""Seconds' worth of lines that may come at once: a pasted verse, not a pasted book."""

DURABILITIES = ("power", "process")
WHO_OPENS_ROOMS = ("free", "operators")

MOST_REPLAYED = 1000
"""Lines: more than a terminal keeps of what has scrolled away."""

LONGEST_SOCKET = 107
"""Bytes of the path of a UNIX socket (unix(7))."""


class Options(usage.Options, strcred.AuthOptionMixin):
    """Raises SystemExit with a line on stderr for each thing that cannot be used.

    ``argv``: what was typed, in ``folder``. ``settings``: what the file says, if there is one.
    """

    supportedInterfaces = (IUsernamePassword,)

    synopsis = "[options]"
    longdesc = "A chat for terminals. With no options it listens on port 9999 of this machine only."

    optParameters: ClassVar[list[list[Any]]] = [
        ["port", "p", None, "The port to listen on  [default: 9999]"],
        ["interface", "i", None, "The address to listen on; 0.0.0.0 for all  [default: 127.0.0.1]"],
        ["max-clients", "m", "500", "Connections at once; more are turned away in words"],
        [
            "per-address",
            None,
            None,
            "Of these, from one address; 0: no limit  [default: a fifth; with --rate 0 no limit]",
        ],
        [
            "nameless",
            None,
            None,
            "Of these, without a name yet; 0: no limit  [default: 20; with --rate 0 no limit]",
        ],
        [
            "connects",
            None,
            None,
            "Connections a minute from one address in the long run; 0: no limit  "
            "[default: 60; with --rate 0 no limit]",
        ],
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
        ["config", None, None, "A file of these options, in TOML: max-clients = 500"],
    ]
    optFlags: ClassVar[list[list[Any]]] = [
        ["no-console", None, "No operator's console on stdin and stdout"],
        ["confirm", None, "Confirm each line to who said it"],
        ["solo", None, "Everyone talks to the server alone: confirmed, and passed on to nobody"],
        ["exit-stops-server", None, "A client's exit shuts the server down"],
        ["members-only", None, "Only those who have an account may enter"],
        ["check-config", None, "Say whether the options can be used, and exit"],
    ]

    def __init__(self) -> None:
        super().__init__()
        self["listen"] = []
        self["operator"] = []
        self["exempt"] = []
        self["auth"] = []
        self["credCheckers"] = []
        self.argv: tuple[str, ...] = ()
        self.folder = Path()
        self.settings: config.Settings | None = None
        self.motd: MotdFile | None = None
        self._wrong: list[tuple[int, str]] = []

    def opt_listen(self, description: str) -> None:
        """Listen there too: any Twisted endpoint, such as tcp:9999, unix:/run/chat.sock,
        tls:/etc/chat/certificates:9998. May be given several times."""
        self["listen"].append(description)

    def opt_operator(self, name: str) -> None:
        """A name whose account is an operator's. May be given several times."""
        self["operator"].append(name)

    def opt_exempt(self, address: str) -> None:
        """An address of many people, such as a jump host's, to which none of the limits for one
        address apply: 192.0.2.7, 192.0.2.0/24, or uid:1000 for a user of this machine. May be
        given several times."""
        self["exempt"].append(address)

    def opt_auth(self, description: str) -> None:
        """Who else knows names and passwords, such as file:/etc/chat/passwords. May be given
        several times."""
        self["auth"].append(description)

    def opt_version(self) -> NoReturn:
        """Show the version and exit."""
        print(f"twisted_chat {__version__}")
        sys.exit(0)

    def parseOptions(self, options: Sequence[str] | None = None) -> None:
        self.folder = Path.cwd()
        try:
            self.parse(sys.argv[1:] if options is None else options)
        except WrongOptions as error:
            fail(*error.reasons)
        if self["check-config"]:
            print(f"{self['config'] or 'the command line'} is fine")
            sys.exit(0)

    def anew(self) -> "Options":
        """The same command line, with its files as they are now. Raises WrongOptions."""
        options = type(self)()
        options.parent, options.folder = self.parent, self.folder
        options.parse(self.argv)
        return options

    def parse(self, argv: Sequence[str]) -> None:
        self.argv = tuple(argv)
        try:
            super().parseOptions(self.argv)
        except usage.UsageError as error:
            raise WrongOptions(str(error)) from None

    def parseArgs(self, *unexpected: str) -> None:
        if unexpected:
            raise usage.UsageError(f"{unexpected[0]} is no option. --help shows them all")

    def postOptions(self) -> None:
        """Read all values, and tell all that is wrong. Raises WrongOptions."""
        if self["config"] is not None:
            self._lay_under(config.read(self.folder / self["config"], self["config"], self.kinds))
        self._read("max-clients", self._number, int, 1, 1_000_000)
        for name in ("per-address", "nameless", "connects"):
            if self[name] is not None:
                self._read(name, self._number, int, 0, 1_000_000)
        self._read("max-line", self._number, int, 64, 1 << 20)
        self._read("rate", self._number, float, 0, 1e6)
        self._read("flush-delay", self._number, float, 0, 60_000)
        for name in ("handshake-timeout", "idle-timeout", "stall-timeout"):
            self._read(name, self._duration)
        self._read("motd", self._motd)
        self._read("store", self._store)
        self._read("keep", self._keep)
        self._read("replay", self._number, int, 0, MOST_REPLAYED)
        self._read("durability", self._one_of, DURABILITIES)
        self._read("rooms", self._one_of, WHO_OPENS_ROOMS)
        self._read("admin", self._admin)
        self["house-secret"] = self._try("password-file", self._house_secret)
        operators = [self._try("operator", operator, typed) for typed in self["operator"]]
        self["operators"] = tuple(dict.fromkeys(operators))
        self["exempted"] = tuple(self._try("exempt", exempt, typed) for typed in self["exempt"])
        for description in self["auth"]:
            self._try("auth", self._ask_too, description)
        self["endpoints"] = self._endpoints()
        if not self._wrong:
            self["flush-delay"] /= 1000
            self._try("max-clients", make_room, self["max-clients"])
        if self._wrong:
            raise WrongOptions(*[told for _, told in sorted(self._wrong, key=itemgetter(0))])

    @property
    def kinds(self) -> dict[str, Kind]:
        """What may stand in a file, and what each of it takes."""
        kinds = {row[0]: Kind.TEXT for row in self.optParameters if row[0] != "config"}
        kinds |= {row[0]: Kind.FLAG for row in self.optFlags if row[0] != "check-config"}
        return kinds | dict.fromkeys(("listen", "operator", "auth", "exempt"), Kind.LIST)

    def _lay_under(self, settings: config.Settings) -> None:
        """What the file says holds where the command line says nothing."""
        self.settings = settings
        self._wrong = [(line, f"{settings.at(line)}: {told}") for line, told in settings.wrong]
        typed = self._typed()
        for name, value in settings.values.items():
            if name not in typed:
                self[name] = value
            else:
                del settings.lines[name]

    def _typed(self) -> set[str]:
        """The options that stand on the command line."""
        typed, _ = getopt.getopt(self.argv, self.shortOpt, self.longOpt)
        names = [option.lstrip("-") for option, _ in typed]
        return {self.synonyms.get(name, name) for name in names}

    def _read(self, name: str, read: Callable[..., Any], *how: Any) -> None:
        """Put what an option means in place of what was given."""
        self[name] = self._try(name, read, name, *how)

    def _try(self, name: str, read: Callable[..., Any], *how: Any) -> Any:
        """What ``read`` gives; or None, and what is wrong is noted with the line it stands on."""
        try:
            return read(*how)
        except usage.UsageError as error:
            line = self.settings.lines.get(name) if self.settings is not None else None
            place = f"{self.settings.at(line)}: " if self.settings is not None and line else ""
            self._wrong.append((line or 0, f"{place}{error}"))
            return None

    def _number(self, name: str, kind: Callable[[str], Any], least: float, most: float) -> Any:
        try:
            number = kind(self[name])
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            raise usage.UsageError(
                f"--{name} wants a number from {least:.9g} to {most:.9g}, and not {self[name]}"
            )
        return number

    def _duration(self, name: str) -> float:
        try:
            return durations.read(self[name]) or inf
        except Refusal:
            raise usage.UsageError(
                f"--{name} wants a time such as 90s, 10m or forever, and not {self[name]}"
            ) from None

    def _one_of(self, name: str, choices: Sequence[str]) -> str:
        choice: str = self[name]
        if choice not in choices:
            wanted = " or ".join(choices)
            raise usage.UsageError(f"--{name} wants {wanted}, and not {choice}")
        return choice

    def _store(self, name: str) -> Path | None:
        """The file, or None for a chat that keeps nothing."""
        kind, colon, path = self[name].partition(":")
        if kind == "memory" and colon and not path:
            return None
        if kind != "sqlite" or not path:
            raise usage.UsageError(f"--store wants sqlite:FILE or memory:, and not {self['store']}")
        self._require_folder(name, path)
        return Path(path)

    def _admin(self, name: str) -> Path | None:
        if self[name] is None:
            return None
        kind, _, path = self[name].partition(":")
        if kind != "unix" or not path or ":" in path:
            raise usage.UsageError(f"--admin wants unix:FILE, and not {self['admin']}")
        if len(os.fsencode(path)) > LONGEST_SOCKET:
            raise usage.UsageError(f"--admin {self['admin']}: longer than {LONGEST_SOCKET} bytes")
        self._require_folder(name, path)
        return Path(path)

    def _require_folder(self, name: str, path: str) -> None:
        """Where a daemon would find out at its start. It may run in another folder than this."""
        rundir = self.parent.get("rundir") if self.parent is not None else None
        folder = (self.folder / (rundir or ".") / path).parent
        if self["check-config"] and not folder.is_dir():
            raise usage.UsageError(f"--{name} {self[name]}: there is no folder for it")

    def _keep(self, name: str) -> Keep:
        try:
            return Keep.read(self[name])
        except Refusal:
            raise usage.UsageError(
                "--keep wants a time such as 30d, a number of lines, or forever, and not "
                f"{self[name].strip()}"
            ) from None

    def _motd(self, name: str) -> str:
        self.motd = None if self[name] is None else MotdFile(self.folder / self[name], self[name])
        return "" if self.motd is None else self.motd.read()

    def _house_secret(self) -> Secret | None:
        name = self["password-file"]
        return None if name is None else read_secret(self.folder / name, name)

    def _ask_too(self, description: str) -> None:
        # not in what is said of it: an argument may be a password
        kind, _, argument = description.partition(":")
        if kind == "memory" and "auth" in self._typed():
            why = "all on this machine can read a command line; put it into the file of --config"
            raise usage.UsageError(f"--auth memory: {why}")
        try:
            if kind == "file" and argument.strip():
                description = f"file:{self.folder / argument}"
                require_readable(self.folder / argument, argument)
            self.addChecker(strcred.makeChecker(description))
        except (strcred.InvalidAuthType, strcred.UnsupportedInterfaces):
            known = "--help-auth shows which there are"
            raise usage.UsageError(f"--auth {kind}: it checks no passwords; {known}") from None
        except usage.UsageError:
            raise
        except Exception as error:  # checkers are plugins: they raise whatever comes
            why = " ".join(str(error).split()) or type(error).__name__
            raise usage.UsageError(f"--auth {kind}: {why}") from None

    def _endpoints(self) -> dict[str, IStreamServerEndpoint]:
        """Those of --listen, and that of --port and --interface unless only --listen is given."""
        places = [("listen", description) for description in self["listen"]]
        if self["port"] is not None or self["interface"] is not None or not places:
            places.insert(0, ("port", self._try("port", self._own_place) or "tcp:0"))
        return {
            place: self._try(name, endpoints.read, place, self.folder) for name, place in places
        }

    def _own_place(self) -> str:
        port = 9999 if self["port"] is None else self._number("port", int, 0, 65535)
        address = self["interface"] or "127.0.0.1"
        kind = "tcp6" if ":" in address else "tcp"
        quoted = address.replace("\\", "\\\\").replace(":", "\\:")
        return f"{kind}:{port}:interface={quoted}:backlog=1024"


def operator(typed: str) -> str:
    """The name, as names are compared. Raises a UsageError."""
    try:
        return names.fold(names.legal(typed))
    except Refusal as refusal:
        raise usage.UsageError(f"--operator {typed}: {refusal}") from None


def exempt(typed: str) -> str:
    """The target, as ``Bounds.exempt`` has it. Raises a UsageError."""
    if re.fullmatch(r"uid:\d{1,10}", typed.strip()):
        return typed.strip()
    try:
        return targets.read(f"net:{typed.strip()}")
    except Refusal:
        raise usage.UsageError(
            "--exempt wants an address such as 192.0.2.7, 192.0.2.0/24 or uid:1000, and not "
            f"{typed}"
        ) from None


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


def fail(*reasons: str) -> NoReturn:
    """End with a line for each on the real stderr: twistd may have sent sys.stderr to its log."""
    for why in reasons:
        print(f"chat: {clean(why)}", file=sys.__stderr__, flush=True)
    raise SystemExit(1)
