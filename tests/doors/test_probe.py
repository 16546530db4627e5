"""To find out soon whether there is anybody at the other end."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from twisted.internet.testing import StringTransport

from twisted_chat.doors.peers import PROBES, probe


@dataclass
class Transport:
    socket: socket.socket


@pytest.fixture
def connected() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
        yield one


def test_after_a_second_of_silence_a_probe_is_sent_each_second(connected: socket.socket) -> None:
    probe(Transport(connected))
    set_to = {
        name: connected.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
        for name in PROBES
        if hasattr(socket, name)
    }
    assert set_to == {name: value for name, value in PROBES.items() if name in set_to}
    assert sum(PROBES.values()) <= 5


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="of Linux alone")
def test_what_is_on_its_way_is_waited_for_no_longer(connected: socket.socket) -> None:
    probe(Transport(connected))
    assert connected.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 4000


def test_a_socket_that_is_closed_is_no_trouble(connected: socket.socket) -> None:
    connected.close()
    probe(Transport(connected))


def test_a_socket_of_this_machine_is_not_probed() -> None:
    near, far = socket.socketpair()
    with near, far:
        probe(Transport(near))


def test_what_has_no_socket_is_not_probed() -> None:
    probe(StringTransport())
