"""What the keys do: with the line being typed, and with what stands above it."""

from collections import deque

from prompt_toolkit.buffer import Buffer

from twisted_chat.client import local
from twisted_chat.client.above import undecided
from twisted_chat.client.bar import Piece
from twisted_chat.client.calls import Calls
from twisted_chat.client.completing import Known, proposals
from twisted_chat.client.keys import Place
from twisted_chat.client.layout import Desk, completion
from twisted_chat.client.link import LinkState
from twisted_chat.client.model import Hands, Model
from twisted_chat.client.offers import Offer, refusal
from twisted_chat.client.screen import RoomView
from twisted_chat.speech.clean import clean
from twisted_chat.speech.commands import Command

LEAVES = 3.0
"""Seconds in which a second Ctrl-C leaves."""


class Acting:
    """``held``: enough typed lines wait, and more are kept here. ``hides``: what is typed is a
    secret. ``desk`` is given later: it shows what is here."""

    def __init__(self, hands: Hands, model: Model, calls: Calls, place: Place) -> None:
        self.hides = False
        self.held = True
        self.hint = ""
        self.offer: Offer | None = None
        self._hands = hands
        self._model = model
        self._calls = calls
        self._place = place
        self._typed: deque[str] = deque()
        self._interrupted = float("-inf")
        self._leaving = False
        self.desk: Desk

    # what is typed

    def enter(self) -> None:
        if self.hides:
            self._take(self.desk.secret, remember=False)
            return
        text = self.desk.line.text
        if not text.strip() and self._model.link_state is LinkState.WAITING:
            self.reconnect()
        if refused := refusal(text):
            self._place.say(refused)
        elif (ours := local.local(text)) is not None:
            self.desk.line.reset(append_to_history=True)
            self._obey(*ours)
        else:
            if known_here := local.at_hand(text):
                self._place.say(known_here)
            self._take(self.desk.line, self._model.entered and not local.is_secret(text))

    def _take(self, buffer: Buffer, remember: bool) -> None:
        text = buffer.text
        buffer.reset(append_to_history=remember and bool(text.strip()))
        self._typed.append(text)
        self.bring()

    def _obey(self, command: Command, rest: str) -> None:
        if command is local.NOTIFY:
            self._calls.setting, said = local.notify(rest, self._calls.setting)
            self._place.say(said)
        else:
            keys = {local.AGAIN: self.again, local.DROP: self.drop, local.EDIT: self._place.edit}
            keys[command]()

    def bring(self) -> None:
        """What was typed to whom it is for, as long as more is wanted."""
        while self._typed and not self.held:
            text = self._typed.popleft()
            if "\n" in text:
                self._hands.pasted([line.encode() for line in text.split("\n")])
            else:
                self._hands.typed(text.encode("utf-8", "replace"))

    def tab(self) -> None:
        """The only one that fits, or the first of several, and then the next."""
        line = self.desk.line
        found = proposals(line.document.text_before_cursor, self.known())
        if line.complete_state:
            line.complete_next()
        elif len(found) == 1:
            line.apply_completion(completion(found[0]))
        else:
            line.start_completion(select_first=True)

    def known(self) -> Known:
        model = self._model
        people = [name for name in model.people if name != model.name]
        rooms = [clean(room.name) for room in model.rooms]
        names = [clean(name) for name in (*people, model.name)]
        return Known(local.usable(model.commands), names, rooms)

    # many lines at once

    def pasted(self, text: str) -> None:
        offer = Offer.of(text)
        if offer.is_one_line or self.hides:
            self.desk.current.insert_text(offer.lines[0])
            return
        self.put(offer)

    def put(self, offer: Offer) -> None:
        """Ask what is to be done with it."""
        self.offer = offer

    def offers(self) -> bool:
        return self.offer is not None

    def take_offer(self) -> None:
        offer, self.offer = self.offer, None
        if offer is not None:
            self._typed.append(offer.text)
            self.bring()

    def edit_offer(self) -> None:
        offer, self.offer = self.offer, None
        if offer is not None:
            self.desk.line.insert_text(offer.text)

    def drop_offer(self) -> None:
        self.offer = None

    def asked(self, columns: int) -> list[Piece]:
        """What stands above the line being typed, and is about it."""
        if self.offer is not None:
            lines = self.offer.question(self._model.room, columns)
            return [("class:asked", f"{line}\n") for line in lines]
        return [("class:quiet", f"{self.hint}\n")] if self.hint else []

    # coming and going

    def pressed(self) -> None:
        """Any key, before what it does."""
        self.hint = ""

    def interrupt(self) -> None:
        """Ctrl-C clears the line; once more, on an empty one, leaves; and then does not wait."""
        now, before = self._place.seconds(), self._interrupted
        buffer = self.desk.current
        had = bool(buffer.text)
        buffer.reset()
        self._interrupted = now
        if had or now - before > LEAVES:
            self.hint = "-- Ctrl-C once more leaves"
        elif self._leaving:
            self._hands.unread()
        else:
            self.end()

    def end(self) -> None:
        self._leaving = True
        self._hands.ended()

    def reconnect(self) -> None:
        self._model.now()

    def jump(self) -> None:
        """To where something is unread: first where one is named."""
        room = next_unread(list(self._model.rooms), self._model.room)
        if room:
            self._hands.typed(f"/join {room}".encode())
        else:
            self.hint = "-- nothing is unread elsewhere"

    def again(self) -> None:
        if (send := undecided(self._model.pending)) is not None:
            self._model.again(send)

    def drop(self) -> None:
        if (send := undecided(self._model.pending)) is not None:
            self._model.drop(send)


def next_unread(rooms: list[RoomView], here: str) -> str:
    unread = [room for room in rooms if room.unread and room.name != here]
    return max(unread, key=lambda room: (room.mentions, room.unread)).name if unread else ""
