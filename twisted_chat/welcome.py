"""What is shown when the chat has started: where it listens, and how others come in; what that
means for who has started it."""

import shlex
import socket
import sys
from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address, UNIXAddress

ENCRYPTED = ("tls", "ssl")


def where(description: str, address: Any) -> str:
    match address:
        case IPv4Address(host=host, port=port):
            return f"{host}:{port}"
        case IPv6Address(host=host, port=port):
            return f"[{host}]:{port}"
        case _:
            return description


def ways_in(description: str, address: Any, pin: str | None = None) -> list[str]:
    """The exact lines by which others join there. ``pin``: of a certificate for which nobody else
    vouches."""
    kind = description.partition(":")[0]
    if isinstance(address, UNIXAddress) and address.name is not None:
        return [f"nc -U {shlex.quote(address.name.decode(errors='replace'))}"]
    if kind not in ("tcp", "tcp6", "systemd", *ENCRYPTED):
        return []
    everywhere = dict.fromkeys(("0.0.0.0", "::"), socket.gethostname())
    host = ({"127.0.0.1": "localhost"} | everywhere).get(address.host, address.host)
    bracketed = f"[{host}]" if ":" in host else host
    client = f"{shlex.quote(sys.executable)} -m twisted_chat.client"
    if kind in ENCRYPTED:
        trust = "--tls" if pin is None else f"--pin {pin}"
        return [
            f"{client} {trust} {bracketed}:{address.port}",
            f"openssl s_client -quiet -connect {bracketed}:{address.port}",
        ]
    return [
        f"nc {host} {address.port}",
        f"telnet {host} {address.port}",
        f"{client} {bracketed}:{address.port}",
    ]


def exposure(places: Mapping[str, Any], asks: bool) -> list[str]:
    """What it means that others than this machine reach it; nothing where that is as it should be.
    ``places``: the address of each by its description. ``asks``: whoever comes has to know
    something."""
    reached = {place: address for place, address in places.items() if is_for_others(address)}
    plain = [place for place in reached if place.partition(":")[0] not in ENCRYPTED]
    lines = []
    if plain:
        shown = ", ".join(where(place, reached[place]) for place in plain)
        lines.append(
            f"whoever is on the way to {shown} can read and change what is said there, and"
        )
        lines.append(
            "  passwords: --listen tls:FOLDER:PORT in its place encrypts it; a certificate"
        )
        lines.append("  for a LAN is made by python -m twisted_chat.certificate")
    if reached and not asks:
        shown = ", ".join(where(place, address) for place, address in reached.items())
        lines.append(f"whoever reaches {shown} may come in and talk: --password-file FILE asks for")
        lines.append(
            "  a password that all share, and --members-only lets in those with an account"
        )
    return lines


def is_for_others(address: Any) -> bool:
    """More than this machine reaches it."""
    known = isinstance(address, IPv4Address | IPv6Address)
    return known and not ip_address(address.host.partition("%")[0]).is_loopback


def as_root(argv: Sequence[str], user: str = "chat", folder: str = "/var/lib/chat") -> list[str]:
    """What a daemon that is root's is started with in place of ``argv``, so that it is ``user``'s,
    in a folder of hers."""
    program, *rest = argv
    if Path(program).name == "twist":  # it knows no other users
        program, rest = str(Path(program).with_name("twistd")), ["-n", *rest]
    hers = ["--uid", user, "--rundir", folder]
    return [
        "this runs as root, which it has no need of: whoever finds a hole in it has this machine.",
        "  A user of its own is made, and it is started as that user, by",
        f"  useradd --system --home-dir {folder} --create-home {user} && chmod 700 {folder}",
        f"  {shlex.join([program, *hers, *rest])}",
    ]
