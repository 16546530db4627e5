"""The daemon: the only file that knows every part, and puts them together."""

import gc
import os
import resource
import shlex
import signal
import sys
import time
from math import inf
from typing import Any, TextIO, cast

from twisted.application.service import Service
from twisted.internet.defer import Deferred, FirstError, gatherResults, maybeDeferred
from twisted.internet.error import CannotListenError, ReactorNotRunning, TimeoutError
from twisted.internet.interfaces import IListeningPort
from twisted.internet.task import LoopingCall
from twisted.internet.tcp import Port
from twisted.logger import ILogObserver, Logger, textFileLogObserver
from twisted.python.components import Componentized
from twisted.python.failure import Failure

from twisted_chat import certificates
from twisted_chat.config import WrongOptions
from twisted_chat.core import likeness
from twisted_chat.core.chat import Chat, House
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.limits import NO_LIMIT
from twisted_chat.countdown import Countdown
from twisted_chat.doors.console import Console, open_console
from twisted_chat.doors.journal import Journal
from twisted_chat.doors.line import ChatFactory, DoorRules
from twisted_chat.doors.logfile import (
    FollowingLogFile,
    logs_to_stdout,
    open_log,
    path_of,
    twistd_logs_to_stdout,
)
from twisted_chat.doors.logstream import LogStream
from twisted_chat.doors.peers import prepare
from twisted_chat.doors.place import Place, Taken
from twisted_chat.doors.socket import OperatorFactory
from twisted_chat.gate import Gate
from twisted_chat.heap import give_back_what_is_large
from twisted_chat.hub import Hub
from twisted_chat.live_options import LiveOptions, allowance, bind, confirms, furnish, grant
from twisted_chat.options import Options, fail
from twisted_chat.passwords import Passwords
from twisted_chat.ports import Store
from twisted_chat.renewal import Renewal
from twisted_chat.speech.lines_json import JsonDialect
from twisted_chat.speech.text import TextDialect
from twisted_chat.speech.times import Times
from twisted_chat.stores.database import Unusable
from twisted_chat.stores.memory import MemoryStore
from twisted_chat.stores.sqlite import SqliteStore
from twisted_chat.terminal import has_terminal
from twisted_chat.visit import Rules
from twisted_chat.watch import Watch
from twisted_chat.welcome import as_root, exposure, ways_in, where

__all__ = ["ChatService", "Options", "makeService"]


def makeService(options: Options) -> "ChatService":
    """What ``twistd chat`` and ``twist chat`` run."""
    from twisted.internet import reactor

    # Twisted's timers follow the wall clock (twisted#2424): a step back freezes all of them, a step
    # forward fires them at once. Before the first timer is made, they can follow this one.
    reactor.seconds = time.monotonic  # type: ignore[method-assign]
    keep_to_ourselves()
    return ChatService(options, reactor)


AT_LAST = 8.0
"""Seconds after which the daemon ends, whatever has become of its connections: twice the time in
which each of them is cut off."""


def keep_to_ourselves() -> None:
    """Files that are made from now on, such as twistd's log, are our user's alone; and if we crash,
    the passwords and the keys in our memory get into none."""
    os.umask(os.umask(0o077) | 0o077)
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))


