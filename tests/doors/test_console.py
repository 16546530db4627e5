"""The operator's console, where there is no terminal: lines come in and go out."""

from dataclasses import dataclass
from math import inf

import pytest
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from tests.conftest import Leftovers
from tests.doors.house import BrokenChat, House
from tests.doors.test_line import TextSpeech
from twisted_chat.core.chat import Device, Moment
from twisted_chat.core.limits import NO_LIMIT
from twisted_chat.core.outcomes import Outcome
from twisted_chat.core.requests import Request, Stats
from twisted_chat.doors.console import Console
from twisted_chat.visit import Hold, Rules
from twisted_chat.watch import Watch


@dataclass
class Desk:
    """An operator at her console, in a house with people in it."""

    house: House
    console: Console
    screen: StringTransport
    stops: list[tuple[float | None, str]]

    def types(self, *lines: str) -> None:
        self.console.dataReceived("".join(f"{line}\n" for line in lines).encode())
        self.house.turn()

    def shows(self) -> list[str]:
        """What was shown since it was asked last."""
        shown: list[str] = self.screen.value().decode().splitlines()
        self.screen.clear()
        return shown


def sit_down(house: House) -> Desk:
    stops: list[tuple[float | None, str]] = []

    def stop(seconds: float | None, reason: str) -> str:
        stops.append((seconds, reason))
        return "shutting down"

    house.hub.stop = stop
    console, screen = Console(house.hub, Rules(NO_LIMIT, Watch(inf))), StringTransport()
    console.makeConnection(screen)
    return Desk(house, console, screen, stops)


@pytest.fixture
def desk() -> Desk:
    return sit_down(House(TextSpeech()).open())


def test_a_bare_line_is_said_to_all_as_server(desk: Desk) -> None:
    ann, bob = desk.house.enter("ann", "bob")
    desk.types("tea is ready")
    assert ann.reads() == bob.reads() == ["Server: tea is ready"]


def test_what_the_operator_says_is_not_shown_to_her_again(desk: Desk) -> None:
    desk.types("tea is ready")
    assert desk.shows() == []


