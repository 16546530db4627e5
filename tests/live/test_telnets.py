"""Real telnets, and a client for MUDs: what is typed there is said, and a secret is not shown."""

import shutil
from collections.abc import Generator, Sequence
from pathlib import Path

import pytest

from tests.live.daemon import Daemon, Talker, daemon
from tests.live.person import PASSWORD, owner
from tests.live.pseudo_terminal import seat

MUD = "/usr/games/tt++"
# it draws, so it wants to know the size of its screen
CLIENTS = {
    "telnet": ["telnet", "127.0.0.1", "{port}"],
    "plink": ["plink", "-telnet", "-P", "{port}", "127.0.0.1"],
    MUD: ["sh", "-c", f"stty rows 24 cols 80; TERM=xterm HOME=. exec {MUD} start"],
}


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(tmp_path_factory.mktemp("chat"), "--store", "memory:") as chat:
        yield chat


def command(name: str, port: int, folder: Path) -> Sequence[str]:
    """What starts that client there. Skips the test where it is not installed."""
    if shutil.which(name) is None:
        pytest.skip(f"needs {name}")
    (folder / "start").write_text(f"#session chat 127.0.0.1 {port}\n")
    return [word.format(port=port) for word in CLIENTS[name]]


@pytest.mark.parametrize(("name", "owned"), [("telnet", "tess"), ("plink", "pia"), (MUD, "mona")])
def test_a_secret_is_hidden_and_what_follows_is_said(
    chat: Daemon, tmp_path: Path, name: str, owned: str
) -> None:
    argv = command(name, chat.port, tmp_path)
    with owner(chat.port, owned) as person:
        person.goes()
    with Talker(chat.port, f"friend-of-{owned}") as friend, seat(argv, tmp_path) as client:
        client.prints("What's your name")
        client.press(f"{owned}\r")
        client.prints("What is its password")
        client.press(f"{PASSWORD}x\x7f\r")  # a slip, and it is rubbed out
        client.prints(f"Hello {owned}, you are now connected!")
        client.press("seen again\r")
        friend.reads(f"{owned}: seen again\r\n")
        client.prints("seen again")
        assert PASSWORD not in client.output


def test_ctrl_c_at_a_telnet_takes_the_line_back_and_the_next_is_read(
    chat: Daemon, tmp_path: Path
) -> None:
    argv = command("telnet", chat.port, tmp_path)
    with Talker(chat.port, "kay") as kay, seat(argv, tmp_path) as client:
        client.prints("What's your name")
        client.press("kit\r")
        client.prints("exit leaves.")
        client.press("never mind\x03")
        client.prints("-- exit leaves\r")
        client.press("hello\r")
        assert kay.reads("hello\r\n").endswith("kit: hello\r\n")
