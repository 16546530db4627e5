"""Private messages to those who are not here, on a real daemon that is killed meanwhile."""

from pathlib import Path

from tests.live.daemon import Talker, daemon
from tests.live.person import owner, returned


def test_a_message_that_waits_outlives_kill_9_and_comes_once(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        with owner(chat.port, "bob") as bob:
            bob.goes()
        ann.say("/msg bob the key is under the mat")
        ann.reads("[to bob] the key is under the mat\r\n")
        ann.reads("-- bob is not here: it is stored, and waits\r\n")
        chat.is_killed()
    with daemon(tmp_path) as chat, returned(chat.port, "ann") as ann:
        with returned(chat.port, "bob") as bob:
            bob.reads("-- 1 private message waited for you\r\n")
            bob.reads("[ann] the key is under the mat\r\n")
            bob.say("/names")
            assert "under the mat" not in bob.reads("are here:")
            bob.goes()
        ann.reads("-- delivered to bob: a message that was stored\r\n")
        with returned(chat.port, "bob") as bob:
            bob.say("/names")
            assert "under the mat" not in bob.reads("are here:")


def test_sent_says_what_is_stored_and_what_has_arrived(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        with owner(chat.port, "bob") as bob:
            bob.goes()
        ann.say("/msg bob tea?")
        ann.reads("it is stored")
        ann.say("/sent")
        ann.reads(" to bob: stored: tea?\r\n")
        with returned(chat.port, "bob"):
            ann.reads("-- delivered to bob: a message that was stored\r\n")
        chat.is_killed()
    with daemon(tmp_path) as chat, returned(chat.port, "ann") as ann:
        ann.say("/sent")
        read = ann.reads(": tea?\r\n")
        assert " to bob: delivered " in read


def test_who_was_away_from_here_when_it_arrived_is_told_when_she_comes(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        with owner(chat.port, "bob") as bob:
            bob.goes()
        with owner(chat.port, "ann") as ann:
            ann.say("/msg bob tea?")
            ann.reads("it is stored")
            ann.goes()
        with returned(chat.port, "bob") as bob:
            bob.reads("[ann] tea?\r\n")
            bob.goes()
        with returned(chat.port, "ann") as ann:
            ann.reads("-- delivered to bob: a message that was stored\r\n")


def test_nothing_waits_for_a_name_that_nobody_owns(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        ann.say("/msg zoe hi")
        ann.reads("-- zoe is not here. /names shows who is.\r\n")


def test_a_message_waits_until_its_reader_is_told_though_she_breaks_off(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, owner(chat.port, "ann") as ann:
        with owner(chat.port, "bob") as bob:
            bob.goes()
        ann.say("/msg bob tea?")
        ann.reads("it is stored")
        with returned(chat.port, "bob") as bob:
            bob.reads("[ann] tea?\r\n")
            bob.resets()
        ann.reads("-- delivered to bob")
        ann.reads("-- bob left (connection lost)\r\n")
