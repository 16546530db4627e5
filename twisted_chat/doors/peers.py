"""The other end of a connection: who is there, and whether anybody still is."""

import socket
import struct
from contextlib import suppress
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.protocols.haproxy._wrapper import HAProxyProtocolWrapper

KEEPALIVE = {"TCP_KEEPIDLE": 120, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 4}
"""A machine that was switched off is noticed after four minutes, and not after Linux's two hours;
the probes are too few to cost a sleeping laptop anything."""

PROBES = {"TCP_KEEPIDLE": 1, "TCP_KEEPINTVL": 1, "TCP_KEEPCNT": 3}
"""After a second of silence one probe a second: who does not answer three is gone in four."""

_CREDENTIALS = struct.Struct("3i")  # struct ucred of socket(7): process, user, group


def is_proxied(transport: object) -> bool:
    """What it says of its other end is the proxy, until the first bytes have come."""
    return isinstance(transport, HAProxyProtocolWrapper)


def peer_user(transport: Any) -> int:
    """The id of the user whose process is at the other end (SO_PEERCRED): the kernel's word."""
    got = transport.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(got)[1]
    return user


def local_user(transport: Any) -> str:
    """Who is at the other end of a socket of this machine, while it is open: ``uid:1000``; empty
    for one that is none."""
    plug = getattr(transport, "socket", None)
    if plug is None or plug.family != socket.AF_UNIX:
        return ""
    return f"uid:{peer_user(transport)}"


def peer_name(transport: Any) -> str:
    """Who is at the other end. Behind a proxy that is known only when its first bytes are here."""
    match transport.getPeer():
        case IPv6Address(host=host, port=port):
            return f"[{host}]:{port}"
        case IPv4Address(host=host, port=port):
            return f"{host}:{port}"
        case _:
            return "a local socket"


def prepare(listening: socket.socket) -> None:
    """No delay for small segments, and dead peers noticed. Nagle costs 40 ms and a factor of 20.

    Set where connections come in, and inherited by each of them, under TLS or a proxy too.
    """
    if listening.family in (socket.AF_INET, socket.AF_INET6):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in KEEPALIVE.items():
            if hasattr(socket, name):
                listening.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def probe(transport: object) -> None:
    """Ask the other end's machine whether it is still there, and hear of it soon if it is not."""
    connected = getattr(transport, "socket", None)
    if connected is None or connected.family not in (socket.AF_INET, socket.AF_INET6):
        return
    with suppress(OSError):
        for name, value in PROBES.items():
            if hasattr(socket, name):
                connected.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # when something is on its way already
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 4000)
