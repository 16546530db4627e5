"""Somebody who is in a chat for a script, against a whole chat in memory."""

from argparse import Namespace
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from tests.client.wires import Place
from twisted_chat.client.errand import Errand
from twisted_chat.client.presence import Presence
from twisted_chat.client.reaching import Reach
from twisted_chat.client.seat import Seat
from twisted_chat.client.servers import Server


class Script:
    """``told``: what it says of itself on stderr."""

    def __init__(self) -> None:
        self.place = Place()
        self.told: list[str] = []
        typed = Namespace(reconnect=False, once=False)
        reach = Reach(Server(endpoint="tcp:chat"), self.place, self.place)
        nothing: Any = None
        clock: Any = self.place.clock
        errand = Errand(clock, typed, reach, nothing, self.told.append, clock.seconds)
        self.presence = Presence(errand, Seat("bot"), ("#ops",))
        self.presence.start()
        self.place.settles()

    def says(self, text: str) -> "list[object]":
        """What becomes of it."""
        became: list[object] = []
        saying = Deferred.fromCoroutine(self.presence.say("#ops", text))
        saying.addBoth(lambda entry: became.append(entry))
        self.place.settles()
        return became


@pytest.fixture
def script() -> Script:
    return Script()


def test_the_same_trouble_is_told_once_and_again_after_it_was_over(script: Script) -> None:
    for _ in range(2):
        script.place.up = False
        script.place.dies()
        for _ in range(10):
            script.place.passes(120)
        assert script.told == [
            "the connection is lost; trying again",
            "no connection to tcp:chat: nothing listens there; trying again",
        ]
        script.told.clear()
        script.place.up = True
        for _ in range(3):
            script.place.passes(120)
    script.presence.drop()


def test_a_room_that_the_daemon_has_forgotten_is_made_again(script: Script) -> None:
    script.place.dies()
    script.place.passes(120)
    [entry] = script.says("hi")
    assert getattr(entry, "log", entry) == "#ops"
    script.presence.drop()
