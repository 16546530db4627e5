"""Who stands at the door: who is turned away, what is told of it, and to whom."""

import os
import socket

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionLost
from twisted.internet.testing import StringTransport
from twisted.protocols.haproxy._wrapper import HAProxyWrappingFactory
from twisted.python.failure import Failure

from tests.doors.house import House, Person
from tests.doors.test_console import Desk, sit_down
from tests.doors.test_line import TextSpeech
from twisted_chat.core.crowd import Bounds
from twisted_chat.core.limits import Allowance
from twisted_chat.doors.peers import local_user
from twisted_chat.doors.porter import LINES, SUMMARY, TOLD_AT_ONCE, WORDS

HOME, ELSEWHERE = "192.0.2.1", "192.0.2.2"


def house(**bounds: object) -> House:
    opened = House(TextSpeech())
    opened.bounds = Bounds(**({"most": 1000} | bounds))  # type: ignore[arg-type]
    return opened.open()


def told(person: Person) -> str:
    return "\n".join(person.reads())


class Proxied:
    """A connection to a place behind a proxy, before the proxy has said for whom it is."""

    def __init__(self, opened: House, proxy: str = "127.0.0.1") -> None:
        self.house = opened
        wrapping = HAProxyWrappingFactory(opened.factory)
        self.wrapper = wrapping.buildProtocol(IPv4Address("TCP", proxy, 1))
        self.wire = StringTransport(peerAddress=IPv4Address("TCP", proxy, 1))
        self.wrapper.makeConnection(self.wire)

    def sends(self, data: bytes) -> bytes:
        """Gives what came back."""
        self.wire.clear()
        self.wrapper.dataReceived(data)
        self.house.turn()
        value: bytes = self.wire.value()
        return value

    def is_for(self, host: str) -> bytes:
        return self.sends(f"PROXY TCP4 {host} 127.0.0.1 4007 9999\r\n".encode())


# who is over a limit


def test_one_connection_too_many_from_one_address_is_told_so_and_closed() -> None:
    opened = house(of_one=2)
    first, second = opened.arrives(HOME), opened.arrives(HOME)
    third = opened.arrives(HOME)
    assert told(third).startswith("-- There are 2 connections from your address")
    assert (first.here, second.here, third.here) == (True, True, False)


def test_others_come_in_meanwhile() -> None:
    opened = house(of_one=1)
    opened.arrives(HOME)
    ann = opened.arrives(ELSEWHERE)
    ann.enters("ann")
    assert "Hello ann" in told(ann)


def test_whose_connection_ends_makes_room_for_another() -> None:
    opened = house(of_one=1)
    first = opened.arrives(HOME)
    first.vanishes()
    assert "name?" in told(opened.arrives(HOME))


def test_who_has_a_name_makes_room_for_another_without_one() -> None:
    opened = house(nameless_of_one=1)
    ann = opened.arrives(HOME)
    assert "have given no name yet" in told(opened.arrives(HOME))
    ann.enters("ann")
    assert "name?" in told(opened.arrives(HOME))


def test_who_comes_too_fast_is_told_for_how_long_to_wait() -> None:
    opened = house(pace=Allowance(0.1, 1.0))
    opened.arrives(HOME)
    assert "Please try again in 10s." in told(opened.arrives(HOME))
    opened.passes(10)
    assert "name?" in told(opened.arrives(HOME))


def test_who_is_turned_away_holds_no_place() -> None:
    opened = house(most=2, of_one=1)
    opened.arrives(HOME)
    opened.connects(HOME)  # and is still being told
    assert "name?" in told(opened.arrives(ELSEWHERE))


def test_what_she_says_who_is_turned_away_is_not_heard() -> None:
    opened = house(of_one=1)
    opened.arrives(HOME)
    late = opened.connects(HOME)
    late.sends(b"ann\nhello\n")
    assert "Hello" not in told(late)
    assert not opened.chat.members


def test_of_too_many_without_a_name_the_one_who_came_first_makes_room() -> None:
    opened = house(nameless=2)
    first, second, third = (opened.arrives(f"192.0.2.{number}") for number in range(3))
    assert told(first).endswith(
        "-- Others wait to come in, and you gave no name. Connect again when you like.\nGoodbye!"
    )
    assert (first.here, second.here, third.here) == (False, True, True)


def test_however_many_wait_without_a_name_who_gives_one_comes_in() -> None:
    opened = house(nameless=5)
    for number in range(50):
        opened.connects(f"10.0.0.{number}")
    ann = opened.arrives(HOME)
    for number in range(4):
        opened.connects(f"10.0.1.{number}")
    ann.enters("ann")
    assert "Hello ann" in told(ann)


# a storm


def test_in_a_storm_from_one_address_a_few_are_told_and_the_others_are_cut() -> None:
    opened = house(of_one=1)
    opened.arrives(HOME)
    late = [opened.connects(HOME) for _ in range(50)]
    opened.turn()
    assert [bool(told(one)) for one in late] == [True] * int(WORDS.burst) + [False] * 45
    assert not any(one.here for one in late)


