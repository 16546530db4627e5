"""Owned names, on a real daemon: who has the password has the name, and nobody sees it."""

import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, client, daemon
from tests.live.person import PASSWORD, Person, owner, returned
from tests.live.pseudo_terminal import seat

WILL_ECHO, WONT_ECHO = b"\xff\xfb\x01", b"\xff\xfc\x01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="module")
def shared(folder: Path) -> Generator[Daemon, None, None]:
    with daemon(folder) as chat:
        yield chat


@pytest.fixture
def chat(shared: Daemon) -> Daemon:
    shared.empties()
    return shared


# a name and its password


def test_who_registers_has_the_name_again_with_the_password(chat: Daemon) -> None:
    with owner(chat.port, "rosa") as rosa:
        rosa.goes()
    with Talker(chat.port, "bob") as bob, returned(chat.port, "rosa") as rosa:
        rosa.say("it is me")
        bob.reads("rosa: it is me\r\n")


def test_a_wrong_password_is_refused_and_the_right_one_may_follow(chat: Daemon) -> None:
    with owner(chat.port, "wanda"), Person(chat.port) as other:
        other.offers("wanda", "a guess or two")
        other.reads("-- That is not the password.")
        other.say(PASSWORD)
        other.reads("Hello wanda, you are now connected!")


def test_whoever_guesses_is_slowed_down_and_others_are_not(chat: Daemon) -> None:
    with owner(chat.port, "greta"), Person(chat.port, "127.0.0.7") as thief:
        thief.offers("greta", "guess 1")
        for number in range(2, 7):
            thief.reads("That is not the password.")
            thief.say(f"guess {number}")
        thief.reads("-- Too many wrong passwords. Please try again in ")
        with returned(chat.port, "greta"):
            pass


def test_a_recovery_code_is_good_once(chat: Daemon) -> None:
    with Person(chat.port) as cora:
        code = cora.registers("cora")[0]
        cora.goes()
    with Person(chat.port) as again:
        again.comes_back("cora", code)
        again.say("/account")
        again.reads("recovery codes left: 7\r\n")
    with Person(chat.port) as thief:
        thief.offers("cora", code)
        thief.reads("-- That is not the password.")


def test_a_changed_password_takes_the_place_of_the_old_one(chat: Daemon) -> None:
    with owner(chat.port, "petra") as petra:
        petra.say("/passwd")
        for asked, answer in (
            ("password now:", PASSWORD),
            ("A new password", "another one"),
            ("once more:", "another one"),
        ):
            petra.reads(asked)
            petra.say(answer)
        petra.reads("-- the password is changed\r\n")
        petra.goes()
    with Person(chat.port) as petra:
        petra.offers("petra", PASSWORD)
        petra.reads("-- That is not the password.")
        petra.say("another one")
        petra.reads("Hello petra")


def test_the_operator_gives_somebody_a_new_password(chat: Daemon) -> None:
    with owner(chat.port, "nora") as nora:
        nora.goes()
    chat.type("/passwd nora")
    chat.prints("A new password, of at least 8 characters")
    chat.type("given by hand", "given by hand")
    chat.prints(r"-- the password of nora is changed \(act 1\)\n")
    with Person(chat.port) as nora:
        nora.comes_back("nora", "given by hand")


