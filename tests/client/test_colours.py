"""The colours of names."""

from itertools import combinations

import pytest

from twisted_chat.client.colours import FEW, MANY, NAMES, colour_of, foreground, has_colours

LEVELS = (0, 95, 135, 175, 215, 255)
"""Of xterm's cube of six times six times six."""


def light(colour: int) -> float:
    """Relative luminance (WCAG 2.2)."""
    place = colour - 16
    red, green, blue = (linear(LEVELS[at]) for at in (place // 36, place // 6 % 6, place % 6))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(level: int) -> float:
    share = level / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("colour", NAMES)
def test_a_name_can_be_read_on_black_and_on_white(colour: int) -> None:
    assert (light(colour) + 0.05) / 0.05 >= 4.0
    assert 1.05 / (light(colour) + 0.05) >= 4.0


def test_no_two_colours_are_one() -> None:
    assert all(one != other for one, other in combinations(NAMES, 2))


def test_a_name_has_one_colour_however_it_is_written() -> None:
    assert colour_of("Ann") == colour_of("ann") == colour_of("ANN")
    assert colour_of("Élodie") == colour_of("élodie")


def test_it_is_the_same_on_every_machine_and_in_every_run() -> None:
    """Python's own hash is not: these are written down."""
    assert [colour_of(name) for name in ("ann", "bob", "cy", "dan")] == [31, 96, 30, 30]


def test_names_get_different_colours() -> None:
    assert {colour_of(f"name{number}") for number in range(200)} == set(NAMES)


def test_a_terminal_of_few_colours_has_its_own() -> None:
    assert colour_of("ann", 8) in FEW
    assert foreground(colour_of("ann", 8)).startswith("\x1b[3")
    assert foreground(130) == "\x1b[38;5;130m"


@pytest.mark.parametrize(
    ("env", "colours"),
    [
        ({"TERM": "xterm-256color"}, MANY),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, MANY),
        ({"TERM": "linux"}, 8),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, 0),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, MANY),
        ({"TERM": "dumb"}, 0),
        ({}, 0),
    ],
)
def test_how_many_colours_there_are(env: dict[str, str], colours: int) -> None:
    assert has_colours(env) == colours


def test_without_colours_nothing_selects_one() -> None:
    assert foreground(colour_of("ann", 0)) == ""
