"""``python -m twisted_chat.certificate``: a certificate of one's own, for a LAN.

Nobody vouches for it, so it is known by its pin; that is its key's, and outlives ``--renew``.
"""

import argparse
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from twisted_chat import __version__, pins
from twisted_chat.speech.clean import clean

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
    from cryptography.x509 import Certificate

FAILED = 1

YEARS = 5
"""For so long it holds: nobody watches over a LAN's certificate, and what is trusted is its pin."""

MOST_YEARS = 100

SIOCGIFADDR = 0x8915  # netdevice(7)
IPV6_ADDRESSES = Path("/proc/net/if_inet6")


class CannotBe(Exception):
    """It is not made, and in words why."""


class Parser(argparse.ArgumentParser):
    """argparse ends with 2 on wrong use; here that is 1."""

    def error(self, message: str) -> Any:
        self.exit(FAILED, f"certificate: {clean(message)}\n")


def parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        "python -m twisted_chat.certificate",
        description="Make a certificate for --listen tls:FOLDER:PORT, and show its pin.",
        epilog="exit status: 0 done, 1 wrong use or it cannot be done",
    )
    parser.add_argument("--version", action="version", version=f"twisted_chat {__version__}")
    parser.add_argument("--folder", type=Path, default=Path("certificates"), help="where to put it")
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        help="a name or an address by which others reach this machine, beside those that it knows "
        "itself; may be given several times",
    )
    parser.add_argument("--port", type=int, default=9998, help="for the lines that are shown")
    parser.add_argument("--years", type=years, default=YEARS, help=f"how long it holds ({YEARS})")
    parser.add_argument(
        "--renew", action="store_true", help="one for the key that is there: the pin stays"
    )
    return parser.parse_args(argv)


def years(typed: str) -> int:
    """As argparse wants it."""
    if not typed.isdecimal() or not 1 <= int(typed[:4]) <= MOST_YEARS:
        raise argparse.ArgumentTypeError(f"it wants a number from 1 to {MOST_YEARS}, not {typed}")
    return int(typed)


def make(options: argparse.Namespace) -> "Certificate":
    """Raises CannotBe, or an OSError."""
    path = options.folder / "chat.pem"
    if options.renew:
        key = read_key(path)
    else:
        if path.exists():
            raise CannotBe(f"{path} is there already: --renew makes a new one for the same key")
        options.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = new_key()
    certificate = sign(key, [*own_names(), *options.name], timedelta(days=options.years * 365.25))
    write(path, pem(key, certificate))
    return certificate


def new_key() -> "CertificateIssuerPrivateKeyTypes":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def read_key(path: Path) -> "CertificateIssuerPrivateKeyTypes":
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        return load_pem_private_key(path.read_bytes(), None)  # type: ignore[return-value]
    except (ValueError, TypeError):
        raise CannotBe(f"{path} holds no key that can be used") from None


def sign(
    key: "CertificateIssuerPrivateKeyTypes", names: Sequence[str], lifetime: timedelta
) -> "Certificate":
    """For these names and addresses, the first of which is its own."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, names[0][:64])])
    now = datetime.now(UTC)
    others = x509.SubjectAlternativeName([_general(name) for name in dict.fromkeys(names)])
    builder = x509.CertificateBuilder(subject, subject, key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1))  # clocks on a LAN differ
    builder = builder.not_valid_after(now + lifetime).add_extension(others, critical=False)
    alone = x509.BasicConstraints(ca=False, path_length=None)
    return builder.add_extension(alone, critical=True).sign(key, hashes.SHA256())


def _general(name: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name.encode("idna").decode())
    except ValueError:
        raise CannotBe(f"{name} is neither a name nor an address") from None


def pem(key: "CertificateIssuerPrivateKeyTypes", certificate: "Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    plain = PrivateFormat.PKCS8, NoEncryption()
    return key.private_bytes(Encoding.PEM, *plain) + certificate.public_bytes(Encoding.PEM)


def write(path: Path, found: bytes) -> None:
    """For its owner alone, and all at once: a daemon may be reading it."""
    making = path.with_name(f".{path.name}.new")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(found)
    making.rename(path)


def own_names() -> list[str]:
    """By which this machine can be reached. No name server is asked."""
    return ["localhost", socket.gethostname().lower(), *map(str, own_addresses())]


def own_addresses() -> list[IPv4Address | IPv6Address]:
    found: list[IPv4Address | IPv6Address] = [*_ipv4(), *_ipv6()]
    return [one for one in found if not one.is_link_local]


def _ipv4() -> Iterator[IPv4Address]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, interface in socket.if_nameindex():
            asked = struct.pack("256s", interface.encode())
            with suppress(OSError):  # it has none
                yield IPv4Address(fcntl.ioctl(asking, SIOCGIFADDR, asked)[20:24])


def _ipv6() -> Iterator[IPv6Address]:
    with suppress(OSError):  # there is none here
        for line in IPV6_ADDRESSES.read_text().splitlines():
            yield IPv6Address(bytes.fromhex(line.split()[0]))


def told(options: argparse.Namespace, certificate: "Certificate") -> str:
    """What it is, and the lines by which it is used."""
    from cryptography import x509

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    shown = [str(getattr(name, "value", name)) for name in names]
    until = certificate.not_valid_after_utc.date().isoformat()
    pin, here, folder = pins.pin(certificate), quote(sys.executable), quote(str(options.folder))
    return "\n".join(
        [
            f"{options.folder / 'chat.pem'} holds until {until}, for {', '.join(shown)}",
            f"its pin is {pin}",
            "the chat is started with",
            f"    {quote(str(Path(sys.executable).with_name('twistd')))} -n chat"
            f" --listen tls:{folder}:{options.port}",
            "and others come in with",
            f"    {here} -m twisted_chat.client --pin {pin} {socket.gethostname()}:{options.port}",
        ]
    )


def main(argv: Sequence[str] | None = None) -> None:
    options = parse(sys.argv[1:] if argv is None else argv)
    try:
        print(told(options, make(options)))
    except ModuleNotFoundError as error:
        failed(f"it needs {error.name}: pip install 'twisted_chat[tls]'")
    except CannotBe as error:
        failed(str(error))
    except OSError as error:
        failed(f"{error.filename}: {error.strerror}")


def failed(why: str) -> None:
    print(f"certificate: {clean(why)}", file=sys.stderr)
    raise SystemExit(FAILED)


if __name__ == "__main__":
    main()
