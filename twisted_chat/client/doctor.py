"""``doctor``: what is wrong with a connection, step by step, in plain sentences."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import Enum
from statistics import median

from twisted_chat.client import probing
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.reaching import reason
from twisted_chat.client.servers import Server
from twisted_chat.client.status import Status
from twisted_chat.speech.clean import clean
from twisted_chat.speech.lines_json import PROTOCOL

SOON = 14
"""Days before the end of a certificate in which somebody should look after it."""

CLOCKS_DIFFER = 5.0
"""Seconds by which two clocks may differ before times look strange."""

SLOW = 1.0
"""Seconds after which an answer is felt to be late."""

PINGS = 5

TLS_MISSING = "it speaks TLS: --tls is missing, or --pin for a certificate that was made at home"


class Mark(Enum):
    """``NOTE``: it works, and somebody should know."""

    GOOD = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """``status``: of the program, where it is wrong."""

    mark: Mark
    text: str
    status: int = 0


def good(text: str) -> Finding:
    return Finding(Mark.GOOD, text)


def note(text: str) -> Finding:
    return Finding(Mark.NOTE, text)


def wrong(text: str, status: int = Status.NO_CONNECTION) -> Finding:
    return Finding(Mark.WRONG, text, status)


async def doctor(errand: Errand) -> None:
    """Raises Stop with the status of the first thing that is wrong."""
    status = 0
    async for finding in examine(errand):
        status = status or finding.status
        await errand.out.write(line(finding, errand.typed.json))
    if status:
        raise Stop(status)
    await errand.out.write(b"" if errand.typed.json else b"all is well\n")


def line(finding: Finding, as_json: bool) -> bytes:
    if as_json:
        told = {"finding": finding.mark.value, "text": clean(finding.text)}
        return f"{json.dumps(told, ensure_ascii=False)}\n".encode()
    return f"{finding.mark.value:<6}{clean(finding.text)}\n".encode("utf-8", "replace")


async def examine(errand: Errand) -> AsyncIterator[Finding]:
    """One thing after another; it ends with what makes the next senseless."""
    yield good(_meant(errand.server))
    if errand.server.at is not None:
        found = [finding async for finding in _ports(errand)]
        for finding in found:
            yield finding
        if found[-1].mark is Mark.WRONG:
            return
    if errand.server.tls:
        finding = await _trusted(errand)
        yield finding
        if finding.mark is Mark.WRONG:
            return
    async for finding in _chat(errand):
        yield finding


def _meant(server: Server) -> str:
    safe = "with the pinned key" if server.pins else "with TLS" if server.tls else "without TLS"
    return f"{server} is meant, {safe}, by {server.source}"


def _host(server: Server) -> str:
    return server.at.host if server.at is not None else ""


async def _ports(errand: Errand) -> AsyncIterator[Finding]:
    assert errand.server.at is not None
    host, port = errand.server.at.host, errand.server.at.port
    try:
        addresses = await probing.addresses(host, port)
    except probing.NoName as error:
        yield wrong(f"{host} has no address: {error}. Is it spelled right, and are you online?")
        return
    yield good(f"{host} is at {' and '.join(one.host for one in addresses)}")
    opened = False
    for address in addresses:
        try:
            took = await probing.port_opens(probing.place_of(errand.reactor, address))
        except Exception as error:  # whatever a socket may raise
            yield note(f"{address.host} port {port}: {_closed(error)}")
        else:
            opened = True
            yield good(f"{address.host} port {port} takes connections, in {_ms(took)}")
    if not opened:
        yield wrong(f"there is no connection to {errand.server}")


def _closed(error: Exception) -> str:
    why = reason(error)
    if why == "nothing listens there":
        return f"{why}. Does the chat run, on this port, and not for its own machine alone?"
    if why == "no answer":
        return f"{why}, not even a refusal: there may be a firewall before it, or the host is off"
    return why


async def _trusted(errand: Errand) -> Finding:
    """What TLS shows. Whether it is good, the connection that talks decides."""
    from twisted_chat.client.look import look

    host = _host(errand.server)
    try:
        seen = await look(errand.reactor, errand.reach.bare, host)
    except Exception as error:
        return wrong(reason(error))
    days = seen.days_left(errand.now())
    if errand.server.pins:
        if seen.pin not in errand.server.pins:
            from twisted_chat.client.tls import wrong_pin

            return wrong(wrong_pin(errand.server.pins, seen.pin))
        return good(f"{seen.version}; the key is the one that is pinned")
    if trouble := seen.trouble(host, errand.now()):
        return wrong(trouble)
    text = f"{seen.version}; the certificate is for {', '.join(seen.names)}, for {days} days more"
    return note(f"{text}: it should be renewed") if days < SOON else good(text)


async def _chat(errand: Errand) -> AsyncIterator[Finding]:
    try:
        probe = await probing.probe(errand.reach.endpoint)
    except Exception as error:
        yield wrong(f"there is no connection: {reason(error)}")
        return
    try:
        hello = await probe.talks(errand.reactor)
        if hello is None:
            if not errand.server.tls and await _speaks_tls(errand):
                yield wrong(TLS_MISSING, Status.NO_ANSWER)
            else:
                yield wrong(no_chat(probe.data, probe.closed), Status.NO_ANSWER)
            return
        if hello.protocol > PROTOCOL:
            yield note(
                f"{hello.server} speaks a newer language ({hello.protocol}) than this client"
            )
        else:
            yield good(f"it is a chat: {hello.server}, protocol {hello.protocol}")
        async for finding in _answers(errand, probe):
            yield finding
    finally:
        probe.close()


async def _speaks_tls(errand: Errand) -> bool:
    """Many who do only close what is said to them in plain."""
    try:
        from twisted_chat.client.look import look

        await look(errand.reactor, errand.reach.bare, _host(errand.server))
    except Exception:  # whatever it is, it is no TLS of ours
        return False
    return True


async def _answers(errand: Errand, probe: probing.Probe) -> AsyncIterator[Finding]:
    delays, ahead = [], 0.0
    for _ in range(PINGS):
        answered = await probe.ping(errand.reactor)
        if answered is None:
            yield wrong("it said hello, and answers no question", Status.NO_ANSWER)
            return
        delays.append(answered[0])
        ahead = answered[1].time - (errand.now() - answered[0] / 2)
    yield clocks(ahead)
    text = f"an answer takes {_ms(min(delays))} at the least, {_ms(median(delays))} mostly"
    yield note(f"{text}: that is slow") if median(delays) > SLOW else good(text)


def clocks(ahead: float) -> Finding:
    """``ahead``: so many seconds the server's clock is before ours."""
    if abs(ahead) <= CLOCKS_DIFFER:
        return good("the clock of the server and the one here agree")
    which = "ahead of" if ahead > 0 else "behind"
    return wrong(
        f"the clock of the server is {abs(ahead):.0f} seconds {which} the one here: times will "
        "look wrong, and --since with them. One of the two machines should ask the time (NTP)",
        Status.NO_ANSWER,
    )


def no_chat(said: bytes, closed: bool) -> str:
    """What listens there, as far as it can be told from what it says first."""
    for sign, what in _KNOWN:
        if said.startswith(sign):
            return f"that is {what}, and no chat: which port has the chat?"
    first = said.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("-- ")
    if first and closed:
        return f"it lets nobody in: {first[:200]}"
    if first:
        return f"it answers, but not as a chat does: {first[:200]}"
    if closed:
        return "it takes connections, and closes them without a word"
    return "it takes connections, and says nothing: is it a chat?"


_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"SSH-", "an SSH server"),
    (b"HTTP/", "a web server"),
    (b"<", "a web server"),
    (b"220", "a mail or FTP server"),
    (b"* OK", "an IMAP server"),
    (b"+OK", "a POP3 server"),
    (b"-ERR", "a Redis server"),
    (b":", "an IRC server"),
)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
