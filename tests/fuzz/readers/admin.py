"""The operators' program, to which a daemon may say anything."""

import io
import socket
from contextlib import suppress

from tests.fuzz.readers.segments import cut
from tests.times import TIMES
from twisted_chat.admin.asking import Asking
from twisted_chat.admin.wire import Failed, Wire
from twisted_chat.core.outcomes import Hello
from twisted_chat.core.requests import Who
from twisted_chat.speech.lines_json import write

HELLO = write(Hello(1, "twisted_chat", 4096), None)


def read(data: bytes) -> None:
    stream, _ = cut(data)
    theirs, ours = socket.socketpair()
    wire = Wire(ours, 1.0)
    with theirs, ours:
        theirs.sendall((HELLO if data[:1] > b"\x3f" else b"") + stream[: 1 << 15])
        theirs.shutdown(socket.SHUT_WR)
        with suppress(Failed):
            wire.open()
            _ask(wire, as_json=data[:1] > b"\x7f")


def _ask(wire: Wire, as_json: bool) -> None:
    asking = Asking(TIMES, io.BytesIO(), io.StringIO(), as_json)
    with suppress(Failed):
        asking.ask(wire, Who())
    with suppress(Failed):
        asking.leave(wire)
