"""Every kind of place where the daemon can listen."""

import socket
import ssl
import sys
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.live.daemon import PATIENCE, Talker, as_daemon, daemon, twistd

HANDED_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1", LISTEN_FDNAMES="chat")
os.execv(sys.argv[2], sys.argv[2:])
"""
"""What systemd does: the listening socket is file 3, and the process knows that it is meant."""


def has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


ipv6 = pytest.mark.skipif(not has_ipv6(), reason="there is no ::1 here")


def on_unix(path: Path) -> socket.socket:
    """A connection to that UNIX socket."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    connection.connect(str(path))
    return connection


def write_certificate(folder: Path, host: str) -> None:
    """A self-signed one with its key, as a folder for ``tls:`` has them."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, host)])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = key.private_bytes(encoding, *plain) + certificate.public_bytes(encoding)
    (folder / "both.pem").write_bytes(pem)


def over_tls(place: tuple[str, int]) -> ssl.SSLSocket:
    """A connection by somebody who trusts everyone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = socket.create_connection(place, PATIENCE)
    return context.wrap_socket(plain, server_hostname="localhost")


def test_tcp(tmp_path: Path) -> None:
    place = "tcp:0:interface=127.0.0.1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        chat.prints(r"--   nc localhost \d+\n")
        with Talker(chat.port, "ann"):
            chat.prints("-- ann joined")
        assert "whoever is on the way" not in chat.output  # this machine alone reaches it


@ipv6
def test_tcp6(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--listen", r"tcp6:0:interface=\:\:1", listen=False) as chat,
        Talker(socket.create_connection(("::1", chat.port), PATIENCE), "ann"),
    ):
        chat.prints(r"\[NEW CONNECTION\] \[::1\]:\d+")


@ipv6
def test_an_ipv6_interface_needs_no_endpoint(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--interface", "::1") as chat,
        Talker(socket.create_connection(("::1", chat.port), PATIENCE), "ann"),
    ):
        chat.prints("-- ann joined")


def test_unix(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--listen", "unix:chat.sock", listen=False) as chat,
        Talker(on_unix(tmp_path / "chat.sock"), "ann") as ann,
        Talker(on_unix(tmp_path / "chat.sock"), "bob") as bob,
    ):
        ann.say("hello", "exit")
        bob.reads("ann: hello\r\n-- ann left\r\n")
        assert ann.reads_to_the_end().endswith("Goodbye!\r\n")
        chat.prints(r"\[NEW CONNECTION\] a local socket")


def test_a_unix_socket_is_gone_after_the_end(tmp_path: Path) -> None:
    with daemon(tmp_path, "--listen", "unix:chat.sock", listen=False):
        assert (tmp_path / "chat.sock").is_socket()
    assert not (tmp_path / "chat.sock").exists()


def test_a_unix_socket_left_by_a_killed_daemon_is_taken_over(tmp_path: Path) -> None:
    with daemon(tmp_path, "--listen", "unix:chat.sock", listen=False) as first:
        first.process.kill()
    with (
        daemon(tmp_path, "--listen", "unix:chat.sock", listen=False) as chat,
        Talker(on_unix(tmp_path / "chat.sock"), "ann"),
    ):
        chat.prints("-- ann joined")


def test_a_half_close_on_a_unix_socket_loses_no_answer(tmp_path: Path) -> None:
    with (
        daemon(tmp_path, "--listen", "unix:chat.sock", listen=False),
        Talker(on_unix(tmp_path / "chat.sock")) as ann,
    ):
        ann.say("ann", "/names")
        ann.hangs_up()
        assert ann.reads_to_the_end().endswith("-- 1 is here: ann\r\nGoodbye!\r\n")


