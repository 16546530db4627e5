"""Our own client comes back to its rooms, with its secrets."""

import signal
from pathlib import Path

from tests.live.daemon import Talker, client, daemon
from tests.live.test_client import at


def test_who_comes_back_to_a_chat_without_her_room_makes_it_again(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat, client(tmp_path, "--reconnect", at(chat, "ann")) as ann:
        port = str(chat.port)
        ann.prints("exit leaves")
        ann.type("/join #lab")
        ann.prints("-- you talk in #lab now")
        chat.signal(signal.SIGKILL)
        ann.prints("trying again")
        chat.ends()
        with daemon(tmp_path, "--port", port, listen=False), Talker(int(port), "bob") as bob:
            ann.prints(r"trying again[\s\S]*Hello ann[\s\S]*-- you talk in #lab now")
            bob.say("/join #lab")
            bob.reads("you talk in #lab now")
            ann.type("here again")
            bob.reads("ann: here again\r\n")


def test_who_owns_her_name_comes_back_with_its_password(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--store", "sqlite:chat.sqlite") as chat,
        client(tmp_path, "--reconnect", at(chat, "ann")) as ann,
    ):
        ann.prints("exit leaves")
        ann.type("/register", "correct horse", "correct horse")
        ann.prints("ann is yours")
        ann.type("/join #lab")
        ann.prints("-- you talk in #lab now")
        chat.signal(signal.SIGKILL)
        ann.prints("trying again")
        chat.ends()
        with daemon(
            tmp_path, "--port", str(chat.port), "--store", "sqlite:chat.sqlite", listen=False
        ):
            ann.prints("trying again[\\s\\S]*Hello ann[\\s\\S]*#lab")
            ann.type("exit")
            assert ann.ends() == 0
