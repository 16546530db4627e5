"""``python -m twisted_chat.client`` and ``twisted-chat``: the one file that knows all the parts.

What takes a while to import is imported where it is used: scripts start this program often.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twisted_chat.client import settings
from twisted_chat.client.folders import Folders
from twisted_chat.client.options import NAMES, PROGRAM, parse
from twisted_chat.client.servers import Server, chosen
from twisted_chat.client.status import Status
from twisted_chat.client.where import WrongUse
from twisted_chat.config import WrongOptions
from twisted_chat.speech.clean import clean

if TYPE_CHECKING:
    from twisted_chat.client.reaching import Reach


def prepare(typed: argparse.Namespace, folders: Folders) -> Server:
    """The server that is meant; what the settings say of the rest becomes part of what is typed.
    Raises WrongUse or WrongOptions."""
    path = folders.settings if typed.config is None else Path(typed.config)
    known = settings.Settings()
    if typed.config is not None or path.exists():
        known = settings.read(path, NAMES)
    for flag in ("plain", "no_color", "reconnect", "once"):
        wanted = known.general.get(flag.replace("_", "-"), False)
        setattr(typed, flag, getattr(typed, flag) or wanted)
    if typed.once and typed.reconnect:
        raise WrongUse("once and reconnect are both asked for: one of them can be had")
    return chosen(typed, known, settings.read_last(folders.last))


def write_config(typed: argparse.Namespace, folders: Folders) -> str:
    """In which file. One that is there is left as it is. Raises WrongUse."""
    path = folders.settings if typed.config is None else Path(typed.config)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8", opener=_private) as file:
            file.write(settings.EXAMPLE)
    except FileExistsError:
        raise WrongUse(f"{path} is there already, and is left as it is") from None
    except OSError as error:
        raise WrongUse(f"{path}: {error.strerror}") from None
    return str(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


async def talk(reactor: Any, typed: argparse.Namespace, reach: "Reach", last: Path) -> None:
    """Runs the client; ends the program with its status."""
    from twisted_chat.client.choosing import drawn, draws, plain
    from twisted_chat.client.network import watched
    from twisted_chat.client.talking import Client

    at_terminal = os.isatty(0) and os.isatty(1)
    drawing = draws(typed.plain, os.environ)
    comes_back, pastes = returns(typed, at_terminal), os.isatty(0) and not drawing
    screen = partial(drawn, reactor, not typed.no_color) if drawing else plain
    client = Client(reactor, reach.server, reach.endpoint, comes_back, pastes, screen)
    client.conversation.password = reach.password
    if at_terminal:
        client.keeps(last.parent / "drafts")
    client.terminal.open()
    reactor.callWhenRunning(leave_on_signals, reactor, client.interrupt)
    unwatch = watched(reactor, client.conversation.now)
    try:
        status = await client.run()
    finally:
        unwatch()
        await client.terminal.close()
    if client.was_in and at_terminal:
        name = client.conversation.attendance.seat.name
        settings.write_last(last, dict(reach.server.known) | ({"name": name} if name else {}))
    raise SystemExit(int(status))


def leave_on_signals(reactor: Any, interrupt: Callable[[], None]) -> None:
    """Once the reactor runs: it has set its own handler of SIGTERM by then, which would not wait
    for anything that was said."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: reactor.callFromThread(interrupt))


def returns(typed: argparse.Namespace, at_terminal: bool) -> Any:
    """Who is at a terminal comes back by herself; a pipe's end is its end."""
    from twisted_chat.client.talking import Returns

    if typed.reconnect:
        return Returns.ALWAYS
    return Returns.ONCE_IN if at_terminal and not typed.once else Returns.NEVER


def fail(*sentences: str) -> None:
    for sentence in sentences:
        print(f"{PROGRAM}: {clean(sentence)}", file=sys.stderr, flush=True)
    raise SystemExit(int(Status.USAGE))


def main(argv: Sequence[str] | None = None) -> None:
    typed, folders = parse(sys.argv[1:] if argv is None else argv), Folders.of()
    try:
        if typed.write_config:
            print(write_config(typed, folders))
            return
        server = prepare(typed, folders)
        run(typed, server, folders.last)
    except WrongOptions as wrong:
        fail(*wrong.reasons)
    except WrongUse as wrong:
        fail(str(wrong))


def run(typed: argparse.Namespace, server: Server, last: Path) -> None:
    """On a reactor; ends the program. Raises WrongUse."""
    from twisted_chat.client.choosing import draws, install_reactor

    if not typed.command and draws(typed.plain, os.environ):
        install_reactor()
    from twisted.internet.defer import Deferred
    from twisted.internet.task import react

    from twisted_chat.client.carrying import carry_out
    from twisted_chat.client.reaching import reach_of
    from twisted_chat.client.secret import password_of

    password = password_of(server)
    wrong: list[WrongUse] = []

    async def running(reactor: Any) -> None:
        try:
            reach = reach_of(reactor, server, time.time, password)
        except WrongUse as error:
            wrong.append(error)
        else:
            if typed.command:
                await carry_out(reactor, typed, reach)
            await talk(reactor, typed, reach, last)

    try:
        react(lambda reactor: Deferred.fromCoroutine(running(reactor)))
    finally:
        if wrong:
            raise wrong[0]


if __name__ == "__main__":
    main()
