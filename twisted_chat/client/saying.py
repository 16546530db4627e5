"""``say`` and ``send``: what a script says, each line kept before it ends, or refused in words."""

import os
from collections.abc import AsyncIterator

from twisted.internet.defer import CancelledError, Deferred

from twisted_chat.client.coming import come_in, leave, within
from twisted_chat.client.cutting import Fold, Lines, is_binary, pieces, readable
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.pacing import Sending, Target, receipt
from twisted_chat.client.pipes import Input
from twisted_chat.client.presence import Presence
from twisted_chat.client.status import Status


async def say(errand: Errand) -> None:
    """What stands on the command line: to a person line by line, in a room as one. Raises Stop."""
    target = Target.of(errand.typed.target)
    words = b" ".join(os.fsencode(word) for word in errand.typed.text)
    lines = [readable(line) for line in words.split(b"\n")]
    text = "\n".join(lines).strip()
    if not text:
        raise Stop(Status.USAGE, "there is nothing to say")
    chat = await come_in(errand, target.rooms)
    for part in [text] if target.room else filter(None, lines):
        entry = await within(errand, errand.patience, target.said(chat, part))
        receipt(errand, entry)
    await leave(errand, chat)


async def send(errand: Errand) -> None:
    """What comes from stdin. Raises Stop."""
    if errand.typed.to is None:
        raise Stop(Status.USAGE, "where to? --to '#lab', or --to ann")
    target = Target.of(errand.typed.to)
    if errand.typed.fold and target.person:
        raise Stop(Status.USAGE, "what is folded goes to a room: --to '#lab'")
    chat = await come_in(errand, target.rooms)
    sending = Sending(errand, chat, target)
    source = _folded(errand) if errand.typed.fold else _cut(errand, chat)
    taking = Deferred.fromCoroutine(_take(source, sending))
    sending.failed = taking.cancel
    try:
        await taking
    except CancelledError:
        if sending.failure is None:  # it was told to stop
            raise
        raise sending.failure from None
    if not sending.kept:
        errand.tell("nothing came, and nothing was said")
    await leave(errand, chat)


async def _take(source: AsyncIterator[str], sending: "Sending") -> None:
    async for text in source:
        await sending.add(text)
    await sending.rest()


async def _lines(errand: Errand) -> AsyncIterator[bytes]:
    stdin, lines, begins = Input(errand.reactor), Lines(), True
    while data := await stdin.read():
        if begins and errand.typed.fold and is_binary(data):
            raise Stop(Status.USAGE, "that is no text: what base64 makes of it could be sent")
        begins = False
        for line in lines.feed(data):
            yield line
    for line in lines.end():
        yield line


async def _cut(errand: Errand, chat: Presence) -> AsyncIterator[str]:
    """Line by line. An empty one cannot be said."""
    async for line in _lines(errand):
        for piece in pieces(readable(line), chat.limit):
            yield piece


async def _folded(errand: Errand) -> AsyncIterator[str]:
    fold = Fold()
    async for line in _lines(errand):
        for text in fold.add(readable(line)):
            yield text
    for text in fold.end():
        yield text
