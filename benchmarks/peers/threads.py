"""The chat of many a first course: a thread for each client, and ``sendall`` to each other one."""

import contextlib
import socket
from threading import Lock, Thread

GREETING = b"Welcome to the chat server! What's your name?\r\n"


class Client:
    """``send`` may be called from every thread; a lock keeps long lines whole."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._sending = Lock()

    def send(self, line: bytes) -> None:
        with self._sending, contextlib.suppress(OSError):  # its own thread sees that it is gone
            self.connection.sendall(line)


class Room:
    def __init__(self) -> None:
        self._clients: set[Client] = set()
        self._changing = Lock()

    def serve(self, connection: socket.socket) -> None:
        """All of one client's life, in its own thread."""
        client = Client(connection)
        with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError):
            client.send(GREETING)
            name = lines.readline().rstrip()
            with self._changing:
                self._clients.add(client)
            client.send(b"Hello " + name + b", you are now connected!\r\n")
            for line in lines:
                self._say(client, name + b": " + line.rstrip() + b"\r\n")
        with self._changing:
            self._clients.discard(client)

    def _say(self, speaker: Client, line: bytes) -> None:
        with self._changing:
            others = [client for client in self._clients if client is not speaker]
        for other in others:
            other.send(line)


def main() -> None:
    room = Room()
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as door:
        print(f"[LISTENING] 127.0.0.1:{door.getsockname()[1]}", flush=True)
        while True:
            connection, _ = door.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            Thread(target=room.serve, args=[connection], daemon=True).start()


if __name__ == "__main__":
    main()
