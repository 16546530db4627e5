"""Who said what, and who has yet to read it. No sockets and no clock: times are passed in.

The daemon spends some 0.3 µs on a delivery, so a check of each must cost less. Many people read the
same bytes in one turn of the load: those are taken apart once, into runs of consecutive messages
of one speaker, and per reader only the ends of these runs are compared.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NoReturn

from benchmarks.wrong import Wrong

TEXT = 64
"""Bytes of what is said, without the speaker's name."""

STEP = 10_000
"""Nanoseconds: latencies are counted in steps of this size."""

NEVER = -1
"""The number of a message that nobody says: the next that one expects of oneself."""


class Message:
    """``said``: nanoseconds of the caller's clock. ``waiting``: people who have yet to read it."""

    __slots__ = ("line", "number", "said", "speaker", "waiting")

    def __init__(self, speaker: int, number: int, said: int, waiting: int) -> None:
        self.speaker = speaker
        self.number = number
        self.said = said
        self.waiting = waiting
        self.line = name(speaker) + b": " + text(number)


class Lines:
    """The same bytes, as read by one or many. ``heard``: when each of them did, in nanoseconds."""

    __slots__ = ("heard", "messages", "runs")

    def __init__(self, messages: list[Message]) -> None:
        self.messages = messages
        self.runs = runs(messages)
        self.heard: list[int] = []


class Book:
    """People are numbered from 0. ``latencies``: deliveries by steps of ``STEP``."""

    def __init__(self, people: int) -> None:
        self.outstanding = 0
        self.delivered = 0
        self.latencies: Counter[int] = Counter()
        self._readers = people - 1
        self._said = [0] * people
        self._expected = [[0] * people for _ in range(people)]
        for person in range(people):
            self._expected[person][person] = NEVER
        self._open: dict[bytes, Message] = {}
        self._turn: dict[bytes, Lines] = {}

    def say(self, speaker: int, now: int) -> bytes:
        """What the speaker now sends: a line, ended by LF."""
        number = self._said[speaker]
        self._said[speaker] += 1
        message = Message(speaker, number, now, self._readers)
        self._open[message.line] = message
        self.outstanding += self._readers
        return text(number) + b"\n"

    def hear(self, reader: int, wire: bytes, now: int) -> None:
        """Whole lines, as they came in. Raises Wrong."""
        lines = self._turn.get(wire)
        if lines is None:
            lines = self._turn[wire] = Lines(list(self._read(reader, wire)))
        expected = self._expected[reader]
        for speaker, first, end in lines.runs:
            if expected[speaker] != first:
                explain(reader, speaker, first, expected[speaker])
            expected[speaker] = end
        lines.heard.append(now)

    def settle(self) -> int:
        """Close the accounts of one turn: how many messages have now been read by all."""
        done = 0
        for lines in self._turn.values():
            count = len(lines.heard)
            for message in lines.messages:
                said = message.said
                self.latencies.update([(now - said) // STEP for now in lines.heard])
                self.delivered += count
                self.outstanding -= count
                message.waiting -= count
                if not message.waiting:
                    del self._open[message.line]
                    done += 1
        self._turn.clear()
        return done

    def missing(self) -> NoReturn:
        """Nothing came any more. Raises Wrong."""
        message = next(iter(self._open.values()))
        raise Wrong(
            f"deliveries that never came: {self.outstanding}; the first is message "
            f"{message.number} of {name(message.speaker).decode()}"
        )

    def _read(self, reader: int, wire: bytes) -> Iterable[Message]:
        for line in wire.split(b"\r\n"):
            message = self._open.get(line)
            if message is not None:
                yield message
            elif line and not line.startswith(b"-- "):
                who = name(reader).decode()
                raise Wrong(f"{who} read {line!r}, which nobody said or everyone had read already")


def name(person: int) -> bytes:
    return b"u%d" % person


def text(number: int) -> bytes:
    return (b"%d " % number).ljust(TEXT, b".")


def runs(messages: Iterable[Message]) -> list[tuple[int, int, int]]:
    """Speaker, first number and the number after the last, of messages that follow each other."""
    found: list[tuple[int, int, int]] = []
    latest: dict[int, int] = {}
    for message in messages:
        at = latest.get(message.speaker)
        if at is not None and found[at][2] == message.number:
            found[at] = (message.speaker, found[at][1], message.number + 1)
        else:
            latest[message.speaker] = len(found)
            found.append((message.speaker, message.number, message.number + 1))
    return found


def explain(reader: int, speaker: int, first: int, expected: int) -> NoReturn:
    """Raises Wrong: that was not the message that the reader expected next of this speaker."""
    who, whose = name(reader).decode(), name(speaker).decode()
    if expected == NEVER:
        raise Wrong(f"{who} read its own message {first}")
    if first < expected:
        raise Wrong(f"{who} read message {first} of {whose} a second time")
    raise Wrong(f"{who} read message {first} of {whose} before message {expected}")
