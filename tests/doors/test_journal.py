"""The daemon's log: who comes and goes, never what is said."""

from collections.abc import Generator
from dataclasses import dataclass, field

import pytest
from twisted.logger import ILogObserver, LogEvent, formatEvent, globalLogPublisher
from zope.interface import implementer

from tests.doors.house import House
from tests.doors.test_line import TextSpeech
from twisted_chat.core.events import Announced, Disconnected, TurnedAway
from twisted_chat.doors.journal import Journal


@implementer(ILogObserver)
@dataclass
class Log:
    """What the journal logs: a text for each log event."""

    house: House
    events: list[str] = field(default_factory=list)

    def __call__(self, event: LogEvent) -> None:
        if event.get("log_namespace") == f"{Journal.__module__}.Journal":
            self.events.append(formatEvent(event))

    def lines(self) -> list[str]:
        """What was logged since it was asked last."""
        events, self.events = self.events, []
        return [line for event in events for line in event.split("\n")]


def keep(house: House) -> Generator[Log, None, None]:
    log = Log(house)
    house.hub.seat(Journal())
    globalLogPublisher.addObserver(log)
    yield log
    globalLogPublisher.removeObserver(log)


@pytest.fixture
def log() -> Generator[Log, None, None]:
    yield from keep(House(TextSpeech(), most=3).open())


def test_who_comes_is_logged(log: Log) -> None:
    log.house.enter("ann")
    assert log.lines() == ["[NEW CONNECTION] 192.168.1.1:54321 (#1)", "-- ann joined"]


def test_who_goes_is_logged_with_the_reason(log: Log) -> None:
    [ann] = log.house.enter("ann")
    log.lines()
    ann.vanishes()
    assert "-- ann left (connection lost)" in log.lines()


def test_a_new_name_is_logged(log: Log) -> None:
    [ann] = log.house.enter("ann")
    log.lines()
    ann.says("/nick zoe")
    assert log.lines() == ["-- ann is zoe now"]


def test_who_is_turned_away_is_logged(log: Log) -> None:
    log.house.enter("ann", "bob", "cy")
    log.lines()
    log.house.arrives()
    assert log.lines() == ["[TURNED AWAY] 192.168.1.1:54321: the chat is full"]


def test_what_is_said_is_never_logged(log: Log) -> None:
    ann, _ = log.house.enter("ann", "bob")
    log.lines()
    ann.says("hello", "/me waves", "/msg bob psst", "/names")
    assert log.events == []


def test_what_the_operator_announces_is_not_logged(log: Log) -> None:
    log.house.hub.announce(Announced("tea is ready"))
    log.house.turn()
    assert log.events == []


def test_the_end_is_logged(log: Log) -> None:
    log.house.closes("see you")
    assert log.lines() == ["-- Server is shutting down. see you"]


def test_one_log_event_holds_all_of_a_turn(log: Log) -> None:
    for _ in range(3):
        assert log.house.factory.buildProtocol(None) is not None
    for number in range(3):
        log.house.hub.notice(TurnedAway(f"192.0.2.{number}:1", "the chat is full"))
    log.house.turn()
    assert len(log.events) == 1
    assert len(log.lines()) == 3


def test_nothing_that_is_logged_has_a_control_character(log: Log) -> None:
    log.house.hub.notice(Disconnected(1, "192.0.2.1:1\x1b[2J", "gone\r\n\x07forged"))
    log.house.turn()
    [line] = log.lines()
    assert line.isprintable()


def test_a_format_string_in_a_reason_is_logged_as_it_is(log: Log) -> None:
    log.house.enter("ann")
    log.lines()
    log.house.kick("ann", "{lines} %s {0}")
    assert "-- ann left (kicked: {lines} %s {0})" in log.lines()
