"""The keys that do something else than in any line editor, and what they do."""

from collections.abc import Callable
from typing import Protocol

from prompt_toolkit.application.current import get_app
from prompt_toolkit.filters import Condition, FilterOrBool, has_completions, is_searching
from prompt_toolkit.input.ansi_escape_sequences import ANSI_SEQUENCES
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

FOCUS_IN, FOCUS_OUT = Keys.F23, Keys.F24
"""No keyboard has these: they stand for what a terminal sends when it gets the focus, or not."""


class Acts(Protocol):
    """What they do with what is typed."""

    def enter(self) -> None: ...
    def tab(self) -> None: ...
    def pasted(self, text: str) -> None: ...
    def interrupt(self) -> None: ...
    def end(self) -> None: ...
    def jump(self) -> None: ...
    def again(self) -> None: ...
    def drop(self) -> None: ...
    def reconnect(self) -> None: ...
    def offers(self) -> bool: ...
    def take_offer(self) -> None: ...
    def edit_offer(self) -> None: ...
    def drop_offer(self) -> None: ...


class Place(Protocol):
    """Where they are pressed. ``seconds``: of a clock that never goes back."""

    seconds: Callable[[], float]

    def say(self, text: str) -> None: ...
    def edit(self) -> None: ...
    def suspend(self) -> None: ...
    def focus(self, on: bool) -> None: ...


def tell_focus() -> None:
    """A terminal says of its focus what keys it is (xterm ctlseqs, FocusIn and FocusOut)."""
    ANSI_SEQUENCES["\x1b[I"] = FOCUS_IN
    ANSI_SEQUENCES["\x1b[O"] = FOCUS_OUT


def bindings(acts: Acts, place: Place) -> KeyBindings:
    keys = KeyBindings()
    offers = Condition(acts.offers)
    free = ~offers & ~is_searching
    empty = Condition(lambda: not get_app().current_buffer.text)

    def bind(what: Callable[[], None], *sequence: str, when: FilterOrBool = free) -> None:
        keys.add(*sequence, filter=when)(lambda event: what())

    bind(acts.enter, "enter")
    bind(acts.tab, "tab")
    bind(acts.interrupt, "c-c")
    bind(acts.end, "c-d", when=free & empty)
    bind(place.suspend, "c-z", when=~offers)
    bind(place.edit, "c-x", "c-e")
    bind(acts.jump, "escape", "a")
    bind(acts.again, "escape", "s")
    bind(acts.drop, "escape", "x")
    bind(acts.reconnect, "escape", "r")
    bind(lambda: get_app().current_buffer.insert_text("\n"), "escape", "enter")
    bind(lambda: get_app().current_buffer.cancel_completion(), "escape", when=has_completions)
    for sequence in ("enter", "y"):
        bind(acts.take_offer, sequence, when=offers)
    for sequence in ("escape", "c-c", "c-d", "n"):
        bind(acts.drop_offer, sequence, when=offers)
    bind(acts.edit_offer, "e", when=offers)
    bind(lambda: None, Keys.Any, when=offers)
    bind(lambda: place.focus(True), FOCUS_IN, when=True)
    bind(lambda: place.focus(False), FOCUS_OUT, when=True)
    keys.add(Keys.BracketedPaste, filter=~offers)(lambda event: _pasted(event, acts))
    return keys


def _pasted(event: KeyPressEvent, acts: Acts) -> None:
    acts.pasted(event.data)
