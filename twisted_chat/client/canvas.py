"""The terminal as something to draw on: lines go into its own scrollback, and below them stands
what is being typed. It is left as it was found, whatever happens."""

import asyncio
import atexit
import contextlib
import os
import signal
import sys
import termios
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from prompt_toolkit.application import Application
from prompt_toolkit.application.current import set_app
from prompt_toolkit.application.run_in_terminal import in_terminal
from prompt_toolkit.input.vt100 import Vt100Input, raw_mode
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import Layout
from prompt_toolkit.renderer import CPR_Support

from twisted_chat.client.layout import GREY, STYLE
from twisted_chat.client.output import BEGIN, END, Output
from twisted_chat.client.wrapping import rows

ESCAPE = 0.1
"""Seconds after which Esc is that key, and not the beginning of another."""


class Canvas:
    """``colours``: how many there are. ``pressed``: called for each key, before what it does."""

    def __init__(
        self, layout: Layout, keys: KeyBindings, colours: int, pressed: Callable[[], None]
    ) -> None:
        self.away = False
        """The terminal is somebody else's for a while: an editor's, the shell's."""
        self._output = Output(colours)
        self._app: Application[None] = Application(
            layout,
            style=STYLE if colours else GREY,
            include_default_pygments_style=False,
            key_bindings=keys,
            erase_when_done=True,
            input=Vt100Input(sys.stdin),
            output=self._output,
        )
        self._app.ttimeoutlen = ESCAPE
        self._app.key_processor.before_key_press += lambda _: pressed()
        self._mode = termios.tcgetattr(0)

    async def run(self) -> None:
        """Until ``stop``. Raises EOFError when the terminal is gone."""
        self._begin()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGCONT, self._resumed)
        try:
            await self._app.run_async(set_exception_handler=False, handle_sigint=False)
        finally:
            loop.remove_signal_handler(signal.SIGCONT)
            self.restore()

    def stop(self) -> None:
        if self._app.is_running and not self._app.is_done:
            self._app.exit()

    def restore(self) -> None:
        """As it was found: in every mode, with its title, and the line being typed gone."""
        atexit.unregister(self.restore)
        with contextlib.suppress(OSError, termios.error):
            os.write(1, f"\r\x1b[J{END}".encode())
            termios.tcsetattr(0, termios.TCSADRAIN, self._mode)

    def draw(self) -> None:
        """What is below the lines, as it is now."""
        if self._is_ours():
            with set_app(self._app), self._output.together():
                self._render()

    def print(self, text: str) -> bool:
        """``text``, which ends its last line, above what is being typed; False if the terminal is
        not ours just now."""
        if not self._is_ours():
            return False
        with set_app(self._app), self._output.together():
            spare = self._spare_rows()
            self._app.renderer.erase()
            self._output.write_raw(text.replace("\n", "\r\n"))
            if spare:
                self._stay_below(spare - rows(text, self.columns))
            self._render()
        return True

    def write(self, text: str) -> None:
        """What is not seen on the screen: a title, a bell."""
        self._output.write_raw(text)
        self._output.flush()

    @property
    def columns(self) -> int:
        return self._output.get_size().columns

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """To somebody else, in the modes in which it was found."""
        self.away = True
        try:
            async with in_terminal():
                self.write(END)
                try:
                    yield
                finally:
                    self.write(BEGIN)
        finally:
            self.away = False

    async def suspend(self) -> None:
        """Ctrl-Z."""
        async with self.lent():
            os.kill(0, signal.SIGTSTP)

    def _render(self) -> None:
        """As prompt_toolkit's own ``_redraw``, but now and not soon. What is asked for anew at each
        drawing is so by that counter."""
        self._app.render_counter += 1
        self._app.renderer.render(self._app, self._app.layout)
        self._app.layout.update_parents_relations()

    def _begin(self) -> None:
        atexit.register(self.restore)
        self.write(BEGIN)

    def _is_ours(self) -> bool:
        return self._app.is_running and not self.away

    def _resumed(self) -> None:
        """After a stop from elsewhere the shell had the terminal in its own modes."""
        if not self._is_ours():
            return
        raw_mode(0).__enter__()
        self.write(f"\r\x1b[J{BEGIN}")
        self._app.renderer.reset()
        self.draw()

    def _spare_rows(self) -> int:
        """Rows below the lines that are drawn on, and more than is needed: a menu was there."""
        screen = self._app.renderer.last_rendered_screen
        height = screen.height if screen else 0
        return height if height > self._needed() else 0

    def _needed(self) -> int:
        size = self._output.get_size()
        return self._app.layout.container.preferred_height(size.columns, size.rows).preferred

    def _stay_below(self, height: int) -> None:
        """The bar stays where it is, and lines fill the rows above it."""
        renderer = self._app.renderer
        if height > 0:
            renderer.report_absolute_cursor_row(self._output.get_size().rows - height + 1)
            renderer.cpr_support = CPR_Support.NOT_SUPPORTED
