"""One connection in the JSON dialect: objects in, objects out, and three ways to end it."""

import asyncio
import json
import socket
import struct

from tests.chaos.book import Message

CHUNK = 1 << 14
"""Bytes of one connection that are read at once: some hundred entries, so that all have a turn."""
CONNECTING = 10.0
"""Seconds for a connection on loopback; a daemon that has just been killed refuses at once."""


class Lost(Exception):
    """The connection is gone, or could not be made."""


class Connection:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._rest = b""

    @classmethod
    async def to(cls, port: int, receiving: int = 0, address: str = "") -> "Connection":
        """``receiving``: bytes that the kernel holds for a reader, 0 for what is usual.
        ``address``: from which it comes. Raises Lost."""
        plug = socket.socket()
        if address:
            plug.bind((address, 0))
        if receiving:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receiving)
        plug.setblocking(False)
        try:
            async with asyncio.timeout(CONNECTING):
                await asyncio.get_running_loop().sock_connect(plug, ("127.0.0.1", port))
                return cls(*await asyncio.open_connection(sock=plug, limit=CHUNK))
        except OSError as error:  # TimeoutError is one
            plug.close()
            raise Lost(str(error)) from None
        except BaseException:
            plug.close()
            raise

    async def some(self, count: int) -> bytes:
        """So many at the most. Raises Lost."""
        try:
            data = await self._reader.read(count)
        except OSError as error:
            raise Lost(str(error)) from None
        if not data:
            raise Lost("it was closed")
        return data

    async def lines(self) -> list[bytes]:
        """The next whole lines, as many as come at once; what a kill cut off is none. Raises
        Lost."""
        *lines, self._rest = (self._rest + await self.some(CHUNK)).split(b"\n")
        return lines

    async def objects(self) -> list[Message]:
        """The same, without the greeting, which is none."""
        return [json.loads(line) for line in await self.lines() if line.startswith(b"{")]

    def send(self, line: bytes) -> None:
        self._writer.write(line)

    async def sent(self) -> None:
        """Wait until most of what was sent is with the kernel. Raises Lost."""
        try:
            await self._writer.drain()
        except OSError as error:
            raise Lost(str(error)) from None

    def ask(self, do: str, tag: str | int | None = None, **given: object) -> None:
        self.send(json.dumps({"do": do, "tag": tag} | given).encode() + b"\n")

    def hang_up(self) -> None:
        """Nothing more will be said."""
        self._writer.write_eof()

    def close(self) -> None:
        self._writer.close()

    def reset(self) -> None:
        """RST, as when a laptop is switched off."""
        plug = self._writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()
