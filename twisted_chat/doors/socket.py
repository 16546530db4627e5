"""The operators' console on a UNIX socket: a line door at which everyone is an operator.

People speak the console's dialect there. A program's first line is ``/json``, as at the line door,
and all that it asks is asked by an operator.
"""

import os
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Protocol

from twisted_chat.core import refusals
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.refusals import Refusal
from twisted_chat.doors.line import ChatFactory, ChatProtocol, DoorRules
from twisted_chat.doors.peers import peer_user
from twisted_chat.hub import Hub
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.speech.lines_json import SWITCH, JsonDialect
from twisted_chat.visit import Rules, Stage, Visit

MOST = 16
"""Operators at once. As many more are told so in peace; of a storm of them the others just end."""

LONGEST = 65535
"""Bytes in a line, as at the console where the daemon was started."""


class OperatorFactory(ChatFactory):
    """``user_of(transport)`` gives the id of who is at the other end of it.

    Only the daemon's own user and root may come in. The mode of the socket keeps others away
    already; but a mode can be changed, and a folder be given to another.
    """

    def __init__(self, hub: Hub, rules: Rules, user_of: Callable[[Any], int] = peer_user) -> None:
        door = DoorRules(Bounds(MOST), LONGEST, ConsoleDialect(hub.times), JsonDialect())
        super().__init__(hub, rules, door)
        self._user_of = user_of

    def buildProtocol(self, addr: IAddress | None) -> Protocol | None:
        return OperatorProtocol(self) if len(self.connections) < 2 * MOST else None

    def refusal(self, transport: object) -> Refusal | None:
        """Why whoever has just connected cannot come in."""
        if self._user_of(transport) not in (0, os.geteuid()):
            return refusals.not_the_chats_user()
        if len(self.connections) > self.door.bounds.most:
            return refusals.consoles_taken(self.door.bounds.most)
        return None


class OperatorProtocol(ChatProtocol):
    """One operator. Who is refused was never seated, and has no right to lose."""

    factory: OperatorFactory
    _first = True

    def lineReceived(self, line: bytes) -> None:
        first, self._first = self._first, False
        if first and line.removesuffix(b"\r") == SWITCH and self.visit.stage is Stage.TALKING:
            self._switch()
        else:
            super().lineReceived(line)

    def _begin(self) -> None:
        refusal = self.factory.refusal(self.transport)
        if refusal is None:
            self.visit.begin_as_operator()
        else:
            self.visit.dismiss(refusal.sentence, "")

    def _note_end(self) -> None:
        """Operators are no clients: who of them comes and goes is nobody's news."""

    def _switch(self) -> None:
        """She sits down again, as a program: logs group their readers by dialect."""
        self.visit.lost("")
        self.dialect = self.factory.door.json
        self.visit = Visit(self.factory.hub, self.factory.rules, self, self.outbox)
        self.visit.begin_as_operator()
        super()._switch()
