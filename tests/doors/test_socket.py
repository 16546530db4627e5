"""The operators' console on a socket, in memory."""

import json
import os
from math import inf
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from tests.conftest import Leftovers
from tests.doors.house import House, KeepingStore, Person
from tests.doors.test_console import ChatWithBrokenStats
from tests.doors.test_line import TextSpeech
from tests.times import TIMES
from twisted_chat.core import chat
from twisted_chat.core.chat import Chat
from twisted_chat.core.limits import NO_LIMIT
from twisted_chat.core.outcomes import Answer
from twisted_chat.doors.line import ChatProtocol
from twisted_chat.doors.socket import LONGEST, MOST, OperatorFactory
from twisted_chat.speech.console import ConsoleDialect
from twisted_chat.visit import SHOWN, Rules
from twisted_chat.watch import Watch

HELLO = "hello"


class Office:
    """A house with people in it, and a socket for its operators. ``user``: who comes next."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.user = os.geteuid()
        self.stops: list[tuple[float | None, str]] = []
        self.watch = Watch(inf, inf, 60.0)
        self.factory = OperatorFactory(house.hub, Rules(NO_LIMIT, self.watch), lambda _: self.user)
        house.hub.stop = self._stop

    def comes(self) -> Person:
        protocol = self.factory.buildProtocol(None)
        assert isinstance(protocol, ChatProtocol)
        person = Person(self.house, protocol)
        self.house.turn()
        return person

    def program(self) -> Person:
        """Somebody who speaks JSON, and has read the hello."""
        program = self.comes()
        program.sends(b"/json\n")
        [hello] = objects(program)
        assert hello["type"] == HELLO
        return program

    def closes(self) -> bool:
        """Whether all are gone when nobody hinders it."""
        closed = Deferred.fromCoroutine(self.factory.close())
        self.house.turn()
        return bool(closed.called)

    def _stop(self, seconds: float | None, reason: str) -> str:
        self.stops.append((seconds, reason))
        return "shutting down"


def objects(program: Person) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines(program)]


def lines(operator: Person) -> list[str]:
    """What was sent since it was asked last. Its lines end in LF, and no CR is in them."""
    data: bytes = operator.wire.value()
    operator.wire.clear()
    assert b"\r" not in data
    return data.decode().splitlines()


@pytest.fixture
def office() -> Office:
    return Office(House(TextSpeech()).open())


def test_a_person_sees_and_says_what_she_does_at_the_console(office: Office) -> None:
    [ann] = office.house.enter("ann")
    operator = office.comes()
    ann.says("hello")
    operator.says("tea is ready", "/names")
    assert lines(operator) == ["[ann] hello", "-- 1 is here: ann"]
    assert ann.reads() == ["Server: tea is ready"]


def test_operators_see_what_others_of_them_say(office: Office) -> None:
    one, other = office.comes(), office.comes()
    one.says("tea is ready")
    assert (lines(one), lines(other)) == ([], ["Server: tea is ready"])


def test_an_operator_is_no_client_in_any_count_or_notice(office: Office) -> None:
    first, second = office.comes(), office.comes()
    second.vanishes()
    assert lines(first) == []
    assert office.house.hub.counters.connections == 0


@pytest.mark.parametrize("line", ["exit", "EXIT", "/quit", "/exit"])
def test_to_leave_it_is_to_leave_the_socket_alone(office: Office, line: str) -> None:
    operator = office.comes()
    operator.says(line)
    assert lines(operator) == ["Goodbye!"]
    assert not operator.here
    assert office.stops == []


def test_an_operators_exit_ends_nothing_where_a_clients_does() -> None:
    house = House(TextSpeech())
    house.chat = Chat(chat.House(exit_stops=True))
    office = Office(house.open())
    office.comes().says("exit")
    assert office.stops == []


def test_the_end_of_the_input_leaves_when_all_before_is_answered(office: Office) -> None:
    operator = office.comes()
    operator.sends_at_once(b"/names\n")
    operator.ends_input()
    assert lines(operator) == ["-- 0 are here: ", "Goodbye!"]
    assert (operator.here, office.stops) == (False, [])


@pytest.mark.parametrize("line", ["shutdown", "/shutdown"])
def test_shutdown_ends_the_daemon(office: Office, line: str) -> None:
    operator = office.comes()
    operator.says(line)
    assert lines(operator) == ["-- shutting down"]
    assert office.stops == [(0.0, "")]


# programs


def test_a_program_asks_as_an_operator_and_finds_its_answers_by_their_tags(office: Office) -> None:
    [ann] = office.house.enter("ann")
    program = office.program()
    program.sends(b'{"do":"stats","tag":1}\n{"do":"kick","target":"ann","tag":2}\n')
    answers = {one.get("tag"): one["type"] for one in objects(program)}
    assert (answers[1], answers[2]) == ("figures", "moderated")
    assert not ann.here


def test_an_announcement_is_answered_by_its_entry(office: Office) -> None:
    program = office.program()
    program.sends(b'{"do":"announce","text":"tea","tag":7}\n')
    [entry] = objects(program)
    assert (entry["type"], entry["text"], entry["tag"]) == ("announced", "tea", 7)


def test_a_program_sees_each_thing_once(office: Office) -> None:
    program = office.program()
    [ann] = office.house.enter("ann")
    objects(program)
    ann.says("hello")
    assert [one["type"] for one in objects(program)] == ["said"]


def test_a_switch_may_end_in_cr_lf(office: Office) -> None:
    operator = office.comes()
    operator.sends(b"/json\r\n")
    assert [one["type"] for one in objects(operator)] == [HELLO]


def test_only_the_first_line_switches(office: Office) -> None:
    operator = office.comes()
    operator.says("/names", "/json")
    assert lines(operator)[1].startswith("-- There is no /json.")


def test_a_program_leaves_with_a_goodbye(office: Office) -> None:
    program = office.program()
    program.sends(b'{"do":"quit","tag":2}\n')
    assert objects(program) == [{"type": "goodbye", "tag": 2, "why": ""}]
    assert (program.here, office.stops) == (False, [])


# what waits, and what is too much


def test_what_is_asked_after_a_search_is_answered_after_it() -> None:
    house = House(TextSpeech())
    store = KeepingStore(house.clock.seconds)
    house.chat, house.store = Chat(chat.House(kept="forever")), store
    office = Office(house.open())
    operator = office.comes()
    store.shelf.slow = True
    operator.says("/history", "/names", "exit")
    assert lines(operator) == []
    store.shelf.bring()
    house.turn()
    assert lines(operator) == ["-- Nothing was said then.", "-- 0 are here: ", "Goodbye!"]


def test_a_line_that_is_too_long_is_refused_and_the_next_is_heard(office: Office) -> None:
    operator = office.comes()
    operator.sends(b"x" * (LONGEST + 5) + b"\n/names\n")
    [refusal, names] = lines(operator)
    assert (refusal, names) == (
        f"-- not sent: that line has more than {LONGEST} bytes",
        "-- 0 are here: ",
    )


def test_so_many_operators_and_no_more_are_let_in(office: Office) -> None:
    operators = [office.comes() for _ in range(MOST)]
    late = office.comes()
    assert lines(late)[0].startswith(f"-- There are {MOST} operators here")
    assert not late.here
    operators[0].says("exit")
    [ann] = office.house.enter("ann")
    office.comes().says("tea is ready")
    assert ann.reads() == ["Server: tea is ready"]


def test_a_storm_of_them_is_cut_short(office: Office) -> None:
    waiting = [office.factory.buildProtocol(None) for _ in range(2 * MOST)]
    for protocol in waiting:
        assert isinstance(protocol, ChatProtocol)
        Person(office.house, protocol)
    assert office.factory.buildProtocol(None) is None


def test_who_reads_nothing_for_too_long_must_go(office: Office) -> None:
    operator = office.comes()
    operator.reads_no_more()
    office.house.clock.advance(61)
    office.watch.sweep(office.house.clock.seconds())
    operator.reads_on()
    office.house.turn()
    assert not operator.here


# who may


def test_root_may_come_in_to_any_daemon(office: Office) -> None:
    office.user = 0
    operator = office.comes()
    operator.says("/names")
    assert lines(operator) == ["-- 0 are here: "]


def test_another_user_is_refused_in_words(office: Office) -> None:
    office.user = os.geteuid() + 1
    stranger = office.comes()
    refusal = "-- This console is for root and the user that the chat runs as. Come as one of them."
    assert lines(stranger) == [refusal, "Goodbye!"]
    assert not stranger.here


@pytest.mark.parametrize("sent", [b"shutdown\n", b'/json\n{"do":"shutdown"}\n', b"tea\n"])
def test_nothing_that_another_user_sends_is_heard(office: Office, sent: bytes) -> None:
    [ann] = office.house.enter("ann")
    office.user = os.geteuid() + 1
    protocol = office.factory.buildProtocol(None)
    assert isinstance(protocol, ChatProtocol)
    stranger = Person(office.house, protocol)
    stranger.sends_at_once(sent)  # before the refusal is even on its way
    stranger.sends(sent)
    ann.says("a secret")
    assert (office.stops, ann.reads()) == ([], [])
    assert not any("a secret" in line for line in lines(stranger))


# the end of the daemon


def test_the_end_of_the_daemon_is_told_to_all_operators(office: Office) -> None:
    person, program = office.comes(), office.program()
    office.house.closes("new disk")
    closed = office.closes()
    assert lines(person) == ["-- Server is shutting down. new disk"]
    assert [one["type"] for one in objects(program)] == ["closing"]
    assert (person.here, program.here, closed) == (False, False, True)


# secrets

SECRET = "/me is a secret"
ASKED = "-- A new password, of at least 8 characters; an empty line changes nothing:" + SHOWN


def test_a_person_is_asked_for_a_new_password_which_nobody_reads(office: Office) -> None:
    [bob], ann = office.house.enter("bob"), office.house.owns("ann")
    bob.reads()
    before = office.house.chat.accounts["ann"]
    operator, other = office.comes(), office.comes()
    operator.says("/passwd ann", SECRET, SECRET)
    [asked, _, done] = lines(operator)
    assert (asked, done) == (ASKED, "-- the password of ann is changed (act 1)")
    assert office.house.chat.accounts["ann"] != before
    assert ann.reads() == ["-- Server has set a new password for your name"]
    assert not any(SECRET in line for line in [*bob.reads(), *lines(other)])


def test_after_two_that_differ_lines_are_said_again(office: Office) -> None:
    [bob], _ = office.house.enter("bob"), office.house.owns("ann")
    bob.reads()
    operator = office.comes()
    operator.says("/passwd ann", SECRET, "another horse", "tea is ready")
    assert lines(operator)[2].startswith("-- The two are not the same.")
    assert bob.reads() == ["Server: tea is ready"]


def test_a_program_is_asked_for_nothing_and_says_it_all_at_once(office: Office) -> None:
    office.house.owns("ann")
    program = office.program()
    program.sends(b'{"do":"passwd","name":"ann","new":"another horse","tag":1}\n')
    assert [(one["type"], one["tag"]) for one in objects(program)] == [("done", 1)]


class BrokenConsole(ConsoleDialect):
    """It has no words for anything."""

    def answer(self, answer: Answer, tag: object) -> bytes:
        raise ZeroDivisionError("a bug")


def test_an_operator_who_meets_a_bug_keeps_her_console(leftovers: Leftovers) -> None:
    house = House(TextSpeech())
    house.chat = ChatWithBrokenStats()
    office = Office(house.open())
    house.enter("ann")
    operator = office.comes()
    operator.says("/stats", "/names")
    assert lines(operator) == [
        "-- Something went wrong in the chat itself. The log says more.",
        "-- 1 is here: ann",
    ]
    [logged] = leftovers.flush()
    assert logged["log_failure"].check(ZeroDivisionError)


def test_an_operator_who_cannot_even_be_told_so_keeps_it_too(leftovers: Leftovers) -> None:
    office = Office(House(TextSpeech()).open())
    [ann] = office.house.enter("ann")
    office.factory.door.text = BrokenConsole(TIMES)
    operator = office.comes()
    operator.says("/names", "tea is ready")
    assert operator.here
    assert ann.reads() == ["Server: tea is ready"]
    assert len(leftovers.flush()) == 1
