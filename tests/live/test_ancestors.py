"""All that the chat's ancestors do, on a real daemon with real sockets."""

import re
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, daemon, people


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat")) as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    """One daemon for all tests here that need no option and do not end it."""
    shared.empties()
    return shared


def test_a_client_is_greeted_asked_for_a_name_and_confirmed(chat: Daemon) -> None:
    with Talker(chat.port) as ann:
        greeting = ann.reads("\r\n")
        assert greeting == "Welcome to the chat server! What's your name?\r\n"
        ann.say("ann")
        assert ann.reads("\r\n") == "Hello ann, you are now connected!\r\n"


def test_what_one_says_reaches_all_others_and_not_oneself(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob", "cy") as (ann, bob, cy):
        ann.say("hello")
        assert "ann: hello\r\n" in bob.reads("hello\r\n")
        assert "ann: hello\r\n" in cy.reads("hello\r\n")
        bob.say("hi ann")
        assert "ann: hello" not in ann.reads("bob: hi ann\r\n")


def test_nobody_waits_for_a_client_that_never_reads(tmp_path: Path) -> None:
    lines = [f"{number} {'x' * 4000}" for number in range(2000)]  # more than the kernel would hold
    with (
        daemon(tmp_path, "--rate", "0") as chat,
        people(chat.port, "lazy", "ann", "bob") as (_, ann, bob),
    ):
        for start in range(0, len(lines), 100):
            ann.say(*lines[start : start + 100])
            bob.reads(f"ann: {lines[start + 99]}\r\n")


def test_one_client_too_many_is_refused_in_words_and_closed_cleanly(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--max-clients", "2") as chat,
        people(chat.port, "ann", "bob", None) as full,
    ):
        refusal = "-- The chat is full (2 of 2). Please try again later.\r\n"
        assert full[2].reads_to_the_end() == refusal


def test_a_refused_client_reads_why_even_if_it_has_spoken_already(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--max-clients", "1") as chat,
        people(chat.port, "ann", None) as (_, eager),
    ):
        eager.send(b"eager\nhello\n" * 1000)
        assert "The chat is full (1 of 1)." in eager.reads_to_the_end()


def test_connections_that_gave_no_name_yet_count(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--max-clients", "2") as chat,
        people(chat.port, None, None) as (one, two),
    ):
        one.reads("name?")
        two.reads("name?")
        with Talker(chat.port) as third:
            assert "The chat is full (2 of 2)." in third.reads_to_the_end()


def test_a_place_is_free_again_after_somebody_left(tmp_path: Path) -> None:
    with daemon(tmp_path, "--max-clients", "1") as chat:
        with Talker(chat.port, "ann") as ann:
            ann.say("exit")
            ann.reads_to_the_end()
        chat.prints(r"\[DISCONNECTED\]")
        with Talker(chat.port, "bob"):
            chat.prints("-- bob joined")


def test_what_the_operator_types_goes_to_all_as_server(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, people(chat.port, "ann", "bob") as (ann, bob):
        chat.type("good evening")
        ann.reads("Server: good evening\r\n")
        bob.reads("Server: good evening\r\n")


@pytest.mark.parametrize("word", ["shutdown", "EXIT"])
def test_the_operator_ends_the_chat_and_all_are_told(tmp_path: Path, word: str) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann, Talker(chat.port) as nameless:
        nameless.reads("name?\r\n")
        chat.type(word)
        assert "-- Server is shutting down.\r\n" in ann.reads_to_the_end()
        assert "-- Server is shutting down.\r\n" in nameless.reads_to_the_end()
        assert chat.ends() == 0


def test_the_console_shows_where_it_listens_who_connects_and_what_is_said(chat: Daemon) -> None:
    with Talker(chat.port, "dan") as dan:
        dan.say("anybody here?")
        host, port = dan.socket.getsockname()
        chat.prints(rf"\[LISTENING\] 127\.0\.0\.1:{chat.port}\n")
        chat.prints(rf"\[NEW CONNECTION\] {re.escape(host)}:{port}\b")
        chat.prints(r"(?m)^\[dan\] anybody here\?$")


@pytest.mark.parametrize("word", ["exit", "EXIT", "Exit", "/exit", "/quit"])
def test_a_client_leaves_and_the_others_see_it(chat: Daemon, word: str) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        ann.say(word)
        assert ann.reads_to_the_end().endswith("Goodbye!\r\n")
        bob.reads("-- ann left\r\n")


def test_a_client_that_closes_is_removed_and_the_others_see_why(tmp_path: Path) -> None:
    # where nothing was said before: who closes with something unread is reset by the kernel
    with daemon(tmp_path) as chat, Talker(chat.port, "bob") as bob:
        with Talker(chat.port, "ann"):
            bob.reads("-- ann joined\r\n")
        bob.reads("-- ann left (connection closed)\r\n")


def test_a_client_that_breaks_off_is_removed_and_the_others_see_why(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        ann.resets()
        bob.reads("-- ann left (connection lost)\r\n")


def test_a_client_that_half_closes_is_removed_and_the_others_see_why(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        ann.hangs_up()
        bob.reads("-- ann left (connection closed)\r\n")
        assert ann.reads_to_the_end().endswith("Goodbye!\r\n")


def test_the_name_of_a_vanished_client_is_free_again(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        ann.resets()
        bob.reads("-- ann left")
        with Talker(chat.port, "ann") as again:
            again.say("back")
            bob.reads("ann: back\r\n")


def test_the_same_port_can_be_used_at_once_after_an_end(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        port = chat.port
        chat.type("shutdown")  # the daemon closes first, so the waiting time is on its side
        ann.reads_to_the_end()
        chat.ends()
    with daemon(tmp_path, "--port", str(port), listen=False), Talker(port, "ann"):
        pass


def test_confirm_tells_each_speaker_that_it_was_received(tmp_path: Path) -> None:
    with daemon(tmp_path, "--confirm") as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("Hello")
        ann.reads("Server: I received your message - 'Hello'\r\n")
        assert "received" not in bob.reads("ann: Hello\r\n")


def test_in_a_solo_chat_a_line_is_confirmed_and_passed_on_to_nobody(tmp_path: Path) -> None:
    with daemon(tmp_path, "--solo") as chat, people(chat.port, "ann", "bob") as (ann, bob):
        ann.say("Hello")
        ann.reads("Server: I received your message - 'Hello'\r\n")
        chat.prints(r"\[ann\] Hello")
        bob.say("/names")
        assert "ann" not in bob.reads("here: bob\r\n")


def test_exit_stops_server_ends_the_daemon_with_a_clients_exit(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--exit-stops-server") as chat,
        people(chat.port, "ann", "bob") as (ann, bob),
    ):
        ann.say("exit")
        assert "Goodbye!\r\n" in ann.reads_to_the_end()
        assert "-- Server is shutting down.\r\n" in bob.reads_to_the_end()
        assert chat.ends() == 0


def test_a_client_that_vanishes_does_not_end_the_daemon_by_that_option(tmp_path: Path) -> None:
    with daemon(tmp_path, "--exit-stops-server") as chat, Talker(chat.port, "bob") as bob:
        with Talker(chat.port, "ann"):
            pass
        bob.reads("-- ann left (connection closed)\r\n")
        bob.say("/names")
        bob.reads("here: bob")


def test_interface_is_the_only_address_where_it_listens(tmp_path: Path) -> None:
    with daemon(tmp_path, "--interface", "127.0.0.2") as chat:
        chat.prints(r"\[LISTENING\] 127\.0\.0\.2:")
        with pytest.raises(ConnectionRefusedError):
            Talker(chat.port)
