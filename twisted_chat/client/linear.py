"""Somebody at a plain terminal, perhaps with a screen reader: what others see by a colour or below
their lines, she is told in words; what they do with a key, she types. A pipe has none of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from twisted_chat.client.above import worded
from twisted_chat.client.calls import Calls
from twisted_chat.client.link import LinkState
from twisted_chat.client.local import AGAIN, DROP, NOTIFY, at_hand, local, notify
from twisted_chat.client.model import Hands, Model
from twisted_chat.client.plain import PlainTerminal
from twisted_chat.client.screen import Line
from twisted_chat.client.sending import Send, SendState
from twisted_chat.speech.clean import clean
from twisted_chat.speech.commands import Command

CALL = "! "
"""Before a line that names one. No other line begins so: there is a name first, or ``--``."""


class LinearTerminal(PlainTerminal):
    """``calls``: when the bell rings."""

    def __init__(self, hands: Hands, calls: Calls) -> None:
        super().__init__(self._take, hands.ended, hands.unread)
        self._hands = hands
        self._calls = calls
        self._waits = self._asks = False
        self._model: Model

    def watch(self, model: Model) -> None:
        self._model = model

    def show(self, line: Line) -> None:
        calls = line.mentions and not line.own
        super().show(replace(line, text=f"{CALL}{line.text}") if calls else line)
        if call := self._calls.to(line):
            self._print(call)

    def changed(self) -> None:
        """What stands above the line being typed elsewhere, she is told of once: what waits, and
        what nobody but she can decide, with what she can do."""
        pending = self._model.pending
        down = self._model.link_state is not LinkState.TALKING
        waits = down and any(send.state is SendState.WAITING for send in pending)
        if waits and not self._waits:
            self._say("-- what you say waits for the connection")
        asks = bool(unsure(pending))
        if asks and not self._asks:
            self._say("-- /again says again what was perhaps not sent, /drop drops it")
        self._waits, self._asks = waits, asks

    def _take(self, typed: bytes) -> None:
        line = "" if self._hides else typed.decode("utf-8", "replace")
        if known_here := at_hand(line, OURS):
            self._say(known_here)
        if (ours := local(line, OURS)) is not None:
            self._obey(*ours)
        else:
            self._hands.typed(typed)
            self.changed()

    def _obey(self, command: Command, rest: str) -> None:
        if command is NOTIFY:
            self._calls.setting, said = notify(rest, self._calls.setting)
            self._say(said)
            return
        sends = meant(self._model.pending)
        for send in sends:
            self._decide(send, command is AGAIN)
        if not sends:
            self._say("-- there is nothing that was not sent")

    def _decide(self, send: Send, again: bool) -> None:
        line = worded(send, self._model.name, self._model.room)
        self._say(f"-- {'said again' if again else 'dropped'}: {line}")
        if again:
            self._model.again(send)
        else:
            self._model.drop(send)

    def _say(self, text: str) -> None:
        self._print(f"{clean(text)}\n")


OURS = (AGAIN, DROP, NOTIFY)


def unsure(pending: Iterable[Send]) -> list[Send]:
    return [send for send in pending if send.state is SendState.UNSURE]


def meant(pending: Sequence[Send]) -> list[Send]:
    """What she has been asked about; or else the last that was refused: who types on has let go
    those before it."""
    refused = [send for send in pending if send.state is SendState.REFUSED]
    return unsure(pending) or refused[-1:]
