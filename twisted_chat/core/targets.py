"""Whom an act of moderation means: a name, ``ip:ADDRESS`` or ``net:NETWORK``."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from twisted_chat.core import names, refusals


def read(typed: str) -> str:
    """The target as it is remembered. Raises a Refusal."""
    kind, colon, rest = typed.strip().partition(":")
    if not colon:
        return names.fold(kind)
    try:
        if kind.lower() == "ip":
            return f"ip:{_plain(ip_address(rest))}"
        if kind.lower() == "net":
            return f"net:{_plain_network(ip_network(rest, strict=False))}"
    except ValueError:
        pass
    raise refusals.no_target(typed.strip()[:64])


def is_name(target: str) -> bool:
    return ":" not in target


def hits(target: str, key: str, address: str) -> bool:
    """Whether it means somebody of that folded name at that address, which is empty for a local
    socket."""
    if is_name(target):
        return target == key
    return bool(address) and covers(target, address)


def _plain(there: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """An IPv4 address written as IPv6 is the IPv4 address."""
    return getattr(there, "ipv4_mapped", None) or there


def _plain_network(there: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    first = _plain(there.network_address)
    if first.version == there.version or there.prefixlen < 96:
        return there
    return ip_network(f"{first}/{there.prefixlen - 96}")


def covers(target: str, address: str) -> bool:
    """Whether an address is in what ``ip:`` or ``net:`` means."""
    try:
        there = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _plain(there) in _network(target)


def is_loopback(target: str) -> bool:
    return not is_name(target) and _network(target).overlaps(_loopback(_network(target)))


def _loopback(beside: IPv4Network | IPv6Network) -> IPv4Network | IPv6Network:
    return ip_network("127.0.0.0/8" if beside.version == 4 else "::1/128")


def _network(target: str) -> IPv4Network | IPv6Network:
    return ip_network(target.partition(":")[2])
