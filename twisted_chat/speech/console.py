"""The console's dialect: how the operator speaks, and what she sees.

A bare line is said to all as Server. ``shutdown`` and ``exit`` need no slash.
"""

from twisted_chat.core import durations, refusals
from twisted_chat.core.events import LOBBY, Announced, Closing, Entry, Said
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.requests import Announce, Leave, Request, Right, Say, Shutdown
from twisted_chat.speech import commands
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.asked import Asked
from twisted_chat.speech.clean import clean
from twisted_chat.speech.entries import entry_lines, past_lines
from twisted_chat.speech.slips import require_no_password
from twisted_chat.speech.text import decoded
from twisted_chat.speech.times import Times


class ConsoleDialect:
    """Like the text dialect, but for what a bare line means and how a said one looks. Its lines end
    in LF: they go to a terminal or a file and not over a network.

    ``leaving``: what ``exit`` and ``/quit`` ask for. Where the daemon was started that is its end;
    at any other console an operator just leaves.
    """

    greeting = b""
    asks = True
    confirm = False  # no receipts: what she typed stands on her screen

    def __init__(self, times: Times, leaving: Request | None = None) -> None:
        self._times = times
        self._leaving = leaving or Leave()
        self.elsewhere = self

    def read(self, line: bytes, naming: bool) -> Asked | None:
        text = decoded(line).strip()
        if not text:
            return None
        if text[0] == "/":
            return self._meant(commands.read(text, Right.OPERATOR)), None
        word, _, rest = text.partition(" ")
        if word.lower() == "shutdown":
            return _shutdown(rest.strip(), text), None
        if text.lower() == "exit":
            return self._leaving, None
        require_no_password(text)
        return Announce(text), None

    def line(self, entry: Entry) -> bytes:
        event = entry.event
        if type(event) is Said:
            return f"[{event.name}] {clean(event.text)}\n".encode()
        return _shown(entry_lines(entry, entry.log != LOBBY))

    def earlier(self, entry: Entry) -> bytes:
        return _shown(past_lines(entry, self._times, entry.log != LOBBY))

    def own(self, entry: Entry, tag: object) -> bytes:
        if isinstance(entry.event, Announced | Closing):
            return b""  # it stands on the operator's screen already
        return self.line(entry)

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        return b"".join(lines)  # the operator wants to know each

    def answer(self, answer: Answer, tag: object) -> bytes:
        return _shown(answer_lines(answer, self._times))

    def _meant(self, request: Request) -> Request:
        """A command as a console means it: ``/say`` speaks as every bare line does."""
        match request:
            case Say(text, ""):
                return Announce(text)
            case Leave():
                return self._leaving
            case _:
                return request


def _shown(lines: list[str]) -> bytes:
    return "".join(f"{clean(line)}\n" for line in lines).encode("utf-8", "replace")


def _shutdown(rest: str, line: str) -> Request:
    """``shutdown``, ``shutdown 30 why``, ``shutdown cancel``; anything else could be a sentence to
    the people here that happens to begin so, and must not end their chat."""
    delay, _, reason = rest.partition(" ")
    try:
        if delay and delay != "cancel":
            durations.read(delay)
    except refusals.Refusal:
        raise refusals.ask_plainly(line) from None
    return Shutdown(delay, reason.strip())
