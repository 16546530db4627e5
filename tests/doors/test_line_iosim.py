"""The server's line door and our own client, connected in memory: both ends of one language."""

import pytest
from twisted.internet.defer import Deferred
from twisted.test.iosim import FakeTransport, IOPump, connect

from tests.client.screens import MemoryScreen
from tests.doors.house import LONGEST, House
from tests.doors.test_line import TextSpeech
from tests.times import TIMES
from twisted_chat.client.conversation import IN_FLIGHT, Conversation
from twisted_chat.client.protocol import ChatClientProtocol
from twisted_chat.client.status import Status


class Program:
    """Our client at work in a house."""

    def __init__(self, house: House, name: str | None) -> None:
        self.screen = MemoryScreen()
        self.conversation = Conversation(self.screen, name, TIMES)
        self.protocol = ChatClientProtocol(self.conversation)
        self._house = house
        server = house.factory.buildProtocol(None)
        assert server is not None
        self._pump: IOPump = connect(
            server,
            FakeTransport(server, isServer=True),
            self.protocol,
            FakeTransport(self.protocol, isServer=False),
            clock=house.clock,
        )
        self.settles()

    def settles(self) -> None:
        """Both ends have read all that the other has sent, and all paced entries are out."""
        for _ in range(3):
            self._pump.flush()
            self._house.turn()
        self._pump.flush()

    def types(self, line: str) -> None:
        self.conversation.typed(line.encode())
        self.settles()

    def shows(self) -> list[str]:
        """What was shown since it was asked last."""
        shown, self.screen.lines = self.screen.lines, []
        return shown


@pytest.fixture
def house() -> House:
    return House(TextSpeech()).open()


def ended(program: Program) -> str:
    """What the protocol gave at its end."""
    said: list[str] = []
    program.protocol.ended.addCallback(said.append)
    [only] = said
    return only


def test_who_gave_a_name_is_in_at_once(house: House) -> None:
    program = Program(house, "ann")
    assert program.shows()[0] == "Hello ann, you are now connected!"
    assert not program.screen.held


def test_who_gave_no_name_is_asked_for_one(house: House) -> None:
    program = Program(house, None)
    assert program.shows() == ["What's your name?"]
    program.types("ann")
    assert program.shows()[0] == "Hello ann, you are now connected!"


def test_a_refused_name_is_told_and_another_asked_for(house: House) -> None:
    house.enter("ann")
    program = Program(house, "ann")
    told, question = program.shows()
    assert "ann2 is free" in told
    assert question == "What's your name?"
    program.types("ann2")
    assert program.shows()[0] == "Hello ann2, you are now connected!"


def test_what_is_typed_reaches_the_others_and_is_not_shown_twice(house: House) -> None:
    [bob] = house.enter("bob")
    program = Program(house, "ann")
    program.shows()
    bob.reads()
    program.types("hello")
    assert bob.reads() == ["ann: hello"]
    assert program.shows() == []


def test_what_others_say_is_shown(house: House) -> None:
    [bob] = house.enter("bob")
    program = Program(house, "ann")
    program.shows()
    bob.says("hello", "/me waves", "/msg ann psst")
    program.settles()
    assert program.shows() == ["bob: hello", "* bob waves", "[bob] psst"]


def test_commands_are_answered(house: House) -> None:
    house.enter("bob")
    program = Program(house, "ann")
    program.shows()
    program.types("/names")
    program.types("/msg bob psst")
    assert program.shows() == ["-- 2 are here: bob, ann", "[to bob] psst"]


def test_who_leaves_is_told_goodbye(house: House) -> None:
    program = Program(house, "ann")
    program.shows()
    program.types("exit")
    assert program.shows() == ["Goodbye!"]
    assert program.conversation.status is Status.LEFT


def test_who_is_kicked_is_told_why(house: House) -> None:
    program = Program(house, "ann")
    program.shows()
    house.kick("ann", "spam")
    program.settles()
    assert program.shows() == ["-- You were kicked by Server: spam", "Goodbye!"]
    assert program.conversation.status is Status.REFUSED


def test_the_end_of_the_server_is_told_and_the_connection_ends(house: House) -> None:
    program = Program(house, "ann")
    program.shows()
    closing = Deferred.fromCoroutine(house.close("see you"))
    program.settles()
    assert closing.called
    assert program.shows() == ["-- Server is shutting down. see you"]
    assert ended(program) == ""


def test_a_full_chat_is_told_in_its_own_words() -> None:
    full = House(TextSpeech(), most=1).open()
    full.enter("bob")
    program = Program(full, "ann")
    assert ended(program) == "The chat is full (1 of 1). Please try again later."


def test_lines_that_are_too_long_for_the_chat_do_not_stop_the_client(house: House) -> None:
    [bob] = house.enter("bob")
    program = Program(house, "ann")
    for _ in range(IN_FLIGHT):
        program.types("x" * 2 * LONGEST)
    assert not program.screen.held
    program.types("hello")
    assert bob.reads()[-1] == "ann: hello"


def test_a_program_that_talks_faster_than_allowed_is_held_and_loses_nothing(house: House) -> None:
    [bob] = house.enter("bob")
    program = Program(house, "ann")
    bob.reads()
    for number in range(IN_FLIGHT):
        program.conversation.typed(str(number).encode())
    assert program.screen.held
    program.settles()
    assert not program.screen.held
    assert bob.reads() == [f"ann: {number}" for number in range(IN_FLIGHT)]
