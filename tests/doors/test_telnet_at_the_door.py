"""What a telnet sends beside text, and that a secret is hidden no longer than it is asked for."""

import pytest

from tests.doors.house import PASSWORD, House, Person
from tests.doors.test_line import TextSpeech
from tests.doors.test_questions import HIDE, SHOW
from twisted_chat.speech.telnet import MOST_COMMANDS

INTERRUPT = b"\xff\xf4\xff\xfd\x06"
"""Ctrl-C at Debian's telnet."""


@pytest.fixture
def house() -> House:
    return House(TextSpeech()).open()


def asked(house: House) -> Person:
    """Somebody with a telnet, who is asked for a new password and answers that she hides it."""
    [ann] = house.enter("ann")
    ann.sends(b"/register\r\n")
    assert ann.wire.value().startswith(HIDE)
    ann.sends(b"\xff\xfd\x01")  # DO ECHO
    ann.wire.clear()
    return ann


def test_ctrl_c_takes_back_what_was_typed_and_says_how_to_leave(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends(b"oh no" + INTERRUPT + b"hello\n")
    assert ann.wire.value() == b"\xff\xfb\x06-- exit leaves\r\n"
    assert bob.reads() == ["ann: hello"]


def test_ctrl_c_before_a_name_is_no_name(house: House) -> None:
    person = house.arrives()
    person.sends(INTERRUPT + b"ann\r\n")
    assert "ann" in house.chat.members


def test_a_character_and_a_line_are_erased(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends(b"hellp\xff\xf7o\n")
    ann.sends(b"wrong\xff\xf8right\n")
    ann.sends(b"caf\xc3\xa9\xff\xf7e\n")
    assert bob.reads() == ["ann: hello", "ann: right", "ann: cafe"]


def test_keys_that_come_one_by_one_are_a_line(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    for byte in b"\xff\xfb\x1fhelk\x7flo\r\0":  # as PuTTY and Windows do it
        ann.sends(bytes([byte]))
    assert bob.reads() == ["ann: hello"]


@pytest.mark.parametrize("pieces", [1, 100])
def test_cr_nul_ends_a_line(house: House, pieces: int) -> None:
    ann, bob = house.enter("ann", "bob")
    data = b"one\r\0two\r\nthree\r\0"
    for at in range(0, len(data), pieces):
        ann.sends(data[at : at + pieces])
    assert bob.reads() == ["ann: one", "ann: two", "ann: three"]


def test_a_program_is_told_in_its_own_language_that_the_chat_is_here(house: House) -> None:
    person = house.arrives()
    person.sends(b"/json\n")
    person.wire.clear()
    person.sends(b"\xff\xf6")
    assert person.wire.value() == b'{"type":"done","text":"yes, the chat is here"}\n'


def test_latin_1_that_looks_like_a_command_is_refused_in_words(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends("ÿes, naïve\n".encode("latin-1"))
    assert ann.reads()[0].startswith("-- not sent: that line is not UTF-8.")
    assert bob.reads() == []


def test_a_subnegotiation_without_end_is_told_after_a_kilobyte(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends(b"\xff\xfa" + b"x" * 1030 + b"\nhello\n")
    assert b"not UTF-8" in ann.wire.value()
    assert bob.reads() == ["ann: hello"]


def test_a_flood_of_commands_is_cut(house: House) -> None:
    ann, bob = house.enter("ann", "bob")
    ann.sends(b"\xff\xf1" * (MOST_COMMANDS + 1) + b"hello\n")
    assert ann.reads()[0] == "-- Too many telnet commands."
    assert bob.reads() == ["-- ann left (too many telnet commands)"]


def test_a_client_that_does_not_hide_what_is_typed_says_so_to_who_types(house: House) -> None:
    [ann] = house.enter("ann")
    ann.sends(b"/register\r\n")
    ann.wire.clear()
    ann.sends(b"\xff\xfe\x01")  # DONT ECHO
    assert ann.reads() == ["-- your terminal shows what you type"]
    ann.sends(b"\r\n")
    assert ann.reads() == ["-- Nothing was changed."]


@pytest.mark.parametrize("answer", [b"\r\n", b"short\r\n", b"\xff\xff\r\n"])
def test_after_any_answer_what_is_typed_is_shown(house: House, answer: bytes) -> None:
    ann = asked(house)
    ann.sends(answer)
    assert ann.wire.value().startswith(SHOW)


def test_who_is_sent_out_while_a_secret_is_asked_for_has_an_echo_again(house: House) -> None:
    ann = asked(house)
    house.kick("ann", "spam")
    assert ann.wire.value().startswith(SHOW)
    assert b"kicked" in ann.wire.value()


def test_who_stays_in_a_chat_that_ends_has_an_echo_again(house: House) -> None:
    ann = asked(house)
    house.closes("")
    assert SHOW in ann.wire.value()


def test_who_sends_nothing_more_while_a_secret_is_asked_for_has_an_echo_again(
    house: House,
) -> None:
    ann = asked(house)
    ann.ends_input()
    assert ann.wire.value().startswith(SHOW)


def test_a_key_that_rubs_out_does_so_in_a_secret(house: House) -> None:
    ann = asked(house)
    ann.sends(b"correct horsf\x7fe\r\n" + PASSWORD.encode() + b"\r\n")
    assert "ann" in house.chat.accounts
