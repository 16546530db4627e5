"""The pause between two lines of one person: to go and come back is no way around it."""

import pytest

from tests.core.chatting import Company
from twisted_chat.core.chat import Device
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import Manage, Say

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


class Slow(Company):
    """The lobby is slow, and an operator is in it."""

    def __init__(self, pause: str = "10s") -> None:
        super().__init__()
        self.ann = self.operator("ann")
        self.asks(self.ann, Manage("set", "#lobby", f"slow {pause}"))

    def says(self, device: Device) -> str:
        """What comes of it."""
        try:
            self.asks(device, Say("hello"))
        except Refusal as refusal:
            return refusal.code
        return "said"

    def is_back(self, device: Device, name: str, seconds: float = 1.0) -> Device:
        """She goes, and comes back by that name from the same address."""
        address, owned = device.address, device.member.owned
        self.leaves(device)
        self.later(seconds)
        return self.owner(name, address) if owned else self.comes(name, address)


@pytest.fixture
def slow() -> Slow:
    return Slow()


@pytest.mark.parametrize("name", ["eve", "eva", "somebody-else"])
def test_a_guest_who_goes_and_comes_back_by_any_name_has_to_wait(slow: Slow, name: str) -> None:
    eve = slow.comes("eve", HOME)
    assert slow.says(eve) == "said"
    eve = slow.is_back(eve, name)
    assert slow.says(eve) == "too-fast"
    slow.later(9)
    assert [slow.says(eve), slow.says(eve)] == ["said", "too-fast"]


def test_so_has_a_guest_who_does_it_again_and_again(slow: Slow) -> None:
    eve = slow.comes("eve", HOME)
    slow.says(eve)
    for number in range(5):
        eve = slow.is_back(eve, f"eve{number}")
        assert slow.says(eve) == "too-fast"


def test_so_has_who_owns_her_name(slow: Slow) -> None:
    eve = slow.owner("eve", HOME)
    slow.says(eve)
    assert slow.says(slow.is_back(eve, "eve")) == "too-fast"


def test_who_owns_her_name_does_not_wait_for_a_guest_of_her_address(slow: Slow) -> None:
    eve = slow.comes("eve", HOME)
    slow.says(eve)
    slow.leaves(eve)
    slow.later(1)
    assert slow.says(slow.owner("bob", HOME)) == "said"


def test_who_was_here_before_does_not_wait_for_a_guest_of_her_address(slow: Slow) -> None:
    eve, bob = slow.comes("eve", HOME), slow.comes("bob", HOME)
    slow.later(1)
    slow.says(eve)
    slow.is_back(eve, "eva")
    assert slow.says(bob) == "said"


def test_nobody_waits_for_a_guest_of_another_address(slow: Slow) -> None:
    eve = slow.comes("eve", HOME)
    slow.says(eve)
    slow.leaves(eve)
    slow.later(1)
    assert slow.says(slow.comes("bob", ELSEWHERE)) == "said"


def test_a_guest_who_said_nothing_leaves_nothing_to_wait_for(slow: Slow) -> None:
    eve = slow.comes("eve", HOME)
    assert slow.says(slow.is_back(eve, "eva")) == "said"


def test_nothing_is_kept_of_who_has_gone_when_the_pause_is_over(slow: Slow) -> None:
    for number in range(50):
        eve = slow.comes(f"eve{number}", f"10.0.0.{number}")
        slow.says(eve)
        slow.leaves(eve)
        slow.later(1)
    room = slow.chat.rooms["#lobby"]
    assert len(room.spoke) <= 11
    assert len(room.gone) <= 11


def test_where_there_is_no_pause_nothing_is_kept_of_who_has_gone() -> None:
    free = Slow("off")
    eve = free.comes("eve", HOME)
    free.says(eve)
    free.leaves(eve)
    assert not free.chat.rooms["#lobby"].spoke
    assert not free.chat.rooms["#lobby"].gone
