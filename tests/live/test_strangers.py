"""Programs of other kinds, as they are, at a real chat's port."""

import http.client
import ssl
from collections.abc import Generator

import pytest

from tests.live.daemon import Daemon, Talker, daemon, people

KEPT = 1 << 19
"""Bytes that the chat may hold of one connection, and a little for the allocator."""


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Generator[Daemon, None, None]:
    with daemon(
        tmp_path_factory.mktemp("chat"), "--store", "memory:", "--exempt", "127.0.0.1"
    ) as chat:
        yield chat


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "ann"])
def test_a_web_client_reads_what_this_is_and_talks_to_nobody(chat: Daemon, method: str) -> None:
    with Talker(chat.port, "bob") as bob:
        web = http.client.HTTPConnection("127.0.0.1", chat.port, timeout=10)
        web.request(method, "/", body=b"mallory\nhello everybody\n")
        answer = web.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (400, "close")
        assert b"This is a chat for terminals" in answer.read()
        web.close()
        bob.say("/names")
        assert bob.reads("1 is here: bob\r\n").endswith("-- 1 is here: bob\r\n")
    chat.prints(r"\[TURNED AWAY\] 127\.0\.0\.1:\d+: that is HTTP, and no chat")


def test_tls_ends_at_once_with_its_own_alert(chat: Daemon) -> None:
    context = ssl.create_default_context()
    with Talker(chat.port) as plain, pytest.raises(ssl.SSLError, match=r"ALERT|alert"):
        context.wrap_socket(plain.socket, server_hostname="localhost")


@pytest.mark.parametrize(
    "first",
    [b"*1\r\n$4\r\nPING\r\n", b"SSH-2.0-x\r\n", b"EHLO a\r\n", b"NICK a\r\n", b"\x04\x01\0\x50\n"],
)
def test_others_are_cut_after_one_answer_at_most(chat: Daemon, first: bytes) -> None:
    with Talker(chat.port) as program:
        program.send(first)
        assert program.reads_to_the_end().count("\n") <= 1


def test_a_hundred_who_send_lines_without_an_end_cost_what_they_may(chat: Daemon) -> None:
    with people(chat.port, *[None] * 100) as noisy:
        before = resident(chat)
        for one in noisy:
            one.send(b"/json\n" + b"x" * 131_000)
        with Talker(chat.port, "ann") as ann:  # all of that was read by then
            ann.say("/names")
            ann.reads("1 is here: ann\r\n")
        assert resident(chat) - before < 100 * KEPT


def resident(chat: Daemon) -> int:
    """Bytes of memory that the daemon has."""
    with open(f"/proc/{chat.process.pid}/statm") as file:
        return int(file.read().split()[1]) * 4096
