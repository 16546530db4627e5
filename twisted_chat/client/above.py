"""What stands above the line being typed and is not yet in the scrollback: who comes and goes, what
one said that is not kept, and what is asked. Pure."""

from collections.abc import Iterator, Sequence

from twisted_chat.client.bar import Piece
from twisted_chat.client.marks import GUTTER
from twisted_chat.client.screen import Line
from twisted_chat.client.sending import Send, SendState
from twisted_chat.core.requests import Act, Reply, Say, Tell
from twisted_chat.speech.clean import clean

SHOWN = 5
"""Lines of one's own that are shown while they wait: the last ones."""

LONGEST = 200
"""Characters of each: the whole is seen when it is kept."""

_INDENT = " " * GUTTER


def above(comings: Sequence[Line], pending: Sequence[Send], me: str, here: str) -> list[Piece]:
    """Pieces of lines, each with its line end."""
    return [*_comings(comings), *_hidden(pending), *_sends(pending[-SHOWN:], me, here)]


def _comings(comings: Sequence[Line]) -> Iterator[Piece]:
    for line in comings:
        yield "class:quiet", f"{_INDENT}{clean(line.text)}\n"


def _hidden(pending: Sequence[Send]) -> Iterator[Piece]:
    if len(pending) > SHOWN:
        yield "class:quiet", f"{_INDENT}-- {len(pending) - SHOWN} more lines of yours wait\n"


def _sends(pending: Sequence[Send], me: str, here: str) -> Iterator[Piece]:
    for send in pending:
        yield "class:waiting", f"{_INDENT}{worded(send, me, here)}"
        yield from _state(send)
        yield "", "\n"


def _state(send: Send) -> Iterator[Piece]:
    match send.state:
        case SendState.WAITING:
            yield "class:quiet", "  (waits for the connection)"
        case SendState.REFUSED:
            yield "class:trouble", "  not sent"  # why was told when it was refused
            yield "class:quiet", KEYS
        case SendState.UNSURE:
            yield "class:trouble", "  perhaps not sent"
            yield "class:quiet", KEYS


KEYS = "; Alt-S sends it again, Alt-X drops it"


def worded(send: Send, me: str, here: str) -> str:
    """As it will stand there, in one line."""
    match send.request:
        case Say(text, room):
            said = f"{_elsewhere(room, here)}{me}: {short(text)}"
        case Act(text, room):
            said = f"{_elsewhere(room, here)}* {me} {short(text)}"
        case Tell(name, text):
            said = f"[to {name}] {short(text)}"
        case Reply(text):
            said = f"[to who wrote last] {short(text)}"
    return clean(said)


def _elsewhere(room: str, here: str) -> str:
    return f"{room} " if room and room != here else ""


def short(text: str) -> str:
    lines = text.split("\n")
    more = f" (and {len(lines) - 1} more lines)" if len(lines) > 1 else ""
    first = lines[0]
    return f"{first if len(first) <= LONGEST else first[:LONGEST] + '…'}{more}"


def undecided(pending: Sequence[Send]) -> Send | None:
    """The first that somebody has to decide about."""
    states = (SendState.REFUSED, SendState.UNSURE)
    return next((send for send in pending if send.state in states), None)
