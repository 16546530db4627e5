"""``tail`` and ``wait``: what is said in a room, from before and from then on, each entry once."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from twisted_chat.client.coming import come_in, leave, within
from twisted_chat.client.errand import Errand, Stop
from twisted_chat.client.presence import Presence
from twisted_chat.client.status import Status
from twisted_chat.core import names
from twisted_chat.core.events import LOBBY, Acted, Closed, Entry, Moved, Pasted, Said
from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.clean import clean
from twisted_chat.speech.entries import entry_lines, past_lines
from twisted_chat.speech.lines_json import write
from twisted_chat.speech.times import Times

Words: TypeAlias = Said | Acted | Pasted


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a room is shown: all that the chat keeps; with ``key`` or ``text``, only what this
    person says, or what has this in it. ``key``: the folded name."""

    room: str
    key: str = ""
    text: str = ""

    def fits(self, entry: Entry) -> bool:
        if entry.log != self.room or not entry.event.kept:
            return False
        if not self.key and not self.text:
            return True
        return isinstance(entry.event, Said | Acted | Pasted) and self._says(entry.event)

    def after(self, entry: Entry) -> "Wanted":
        """A room that has another name now is the same one. Raises Stop where it is no more."""
        if entry.log != self.room:
            return self
        if isinstance(entry.event, Closed):
            raise Stop(Status.LOST, f"{self.room} was deleted")
        return replace(self, room=entry.event.to) if isinstance(entry.event, Moved) else self

    def _says(self, event: Words) -> bool:
        by = not self.key or names.fold(event.name) == self.key
        return by and self.text.casefold() in event.text.casefold()


def wanted(errand: Errand) -> Wanted:
    """Raises Stop."""
    typed = errand.typed
    if not typed.room.startswith("#"):
        raise Stop(Status.USAGE, f"{typed.room} is no room: '#{typed.room}' may be one, in quotes")
    try:
        room = names.legal_room(typed.room)
    except Refusal as refusal:
        raise Stop(Status.USAGE, refusal.sentence) from None
    return Wanted(room, names.fold(getattr(typed, "from") or ""), typed.text or "")


async def tail(errand: Errand) -> None:
    """Until the reader of the output has enough. Raises Stop, or Unread."""
    errand.out.watch()
    what, begin = wanted(errand), None
    if errand.typed.since is not None:
        begin = max(0, int((errand.now() - errand.typed.since) * 1e6))
    chat = await _inside(errand, what, begin)
    times = Times(errand.now)
    async for entry in chat.entries():
        if what.fits(entry) and (begin is None or entry.id > begin):
            lines = _whole(entry) or past_lines(entry, times)
            await errand.out.write(_shown(errand, entry, lines))
        what = what.after(entry)


async def wait(errand: Errand) -> None:
    """For what is said from now on. Raises Stop."""
    errand.out.watch()
    entry = await within(errand, errand.typed.timeout, _first(errand, wanted(errand)))
    await errand.out.write(_shown(errand, entry, _whole(entry) or entry_lines(entry)))


async def _first(errand: Errand, what: Wanted) -> Entry:
    chat = await _inside(errand, what, None)
    begin = max(chat.seat.read.values(), default=0)
    async for entry in chat.entries():
        if what.fits(entry) and entry.id > begin:
            await leave(errand, chat)
            return entry
        what = what.after(entry)
    raise AssertionError  # there is no end of entries but Stop


async def _inside(errand: Errand, what: Wanted, begin: int | None) -> Presence:
    """``begin``: the id after which one wants to read. Of a room that is not there nobody can read
    on: it is made, and while one is in it another comes in, who can."""
    rooms = () if what.room == LOBBY else (what.room,)
    after = None if begin is None else {what.room: begin}
    chat = await come_in(errand, rooms, after, True)
    if begin is None or not chat.anew:
        return chat
    reader = await come_in(errand, rooms, after, True)
    await leave(errand, chat)
    return reader


def _whole(entry: Entry) -> list[str]:
    """A paste has all its lines: a pipe is no screen."""
    if not isinstance(entry.event, Pasted):
        return []
    return [f"{entry.event.name}: {line}" for line in entry.event.text.splitlines()]


def _shown(errand: Errand, entry: Entry, lines: list[str]) -> bytes:
    if errand.typed.json:
        return write(entry, None)
    return "".join(f"{clean(line)}\n" for line in lines).encode("utf-8", "replace")