@ipv6
def test_tls(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    place = rf"tls:{tmp_path}:0:interface=\:\:1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        chat.prints(r"--   openssl s_client -quiet -connect \S+:\d+\n")
        with (
            Talker(over_tls(("::1", chat.port)), "ann") as ann,
            Talker(over_tls(("::1", chat.port)), "bob") as bob,
        ):
            ann.say("hello")
            bob.reads("ann: hello\r\n")
            bob.say("exit")
            assert bob.reads_to_the_end().endswith("Goodbye!\r\n")


def at_most(version: ssl.TLSVersion) -> ssl.SSLContext:
    """Somebody who trusts everyone, and knows nothing newer than that."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")  # OpenSSL itself would not speak the old ones
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, version
    return context


def test_tls_1_2_and_newer_is_spoken_and_nothing_older(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    place = f"tls:{tmp_path}:0:interface=127.0.0.1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
            with (
                socket.create_connection(("127.0.0.1", chat.port), PATIENCE) as plain,
                pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
            ):
                at_most(version).wrap_socket(plain)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            plain = socket.create_connection(("127.0.0.1", chat.port), PATIENCE)
            with at_most(version).wrap_socket(plain) as under_tls:
                assert under_tls.version() == version.name.replace("_", ".")
                assert under_tls.recv(4096).startswith(b"Welcome")


@ipv6
def test_noise_on_a_tls_port_harms_nobody(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    place = rf"tls:{tmp_path}:0:interface=\:\:1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        with socket.create_connection(("::1", chat.port), PATIENCE) as noise:
            noise.sendall(b"ann\r\nhello\r\n")
            while noise.recv(4096):
                pass
        with Talker(over_tls(("::1", chat.port)), "ann"):
            chat.prints("-- ann joined")


def test_a_socket_handed_over_by_systemd(tmp_path: Path) -> None:
    options = ("--listen", "systemd:domain=INET:name=chat", "--no-console")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        argv = [sys.executable, "-c", HANDED_OVER, str(listening.fileno())]
        argv += twistd(*options, listen=False)
        with as_daemon(argv, tmp_path, fds=[listening.fileno()]) as chat:
            assert chat.port == listening.getsockname()[1]
            with Talker(chat.port, "ann"):
                chat.prints("-- ann joined")


def test_behind_a_proxy_the_address_is_the_clients(tmp_path: Path) -> None:
    place = "haproxy:tcp:0:interface=127.0.0.1"
    with (
        daemon(tmp_path, "--listen", place, listen=False) as chat,
        Talker(chat.port) as ann,
        Talker(chat.port) as bob,
    ):
        ann.send(b"PROXY TCP4 198.51.100.7 127.0.0.1 40007 9999\r\n")
        bob.send(b"PROXY TCP4 198.51.100.8 127.0.0.1 40008 9999\r\n")
        ann.enters("ann")
        bob.enters("bob")
        bob.say("hello")
        ann.reads("bob: hello\r\n")
        bob.resets()
        chat.prints(r"\[DISCONNECTED\] 198\.51\.100\.8:40008")


def test_a_wrong_proxy_line_is_cut_and_harms_nobody(tmp_path: Path) -> None:
    place = "haproxy:tcp:0:interface=127.0.0.1"
    with daemon(tmp_path, "--listen", place, listen=False) as chat:
        with Talker(chat.port) as wrong:
            wrong.send(b"PROXY NONSENSE\r\nann\r\n")
            assert "Hello" not in wrong.reads_to_the_end()
        with Talker(chat.port) as right:
            right.send(b"PROXY TCP4 198.51.100.7 127.0.0.1 40007 9999\r\n")
            right.enters("ann")


def test_several_places_are_one_chat(tmp_path: Path) -> None:
    more = ("--listen", "unix:chat.sock", "--listen", "tcp:0:interface=127.0.0.1")
    with daemon(tmp_path, *more, "--max-clients", "3") as chat:
        first, second = chat.ports
        with (
            Talker(first, "ann") as ann,
            Talker(second, "bob") as bob,
            Talker(on_unix(tmp_path / "chat.sock"), "cy") as cy,
        ):
            ann.say("hello")
            bob.reads("ann: hello\r\n")
            cy.reads("ann: hello\r\n")
            with Talker(second) as fourth:
                assert "The chat is full (3 of 3)." in fourth.reads_to_the_end()
