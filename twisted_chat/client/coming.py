"""How a script comes into a chat and leaves it: by which name, and for how long it waits."""

import getpass
import socket
import unicodedata
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as TookTooLong

from twisted_chat.client.errand import ANSWERS, Errand, Stop
from twisted_chat.client.presence import Presence
from twisted_chat.client.seat import Seat
from twisted_chat.client.status import Status
from twisted_chat.core import names
from twisted_chat.core.refusals import Refusal

T = TypeVar("T")

FAREWELL = 5.0
"""Seconds for leaving."""


async def come_in(
    errand: Errand,
    rooms: Sequence[str] = (),
    after: Mapping[str, int] | None = None,
    listens: bool = False,
) -> Presence:
    """``after``: the ids up to which rooms were read; ``listens``: entries are wanted. Raises
    Stop."""
    seat = Seat(errand.server.name or own_name(), read=after)
    presence = Presence(errand, seat, rooms)
    if listens:
        presence.listen()
    presence.start()
    try:
        await within(errand, None if errand.typed.reconnect else ANSWERS, presence.inside)
    except BaseException:
        presence.drop()
        raise
    return presence


async def within(
    errand: Errand, seconds: float | None, doing: "Coroutine[Any, Any, T] | Deferred[T]"
) -> T:
    """Raises Stop where it takes longer."""
    waiting = doing if isinstance(doing, Deferred) else Deferred.fromCoroutine(doing)
    if seconds is not None:
        waiting.addTimeout(seconds, errand.reactor)
    try:
        return await waiting
    except TookTooLong:
        raise Stop(Status.NO_ANSWER, "no answer in time") from None
    except Refusal as refusal:
        raise Stop(Status.REFUSED, refusal.sentence, refusal.code) from None


async def leave(errand: Errand, presence: Presence) -> None:
    """In good order, if that does not take long: all is done by now."""
    with suppress(Stop):
        await within(errand, FAREWELL, presence.leave())


def own_name() -> str:
    """USER-HOST, as far as that can be a name: it says whose script it is."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user that the system has no name for
        user = "somebody"
    return name_of(user, socket.gethostname().partition(".")[0])


def name_of(user: str, host: str) -> str:
    folded = unicodedata.normalize("NFKD", f"{user}-{host}")
    kept = "".join(char for char in folded if char.isascii() and (char.isalnum() or char in "-_."))
    try:
        return names.legal(kept.lstrip("-_.")[: names.LONGEST - 4])
    except Refusal:
        return "script"
