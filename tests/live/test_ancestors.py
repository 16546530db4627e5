"""All that the chat's ancestors do, on a real daemon with real sockets."""

from pathlib import Path

from tests.live.daemon import Talker, daemon


def test_what_one_says_reaches_all_others_and_not_oneself(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann, Talker(chat.port, "bob") as bob:
        ann.reads("-- bob joined")
        ann.say("hello")
        assert bob.reads("ann: hello\r\n")
        bob.say("hi ann")
        assert "ann: hello" not in ann.reads("bob: hi ann\r\n")
