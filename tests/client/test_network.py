"""What the system tells of its network."""

import socket
from collections.abc import Generator

import pytest
from twisted.internet.testing import MemoryReactorClock

from twisted_chat.client.network import SETTLES, Network, opened


class Told:
    """A system that tells, and who is told of it."""

    def __init__(self) -> None:
        self.reactor = MemoryReactorClock()
        ours, self.system = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        ours.setblocking(False)
        self.times: list[float] = []
        self.network = Network(
            self.reactor, lambda: self.times.append(self.reactor.seconds()), ours
        )

    def changes(self) -> None:
        self.system.send(b"news")
        self.network.doRead()


@pytest.fixture
def told() -> Generator[Told, None, None]:
    told = Told()
    yield told
    told.system.close()
    told.network.close()


def test_an_address_and_its_routes_are_one_change(told: Told) -> None:
    for _ in range(3):
        told.changes()
        told.reactor.advance(SETTLES / 2)
    assert told.times == []
    told.reactor.advance(SETTLES / 2)
    assert told.times == [2 * SETTLES]
    told.changes()
    told.reactor.advance(SETTLES)
    assert len(told.times) == 2


def test_what_was_too_much_to_be_kept_is_a_change_too(told: Told) -> None:
    told.network.doRead()
    told.reactor.advance(SETTLES)
    assert told.times == [SETTLES]


def test_after_the_end_nobody_is_told(told: Told) -> None:
    assert told.network in told.reactor.getReaders()
    told.changes()
    told.network.close()
    told.reactor.advance(SETTLES)
    assert told.times == []
    assert told.network not in told.reactor.getReaders()


def test_the_system_is_asked_without_waiting_for_it() -> None:
    news = opened()
    if news is None:
        pytest.skip("this system tells nothing of its network")
    with news, pytest.raises(BlockingIOError):
        news.recv(1)
