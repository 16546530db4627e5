"""The other end of a wire, in memory: what it will say is written beforehand."""

import json
import socket
from typing import Any

from twisted_chat.admin.wire import Wire

HELLO = {"type": "hello", "protocol": 1, "server": "chat", "limit": 100, "confirm": False}


class Daemon:
    """``wire``: a connection to it, which waits for a tenth of a second and no longer."""

    def __init__(self) -> None:
        self._socket, ours = socket.socketpair()
        self.wire = Wire(ours, 0.1)

    def close(self) -> None:
        self._socket.close()
        self.wire.close()

    def says(self, *objects: dict[str, Any]) -> None:
        self.sends(b"".join(json.dumps(one).encode() + b"\n" for one in objects))

    def sends(self, data: bytes) -> None:
        self._socket.sendall(data)

    def hangs_up(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def heard(self) -> list[dict[str, Any]]:
        """The requests that came."""
        return [json.loads(line) for line in self._socket.recv(65536).splitlines()]
