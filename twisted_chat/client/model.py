"""What a terminal looks at beside the lines it is given, and whom it tells what was typed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from twisted_chat.client.link import LinkState
from twisted_chat.client.screen import RoomView
from twisted_chat.client.sending import Send
from twisted_chat.speech.commands import Command


class Model(Protocol):
    """A conversation, as it is now."""

    @property
    def entered(self) -> bool: ...
    @property
    def name(self) -> str: ...
    @property
    def commands(self) -> Sequence[Command]:
        """Those that one may use."""

    @property
    def room(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def rooms(self) -> Sequence[RoomView]: ...
    @property
    def people(self) -> Sequence[str]: ...
    @property
    def away(self) -> Collection[str]: ...
    @property
    def link_state(self) -> LinkState: ...
    @property
    def next_try(self) -> float | None: ...
    @property
    def delay(self) -> float | None: ...
    @property
    def pending(self) -> Sequence[Send]: ...
    def again(self, send: Send) -> None: ...
    def drop(self, send: Send) -> None: ...
    def now(self) -> None: ...
    def look_around(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Hands:
    """Who is told what somebody does at the keyboard. ``typed``: a line, without its end;
    ``pasted``: many, which are one thing that is said; ``ended``: nobody will type any more;
    ``unread``: nobody reads what is shown any more."""

    typed: Callable[[bytes], None]
    pasted: Callable[[list[bytes]], None]
    ended: Callable[[], None]
    unread: Callable[[], None]
