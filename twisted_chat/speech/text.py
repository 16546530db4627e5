"""The text dialect: for people with telnet, nc, a terminal.

Lines end in CR LF; LF or CR LF is read. docs/protocol.md is its contract.
"""

from twisted_chat.core import refusals
from twisted_chat.core.events import (
    Acted,
    Entry,
    Invited,
    Moderated,
    Moved,
    Pasted,
    Redaction,
    Renamed,
    Said,
    Sent,
    Told,
    TopicSet,
)
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.requests import Act, Enter, Leave, Reply, Request, Say, Tell, Topic
from twisted_chat.core.texts import admitted
from twisted_chat.speech import commands
from twisted_chat.speech.answers import answer_lines
from twisted_chat.speech.asked import Asked
from twisted_chat.speech.clean import clean
from twisted_chat.speech.entries import CROWD, WHOLE, entry_lines, folded, past_lines
from twisted_chat.speech.slips import require_no_password
from twisted_chat.speech.times import Times

GREETING = "Welcome to the chat server! What's your name?"


class TextDialect:
    """``confirm``: a receipt for everything that is said, as simple clients want it.
    ``elsewhere``: the same, for what is said in other rooms than the one where one talks."""

    greeting = (GREETING + "\r\n").encode()
    asks = True
    _apart = False

    def __init__(self, times: Times, confirm: bool = False) -> None:
        self.times = times
        self.confirm = confirm
        self.elsewhere: TextDialect = Elsewhere(self)

    def read(self, line: bytes, naming: bool) -> Asked | None:
        """What a line asks for; None for an empty one. Raises a Refusal.

        ``naming``: the speaker has no name yet, and a line that is no command is one.
        """
        text = decoded(line)
        if text.startswith("/"):
            if not text.startswith("//"):
                return _without_slip(commands.read(text)), None
            text = text[1:]
        elif len(text) < 8 and text.strip().lower() == "exit":
            return Leave(), None
        if naming:
            return Enter(text), None
        if not text or text.isspace():
            return None
        room, said = commands.addressed(text)
        require_no_password(said)
        return Say(said, room), None

    def line(self, entry: Entry) -> bytes:
        """An entry, as those read it who did not cause it."""
        event = entry.event
        if type(event) is Said:  # nearly all are, and this is said once per message
            return f"{event.name}: {event.text}\r\n".encode()
        return wire(*entry_lines(entry))

    def own(self, entry: Entry, tag: object) -> bytes:
        """An entry, as it is read by whoever caused it."""
        match entry.event:
            case Said(text=text) | Acted(text=text) if self.confirm:
                return wire(f"Server: I received your message - '{text}'")
            case Pasted(text=text) if self.confirm:
                lines = text.splitlines()
                return wire(*(f"Server: I received your message - '{line}'" for line in lines))
            case Pasted(text=text, number=number) if len(text.splitlines()) > WHOLE:
                return wire(f"-- your paste is shown by /show {number}")
            case Told(to=to, text=text):
                return wire(*(f"[to {to}] {line}" for line in text.split("\n")))
            case Renamed(to=to):
                return wire(f"-- you are {to} now")
            case Invited(to=to, into=room):
                return wire(f"-- {to} is invited to {room}")
            case Sent() | TopicSet() | Moderated() | Moved() | Redaction():
                return wire(*entry_lines(entry))
            case _:
                return b""

    def earlier(self, entry: Entry) -> bytes:
        """An entry from before the reader came: with its time, so that nobody takes it for live."""
        return wire(*past_lines(entry, self.times, self._apart))

    def crowd(self, entries: list[Entry], lines: list[bytes]) -> bytes:
        """The lines of these entries joined, and long runs of comers and goers folded to one."""
        if len(entries) < CROWD or not any(entry.event.passing for entry in entries):
            return b"".join(lines)
        told = folded(entries, lines, self._apart)
        return b"".join([wire(line) if isinstance(line, str) else line for line in told])

    def answer(self, answer: Answer, tag: object) -> bytes:
        return wire(*answer_lines(answer, self.times))


def decoded(line: bytes) -> str:
    """A line as text that is fit for others' terminals. Raises a Refusal."""
    try:
        return admitted(line.decode())
    except UnicodeDecodeError:
        raise refusals.not_utf8() from None


def wire(*lines: str) -> bytes:
    """Lines as they go out: the one gate to a terminal, for what we word ourselves too."""
    return "".join([clean(line) + "\r\n" for line in lines]).encode("utf-8", "replace")


def _without_slip(request: Request) -> Request:
    """A password is as little for one person, or for a topic. ``/say`` says what it is given."""
    match request:
        case Act(text) | Tell(_, text) | Reply(text) | Topic(_, text):
            require_no_password(text)
    return request


class Elsewhere(TextDialect):
    """How the other rooms look: each line says of which room it is."""

    _apart = True

    def __init__(self, here: TextDialect) -> None:
        self.times = here.times
        self.confirm = here.confirm
        self.elsewhere = self

    def line(self, entry: Entry) -> bytes:
        return wire(*entry_lines(entry, elsewhere=True))