def test_say_speaks_as_server_too(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.types("/say shutdown is at nine", "/announce /kick is a command")
    assert ann.reads() == ["Server: shutdown is at nine", "Server: /kick is a command"]


def test_it_shows_who_connects_and_what_is_said(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    ann.says("hello", "/me waves")
    assert desk.shows() == [
        "[NEW CONNECTION] 192.168.1.1:54321 (#1)",
        "-- ann joined",
        "[ann] hello",
        "* ann waves",
    ]


def test_it_shows_who_goes_and_why(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.shows()
    ann.vanishes()
    assert sorted(desk.shows()) == [
        "-- ann left (connection lost)",
        "[DISCONNECTED] 192.168.1.1:54321 (#1): connection lost",
    ]


def test_it_shows_no_private_message(desk: Desk) -> None:
    ann, _ = desk.house.enter("ann", "bob")
    desk.shows()
    ann.says("/msg bob psst")
    assert desk.shows() == []


def test_it_shows_who_was_turned_away() -> None:
    desk = sit_down(House(TextSpeech(), most=1).open())
    desk.house.enter("ann")
    desk.shows()
    desk.house.arrives()
    assert desk.shows() == ["[TURNED AWAY] 192.168.1.1:54321: the chat is full"]


def test_kick_disconnects_and_says_so(desk: Desk) -> None:
    ann, _ = desk.house.enter("ann", "bob")
    desk.shows()
    desk.types("/kick ann spam")
    assert not ann.here
    assert "-- ann was kicked by Server: spam (act 1)" in desk.shows()


def test_kick_of_nobody_is_refused(desk: Desk) -> None:
    desk.types("/kick zoe")
    assert desk.shows() == ["-- zoe is not here. /names shows who is."]


def test_stats_shows_the_figures(desk: Desk) -> None:
    desk.house.enter("ann", "bob")
    desk.shows()
    desk.types("/stats")
    figures = {line[3:22].strip(): line[22:].strip() for line in desk.shows()}
    assert (figures["people here"], figures["connections so far"]) == ("2", "2")


def test_help_shows_what_the_operator_may(desk: Desk) -> None:
    desk.types("/help")
    assert any(line.startswith("-- /kick ") for line in desk.shows())


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("shutdown", (0.0, "")),
        ("Shutdown", (0.0, "")),
        ("/shutdown 10m new kernel", (600.0, "new kernel")),
        ("shutdown 30 new kernel", (30.0, "new kernel")),
        ("shutdown cancel", (None, "")),
        ("exit", (0.0, "")),
        ("EXIT", (0.0, "")),
        ("/quit", (0.0, "")),
    ],
)
def test_these_lines_end_the_chat(desk: Desk, line: str, asked: tuple[float | None, str]) -> None:
    desk.types(line)
    assert desk.stops == [asked]
    assert desk.shows() == ["-- shutting down"]


def test_a_sentence_that_begins_with_shutdown_ends_nothing_and_is_not_said(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.shows()
    desk.types("shutdown is at nine")
    assert desk.stops == []
    assert ann.reads() == []
    [told] = desk.shows()
    assert "/say shutdown is at nine" in told


def test_the_end_of_the_input_leaves_the_chat_and_the_screen_running(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.shows()
    desk.console.readConnectionLost()
    ann.says("hello")
    assert desk.stops == []
    assert desk.shows() == ["[ann] hello"]


def test_a_console_that_is_gone_is_no_trouble_for_the_chat(desk: Desk) -> None:
    ann, bob = desk.house.enter("ann", "bob")
    desk.shows()
    desk.console.connectionLost(Failure(ConnectionDone()))
    ann.says("hello")
    assert bob.reads() == ["ann: hello"]
    assert desk.shows() == []


def test_nothing_that_people_say_acts_on_the_operators_screen(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.shows()
    ann.says("\x1b[2Jgone", "\x1b[31mred\x07\x9b1m")
    assert desk.shows() == ["[ann] red"]


def test_an_operator_who_does_not_read_loses_lines_of_the_log_and_no_entries(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.console.outbox.pauseProducing()
    ann.says("one")  # on its way already
    desk.shows()
    desk.console.show("a line of the log\n")
    ann.says("two", "three")
    assert desk.shows() == []
    desk.console.outbox.resumeProducing()
    desk.house.turn()
    assert desk.shows() == ["[ann] two", "[ann] three"]


def test_a_line_that_is_too_long_is_not_said_and_the_next_is(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.shows()
    desk.console.dataReceived(b"x" * 70_000 + b"\nhello\n")
    desk.house.turn()
    assert desk.shows() == ["-- not sent: that line is too long"]
    assert ann.reads() == ["Server: hello"]


def test_no_piece_of_a_line_that_is_too_long_is_said(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    for _ in range(3):
        desk.console.dataReceived(b"x" * 40_000)
    desk.console.dataReceived(b"\n")
    desk.house.turn()
    assert ann.reads() == []


def test_the_console_is_not_paced_and_never_idle(desk: Desk) -> None:
    [ann] = desk.house.enter("ann")
    desk.types(*map(str, range(100)))
    assert len(ann.reads()) == 100


class ChatWithBrokenStats(BrokenChat):
    def perform(self, device: Device, request: Request, moment: Moment) -> list[Outcome]:
        if isinstance(request, Stats):
            raise ZeroDivisionError("a bug")
        return super().perform(device, request, moment)


def test_a_bug_that_the_operator_meets_is_logged_and_leaves_the_chat_running(
    leftovers: Leftovers,
) -> None:
    house = House(TextSpeech())
    house.chat = ChatWithBrokenStats()
    desk = sit_down(house.open())
    ann, bob = house.enter("ann", "bob")
    desk.types("/stats")
    [logged] = leftovers.flush()
    assert logged["log_failure"].check(ZeroDivisionError)
    ann.says("hello")
    assert bob.reads() == ["ann: hello"]


def test_a_bug_that_the_operator_meets_does_not_take_the_shutdown_from_her(
    leftovers: Leftovers,
) -> None:
    house = House(TextSpeech())
    house.chat = ChatWithBrokenStats()
    desk = sit_down(house.open())
    desk.types("/stats", "shutdown")
    leftovers.flush()
    assert desk.stops == [(0.0, "")]


def test_each_reason_to_hold_is_released_by_itself(desk: Desk) -> None:
    desk.console.hold(Hold.FULL)
    desk.console.release(Hold.ORDER)
    assert desk.screen.producerState == "paused"
    desk.console.release(Hold.FULL)
    assert desk.screen.producerState == "producing"
