"""``python -m twisted_chat.archive``: the command line, and how the program ends."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from twisted_chat import __version__
from twisted_chat.archive import commands
from twisted_chat.archive.lines import NoEntry
from twisted_chat.speech.clean import clean
from twisted_chat.stores.copying import Damaged
from twisted_chat.stores.database import Unusable, reason

FAILED = 1
INTERRUPTED = 130
UNREAD = 141
"""The last two as a shell tells of SIGINT and SIGPIPE."""

COMMANDS = {
    "export": (commands.bring_out, "write what is kept as lines of JSON; the daemon may run"),
    "import": (commands.take_in, "take in what an export wrote; the daemon must not run"),
    "check": (
        commands.check,
        "look for damage; the daemon may run, but the index is left out then",
    ),
    "vacuum": (commands.vacuum, "make the file small; the daemon must not run"),
}
STATUSES = "exit status: 0 done, 1 wrong use or it cannot be done, 2 the file is damaged"


class Parser(argparse.ArgumentParser):
    """argparse ends with 2 on wrong use; here that is 1."""

    def error(self, message: str) -> Any:
        self.exit(FAILED, f"archive: {clean(message)}\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    about = "Carry what a chat keeps out of its file and into another, and look after the file."
    parser = Parser("python -m twisted_chat.archive", description=about, epilog=STATUSES)
    parser.add_argument("--version", action="version", version=f"twisted_chat {__version__}")
    chosen = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (run, what) in COMMANDS.items():
        command = chosen.add_parser(name, help=what, description=what, epilog=STATUSES)
        command.add_argument("file", type=Path, metavar="FILE", help="as in --store sqlite:FILE")
        command.set_defaults(run=run)
        if name == "export":
            command.add_argument("--output", type=Path, metavar="PATH", help="and not to stdout")
        elif name == "import":
            command.add_argument("--input", type=Path, metavar="PATH", help="and not from stdin")
    return parser.parse_args(argv)


def run(options: argparse.Namespace) -> int:
    """The exit status. What goes wrong is told in one line, and is no traceback."""
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        return failed("interrupted", INTERRUPTED)
    except BrokenPipeError:
        return UNREAD  # whoever read us has enough, and need not be told
    except Damaged as error:
        return failed(str(error), commands.DAMAGE)
    except (Unusable, NoEntry) as error:
        return failed(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return failed(f"{where}{reason(error)}")


def failed(why: str, status: int = FAILED) -> int:
    print(f"archive: {clean(why)}", file=sys.stderr, flush=True)
    return status


def main(argv: Sequence[str] | None = None) -> None:
    status = run(parse(sys.argv[1:] if argv is None else argv))
    if status:  # what is left for a stdout that takes nothing would be a traceback at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    raise SystemExit(status)


if __name__ == "__main__":
    main()