def test_who_comes_after_the_storm_is_told_again() -> None:
    opened = house(of_one=1)
    opened.arrives(HOME)
    for _ in range(50):
        opened.arrives(HOME)
    opened.passes(1)
    assert "There are 1 connections" in told(opened.arrives(HOME))


def test_from_however_many_addresses_they_come_so_many_are_told_at_the_same_time() -> None:
    opened = house(most=1)
    opened.arrives(HOME)
    late = [opened.connects(f"10.0.0.{number}") for number in range(TOLD_AT_ONCE + 20)]
    assert len([one for one in late if told(one)]) == TOLD_AT_ONCE


@pytest.fixture
def desk() -> Desk:
    seated = sit_down(house(of_one=1))
    seated.house.arrives(HOME)
    seated.shows()
    return seated


def test_of_a_storm_operators_read_a_line_with_a_count_and_not_one_for_each(desk: Desk) -> None:
    for _ in range(1000):
        desk.house.connects(HOME)
    desk.house.turn()
    at_once = desk.shows()
    assert at_once == [f"[TURNED AWAY] {HOME}:54321: too many connections from there"] * int(
        LINES.burst
    )
    desk.house.clock.advance(SUMMARY)
    desk.house.factory.porter.sweep()
    desk.house.turn()
    assert desk.shows() == [
        f"[TURNED AWAY] 995 more, most of them from {HOME}: too many connections from there"
    ]


def test_when_it_is_over_nothing_more_is_told(desk: Desk) -> None:
    for _ in range(10):
        desk.house.connects(HOME)
    for _ in range(3):
        desk.house.clock.advance(SUMMARY)
        desk.house.factory.porter.sweep()
    desk.house.turn()
    assert len([line for line in desk.shows() if "more" in line]) == 1


def test_the_count_is_of_the_address_from_which_most_came(desk: Desk) -> None:
    desk.house.arrives(ELSEWHERE)
    desk.shows()
    for number in range(200):
        desk.house.connects(ELSEWHERE if number % 3 else HOME)
    desk.house.clock.advance(SUMMARY)
    desk.house.factory.porter.sweep()
    desk.house.turn()
    assert f"195 more, most of them from {ELSEWHERE}:" in desk.shows()[-1]


def test_who_was_turned_away_is_counted(desk: Desk) -> None:
    for _ in range(7):
        desk.house.connects(HOME)
    assert desk.house.hub.counters.turned_away == 7


# behind a proxy


def test_a_proxys_connections_are_not_counted_as_its_own() -> None:
    opened = house(of_one=1)
    for number in range(1, 5):
        one = Proxied(opened)
        one.is_for(f"198.51.100.{number}")
        assert b"Hello" in one.sends(f"name{number}\n".encode())


def test_behind_a_proxy_the_limit_is_that_of_the_real_address() -> None:
    opened = house(of_one=1)
    first, second = Proxied(opened), Proxied(opened)
    first.is_for(HOME)
    first.sends(b"ann\n")
    second.is_for(HOME)
    assert b"-- There are 1 connections from your address" in second.sends(b"bob\n")
    assert list(opened.chat.members) == ["ann"]


def test_the_header_and_the_name_may_come_at_once() -> None:
    opened = house(of_one=1)
    [one] = [Proxied(opened)]
    assert b"Hello ann" in one.sends(b"PROXY TCP4 192.0.2.1 127.0.0.1 1 2\r\nann\n")
    assert next(iter(opened.chat.members.values())).devices[0].address == HOME


def test_a_direct_connection_from_the_same_address_counts_with_those_behind_the_proxy() -> None:
    opened = house(of_one=1)
    opened.arrives(HOME)
    one = Proxied(opened)
    one.is_for(HOME)
    assert b"There are 1 connections" in one.sends(b"ann\n")


def test_who_never_says_from_where_is_one_without_a_name() -> None:
    opened = house(nameless=2)
    silent = [Proxied(opened) for _ in range(3)]
    opened.turn()
    assert b"Others wait" in silent[0].wire.value()
    assert [one.wire.disconnecting for one in silent] == [True, False, False]


def test_an_operator_reads_the_real_address_and_not_the_proxys() -> None:
    seated = sit_down(house())
    one = Proxied(seated.house)
    seated.house.turn()
    assert seated.shows() == []
    one.is_for(HOME)
    one.sends(b"ann\n")
    assert seated.shows()[0] == f"[NEW CONNECTION] {HOME}:4007 (#1)"


def test_a_connection_that_never_said_from_where_ends_as_silently_as_it_came() -> None:
    seated = sit_down(house())
    one = Proxied(seated.house)
    one.wrapper.connectionLost(Failure(ConnectionLost()))
    seated.house.turn()
    assert seated.shows() == []


# a socket of this machine


def test_at_a_local_socket_it_is_the_user_who_has_connected() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        wire = StringTransport()
        wire.socket = ours  # type: ignore[attr-defined]
        assert local_user(wire) == f"uid:{os.getuid()}"


def test_at_another_one_it_is_nobody() -> None:
    with socket.socket() as plug:
        wire = StringTransport()
        wire.socket = plug  # type: ignore[attr-defined]
        assert local_user(wire) == ""
