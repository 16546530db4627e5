"""What may happen before there is a name, over real sockets."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, daemon


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat")) as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    shared.empties()
    return shared


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "A name is needed. A name has 1 to 32 letters"),
        ("   ", "A name is needed. A name has 1 to 32 letters"),
        ("x" * 33, "That name has 33 characters, the limit is 32."),
        ("ann lee", "That is not a legal name: it has a character that names cannot have."),
        ("*ann*", "That is not a legal name: it does not begin with a letter or a digit."),
        ("12345", "That is not a legal name: it has no letter."),
        ("pаypal", "That is not a legal name: it mixes the letters of two scripts."),
        ("Server", "The name Server is kept for the chat itself."),
        ("SERVER", "The name SERVER is kept for the chat itself."),
    ],
)
def test_a_name_that_cannot_be_gets_a_sentence_and_another_try(
    chat: Daemon, name: str, sentence: str
) -> None:
    with Talker(chat.port) as ann:
        ann.say(name)
        ann.reads(f"-- {sentence}")
        ann.enters("ann")


@pytest.mark.parametrize("taken", ["ann", "ANN", " ann "])
def test_a_taken_name_gets_a_free_one_proposed_and_another_try(chat: Daemon, taken: str) -> None:
    with Talker(chat.port, "ann"), Talker(chat.port) as other:
        other.say(taken)
        other.reads(f"The name {taken.strip()} is taken by somebody who is here.")
        other.reads(f"{taken.strip()}2 is free")
        other.enters("ann2")


def test_of_two_who_ask_for_one_name_at_once_one_gets_it(chat: Daemon) -> None:
    with Talker(chat.port) as one, Talker(chat.port) as two:
        one.reads("name?\r\n")
        two.reads("name?\r\n")
        one.say("ann")
        two.say("ann")
        both = one.reads("\r\n") + two.reads("\r\n")
        assert both.count("Hello ann") == both.count("is taken") == 1


def test_names_of_other_scripts_are_names(chat: Daemon) -> None:
    with Talker(chat.port, "Žofie") as one, Talker(chat.port, "Иван") as two:
        two.say("привет")
        one.reads("Иван: привет\r\n")


def test_help_is_there_before_a_name(chat: Daemon) -> None:
    with Talker(chat.port) as ann:
        ann.say("/help")
        ann.reads("-- /who [PREFIX]")
        ann.enters("ann")


def test_other_commands_ask_for_the_name_first(chat: Daemon) -> None:
    with Talker(chat.port) as ann:
        ann.say("/who")
        ann.reads("-- Give your name first.\r\n")
        ann.enters("ann")


def test_one_may_leave_before_giving_a_name(chat: Daemon) -> None:
    with Talker(chat.port) as ann:
        ann.say("exit")
        assert ann.reads_to_the_end().endswith("Goodbye!\r\n")


def test_who_gives_no_name_in_time_is_told_and_cut(tmp_path: Path) -> None:
    with daemon(tmp_path, "--handshake-timeout", "1s") as chat, Talker(chat.port) as silent:
        assert "-- No name was given within 1s." in silent.reads_to_the_end()


def test_bytes_that_give_no_name_do_not_lengthen_the_time(tmp_path: Path) -> None:
    with daemon(tmp_path, "--handshake-timeout", "1s") as chat, Talker(chat.port) as vague:
        vague.say("", "/who", "not a name")
        vague.send(b"half a na")
        assert "-- No name was given within 1s." in vague.reads_to_the_end()


def test_who_gave_a_name_in_time_may_stay_silent(tmp_path: Path) -> None:
    with daemon(tmp_path, "--handshake-timeout", "1s") as chat, Talker(chat.port, "ann") as ann:
        with Talker(chat.port) as later:  # by its end ann has been silent for longer than that
            later.reads_to_the_end()
        ann.say("/names")
        ann.reads("here: ann\r\n")


def test_the_first_line_json_switches_to_one_object_a_line(tmp_path: Path) -> None:
    with (
        daemon(tmp_path) as chat,
        Talker(chat.port, "bob") as bob,
        Talker(chat.port) as ann,
    ):
        ann.reads("name?\r\n")
        ann.say("/json")
        assert json.loads(ann.reads("\n"))["type"] == "hello"
        ann.say('{"do": "enter", "name": "ann", "tag": 1}')
        welcomed = json.loads(ann.reads("\n"))
        assert (welcomed["type"], welcomed["tag"]) == ("welcomed", 1)
        assert json.loads(ann.reads("\n")) == {"type": "caughtup", "room": "#lobby"}
        ann.say('{"do": "say", "text": "hello", "tag": 2}')
        receipt = json.loads(ann.reads("\n"))
        assert (receipt["type"], receipt["text"], receipt["tag"]) == ("said", "hello", 2)
        bob.reads("ann: hello\r\n")


def test_json_after_the_name_is_no_switch(chat: Daemon) -> None:
    with Talker(chat.port, "ann") as ann:
        ann.say("/json", "/names")
        assert "{" not in ann.reads("here: ann\r\n")