class ChatService(Service):
    """``reactor``: whose ``seconds`` never step."""

    log = Logger()

    def __init__(self, options: Options, reactor: Any) -> None:
        self.setName("chat")
        self.times = Times(time.time)
        self.store = build_store(options, reactor, self.times)
        self.hub = build_hub(options, self.store, reactor, self.times)
        self.watch = Watch(
            options["handshake-timeout"], options["idle-timeout"], options["stall-timeout"]
        )
        self.factory = ChatFactory(
            self.hub,
            Rules(allowance(options["rate"]), self.watch),
            DoorRules(
                Bounds(options["max-clients"]),
                options["max-line"],
                TextDialect(self.times, confirms(options)),
                JsonDialect(options["max-line"]),
            ),
        )
        bind(self.factory.door.bounds, options)
        # an operator is neither paced nor idle, but who reads nothing keeps a place from others
        self.operators = OperatorFactory(
            self.hub, Rules(NO_LIMIT, Watch(inf, inf, options["stall-timeout"]))
        )
        self.ports: dict[str, IListeningPort] = {}
        self._gates: list[Gate] = []
        self._place: Place | None = None
        self._operators_port: IListeningPort | None = None
        self._listening = False
        self._reactor = reactor
        self._reason = ""
        self._sweeper = LoopingCall(self._sweep)
        self._sweeper.clock = reactor
        self._countdown = Countdown(reactor, self.hub.announce, self._end)
        self._has_console = not options["no-console"] and sys.__stdout__ is not None
        self._console: Console | None = None
        self._log_stream: LogStream | None = None
        self.hub.stop = self._countdown.stop
        self.live = LiveOptions(
            options, self.store, self.factory, self.operators, self._others_hold
        )
        self._renewal = Renewal(reactor, lambda: self.options, self._say)
        self._exposed: list[str] = []
        self._swept = 0.0
        self.hub.reread = self.live.reread
        self._had_terminal = False

    @property
    def options(self) -> Options:
        """Those that hold now."""
        return self.live.options

    def setServiceParent(self, parent: Any) -> None:
        """Offer a log that goes through the console, where both would write to stdout; or to a file
        that may be moved away."""
        super().setServiceParent(parent)
        if self._has_console and twistd_logs_to_stdout(self.options.parent):
            self._log_stream = LogStream()
            if isinstance(parent, Componentized):
                self._log_to(parent, self._log_stream)
        elif isinstance(parent, Componentized) and (path := path_of(self.options.parent)):
            self._log_to(parent, open_log(path, self._reactor))

    def _log_to(self, application: Componentized, log: LogStream | FollowingLogFile) -> None:
        application.setComponent(ILogObserver, textFileLogObserver(cast(TextIO, log)))

    def privilegedStartService(self) -> None:
        super().privilegedStartService()
        self._listen()

    def startService(self) -> None:
        super().startService()
        self._expect_hangups()
        self._open_store()
        self._listen()  # twist knows no privileged start
        self._listen_for_operators()
        if self._wants_journal():
            self.hub.seat(Journal())
        if self._has_console:
            self._open_console()
        for line in self._welcome():
            self._show(line)
        if os.geteuid() == 0:
            for line in as_root(sys.argv):
                self._say(line)
        self._warn()
        self._sweep_often()
        self._renewal.start()
        self._reactor.callWhenRunning(self._settle_in)

    async def stopService(self) -> None:
        """All are told, what was said reaches everyone, and who does not read is cut off."""
        self._countdown.cancel()
        if self._sweeper.running:
            self._sweeper.stop()
        self._renewal.stop()
        for gate in self._gates:
            gate.close()
        for port in (*self.ports.values(), self._operators_port):
            await self._stop_listening(port)
        if self._place is not None:
            self._place.release()
        self.factory.hear_out()
        await self.hub.close(self._reason)
        ending = (self.factory.close(), self.operators.close())  # each waits for who does not read
        ended = gatherResults([Deferred.fromCoroutine(one) for one in ending], consumeErrors=True)
        try:
            await ended.addTimeout(AT_LAST, self._reactor)
        except (TimeoutError, FirstError):  # Twisted has lost sight of one: a bug, or no memory
            self.log.warn("not all connections came to an end")
        if self.hub.keys.passwords is not None:
            self.hub.keys.passwords.stop()
        if self._log_stream is not None:
            self._log_stream.console = None
        if self._console is not None:
            self._console.restore()
        super().stopService()

    def _others_hold(self) -> None:
        """Options have changed."""
        self._sweep_often()
        self._renewal.renewed()
        self._warn()

    def _warn(self) -> None:
        """What it means that others reach the chat, unless that has been said."""
        asks = self.options["house-secret"] is not None or bool(self.options["members-only"])
        places = {place: port.getHost() for place, port in self.ports.items()}
        before, self._exposed = self._exposed, exposure(places, asks)
        for line in self._exposed if self._exposed != before else ():
            self._say(line)

    def _sweep_often(self) -> None:
        """From now on, as often as the limits want it."""
        if self._sweeper.running:
            self._sweeper.stop()
        self._swept = self._reactor.seconds()
        self._sweeper.start(self.watch.interval, now=False).addErrback(
            lambda failure: self.log.failure("nobody is watched any more", failure)
        )

    def _listen(self) -> None:
        if self._listening:
            return
        self._listening = True
        for description, endpoint in self.options["endpoints"].items():
            failures: list[Failure] = []
            maybeDeferred(endpoint.listen, self.factory).addCallbacks(
                self._listens, failures.append, callbackArgs=(description,)
            )
            if failures:  # every endpoint of Twisted's own knows at once
                self._cannot_listen(description, failures[0].value)

    def _listens(self, port: IListeningPort, description: str) -> None:
        self.ports[description] = port
        if (listening := getattr(port, "socket", None)) is not None:
            prepare(listening)
        if isinstance(port, Port):
            self._gates.append(Gate(port, self._reactor, self._say))

    def _cannot_listen(self, description: str, error: BaseException | None) -> None:
        cause = error.socketError if isinstance(error, CannotListenError) else error
        why = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        self._give_up(f"cannot listen on {description}: {why}")

    def _listen_for_operators(self) -> None:
        """As the user that the daemon has become, who may take the socket away at the end."""
        path = self.options["admin"]
        if path is None:
            return
        try:
            self._place = Place(path)
            self._operators_port = self._place.listen(self._reactor, self.operators)
        except Taken as why:
            self._give_up(f"no console for operators: {why}")

    def _sweep(self) -> None:
        """Before anything is read that came while this process was stopped (SIGSTOP, a machine
        that was held up): what nobody could hear is nobody's silence."""
        now = self._reactor.seconds()
        slept, self._swept = now - self._swept - self.watch.interval, now
        for watch in (self.watch, self.operators.rules.watch):
            watch.grant(max(0.0, slept))
            watch.sweep(now)
        self.factory.porter.sweep()

    def _open_store(self) -> None:
        """Here and not before: twistd may have become another process, and another user."""
        if isinstance(self.store, SqliteStore):
            try:
                self.store.open()
            except Unusable as error:
                self._give_up(str(error))
        self.hub.recall()

    def _give_up(self, sentence: str) -> None:
        parent = self.options.parent
        if parent is not None and parent.get("nodaemon", True) == 0:
            raise RuntimeError(sentence)  # the daemon's parent, which has a terminal, says it
        fail(sentence)

    def _wants_journal(self) -> bool:
        """Not where the console shows the same, and not for /dev/null: twistd rotates its log at a
        megabyte, whatever it is, and root's daemon would rename the device."""
        parent = self.options.parent
        if parent is not None and parent.get("logfile") == os.devnull:
            return False
        return not self._has_console or not logs_to_stdout(parent)

    def _open_console(self) -> None:
        self._console = open_console(self.hub, Rules(NO_LIMIT, Watch(inf, inf, inf)))
        if self._log_stream is not None:
            self._log_stream.console = self._console

    def _show(self, line: str) -> None:
        if self._console is not None:
            self._console.show(f"{line}\n")
        if self._console is None or self._wants_journal():
            self.log.info("{line}", line=line)

    def _say(self, sentence: str) -> None:
        """To whoever watches, and to the log, where that is another."""
        self._show(f"-- {sentence}")

    def _welcome(self) -> list[str]:
        lines = []
        for description, port in self.ports.items():
            lines.append(f"[LISTENING] {where(description, port.getHost())}")
            shown = certificates.of(self.options["endpoints"][description])
            pin = None if shown is None else shown.pin
            lines += [f"--   {way}" for way in ways_in(description, port.getHost(), pin)]
        if self._place is not None:
            program = f"{shlex.quote(sys.executable)} -m twisted_chat.admin"
            lines.append(f"[LISTENING] for operators: unix:{self._place.path}")
            lines.append(f"--   {program} --socket {shlex.quote(str(self._place.path))}")
        if self._console is not None:
            lines.append("-- what you type here is said to all; /help shows what else you can do")
        return lines

    def _end(self, reason: str) -> None:
        self._reason = reason
        try:
            self._reactor.stop()
        except ReactorNotRunning:
            self.log.debug("asked to end while it ends already")

    def _settle_in(self) -> None:
        """An end that was asked for is a good end: twistd by itself would exit as if killed. And
        what was made to start with stays to the end: not to look through it again and again for
        garbage saves 15 ms in which nobody is served."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)
        give_back_what_is_large()
        gc.collect()
        gc.freeze()

    def _signalled(self, number: int, frame: object) -> None:
        self._reactor.callFromThread(self._end, "")

    def _expect_hangups(self) -> None:
        """Before anybody can know that we are here: one that is not expected ends a process."""
        before = signal.signal(signal.SIGHUP, self._hung_up)
        # nohup has it ignored, so that the end of the terminal ends nothing
        self._had_terminal = before is signal.SIG_DFL and has_terminal()

    def _hung_up(self, number: int, frame: object) -> None:
        self._reactor.callFromThread(self._hang_up)

    def _hang_up(self) -> None:
        """By custom this asks a daemon to read its files again. But it also comes when a terminal
        is closed, which ends what runs there."""
        if self._had_terminal and not has_terminal():
            self._end("")
            return
        if not self._sweeper.running:  # the end has begun
            return
        try:
            lines = self.live.rehash()
        except WrongOptions as error:
            lines = ["nothing is changed:", *error.reasons]
        for line in lines:
            self._say(line)

    async def _stop_listening(self, port: IListeningPort | None) -> None:
        stopped = port.stopListening() if port is not None else None
        if isinstance(stopped, Deferred):
            await stopped


def build_store(options: Options, reactor: Any, times: Times) -> Store:
    path = options["store"]
    if path is None:
        return MemoryStore(times.now)
    return SqliteStore(path, reactor, times.now, options["keep"], options["durability"])


def build_hub(options: Options, store: Store, reactor: Any, times: Times) -> Hub:
    house = House(solo=options["solo"])
    furnish(house, options)
    hub = Hub(Chat(house), store, reactor, options["flush-delay"], times)
    hub.keys.passwords = Passwords(reactor)
    likeness.prepare()
    grant(hub, options)
    return hub
