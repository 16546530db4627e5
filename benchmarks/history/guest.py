"""One program at the other end, in the JSON dialect: it asks, and waits for the answer."""

import json
import socket
from time import perf_counter
from typing import Any

from benchmarks.crowd import PATIENCE
from benchmarks.wrong import Failed

Answer = dict[str, Any]

PIECE = 1 << 18
"""Bytes that are read at once by who reads on and looks at nothing."""

SILENCE = 1.0
"""Seconds after which nothing more is to be read."""


class Guest:
    """A context: it leaves at its end. Raises Failed for whatever does not come in time."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file = self._socket.makefile("rb")
        self._asked = 0

    def __enter__(self) -> "Guest":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
        self._socket.close()

    def enter(self, name: str, **more: object) -> Answer:
        """Returns when welcomed; in the same write as the change of the dialect, as programs do."""
        entering = {"do": "enter", "name": name, **more}
        self._socket.sendall(b"/json\n" + json.dumps(entering).encode() + b"\n")
        return self.until("welcomed")

    def ask(self, do: str, **more: object) -> Answer:
        self._asked += 1
        request = {"do": do, "tag": self._asked, **more}
        self._socket.sendall(json.dumps(request).encode() + b"\n")
        while (answer := self.hear()).get("tag") != self._asked:
            pass
        return answer

    def until(self, kind: str) -> Answer:
        while (answer := self.hear())["type"] != kind:
            if answer["type"] in ("refused", "goodbye"):
                raise Failed(f"instead of {kind} came {answer}")
        return answer

    def hear_earlier(self, count: int) -> None:
        """So many entries that were said before this guest came."""
        while count:
            count -= "earlier" in self.hear()

    def read_on(self, seconds: float) -> float:
        """Megabytes a second, of whatever comes."""
        self._socket.settimeout(SILENCE)
        began, size = perf_counter(), 0
        last = began
        while last - began < seconds:
            try:
                piece = len(self._file.read1(PIECE))
            except TimeoutError:  # all has been read
                break
            if not piece:
                raise Failed("the daemon cut somebody off who was reading")
            size, last = size + piece, perf_counter()
        return size / max(last - began, 1e-9) / 1e6

    def hear(self) -> Answer:
        """The next line that is an object; what stands before the dialect changes is none."""
        try:
            while (line := self._file.readline())[:1] != b"{":
                if not line:
                    raise Failed("the daemon cut somebody off who had asked for something")
        except TimeoutError:
            raise Failed(f"nothing came for {PATIENCE:g} seconds") from None
        answer: Answer = json.loads(line)
        return answer
