"""Every "no" has a code that programs can rely on, and a sentence that helps."""

import inspect
import re
from collections.abc import Callable

import pytest

from twisted_chat.core import refusals
from twisted_chat.core.refusals import Refusal

SAMPLES: dict[object, object] = {str: "ann", int: 7, list[str]: ["names", "nick"]}
ALL = [
    made
    for name, made in inspect.getmembers(refusals, inspect.isfunction)
    if made.__module__ == refusals.__name__ and not name.startswith("_")
]


def refusal_of(made: Callable[..., Refusal]) -> Refusal:
    """One refusal of this kind, with anything at all in it."""
    wanted = inspect.signature(made).parameters.values()
    return made(*(SAMPLES.get(parameter.annotation, "ann") for parameter in wanted))


@pytest.mark.parametrize("made", ALL)
def test_a_code_is_words_with_dashes(made: Callable[..., Refusal]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", refusal_of(made).code)


@pytest.mark.parametrize("made", ALL)
def test_a_sentence_is_one_printable_line(made: Callable[..., Refusal]) -> None:
    refusal = refusal_of(made)
    assert refusal.sentence.isprintable()
    assert str(refusal) == refusal.sentence


def test_a_refusal_has_no_tag_of_its_own() -> None:
    assert refusals.not_utf8().tag is None


def test_an_unknown_command_is_told_the_nearest_one_if_there_is_any() -> None:
    assert "Did you mean /names?" in refusals.no_such_command("nams", "names").sentence
    assert "Did you mean" not in refusals.no_such_command("xyz", None).sentence
