"""Where things stand at the bottom of the terminal: what is not settled, the line being typed, what
Tab proposes, and the bar."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.layout import (
    BufferControl,
    ConditionalContainer,
    Dimension,
    FormattedTextControl,
    HSplit,
    Layout,
    VerticalAlign,
    Window,
)
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.layout.processors import BeforeInput, PasswordProcessor
from prompt_toolkit.styles import Style
from prompt_toolkit.widgets import SearchToolbar

from twisted_chat.client.bar import Piece
from twisted_chat.client.completing import Known, Proposal, proposals

PROMPT = "> "
TALL = 10
"""Lines of what is being typed that are seen at once."""

MENU = 8
"""Proposals that are seen at once."""

Pieces = Callable[[], list[Piece]]


@dataclass(frozen=True, slots=True)
class Views:
    """What is shown around the line being typed: asked for anew at each drawing."""

    above: Pieces
    asked: Pieces
    bar: Pieces
    known: Callable[[], Known]
    hides: Callable[[], bool]


class Proposals(Completer):
    def __init__(self, known: Callable[[], Known]) -> None:
        self._known = known

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        for one in proposals(document.text_before_cursor, self._known()):
            yield completion(one)


def completion(one: Proposal) -> Completion:
    return Completion(one.text, -one.replaces, display=one.shown, display_meta=one.meta)


class Desk:
    """``line``: what is being typed; ``secret``: what is typed and not shown, which has no
    history."""

    def __init__(self, views: Views) -> None:
        self.line = Buffer(
            multiline=True,
            completer=Proposals(views.known),
            history=InMemoryHistory(),
            tempfile_suffix=".txt",
        )
        self.secret = Buffer(multiline=False)
        self._search = SearchToolbar(
            forward_search_prompt="search: ", backward_search_prompt="search back: "
        )
        self._hides = Condition(views.hides)
        bar = FormattedTextControl(lambda: [*views.bar()])
        self.layout = Layout(
            HSplit(
                [
                    part(views.above),
                    part(views.asked),
                    ConditionalContainer(self._secret(), self._hides, self._line()),
                    self._search,
                    CompletionsMenu(max_height=MENU),
                    Window(bar, height=1, style="class:bar"),
                ],
                align=VerticalAlign.BOTTOM,
            ),
            self.line,
        )

    def _line(self) -> Window:
        control = BufferControl(
            self.line, search_buffer_control=self._search.control, preview_search=True
        )
        return Window(
            control,
            height=Dimension(min=1, max=TALL),
            dont_extend_height=True,
            wrap_lines=True,
            get_line_prefix=lambda number, wrap: "  " if number or wrap else PROMPT,
        )

    def _secret(self) -> Window:
        """Not even how long it is can be seen."""
        hidden = [PasswordProcessor(""), BeforeInput(f"(not shown) {PROMPT}")]
        return Window(BufferControl(self.secret, hidden), height=1)

    @property
    def current(self) -> Buffer:
        """What is typed now."""
        return self.secret if self._hides() else self.line

    def focus(self) -> None:
        self.layout.focus(self.current)


def part(pieces: Pieces) -> ConditionalContainer:
    """Some lines, or none at all."""
    control = FormattedTextControl(lambda: without_last_end(pieces()))
    window = Window(control, dont_extend_height=True, wrap_lines=True)
    return ConditionalContainer(window, Condition(lambda: bool(pieces())))


def without_last_end(pieces: list[Piece]) -> StyleAndTextTuples:
    style, text = pieces[-1]
    return [*pieces[:-1], (style, text.removesuffix("\n"))]


STYLE = Style(
    [
        ("bar", "bg:#303030 #bcbcbc"),
        ("bar.room", "#ffffff bold"),
        ("bar.unread", "#afd7ff"),
        ("bar.called", "#ffd75f bold"),
        ("bar.away", "#bcbcbc"),
        ("bar.up", "#87d787"),
        ("bar.down", "#ff8787 bold"),
        ("waiting", "dim"),
        ("quiet", "dim"),
        ("trouble", "#d70000"),
        ("asked", "bold"),
        ("completion-menu", "bg:#303030 #dadada"),
        ("completion-menu.completion.current", "bg:#afd7ff #1c1c1c noreverse"),
        ("completion-menu.meta.completion", "bg:#3a3a3a #bcbcbc"),
        ("completion-menu.meta.completion.current", "bg:#87afd7 #1c1c1c"),
        ("scrollbar.background", "bg:#444444"),
        ("scrollbar.button", "bg:#8a8a8a"),
        ("search-toolbar", "dim"),
    ]
)
"""The bar and the menu bring their own background, so that they can be read on any."""

GREY = Style(
    [
        ("bar", "reverse"),
        ("bar.room", "bold"),
        ("bar.called", "bold"),
        ("bar.down", "bold"),
        ("waiting", "dim"),
        ("quiet", "dim"),
        ("trouble", "bold"),
        ("asked", "bold"),
        ("completion-menu.completion.current", "reverse"),
    ]
)
"""Without colours."""
