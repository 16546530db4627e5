"""To whom it goes what is typed without saying so."""

from dataclasses import replace

from twisted_chat.client.seat import Seat
from twisted_chat.client.sending import Speech
from twisted_chat.core import names
from twisted_chat.core.events import Event, Renamed
from twisted_chat.core.requests import Act, Say, Tell


class Aim:
    """``to``: the one person to whom alone one talks; empty for the room where one talks."""

    def __init__(self) -> None:
        self.to = ""

    def at(self, request: Speech, seat: Seat) -> Speech:
        """It is decided when it is typed: over the next connection one may talk elsewhere."""
        match request:
            case Say(text, "") if self.to:
                return Tell(self.to, text)
            case Act(text, "") if self.to:
                return Tell(self.to, f"* {seat.name} {text}")
            case Say(room="") | Act(room=""):
                return replace(request, room=seat.room)
            case _:
                return request

    def follows(self, event: Event) -> None:
        """Who took another name is still the one to whom one talks."""
        match event:
            case Renamed(old, new) if self.to and names.fold(old) == names.fold(self.to):
                self.to = new
