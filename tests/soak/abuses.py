"""What is bad to do. Each goes on until its time is over, or raises Lost when it is cut off."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from itertools import count

from tests.chaos.connection import Lost
from tests.soak.rogue import Rogue

ABUSES: dict[str, Callable[[Rogue], Awaitable[None]]] = {}

IAC, SB, DO, WILL, IP = b"\xff", b"\xfa", b"\xfd", b"\xfb", b"\xf4"

HOSTILE = (
    b"\x1b[2J\x1b[H",
    b"\x1b]0;pwned\x07",
    b"\x1bP1$r\x1b\\",
    b"\x9b31m",
    "\x9b31m\x85forged".encode(),
    b"\rwell1: ~999999999 1",
    "x\u2028well1: ~999999999 1".encode(),
    "x\x85well1: ~999999999 1".encode(),
    b"\x00\x01\x02\x08\x08\x08\x7f\x0e",
    "\u202e\u2066gnp.exe\u2069".encode(),
    "z" + "\u0301" * 500,
    "\ufdd0\uffff\ue000".encode(),
    b"\xff\xfe\x00a\xc0\xaf\xed\xa0\x80",
    "\u200b\u200d\ufeff".encode(),
    "👩‍👩‍👧‍👦 שלום 你好".encode(),
)

STRANGERS = (
    b"GET / HTTP/1.1\r\nHost: chat\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n/nick evil",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
    b"SSH-2.0-OpenSSH_9.9\r\n",
    b"EHLO there\r\nMAIL FROM:<a@b>\r\n",
    b"NICK evil\r\nUSER evil 0 * :evil\r\nJOIN #lobby\r\n",
    b"*1\r\n$7\r\nCOMMAND\r\n",
    b"\x00\x00\x00\x00" * 300,
)

BOMBS = (
    b"[" * 60_000,
    b'{"a":' * 10_000,
    b'{"do":"say","text":' + b"9" * 5000 + b"}",
    b'{"do":"say","do":"kick","text":"x"}',
    rb'{"do":"say","text":"\ud800"}',
    rb'{"do":"say","text":"\u001b[2J\u202e\u0000"}',
    b'{"do":["say"],"text":{"a":1}}',
    b'{"do":"say","text":"x","tag":1e999}',
    b'{"do":"enter","name":"","after":{"#lobby":-1}}',
    b'{"do":"nothing","tag":"' + b"t" * 500 + b'"}',
    b'{"do":"say","text":null}',
    b"null",
    b'"say"',
)


def abuse(does: Callable[[Rogue], Awaitable[None]]) -> Callable[[Rogue], Awaitable[None]]:
    ABUSES[does.__name__.replace("_", " ")] = does
    return does


# bytes


@abuse
async def hostile_bytes(rogue: Rogue) -> None:
    """Where anything may be said, and some of it forges the lines of others."""
    one = await rogue.enters()
    prefixes = ("", "/me ", "/topic ", "/away ", "/nick ", f"/msg {rogue.victim} ", "/join #")
    for number in count():
        what = rogue.chance.choice(HOSTILE)
        data = what.encode() if isinstance(what, str) else what
        prefix = rogue.chance.choice(prefixes).encode()
        await rogue.pours(one, prefix + data + f" {number}\n".encode())
        await asyncio.sleep(0.2)


@abuse
async def noise(rogue: Rogue) -> None:
    one = await rogue.connects()
    while True:
        await rogue.pours(one, rogue.chance.randbytes(rogue.chance.randrange(1, 3000)))


@abuse
async def foreign_protocols(rogue: Rogue) -> None:
    for _ in range(10):
        one = await rogue.connects()
        await rogue.pours(one, rogue.chance.choice(STRANGERS))
        await asyncio.sleep(0.5)


@abuse
async def telnet_garbage(rogue: Rogue) -> None:
    one = await rogue.enters()
    while True:
        await rogue.pours(one, rogue.chance.choice((IAC + DO, IAC + WILL)) + b"\x06" * 50)
        await rogue.pours(one, IAC + SB + b"\x18" + rogue.chance.randbytes(2000))
        await rogue.pours(one, IAC + IP + IAC + IAC + b"hello\n")


@abuse
async def lines_without_an_end(rogue: Rogue) -> None:
    one = await rogue.enters()
    while True:
        for _ in range(16):
            await rogue.pours(one, b"x" * 65536)
        await rogue.pours(one, b"\n")


@abuse
async def a_byte_at_a_time(rogue: Rogue) -> None:
    """Some of them before there is a name."""
    one = await (rogue.enters() if rogue.chance.random() < 0.5 else rogue.connects())
    while True:
        await rogue.pours(one, b"slowly\n"[rogue.chance.randrange(7) :][:1])
        await asyncio.sleep(0.2)


@abuse
async def bombs_of_json(rogue: Rogue) -> None:
    one = await rogue.enters_as_program()
    while True:
        await rogue.pours(one, rogue.chance.choice(BOMBS) + b"\n")


# names and rooms


@abuse
async def floods_of_names(rogue: Rogue) -> None:
    """Taken ones, reserved ones, and none."""
    one = await rogue.connects()
    for number in count():
        for name in (rogue.victim, "Server", "", f"wеll{number}", "x" * 500, "../..", "-rf"):
            await rogue.pours(one, f"{name}\n".encode())


@abuse
async def storms_of_nicks(rogue: Rogue) -> None:
    one = await rogue.enters()
    while True:
        await rogue.pours(one, f"/nick {rogue.name}\n".encode())


@abuse
async def joins_and_leaves(rogue: Rogue) -> None:
    one = await rogue.enters()
    while True:
        await rogue.pours(one, b"/join #room0\n/leave #room0\n")


@abuse
async def comings_and_goings(rogue: Rogue) -> None:
    """People who are here for a moment, at the pace of their address."""
    while True:
        await rogue.enters()
        rogue.goes()
        await asyncio.sleep(0.3)


@abuse
async def thousands_of_rooms(rogue: Rogue) -> None:
    for _ in range(5):
        one = await rogue.enters()
        for number in range(60):
            await rogue.pours(one, f"/join #x{rogue.chance.randrange(10**6)}-{number}\n".encode())


# floods


@abuse
async def floods_of_lines(rogue: Rogue) -> None:
    one = await rogue.enters()
    for number in count():
        await rogue.pours(one, f"{number} buy this {rogue.chance.random()}\n".encode())


@abuse
async def floods_of_private_messages(rogue: Rogue) -> None:
    """At one of the well-behaved, from several connections."""
    victim = rogue.victim
    several = [await rogue.enters() for _ in range(5)]
    for number in count():
        for one in several:
            await rogue.pours(one, f"/msg {victim} {number} {rogue.chance.random()}\n".encode())


@abuse
async def pastes(rogue: Rogue) -> None:
    """Some of whose lines look like those of others."""
    one = await rogue.enters()
    for number in count():
        lines = rogue.chance.choice((6, 12, 200, 1000))
        forged = f"well1: ~{10**9 + number} 1\n[well2] ~{10**9} 1\n\x1b[2J{number}\n"
        await rogue.pours(one, (forged * (lines // 3)).encode())
        await asyncio.sleep(1.0)


@abuse
async def searches_without_end(rogue: Rogue) -> None:
    one = await rogue.enters()
    asked = (
        "/search e",
        "/search buy this",
        "/last ~",
        "/history 1000",
        "/more",
        "/catchup",
        "/who",
    )
    while True:
        await rogue.pours(one, f"{rogue.chance.choice(asked)}\n".encode())


@abuse
async def ignoring_and_absence(rogue: Rogue) -> None:
    one = await rogue.enters()
    while True:
        await rogue.pours(one, f"/ignore {rogue.victim}\n/away {rogue.chance.random()}\n".encode())
        await rogue.pours(one, f"/invite {rogue.victim}\n/back\n".encode())


# passwords


@abuse
async def wrong_passwords(rogue: Rogue) -> None:
    several = [await rogue.connects() for _ in range(5)]
    for one in several:
        one.send(b"/json\n")
    while True:
        for one in several:
            one.ask("enter", name=rogue.victim, password=f"guess {rogue.chance.random()}")
            await one.sent()
        await asyncio.sleep(0.1)


@abuse
async def registrations(rogue: Rogue) -> None:
    """And changes of a password, which are work too."""
    one = await rogue.enters_as_program()
    one.ask("register", password="correct horse")
    for number in count():
        one.ask("passwd", old="correct horse", new=f"battery {number}")
        one.ask("passwd", old=f"battery {number}", new="correct horse")
        await one.sent()
        await asyncio.sleep(0.1)


# connections


@abuse
async def storms_of_connections(rogue: Rogue) -> None:
    """Three hundred at once, which then wait."""
    for _ in range(300):
        try:
            await rogue.connects()
        except Lost:
            await asyncio.sleep(0.1)
    await asyncio.sleep(rogue.chance.uniform(0, 10))


@abuse
async def slow_handshakes(rogue: Rogue) -> None:
    several = [await rogue.connects() for _ in range(15)]
    while True:
        for one in several:
            await rogue.pours(one, b"x")
        await asyncio.sleep(5)


@abuse
async def idle_ones(rogue: Rogue) -> None:
    for _ in range(30):
        await rogue.enters()
    await asyncio.sleep(60)


@abuse
async def resets_in_the_middle(rogue: Rogue) -> None:
    while True:
        one = await rogue.enters()
        one.send(b"half a li")
        one.reset()
        await asyncio.sleep(0.3)


@abuse
async def half_closes(rogue: Rogue) -> None:
    while True:
        one = await rogue.connects()
        one.send(f"{rogue.name}\n/names\nhello and".encode())
        one.hang_up()
        await asyncio.sleep(0.3)


# readers


@abuse
async def never_reading(rogue: Rogue) -> None:
    """And asking for as much as can be asked for."""
    one = await rogue.enters(receiving=4096, reads=False)
    while True:
        await rogue.pours(one, b"/history 1000\n/help\n/who\n")


@abuse
async def a_byte_a_second(rogue: Rogue) -> None:
    one = await rogue.enters(receiving=4096, reads=False)
    one.send(b"/history 1000\n" * 20)
    while True:
        await one.some(1)
        await asyncio.sleep(1)


@abuse
async def unknown_commands(rogue: Rogue) -> None:
    """And those of operators."""
    one = await rogue.enters()
    commands = (
        "/kick",
        "/ban",
        "/shutdown 1",
        "/op",
        "/rehash",
        "/" + "x" * 300,
        "/ban ip:0.0.0.0/0",
    )
    while True:
        command = rogue.chance.choice(commands)
        await rogue.pours(one, f"{command} {rogue.victim}\n".encode())


@abuse
async def anything_in_json(rogue: Rogue) -> None:
    """Every request there is, with anything in its fields."""
    one = await rogue.enters_as_program()
    words = ("say", "me", "msg", "topic", "invite", "redact", "show", "room", "audit", "account")
    fields = ("text", "to", "name", "room", "topic", "id", "number", "what", "value", "target")
    while True:
        value: object = rogue.chance.choice(("", "#lobby", 7, [], None))
        given = {rogue.chance.choice(fields): value}
        asked = {"do": rogue.chance.choice(words), "tag": 1, **given}
        await rogue.pours(one, json.dumps(asked).encode() + b"\n")