def test_an_owned_name_outlives_kill_9(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann"):
        chat.is_killed()
    with daemon(tmp_path) as chat, Person(chat.port) as thief, returned(chat.port, "ann"):
        thief.offers("ann", "a guess or two")
        thief.reads("-- That is not the password.")


def test_a_deleted_account_leaves_a_name_that_is_free(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        ann.say("/account delete")
        ann.reads("are deleted:")
        ann.say(PASSWORD)
        ann.reads("-- your account is deleted; you are a guest of that name\r\n")
        ann.goes()
        with Talker(chat.port, "ann"):
            pass  # nobody asks for a password any more


# devices, and those who are gone


def test_two_devices_are_one_person(chat: Daemon) -> None:
    with owner(chat.port, "dora") as one, Talker(chat.port, "bob") as bob:
        with returned(chat.port, "dora") as two:
            one.say("from here")
            two.reads("dora: from here\r\n")
            bob.say("/msg dora just for you", "/who dora")
            one.reads("[bob] just for you\r\n")
            two.reads("[bob] just for you\r\n")
            assert ", on 2 devices" in bob.reads("on 2 devices")
        one.say("/names")
        one.reads("dora")


def test_the_name_of_a_guest_that_was_reset_is_free_at_once(chat: Daemon) -> None:
    with Talker(chat.port, "gus") as gone:
        gone.resets()
    with Talker(chat.port, "gus"):
        pass


# nobody sees it


def test_no_password_is_on_a_screen_or_in_the_log_or_readable_in_the_file(tmp_path: Path) -> None:
    secret = PASSWORD.encode()
    with daemon(tmp_path) as chat, Talker(chat.port, "bob") as bob:
        with owner(chat.port, "ann") as ann:
            ann.goes()
        with returned(chat.port, "ann") as ann:
            ann.say("done")
            seen = bob.reads("ann: done")
        command_line = Path(f"/proc/{chat.process.pid}/cmdline").read_bytes()
        chat.prints(r"\[ann\] done")
        assert PASSWORD not in seen + chat.output
        assert secret not in command_line
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if secret in path.read_bytes()]


def test_what_is_kept_of_a_password_is_an_argon2id_hash(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann"):
        pass
    with closing(sqlite3.connect(tmp_path / "chat.sqlite")) as file:
        kept = str(file.execute("SELECT * FROM records").fetchall())
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in kept


@pytest.mark.parametrize(
    "line", ["/register hunter22", " /register hunter22", "register hunter22", "/passwd hunter22 x"]
)
def test_a_password_in_a_line_is_not_said(chat: Daemon, line: str) -> None:
    with Talker(chat.port, "bob") as bob, Talker(chat.port, "ann") as ann:
        ann.say(line)
        ann.reads("-- Not said, not done: a password never stands in a line.")
        ann.say("sorry")
        assert "hunter22" not in bob.reads("ann: sorry\r\n")
        assert "hunter22" not in chat.output


def test_telnet_is_told_not_to_show_the_password(chat: Daemon) -> None:
    with owner(chat.port, "tess"), Talker(chat.port) as telnet:
        telnet.send(b"tess\r\n")
        assert _until(telnet, b"another name)\r\n").count(WILL_ECHO) == 1
        telnet.send(b"\xff\xfd\x01" + PASSWORD.encode() + b"\r\n")
        assert _until(telnet, b"connected!").startswith(WONT_ECHO + b"\r\n")


def test_nc_is_sent_no_telnet_commands(chat: Daemon) -> None:
    with owner(chat.port, "nick"), Talker(chat.port) as nc:
        nc.say("nick")
        assert b"\xff" not in _until(nc, b"hide it)\r\n")


@pytest.mark.skipif(shutil.which("telnet") is None, reason="needs telnet")
def test_a_real_telnet_does_not_show_the_password(chat: Daemon, tmp_path: Path) -> None:
    with owner(chat.port, "tina") as tina:
        tina.goes()
    with seat(["telnet", "127.0.0.1", str(chat.port)], tmp_path) as telnet:
        telnet.prints("What's your name")
        telnet.press("tina\r")
        telnet.prints("What is its password")
        telnet.press(PASSWORD + "\r")
        telnet.prints("Hello tina, you are now connected!")
        telnet.press("seen again\r")
        telnet.prints("seen again")
        assert PASSWORD not in telnet.output


def test_our_client_asks_for_the_password(chat: Daemon, tmp_path: Path) -> None:
    with owner(chat.port, "clara"), client(tmp_path, f"clara@127.0.0.1:{chat.port}") as ours:
        ours.prints(
            r"The name clara is owned\. What is its password\? \(an empty line: another name\)\n"
        )
        ours.type(PASSWORD)
        ours.prints("Hello clara, you are now connected!\n")
        assert PASSWORD not in Path(f"/proc/{ours.process.pid}/cmdline").read_text()


def test_our_client_registers_a_name(chat: Daemon, tmp_path: Path) -> None:
    with client(tmp_path, f"iris@127.0.0.1:{chat.port}") as ours:
        ours.prints("exit leaves")
        ours.type("/register")
        ours.prints("A new password")
        ours.type(PASSWORD)
        ours.prints("once more:")
        ours.type(PASSWORD)
        ours.prints("-- iris is yours: from now on the name asks for your password\n")
    with returned(chat.port, "iris"):
        pass


def _until(talker: Talker, wanted: bytes) -> bytes:
    """The bytes as they come, with those that are no text."""
    data = b""
    while wanted not in data:
        data += talker.socket.recv(4096)
    return data
