"""What is shown when the chat has started."""

import socket

import pytest
from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

from twisted_chat.welcome import as_root, exposure, is_for_others, ways_in, where

EVERYWHERE = IPv4Address("TCP", "0.0.0.0", 9999)
HERE = IPv4Address("TCP", "127.0.0.1", 9999)


def test_an_address_is_told_as_it_is() -> None:
    assert where("tcp:0", IPv4Address("TCP", "0.0.0.0", 9999)) == "0.0.0.0:9999"
    assert where("tcp6:0", IPv6Address("TCP", "::1", 9999)) == "[::1]:9999"
    assert where("unix:/run/chat", UNIXAddress("/run/chat")) == "unix:/run/chat"


def test_the_ways_in_are_lines_that_can_be_typed() -> None:
    nc, telnet, client = ways_in("tcp:0", IPv4Address("TCP", "192.0.2.7", 9999))
    assert (nc, telnet) == ("nc 192.0.2.7 9999", "telnet 192.0.2.7 9999")
    assert client.endswith("-m twisted_chat.client 192.0.2.7:9999")


def test_whoever_is_on_this_machine_joins_at_localhost() -> None:
    assert ways_in("tcp:0", IPv4Address("TCP", "127.0.0.1", 9999))[0] == "nc localhost 9999"


def test_the_client_is_given_an_ipv6_address_in_brackets() -> None:
    assert ways_in("tcp6:0", IPv6Address("TCP", "2001:db8::1", 9999))[2].endswith(
        " [2001:db8::1]:9999"
    )


def test_an_ipv6_listener_on_loopback_is_named_so_that_nc_finds_it() -> None:
    """On many machines localhost is 127.0.0.1, where nobody listens then."""
    assert ways_in("tcp6:0", IPv6Address("TCP", "::1", 9999))[0] == "nc ::1 9999"


def test_tls_is_joined_with_our_client_or_openssl() -> None:
    client, openssl = ways_in("tls:/etc/chat:9998", IPv4Address("TCP", "192.0.2.7", 9998))
    assert client.endswith("-m twisted_chat.client --tls 192.0.2.7:9998")
    assert openssl == "openssl s_client -quiet -connect 192.0.2.7:9998"


def test_where_nobody_vouches_for_the_certificate_its_pin_is_given() -> None:
    address = IPv4Address("TCP", "192.0.2.7", 9998)
    client, _ = ways_in("tls:/etc/chat:9998", address, "sha256//A=")
    assert client.endswith("-m twisted_chat.client --pin sha256//A= 192.0.2.7:9998")


def test_a_unix_socket_is_quoted_for_the_shell() -> None:
    assert ways_in("unix:x", UNIXAddress("/run/my chat")) == ["nc -U '/run/my chat'"]


def test_an_endpoint_of_an_unknown_kind_has_no_ways_in() -> None:
    assert ways_in("onion:1", IPv4Address("TCP", "127.0.0.1", 1)) == []


def test_others_are_told_the_name_of_the_machine_where_it_listens_on_all_addresses() -> None:
    name = socket.gethostname()
    assert ways_in("tcp:0", IPv4Address("TCP", "0.0.0.0", 9999))[0] == f"nc {name} 9999"
    assert ways_in("tcp6:0", IPv6Address("TCP", "::", 9999))[0] == f"nc {name} 9999"


# what it means that others reach it


@pytest.mark.parametrize(
    ("address", "is_for"),
    [
        (HERE, False),
        (IPv4Address("TCP", "127.9.9.9", 9999), False),
        (IPv6Address("TCP", "::1", 9999), False),
        (UNIXAddress("/run/chat.sock"), False),
        (EVERYWHERE, True),
        (IPv4Address("TCP", "192.0.2.7", 9999), True),
        (IPv6Address("TCP", "::", 9999), True),
        (IPv6Address("TCP", "fe80::1%eth0", 9999), True),
    ],
)
def test_others_reach_what_is_not_this_machines_alone(address: object, is_for: bool) -> None:
    assert is_for_others(address) is is_for


def test_nothing_is_said_of_places_that_this_machine_alone_reaches() -> None:
    places = {"tcp:9999:interface=127.0.0.1": HERE, "unix:x": UNIXAddress("x")}
    assert exposure(places, asks=False) == []


def test_in_plain_and_open_to_all_both_are_said_with_what_to_do() -> None:
    said = "\n".join(exposure({"tcp:9999": EVERYWHERE}, asks=False))
    assert "whoever is on the way to 0.0.0.0:9999 can read and change what is said" in said
    assert "--listen tls:FOLDER:PORT" in said
    assert "whoever reaches 0.0.0.0:9999 may come in and talk" in said
    assert "--password-file FILE" in said


def test_with_a_password_in_plain_only_the_way_is_spoken_of() -> None:
    said = "\n".join(exposure({"tcp:9999": EVERYWHERE}, asks=True))
    assert "on the way" in said
    assert "may come in" not in said


def test_with_tls_and_no_password_only_that_is_spoken_of() -> None:
    said = "\n".join(exposure({"tls:folder:9998": EVERYWHERE}, asks=False))
    assert "on the way" not in said
    assert "may come in" in said


def test_with_tls_and_a_password_all_is_as_it_should_be() -> None:
    assert exposure({"tls:folder:9998": EVERYWHERE, "tcp:1": HERE}, asks=True) == []


# root


def test_root_is_shown_the_line_by_which_it_runs_as_another() -> None:
    lines = as_root(["/opt/bin/twistd", "-n", "chat", "--motd", "a file"])
    assert "runs as root" in lines[0]
    assert lines[-2].startswith("  useradd --system --home-dir /var/lib/chat --create-home chat")
    line = "/opt/bin/twistd --uid chat --rundir /var/lib/chat -n chat --motd 'a file'"
    assert lines[-1] == f"  {line}"


def test_what_twist_runs_is_shown_with_twistd() -> None:
    line = as_root(["/opt/bin/twist", "chat"])[-1]
    assert line == "  /opt/bin/twistd --uid chat --rundir /var/lib/chat -n chat"
