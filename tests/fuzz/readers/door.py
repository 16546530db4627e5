"""A whole chat in memory, and somebody at its line door who sends anything at all."""

import re

from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer

from tests.doors.house import House, Person
from tests.doors.test_line import TextSpeech
from tests.fuzz.readers.cleaner import require_clean
from tests.fuzz.readers.segments import cut
from twisted_chat.doors.line import ChatProtocol
from twisted_chat.speech.lines_json import hear

SPEECH = TextSpeech()
ENTER = b'/json\n{"do":"enter","name":"ann","tag":0}\n'
OPENINGS = (b"", b"ann\n", b"/json\n", ENTER)
TURNS = 500
"""Of the reactor. Nothing that is sent at once takes as many."""

_TELNET = re.compile(rb"\xff[\xfb-\xfe].", re.S)
_ALERT = re.compile(rb"\x15\x03\x01\x00\x02\x02\x28")
_bugs: list[LogEvent] = []


@implementer(ILogObserver)
class Bugs:
    def __call__(self, event: LogEvent) -> None:
        if "log_failure" in event:
            _bugs.append(event)


globalLogPublisher.addObserver(Bugs())


def read(data: bytes) -> None:
    stream, pieces = cut(data)
    opening = OPENINGS[data[0] >> 6 if data else 0]
    bobs = heard([opening + stream])
    for line in bobs:
        require_clean(line)
    if data[:1] and not data[0] & 0x18:  # each costs a whole chat, so not always
        assert heard([opening, *pieces]) == bobs
    bugs = _bugs[:]
    _bugs.clear()
    assert not bugs, bugs


def heard(segments: list[bytes]) -> list[str]:
    """What somebody else reads while these come."""
    house = House(SPEECH).open()
    [bob] = house.enter("bob")
    someone = house.connects()
    for segment in segments:
        if segment and someone.here:
            someone.sends_at_once(segment)
    for _ in range(TURNS):
        house.turn()
        if not (someone.here and someone.protocol.paused):
            break
    assert not (someone.here and someone.protocol.paused)
    _goes(someone)
    house.turn()
    assert house.factory.connections == {bob.protocol}
    _require_answers(someone)
    return bob.reads()


def _goes(someone: Person) -> None:
    if someone.here:
        someone.ends_input()
    someone.vanishes()


def _require_answers(someone: Person) -> None:
    """All that was answered can be read by whoever asked."""
    said = _ALERT.sub(b"", _TELNET.sub(b"", someone.wire.value()))
    program = isinstance(someone.protocol, ChatProtocol) and not someone.protocol.dialect.asks
    for line in said.splitlines():
        if program and line.startswith(b"{"):
            hear(line)
        else:
            require_clean(line.decode())
