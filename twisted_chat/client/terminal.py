"""A terminal to talk at all day: what is said appears above the line being typed, in the terminal's
own scrollback. Knows no socket.

prompt_toolkit is used here and in ``canvas``, ``layout``, ``keys``, ``output`` and ``acting``; who
has no terminal imports none of them.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from twisted.internet.defer import Deferred

from twisted_chat.client.above import above
from twisted_chat.client.acting import Acting
from twisted_chat.client.bar import Piece, State, bar
from twisted_chat.client.calls import Calls
from twisted_chat.client.canvas import Canvas
from twisted_chat.client.editing import edited
from twisted_chat.client.keys import bindings, tell_focus
from twisted_chat.client.layout import Desk, Views
from twisted_chat.client.link import LinkState
from twisted_chat.client.marks import Marks
from twisted_chat.client.model import Hands, Model
from twisted_chat.client.offers import Offer
from twisted_chat.client.paint import Paint
from twisted_chat.client.screen import Line, Screen
from twisted_chat.client.scroll import Scroll

BATCH = 0.05
"""Seconds between two drawings: what comes meanwhile is shown as one. What comes first is shown at
once, and a thousand lines a second are twenty drawings of the line being typed."""

TICK = 1.0
"""Seconds between two looks at what changes by itself: when the next try is, who is away."""

LOOKS = 30
"""Ticks between two questions who is away."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``colours``: how many; ``now``: seconds since 1970; ``env``: by which terminals are known."""

    colours: int
    now: Callable[[], float]
    env: Mapping[str, str]


class Terminal:
    """``watch`` says whose conversation it shows, and is called before anything else."""

    def __init__(self, reactor: Any, hands: Hands, around: Surroundings) -> None:
        self.seconds: Callable[[], float] = reactor.seconds
        self._reactor = reactor
        self._hands = hands
        self._around = around
        self._calls = Calls(around.now, around.env)
        marks = Marks(date.fromtimestamp(around.now()))
        paint = Paint(around.colours)
        self._scroll = Scroll(paint, marks, around.now, self._calls.to, self._columns)
        self._flushing: Any = None
        self._ticking: Any = None
        self._ticks = 0
        self._drawn = float("-inf")
        self._title = ""
        self._done: Deferred[None] | None = None

    def watch(self, model: Model) -> None:
        self._model = model
        self._acting = acting = Acting(self._hands, model, self._calls, self)
        views = Views(self._above, self._asked, self._bar, acting.known, lambda: acting.hides)
        acting.desk = Desk(views)
        keys = bindings(acting, self)
        self._canvas = Canvas(acting.desk.layout, keys, self._around.colours, self._pressed)

    # a Screen

    def show(self, line: Line) -> None:
        self._scroll.add(line)
        self._soon()

    def changed(self) -> None:
        self._soon()

    def hold(self) -> None:
        self._acting.held = True

    def go_on(self) -> None:
        self._acting.held = False
        self._acting.bring()

    def echo(self, on: bool) -> None:
        self._acting.hides = not on
        self._acting.desk.focus()
        self._soon()

    # what a program does with it

    def open(self) -> None:
        """Begin, on this process's stdin and stdout, and on an asyncio reactor."""
        tell_focus()
        self._done = deferred(self._run())
        self._tick()

    async def close(self) -> None:
        """Returns when everything is shown, and the terminal is as it was."""
        self._stop_timers()
        self._canvas.print(self._scroll.rest(self._model.room))
        self._canvas.stop()
        if self._done is not None:
            await self._done

    def restore(self) -> None:
        """At once."""
        self._canvas.restore()

    async def _run(self) -> None:
        try:
            await self._canvas.run()
        except (EOFError, OSError):
            pass  # the terminal is gone, and with it who read it
        finally:
            self._hands.unread()

    # what keys do here

    def say(self, text: str) -> None:
        """What concerns this terminal alone."""
        self.show(Line(text))

    def focus(self, on: bool) -> None:
        self._scroll.knows_focus = True
        self._calls.looking(on)
        if not on:
            self._scroll.looking.looks_away(self._around.now())
        self._soon()

    def suspend(self) -> None:
        deferred(self._canvas.suspend()).addCallback(lambda _: self._soon())

    def edit(self) -> None:
        deferred(self._edit()).addCallback(lambda _: self._soon())

    async def _edit(self) -> None:
        line = self._acting.desk.line
        text: str | None = None
        with suppress(OSError):  # there is no room for a file
            async with self._canvas.lent():
                text = await edited(line.text, self._around.env)
        if text is None:
            self.say("-- no editor: set $EDITOR to one, or what it wrote was not kept")
            return
        line.reset()
        if text.strip():
            self._acting.put(Offer.of(text))

    def _pressed(self) -> None:
        self._scroll.pressed()
        self._calls.looking(True)
        self._acting.pressed()

    # what is drawn

    def _soon(self) -> None:
        if self._flushing is None and self._done is not None:
            pause = max(0.0, self._drawn + BATCH - self.seconds())
            self._flushing = self._reactor.callLater(pause, self._flush)

    def _flush(self) -> None:
        self._flushing, self._drawn = None, self.seconds()
        if self._canvas.away:
            return
        text = self._scroll.take(self._model.room) + self._new_title()
        if text:
            self._canvas.print(text)
        else:
            self._canvas.draw()

    def _new_title(self) -> str:
        title = self._calls.title(self._model.room, self._model.rooms)
        if title == self._title:
            return ""
        self._title = title
        return title

    def _tick(self) -> None:
        if not self._model.entered:
            self._ticks = 0
        elif self._ticks % LOOKS == 0:
            self._model.look_around()
        self._ticks += self._model.entered
        self._soon()
        self._ticking = self._reactor.callLater(TICK, self._tick)

    def _columns(self) -> int:
        return self._canvas.columns

    def _stop_timers(self) -> None:
        for timer in (self._flushing, self._ticking):
            if timer is not None and timer.active():
                timer.cancel()

    def _above(self) -> list[Piece]:
        model = self._model
        comings = self._scroll.comings.lines(model.room)
        return above(comings, model.pending, model.name, model.room)

    def _asked(self) -> list[Piece]:
        return self._acting.asked(self._canvas.columns)

    def _bar(self) -> list[Piece]:
        model = self._model
        away = sorted(model.away)
        state = State(model.room, model.topic, model.rooms, away, link_words(model), model.delay)
        return bar(state, self._canvas.columns)


def link_words(model: Model) -> str:
    """How it is with the connection, if all is not well."""
    match model.link_state:
        case LinkState.TALKING:
            return ""
        case LinkState.CONNECTING:
            return "connecting"
        case LinkState.GONE:
            return "no connection"
        case LinkState.WAITING if model.next_try is not None:
            return f"no connection, again in {max(0, model.next_try):.0f} s; Alt-R: now"
        case _:
            return "no connection, Alt-R: again"


def deferred(coroutine: Coroutine[Any, Any, None]) -> "Deferred[None]":
    """asyncio's, as Twisted's."""
    return Deferred.fromFuture(asyncio.ensure_future(coroutine))


def _fulfils(terminal: Terminal) -> Screen:
    return terminal
