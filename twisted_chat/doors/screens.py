"""What the console writes to where a plain transport would not do."""

import contextlib
import os
from typing import Any

from twisted_chat.prompt import Prompt
from twisted_chat.terminal import Terminal


class FileScreen:
    """A transport that writes to a plain file at once. The kernel always takes what a file is
    given, and epoll knows no files: Twisted would poll it in a loop."""

    def __init__(self, transport: Any, fd: int) -> None:
        self._transport = transport
        self._fd = fd

    def write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):  # a full disk must not end the chat
            os.write(self._fd, data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class Screen:
    """A transport on which everything appears above the line being typed."""

    def __init__(self, transport: Any, prompt: Prompt, terminal: Terminal) -> None:
        self._transport = transport
        self._prompt = prompt
        self._terminal = terminal

    def write(self, data: bytes) -> None:
        self._prompt.columns = self._terminal.columns()
        self._transport.write(self._prompt.around(data) if data else self._prompt.drawn())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
