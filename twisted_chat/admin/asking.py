"""What a script asks: one thing after another, each with its answer."""

from collections.abc import Iterator
from typing import BinaryIO, TextIO

from twisted_chat.admin.answering import Answer, complete
from twisted_chat.admin.wire import Failed, Lost, Reply, Status, Wire
from twisted_chat.core.events import Entry
from twisted_chat.core.outcomes import Refused
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Leave, Request
from twisted_chat.speech.clean import clean
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.speech.times import Times

LAST = "last"
"""The tag of the leave that is taken at the end: everything else is answered before it."""


class Asking:
    """``out`` takes answers, as the console shows them or as the JSON that came; ``errors`` takes
    what is refused, in one sentence each.

    ``status``: of the first thing that was not done.
    """

    def __init__(self, times: Times, out: BinaryIO, errors: TextIO, as_json: bool) -> None:
        self.status = Status.DONE
        self._dialect = ConsoleDialect(times)
        self._out = out
        self._errors = errors
        self._as_json = as_json
        self._tag = 0

    def read(self, line: bytes, answer: Answer) -> Request | None:
        """What a line asks for, with what ``answer`` says to what is missing; None for nothing, or
        for what is wrong with it and was told."""
        try:
            asked = self._dialect.read(line, False)
            return complete(asked[0], answer) if asked is not None else None
        except Refusal as refusal:
            self.fail(Failed(refusal.sentence, Status.USAGE))
        except Failed as why:
            self.fail(why)
        return None

    def lines(self, wire: Wire, lines: Iterator[bytes], answer: Answer) -> None:
        """Ask for what these lines say; ``answer`` may take some of them. Raises Failed."""
        for line in lines:
            request = self.read(line.rstrip(b"\r\n"), answer)
            if isinstance(request, Leave):
                break
            if request is not None:
                self.ask(wire, request)
        self.leave(wire)

    def ask(self, wire: Wire, request: Request) -> None:
        """Ask, and show what is answered. Raises Failed if nothing is."""
        self._tag += 1
        try:
            wire.ask(request, self._tag)
            while not self._shown(wire.replies(), self._tag):
                pass
        except Refusal as refusal:
            self.fail(Failed(refusal.sentence, Status.USAGE))
        except Lost:
            raise Failed(
                "the connection was lost before the answer came", Status.NO_CONNECTION
            ) from None
        except TimeoutError:
            raise Failed("there was no answer in time", Status.NO_ANSWER) from None

    def leave(self, wire: Wire) -> None:
        """Show what else is answered to what was asked, and be done."""
        wire.ask(Leave(), LAST)
        try:
            while not self._shown(wire.replies(), LAST):
                pass
        except (Lost, TimeoutError):
            return  # all was answered once at least

    def fail(self, why: Failed) -> None:
        self.status = self.status or why.status
        print(f"twisted-chat-admin: {clean(why.sentence)}", file=self._errors, flush=True)

    def _shown(self, replies: list[Reply], awaited: object) -> bool:
        """Show what answers us; whether what is awaited is among it."""
        for reply in replies:
            if reply.heard.tag not in (None, LAST):
                self._show(reply)
        return any(reply.heard.tag == awaited for reply in replies)

    def _show(self, reply: Reply) -> None:
        what = reply.heard.what
        if isinstance(what, Refused):
            self.fail(Failed(what.text, Status.REFUSED))
        if self._as_json:
            self._out.write(reply.line + b"\n")
        elif isinstance(what, Entry):
            self._out.write(self._dialect.own(what, reply.heard.tag))
        elif not isinstance(what, Refused):
            self._out.write(self._dialect.answer(what, reply.heard.tag))
        self._out.flush()
