"""Whom an act of moderation means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat.core import targets
from twisted_chat.core.refusals import Refusal


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        (" Bob ", "bob"),
        ("ZOÉ", "zoé"),
        ("ip:192.0.2.7", "ip:192.0.2.7"),
        ("IP:2001:DB8::1", "ip:2001:db8::1"),
        ("ip:::ffff:192.0.2.7", "ip:192.0.2.7"),
        ("net:192.0.2.0/24", "net:192.0.2.0/24"),
        ("net:192.0.2.77/24", "net:192.0.2.0/24"),
        ("net:2001:db8::/32", "net:2001:db8::/32"),
        ("net:192.0.2.7", "net:192.0.2.7/32"),
        ("net:::ffff:192.0.2.0/120", "net:192.0.2.0/24"),
    ],
)
def test_a_target_is_remembered_in_one_way(typed: str, target: str) -> None:
    assert targets.read(typed) == target


@pytest.mark.parametrize(
    "typed", ["ip:", "ip:bob", "ip:192.0.2", "net:192.0.2.0/33", "net:x", "mac:1", "http://bob"]
)
def test_what_is_no_target_is_refused_and_shown_how_one_looks(typed: str) -> None:
    with pytest.raises(Refusal, match=r"ip:192\.0\.2\.7 or net:192\.0\.2\.0/24") as caught:
        targets.read(typed)
    assert caught.value.code == "no-target"


@pytest.mark.parametrize(
    ("target", "address", "hit"),
    [
        ("ip:192.0.2.7", "192.0.2.7", True),
        ("ip:192.0.2.7", "192.0.2.8", False),
        ("ip:192.0.2.7", "::ffff:192.0.2.7", True),
        ("ip:192.0.2.7", "", False),
        ("ip:192.0.2.7", "2001:db8::1", False),
        ("ip:192.0.2.7", "/run/chat.sock", False),
        ("net:192.0.2.0/24", "192.0.2.255", True),
        ("net:192.0.2.0/24", "192.0.3.0", False),
        ("net:192.0.2.0/24", "::ffff:192.0.2.1", True),
        ("net:0.0.0.0/0", "2001:db8::1", False),
        ("ip:2001:db8::1", "2001:DB8:0::1", True),
        ("net:2001:db8::/32", "2001:db8:ffff::1", True),
        ("net:fe80::/10", "fe80::1%eth0", True),
        ("net:2001:db8::/32", "192.0.2.7", False),
    ],
)
def test_an_address_or_a_network_means_who_comes_from_there(
    target: str, address: str, hit: bool
) -> None:
    assert targets.hits(target, "bob", address) is hit


def test_a_name_means_one_person_wherever_she_comes_from() -> None:
    assert targets.hits("bob", "bob", "")
    assert targets.hits("bob", "bob", "192.0.2.7")
    assert not targets.hits("bob", "bobby", "192.0.2.7")


@pytest.mark.parametrize(
    ("typed", "loopback"),
    [
        ("ip:127.0.0.1", True),
        ("ip:127.1.2.3", True),
        ("ip:::1", True),
        ("ip:::ffff:127.0.0.1", True),
        ("net:0.0.0.0/0", True),
        ("net:::/0", True),
        ("net:126.0.0.0/7", True),
        ("ip:192.0.2.7", False),
        ("net:10.0.0.0/8", False),
        ("localhost", False),
    ],
)
def test_the_loopback_is_known_in_whatever_way_it_is_written(typed: str, loopback: bool) -> None:
    assert targets.is_loopback(targets.read(typed)) is loopback


@given(st.ip_addresses())
def test_whoever_comes_from_an_address_is_hit_by_it(address: object) -> None:
    assert targets.hits(targets.read(f"ip:{address}"), "bob", str(address))
    assert targets.hits(targets.read(f"net:{address}"), "bob", str(address))
