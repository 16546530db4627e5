"""Who is at the other end of a connection under TLS: known before a word is said."""

import builtins
import time
from pathlib import Path
from typing import Any

import pytest
import pytest_twisted
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionRefusedError
from twisted.internet.protocol import Factory, Protocol

from tests.client.certificates import GREETING, Greeter, Made, listening, made
from twisted_chat.client.look import look
from twisted_chat.client.reaching import NO_TLS_HERE, NotTrusted, endpoint_of
from twisted_chat.client.servers import Server
from twisted_chat.client.tls import NoHandshake
from twisted_chat.client.where import Address, WrongUse

DAY = 86400.0


class Talker(Protocol):
    """Says something as soon as it may."""

    def __init__(self) -> None:
        self.heard: Deferred[bytes] = Deferred()
        self.gone: Deferred[None] = Deferred()

    def connectionMade(self) -> None:
        assert self.transport is not None
        self.transport.write(b"a secret\n")

    def dataReceived(self, data: bytes) -> None:
        if not self.heard.called:
            self.heard.callback(data)

    def connectionLost(self, reason: object = None) -> None:
        self.gone.callback(None)


async def connects(server: Server, now: float | None = None) -> bytes:
    """What is heard first; raises what a client is told."""
    factory = Factory.forProtocol(Talker)
    factory.noisy = False
    endpoint = endpoint_of(reactor, server, lambda: time.time() if now is None else now)
    talker: Any = await endpoint.connect(factory)
    heard: bytes = await talker.heard
    talker.transport.abortConnection()
    await talker.gone
    return heard


def at(port: int, *pins: str, host: str = "127.0.0.1") -> Server:
    return Server(Address(host, port), tls=True, pins=frozenset(pins))


async def why_not(port: int, *pins: str, now: float | None = None) -> str:
    with pytest.raises(NotTrusted) as refused:
        await connects(at(port, *pins), now)
    return str(refused.value)


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """From then on this machine trusts what is given: OpenSSL reads the variable."""

    def trust(one: Made) -> Made:
        monkeypatch.setenv("SSL_CERT_FILE", one.trusted(tmp_path))
        return one

    return trust


@pytest_twisted.ensureDeferred
async def test_who_is_trusted_is_talked_to(trusting: Any) -> None:
    async with listening(reactor, trusting(made())) as (port, other):
        assert await connects(at(port)) == GREETING
        assert await connects(at(port, host="localhost")) == GREETING
    assert other.heard == b"a secret\n" * 2


@pytest_twisted.ensureDeferred
async def test_the_pinned_key_is_talked_to_whatever_else_the_certificate_says() -> None:
    old = made("elsewhere.example", begins=-20, days=10)
    async with listening(reactor, old) as (port, _):
        assert await connects(at(port, old.pin)) == GREETING
        assert await connects(at(port, made().pin, old.pin)) == GREETING


@pytest_twisted.ensureDeferred
async def test_another_key_than_the_pinned_one_is_told_with_both_and_hears_nothing(
    trusting: Any,
) -> None:
    async with listening(reactor, trusting(made())) as (port, other):
        pinned = made("another.example").pin
        words = await why_not(port, pinned)
    assert pinned in words
    assert made().pin in words
    assert other.heard == b""


@pytest_twisted.ensureDeferred
async def test_a_certificate_that_nobody_vouches_for_is_told_with_what_to_do() -> None:
    async with listening(reactor, made()) as (port, other):
        words = await why_not(port)
    assert words.startswith("nobody whom this machine trusts vouches for the certificate")
    assert "--pin: ask the owner for it, by another way than this" in words
    assert made().pin in words
    assert other.heard == b""


@pytest_twisted.ensureDeferred
async def test_a_certificate_for_another_host_is_told_with_those_that_it_is_for(
    trusting: Any,
) -> None:
    async with listening(reactor, trusting(made("chat.example"))) as (port, other):
        words = await why_not(port)
    assert words.startswith("the certificate is for chat.example, and not for 127.0.0.1")
    assert other.heard == b""


@pytest_twisted.ensureDeferred
async def test_a_certificate_that_has_expired_is_told_with_the_day(trusting: Any) -> None:
    old = trusting(made(begins=-20, days=10))
    async with listening(reactor, old) as (port, _):
        words = await why_not(port)
    day = old.certificate.not_valid_after_utc
    assert words == f"the certificate of 127.0.0.1 has expired on {day:%Y-%m-%d}: tell who runs it"


@pytest_twisted.ensureDeferred
async def test_a_certificate_that_is_not_good_yet_asks_for_the_clock(trusting: Any) -> None:
    async with listening(reactor, trusting(made(begins=5))) as (port, _):
        assert "is the clock of this machine right?" in await why_not(port)


@pytest_twisted.ensureDeferred
async def test_a_server_that_does_not_speak_tls_is_told_so_and_hears_no_word() -> None:
    async with listening(reactor, None) as (port, other):
        words = await why_not(port)
    assert words.startswith("what listens there does not speak TLS.")
    assert b"secret" not in other.heard


@pytest_twisted.ensureDeferred
async def test_where_nobody_listens_it_is_as_without_tls() -> None:
    async with listening(reactor, None) as (port, _):
        pass
    with pytest.raises(ConnectionRefusedError):
        await connects(at(port))


@pytest_twisted.ensureDeferred
async def test_a_server_that_closes_before_the_handshake_may_be_tried_again() -> None:
    class Closes(Greeter):
        def connectionMade(self) -> None:
            assert self.transport is not None
            self.factory.here += 1
            self.transport.loseConnection()

    async with listening(reactor, None, Closes) as (port, _):
        with pytest.raises(NoHandshake, match="closed while TLS began"):
            await connects(at(port))


@pytest_twisted.ensureDeferred
async def test_a_look_tells_all_that_a_certificate_says(trusting: Any) -> None:
    one = trusting(made())
    async with listening(reactor, one) as (port, _):
        inner = endpoint_of(reactor, Server(Address("127.0.0.1", port)), time.time)
        seen = await look(reactor, inner, "127.0.0.1")
    assert (seen.pin, seen.vouched, seen.fits) == (one.pin, True, True)
    assert seen.names == ("localhost", "127.0.0.1")
    assert seen.version in ("TLSv1.2", "TLSv1.3")
    assert seen.days_left(seen.ends.timestamp() - 3 * DAY) == 3
    assert seen.trouble("127.0.0.1", time.time()) == ""


@pytest_twisted.ensureDeferred
async def test_a_look_at_a_server_that_is_not_trusted_sees_it_all_the_same() -> None:
    async with listening(reactor, made("chat.example")) as (port, _):
        inner = endpoint_of(reactor, Server(Address("127.0.0.1", port)), time.time)
        seen = await look(reactor, inner, "127.0.0.1")
    assert (seen.vouched, seen.fits) == (False, False)


def test_without_the_packages_it_is_said_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    known = builtins.__import__

    def lacks(name: str, *rest: Any, **more: Any) -> Any:
        if name == "twisted_chat.client" and rest[2] and "tls" in rest[2]:
            raise ImportError
        return known(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", lacks)
    with pytest.raises(WrongUse) as refused:
        endpoint_of(reactor, at(1), time.time)
    assert str(refused.value) == NO_TLS_HERE


@pytest.mark.parametrize("description", ["nonsense:1", "tcp", "tcp:host:x", "9999"])
def test_an_endpoint_that_is_none_is_refused_in_words(description: str) -> None:
    with pytest.raises(WrongUse, match="is no endpoint"):
        endpoint_of(reactor, Server(endpoint=description), time.time)
