"""The operator's console, and the ends that a daemon may come to."""

import signal
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Daemon, Talker, daemon, people, started, twistd, until
from tests.live.pseudo_terminal import seat

BY_SIGNAL = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat")) as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    shared.empties()
    return shared


# what the operator can do


def test_help_shows_what_only_the_operator_may(chat: Daemon) -> None:
    chat.type("/help")
    chat.prints(r"-- /kick \[--dry-run \| --yes\] \[#ROOM\] TARGET")
    chat.prints(r"-- /shutdown \[DELAY")


def test_who_shows_the_people_who_are_here(chat: Daemon) -> None:
    with Talker(chat.port, "wilma"):
        chat.type("/who")
        chat.prints(r"--   wilma +here \d+s, idle \d+s\n")


def test_stats_shows_figures(chat: Daemon) -> None:
    chat.type("/stats")
    chat.prints(
        r"-- people here +\d+\n-- their devices +\d+\n-- rooms +\d+\n-- connections so far +\d+\n"
    )


def test_who_is_kicked_reads_why_and_so_do_the_others(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        chat.type("/kick ann too many adverts")
        assert ann.reads_to_the_end().endswith(
            "-- You were kicked by Server: too many adverts\r\nGoodbye!\r\n"
        )
        bob.reads("-- ann left (kicked: too many adverts)\r\n")
        chat.prints(r"-- ann was kicked by Server: too many adverts \(act \d+\)\n")


def test_a_kick_needs_no_reason(chat: Daemon) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        chat.type("/kick ann")
        assert ann.reads_to_the_end().endswith("-- You were kicked by Server.\r\nGoodbye!\r\n")
        bob.reads("-- ann left (kicked)\r\n")


def test_somebody_who_is_not_here_cannot_be_kicked(chat: Daemon) -> None:
    chat.type("/kick nobody")
    chat.prints("-- nobody is not here. /names shows who is.\n")


def test_a_wrong_command_of_the_operators_is_no_announcement(chat: Daemon) -> None:
    with Talker(chat.port, "ann") as ann:
        chat.type("/kikc ann", "shutdown now please", "well")
        assert "kikc" not in (heard := ann.reads("Server: well\r\n"))
        assert "shutdown" not in heard
        chat.prints(r"-- There is no /kikc\. Did you mean /kick\?")
        chat.prints("-- Not said, not done: type /shutdown")


def test_clients_cannot_do_what_only_the_operator_may(chat: Daemon) -> None:
    with Talker(chat.port, "ann") as ann:
        ann.say("/shutdown", "/kick ann", "/announce free beer", "/stats", "/names")
        read = ann.reads("here: ann\r\n")
        assert read.count("Only the operator of the chat may do that.") == 4


def test_a_shutdown_that_was_announced_can_be_taken_back(chat: Daemon) -> None:
    with Talker(chat.port, "ann") as ann:
        chat.type("shutdown 30 back in a minute")
        ann.reads("-- Server is shutting down in 30s: back in a minute\r\n")
        chat.type("shutdown cancel")
        ann.reads("-- Server is not shutting down after all.\r\n")
        chat.type("shutdown cancel")
        chat.prints("-- No shutdown is under way.")


def test_a_shutdown_comes_after_its_delay_with_its_reason(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        chat.type("shutdown 1 new disk")
        ann.reads("-- Server is shutting down in 1s: new disk\r\n")
        assert "-- Server is shutting down. new disk\r\n" in ann.reads_to_the_end()
        assert chat.ends() == 0


# where nobody types


def test_the_end_of_the_input_leaves_the_chat_and_its_output(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        chat.ends_typing()
        with Talker(chat.port, "ann") as ann:
            ann.say("still here")
            chat.prints(r"\[ann\] still here\n")


def test_a_last_line_without_an_end_is_not_said(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        assert chat.process.stdin is not None
        chat.process.stdin.write(b"hello\nhalf a li")
        chat.ends_typing()
        ann.reads("Server: hello\r\n")
        ann.say("/names")
        assert "half" not in ann.reads("here: ann\r\n")


def test_without_a_console_what_is_typed_is_said_to_nobody(tmp_path: Path) -> None:
    with daemon(tmp_path, "--no-console") as chat, Talker(chat.port, "ann") as ann:
        chat.type("good evening", "shutdown")
        ann.say("/names")
        assert "evening" not in ann.reads("here: ann\r\n")
        assert chat.process.poll() is None


def test_without_a_console_the_log_shows_who_comes_and_not_what_is_said(tmp_path: Path) -> None:
    with daemon(tmp_path, "--no-console") as chat:
        with Talker(chat.port, "ann") as ann:
            ann.say("a secret", "exit")
            ann.reads_to_the_end()
        chat.prints(r"\[NEW CONNECTION\] 127\.0\.0\.1:\d+")
        chat.prints("-- ann left\n")
        assert "secret" not in chat.output


def test_output_that_nobody_reads_any_more_harms_nobody(tmp_path: Path) -> None:
    with started(twistd(), tmp_path) as process:
        assert process.stdout is not None
        told = iter(process.stdout.readline, b"")
        port = int(next(line for line in told if b"[LISTENING]" in line).rpartition(b":")[2])
        process.stdout.close()  # as in: twistd -n chat | head -1
        with Talker(port, "ann") as ann, Talker(port, "bob") as bob:
            ann.say("hello")
            bob.reads("ann: hello\r\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


# at a terminal


def test_a_half_typed_line_is_drawn_again_below_what_arrives(tmp_path: Path) -> None:
    with seat(twistd(), tmp_path) as chat, Talker(chat.port, "ann") as ann:
        chat.press("half a li")
        chat.prints("> half a li")
        ann.say("hello")
        chat.prints(r"\[ann\] hello\r\n\r\x1b\[K> half a li$")
        chat.press("ne\r")
        ann.reads("Server: half a line\r\n")


def test_keys_edit_the_line_at_a_terminal(tmp_path: Path) -> None:
    with seat(twistd(), tmp_path) as chat, Talker(chat.port, "ann") as ann:
        chat.press("hexlo\x1b[D\x1b[D\x7fl\r")
        ann.reads("Server: hello\r\n")
        chat.press("\x1b[A!\r")
        ann.reads("Server: hello!\r\n")


@pytest.mark.parametrize("keys", ["shutdown\r", "\x03"], ids=["shutdown", "Ctrl-C"])
def test_the_terminal_is_given_back_as_it_was(tmp_path: Path, keys: str) -> None:
    with seat(twistd(), tmp_path) as chat:
        chat.prints(r"(?s)\[LISTENING\].*> $")
        assert chat.mode != chat.mode_before
        chat.press(f"half\x15{keys}")
        assert chat.ends() == 0
        assert chat.mode == chat.mode_before


def test_after_ctrl_z_keys_are_read_as_before(tmp_path: Path) -> None:
    with seat(twistd(), tmp_path) as chat:
        chat.prints(r"(?s)\[LISTENING\].*> $")
        mode = chat.mode
        chat.is_left_and_taken_again()
        until(lambda: chat.mode == mode, lambda: f"{chat.mode}")


def test_ctrl_d_closes_the_console_and_the_chat_goes_on(tmp_path: Path) -> None:
    with seat(twistd(), tmp_path) as chat, Talker(chat.port, "ann") as ann:
        chat.press("\x04")
        chat.prints("-- the console is closed; the chat goes on")
        ann.say("still here")
        chat.prints(r"\[ann\] still here")


# the end


@BY_SIGNAL
def test_a_signal_ends_it_as_the_console_does(tmp_path: Path, number: signal.Signals) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        chat.signal(number)
        assert ann.reads_to_the_end().endswith("-- Server is shutting down.\r\n")
        assert chat.ends() == 0


def test_a_signal_ends_it_without_a_console_too(tmp_path: Path) -> None:
    with daemon(tmp_path, "--no-console") as chat, Talker(chat.port, "ann") as ann:
        chat.signal(signal.SIGTERM)
        assert "-- Server is shutting down.\r\n" in ann.reads_to_the_end()
        assert chat.ends() == 0


def test_what_was_said_just_before_the_end_is_read_by_all(tmp_path: Path) -> None:
    # with such a pause between two flushes what is said in the room waits in the daemon
    with (
        daemon(tmp_path, "--flush-delay", "60000") as chat,
        people(chat.port, "ann", "bob", "cy") as them,
    ):
        ann, bob, cy = them
        ann.say("last words", "/msg cy I am read")
        assert "last words" not in cy.reads("[ann] I am read\r\n")
        chat.signal(signal.SIGTERM)
        for listener in (bob, cy):
            assert "ann: last words\r\n" in listener.reads_to_the_end()


def test_a_client_that_never_reads_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with daemon(tmp_path, "--rate", "0") as chat, people(chat.port, "lazy", "ann", "bob") as them:
        _, ann, bob = them
        for _ in range(20):
            ann.say(*["x" * 4000] * 100)
        ann.say("enough")
        bob.reads("ann: enough\r\n")
        chat.signal(signal.SIGTERM)
        assert "-- Server is shutting down.\r\n" in bob.reads_to_the_end()
        assert chat.ends() == 0


def test_clients_that_do_not_close_do_not_hold_up_the_end(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann"), Talker(chat.port):
        chat.type("shutdown")
        assert chat.ends() == 0


def test_nobody_comes_in_while_it_ends(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        port = chat.port
        chat.type("shutdown")
        ann.reads("-- Server is shutting down.\r\n")
        with pytest.raises(ConnectionRefusedError):
            Talker(port)


def test_the_operator_may_be_silent_for_longer_than_the_idle_limit(tmp_path: Path) -> None:
    with daemon(tmp_path, "--idle-timeout", "1s") as chat:
        chat.type("hello")
        with Talker(chat.port, "ann") as ann:
            ann.reads_to_the_end()  # who is silent must go: so long the operator was, too
        chat.type("shutdown")
        assert chat.ends() == 0
