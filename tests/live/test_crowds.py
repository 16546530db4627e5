"""Many who come from one address, at real sockets of every kind: the others do not feel it."""

import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.live.daemon import PATIENCE, Talker, daemon
from tests.live.test_listen import on_unix, over_tls, write_certificate

TOO_MANY = "-- There are {} connections from your address, which is the limit."


def from_address(address: str, port: int) -> Talker:
    return Talker(socket.create_connection(("127.0.0.1", port), PATIENCE, (address, 0)))


@contextmanager
def named(address: str, port: int, name: str) -> Iterator[Talker]:
    with from_address(address, port) as somebody:
        somebody.enters(name)
        yield somebody


def ended(plug: socket.socket) -> bool:
    """The daemon has closed it by now, or does at once."""
    try:
        while plug.recv(4096):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def test_three_hundred_at_once_from_one_address_keep_nobody_out_and_hold_nobody_up(
    tmp_path: Path,
) -> None:
    with daemon(tmp_path) as chat, ExitStack() as stack:
        ann = stack.enter_context(named("127.0.1.1", chat.port, "ann"))
        storm = [from_address("127.0.2.1", chat.port) for _ in range(300)]
        bob = stack.enter_context(named("127.0.1.2", chat.port, "bob"))
        bob.say("hello")
        ann.reads("bob: hello\r\n")
        for one in storm:
            stack.enter_context(one).socket.settimeout(0.2)
        stayed = [one for one in storm[:40] if not ended(one.socket)]
        assert len(stayed) == 20
        chat.prints(r"\[TURNED AWAY\] \d+ more, most of them from 127\.0\.2\.1: too many connect")
        assert chat.output.count("[TURNED AWAY]") < 10


def test_with_rate_0_one_address_may_have_them_all(tmp_path: Path) -> None:
    with daemon(tmp_path, "--rate", "0") as chat, ExitStack() as stack:
        crowd = [stack.enter_context(Talker(chat.port)) for _ in range(200)]
        assert all(one.reads("name?") for one in crowd)


def test_behind_a_proxy_the_limit_is_for_the_real_address(tmp_path: Path) -> None:
    place = ("--listen", "haproxy:tcp:0:interface=127.0.0.1", "--per-address", "1")
    with daemon(tmp_path, *place, listen=False) as chat, ExitStack() as stack:
        for number in range(3):
            one = stack.enter_context(Talker(chat.port))
            one.send(f"PROXY TCP4 198.51.100.{number} 127.0.0.1 4000 9999\r\n".encode())
            one.enters(f"name{number}")
        again = stack.enter_context(Talker(chat.port))
        again.send(b"PROXY TCP4 198.51.100.1 127.0.0.1 4001 9999\r\nbob\r\n")
        assert TOO_MANY.format(1) in again.reads_to_the_end()


def test_at_a_unix_socket_the_limit_is_for_the_user(tmp_path: Path) -> None:
    options = ("--listen", "unix:chat.sock", "--per-address", "2")
    with (
        daemon(tmp_path, *options, listen=False) as chat,
        Talker(on_unix(tmp_path / "chat.sock"), "ann"),
        Talker(on_unix(tmp_path / "chat.sock"), "bob"),
        Talker(on_unix(tmp_path / "chat.sock")) as cy,
    ):
        assert TOO_MANY.format(2) in cy.reads_to_the_end()
        chat.prints(r"\[TURNED AWAY\] a local socket: too many connections from there")


def test_a_user_of_the_machine_may_be_exempt(tmp_path: Path) -> None:
    options = ("--listen", "unix:chat.sock", "--per-address", "1", "--exempt", f"uid:{os.getuid()}")
    with (
        daemon(tmp_path, *options, listen=False),
        Talker(on_unix(tmp_path / "chat.sock"), "ann"),
        Talker(on_unix(tmp_path / "chat.sock"), "bob"),
    ):
        pass


def test_over_tls_who_is_turned_away_reads_it_and_a_storm_harms_nobody(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    place = ("--listen", f"tls:{tmp_path}:0:interface=127.0.0.1", "--per-address", "1")
    with daemon(tmp_path, *place, listen=False) as chat, ExitStack() as stack:
        stack.enter_context(Talker(over_tls(("127.0.0.1", chat.port)), "ann"))
        late = Talker(over_tls(("127.0.0.1", chat.port)))
        assert TOO_MANY.format(1) in stack.enter_context(late).reads_to_the_end()
        for _ in range(30):
            with socket.create_connection(("127.0.0.1", chat.port), PATIENCE):
                pass
        chat.prints(r"\[TURNED AWAY\]")
