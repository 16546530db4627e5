"""``python -m twisted_chat.admin`` and ``twisted-chat-admin``: the command line."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from twisted_chat import __version__
from twisted_chat.admin.answering import at_terminal, from_lines, said_once
from twisted_chat.admin.asking import Asking
from twisted_chat.admin.desk import sit
from twisted_chat.admin.wire import Failed, Status, connect
from twisted_chat.core.requests import Leave
from twisted_chat.speech.clean import clean
from twisted_chat.speech.times import Times
from twisted_chat.terminal import own_terminal

PROGRAM = "twisted-chat-admin"
VARIABLE = "TWISTED_CHAT_ADMIN"
PLACE = "/run/chat/admin.sock"

INTERRUPTED = 130
UNREAD = 141
ENDED = 143
"""As a shell tells of SIGINT, SIGPIPE and SIGTERM."""

ABOUT = """\
The operator's console of a chat that runs with --admin. With a COMMAND, such as
"who", "kick bob spam" or "announce back in a minute", it asks for that alone.
With none, lines are taken from the terminal or a pipe: there, as at the console
where the chat was started, a command begins with a slash, and what does not is
said to all. A password is no part of a command: it is asked for at the terminal,
which does not show it, or is the next line of the pipe."""

STATUSES = """\
exit status: 0 done, 1 wrong use, 2 no connection, or lost, 3 refused,
4 no answer in time"""


class Parser(argparse.ArgumentParser):
    """argparse ends with 2 on wrong use; here that is 1."""

    def error(self, message: str) -> Any:
        self.exit(Status.USAGE, f"{self.prog}: {clean(message)}\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(PROGRAM, description=ABOUT, epilog=STATUSES, allow_abbrev=False)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--socket",
        metavar="PATH",
        default=os.environ.get(VARIABLE) or PLACE,
        help=f"where the chat listens for operators  [default: ${VARIABLE}, or else {PLACE}]",
    )
    parser.add_argument("--json", action="store_true", help="answers as JSON, one object a line")
    parser.add_argument("--version", action="version", version=f"twisted_chat {__version__}")
    parser.add_argument(
        "command",
        nargs="*",
        metavar="COMMAND",
        help='what to do; "help" shows all there is; what follows -- is no option',
    )
    words = argv.index("--") if "--" in argv else len(argv)  # argparse itself forgets where it was
    options = parser.parse_intermixed_args(argv[:words])
    options.command += argv[words + 1 :]
    return options


def run(options: argparse.Namespace, asking: Asking, times: Times) -> None:
    """Raises Failed for what ends it early."""
    if options.command:
        one(options, asking)
    elif not options.json and (terminal := own_terminal()) is not None:
        try:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))
            sit(connect(options.socket), terminal, times)
        finally:
            terminal.restore()
    else:
        lines = typed()
        answer = at_terminal if os.isatty(0) else from_lines(lines)
        asking.lines(connect(options.socket), lines, answer)


def typed() -> Iterator[bytes]:
    """The lines of stdin, if there is one."""
    yield from sys.stdin.buffer if sys.stdin is not None else ()


def one(options: argparse.Namespace, asking: Asking) -> None:
    """What the command line says; nothing is connected to for one that makes no sense."""
    line = " ".join(options.command).removeprefix("/")
    answer = at_terminal if os.isatty(0) else said_once(from_lines(typed()))
    request = asking.read(b"/" + os.fsencode(line), answer)
    if request is None:
        return
    wire = connect(options.socket)
    if not isinstance(request, Leave):
        asking.ask(wire, request)
    asking.leave(wire)


def main(argv: Sequence[str] | None = None) -> None:
    options = parse(sys.argv[1:] if argv is None else argv)
    times = Times(time.time)
    asking = Asking(times, sys.stdout.buffer, sys.stderr, options.json)
    try:
        run(options, asking, times)
    except Failed as why:
        asking.fail(why)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # nobody reads what we show
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python would complain at its end
        sys.exit(UNREAD)
    sys.exit(int(asking.status))


if __name__ == "__main__":
    main()
