"""A terminal's screen as SVG: rows of cells, in runs of one style."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

WIDE, HIGH = 8.4, 19.0
"""Of a cell: what a monospaced font of 14 pixels has."""

EDGE = 16.0


@dataclass(frozen=True, slots=True)
class Theme:
    background: str
    text: str


DARK = Theme("#16181d", "#d8dbe2")
LIGHT = Theme("#fdfdfb", "#24272e")


@dataclass(frozen=True, slots=True)
class Style:
    fg: str
    bg: str
    bold: bool
    dim: bool


def style_of(cell: Any) -> Style:
    """``blink`` is how the model remembers what is dim: it knows no such thing."""
    fg, bg = (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)
    return Style(fg, bg, cell.bold, cell.blink)


def svg(rows: Iterable[list[Any]], columns: int, theme: Theme) -> str:
    """``rows``: of cells, each with its text and how it is shown; an empty cell is behind a wide
    one."""
    lines = list(rows)
    width, height = columns * WIDE + 2 * EDGE, len(lines) * HIGH + 2 * EDGE
    drawn = "\n".join(piece for row, cells in enumerate(lines) for piece in _row(row, cells, theme))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" \
width="{width:g}" height="{height:g}" font-size="14" \
font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace">
<rect width="100%" height="100%" rx="8" fill="{theme.background}"/>
{drawn}
</svg>
"""


def _row(row: int, cells: list[Any], theme: Theme) -> Iterator[str]:
    at = 0
    for style, run in groupby(cells, key=style_of):
        length = len(texts := [cell.data for cell in run])
        yield from _run(row, at, length, "".join(texts), style, theme)
        at += length


def _run(row: int, at: int, length: int, text: str, style: Style, theme: Theme) -> Iterator[str]:
    x, y = EDGE + at * WIDE, EDGE + row * HIGH
    if style.bg != "default":
        size = f'width="{length * WIDE:.1f}" height="{HIGH:g}"'
        look = f'fill="#{style.bg}" shape-rendering="crispEdges"'
        yield f'<rect x="{x:.1f}" y="{y:g}" {size} {look}/>'
    shown = text.rstrip()
    if not shown.strip():
        return
    blank = len(shown) - len(shown.lstrip())
    x, taken = x + blank * WIDE, length - blank - (len(text) - len(shown))
    colour = theme.text if style.fg == "default" else f"#{style.fg}"
    looks = ' font-weight="bold"' * style.bold + ' opacity="0.6"' * style.dim
    where = f'x="{x:.1f}" y="{y + 14:g}" textLength="{taken * WIDE:.1f}"'
    said = escape(shown.strip())
    yield f'<text {where} fill="{colour}"{looks} xml:space="preserve">{said}</text>'
