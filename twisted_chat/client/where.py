"""Where a chat is, as people write it: ``[NAME@]HOST[:PORT]``. No network."""

from dataclasses import dataclass

PORT = 9999

NO_PASSWORD = (
    "a password never stands in a command line, where everybody on this machine can read it: "
    "it is asked for at a terminal, or --password-file or --password-command has it"
)


class WrongUse(Exception):
    """What was asked for cannot be, in a sentence that says what to do. It quotes nothing that may
    be a password."""


@dataclass(frozen=True, slots=True)
class Address:
    """``host`` may be a name or an address, IPv6 without brackets."""

    host: str
    port: int = PORT
    name: str | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def address(where: str) -> Address:
    """An IPv6 address stands in brackets if a port follows. Raises WrongUse."""
    _, is_url, rest = where.rpartition("://")
    name, at, place = rest.rpartition("@")
    if ":" in name:
        raise WrongUse(NO_PASSWORD)
    if is_url:
        raise WrongUse(f"that is a URL: write {rest.partition('/')[0] or 'HOST:PORT'}")
    host, port = _split(place)
    if not host:
        raise WrongUse(f"{where} names no host")
    if port is None:
        raise WrongUse(f"{where} names no port behind the colon")
    if port and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
        raise WrongUse(f"{port} is no port: a number from 1 to 65535 is")
    return Address(host, int(port or PORT), name if at else None)


def _split(place: str) -> tuple[str, str | None]:
    """Host and port: empty where there is none, None where a colon promises one."""
    if place.startswith("["):
        host, closed, rest = place[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise WrongUse(f"{place} is no address: [::1]:9999 would be one")
        return host, (rest[1:] or None) if rest else ""
    if place.count(":") == 1:
        host, _, port = place.partition(":")
        return host, port or None
    return place, ""
