"""How a line looks, and that nothing in it acts."""

import re

import pytest

from twisted_chat.client.colours import colour_of
from twisted_chat.client.paint import ANSWERS, BOLD, DIM, PLAIN, Paint
from twisted_chat.client.screen import Kind, Line

GUTTER = "18:02 "
ANN = f"{BOLD}\x1b[38;5;{colour_of('ann')}m"


def said(text: str, **more: object) -> Line:
    return Line(f"ann: {text}", Kind.SAID, name="ann", room="#lobby", **more)  # type: ignore[arg-type]


def painted(line: Line, gutter: str = GUTTER) -> str:
    return Paint().painted(line, gutter)


def seen(text: str) -> str:
    """Without what is not seen."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_a_name_is_in_its_colour_behind_the_time() -> None:
    assert painted(said("hi")) == f"{DIM}18:02 {PLAIN}{ANN}ann:{PLAIN} hi\n"


def test_a_room_elsewhere_is_dim() -> None:
    line = Line("#lab ann: hi", Kind.SAID, name="ann", room="#lab")
    assert painted(line, " " * 6) == f"      {DIM}#lab {PLAIN}{ANN}ann:{PLAIN} hi\n"


@pytest.mark.parametrize(
    ("text", "kind", "own"),
    [
        ("* ann waves", Kind.ACTED, False),
        ("[ann] psst", Kind.TOLD, False),
        ("[to ann] psst", Kind.TOLD, True),
    ],
)
def test_whoever_speaks_and_however_has_her_colour(text: str, kind: Kind, own: bool) -> None:
    line = Line(text, kind, name="bob" if own else "ann", to="ann" if own else "", own=own)
    assert ANN in painted(line)
    assert seen(painted(line)) == f"{GUTTER}{text}\n"


def test_the_operator_stands_out() -> None:
    line = Line("Server: tea", Kind.ANNOUNCED)
    assert f"{BOLD}Server:{PLAIN} tea" in painted(line)


def test_what_names_one_is_bold_and_has_a_sign_before_it() -> None:
    line = painted(said("hi bob", mentions=True))
    assert seen(line) == "18:02›ann: hi bob\n"
    assert f"{BOLD} hi bob{PLAIN}" in line


def test_without_colours_there_are_none_and_the_sign_is_there() -> None:
    line = Paint(0).painted(said("hi bob", mentions=True), GUTTER)
    assert seen(line) == "18:02›ann: hi bob\n"
    assert not re.search(r"\x1b\[(3|4|38)", line)


def test_each_line_of_several_stands_behind_the_gutter() -> None:
    line = Line("ann: one\nann: two", Kind.PASTED, name="ann")
    assert seen(painted(line)) == "18:02 ann: one\n      ann: two\n"


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_of_a_line_drives_the_terminal(kind: Kind) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J\x9b31m\x1b[6n\u202e\r\b\x0e"
    line = Line(f"{evil}ann{evil}: {evil}hi", kind, name=f"{evil}ann{evil}", room=f"#{evil}lab")
    ours = re.sub(r"\x1b\[([0-9;]*)m", "", painted(line))
    assert ours == f"{'' if kind in ANSWERS else '18:02 '}ann: hi\n"


def test_what_answers_stands_at_the_edge() -> None:
    assert seen(painted(Line("-- one\n-- two"))) == "-- one\n-- two\n"


def test_a_long_line_is_wrapped_behind_its_gutter() -> None:
    line = Paint().painted(said("one two three four five six seven"), GUTTER, 30)
    assert seen(line) == "18:02 ann: one two three four\n      five six seven\n"
