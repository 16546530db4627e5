"""Our own client, to which a daemon may say anything."""

from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from tests.client.screens import MemoryScreen
from tests.fuzz.readers.cleaner import require_clean
from tests.fuzz.readers.segments import cut
from tests.times import TIMES
from twisted_chat.client.conversation import Conversation
from twisted_chat.client.protocol import ChatClientProtocol
from twisted_chat.core.outcomes import Hello
from twisted_chat.speech.clean import clean
from twisted_chat.speech.lines_json import write

HELLO = write(Hello(1, "twisted_chat", 4096), None)
WELCOME = b'{"type":"welcomed","name":"ann","room":"#lobby","here":[],"others":0,"tag":1}\n'
OPENINGS = (b"", HELLO, HELLO, HELLO + WELCOME)


def read(data: bytes) -> None:
    stream, pieces = cut(data)
    opening = OPENINGS[data[0] >> 6 if data else 0]
    assert shown([opening, stream]) == shown([opening, *pieces])


def shown(segments: list[bytes]) -> tuple[list[str], list[str]]:
    """What is on the screen then, and what the connection gave at its end."""
    screen, ends = MemoryScreen(), list[str]()
    protocol = ChatClientProtocol(Conversation(screen, "ann", TIMES))
    protocol.makeConnection(StringTransport())
    for segment in segments:
        protocol.dataReceived(segment)
    protocol.connectionLost(Failure(ConnectionDone()))
    protocol.ended.addCallback(ends.append)
    for line in screen.lines:  # as every terminal of ours shows them
        require_clean(clean(line))
    return screen.lines, ends
