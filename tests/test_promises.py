"""docs/promises.md names a test for each of its sentences: there are such tests."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
PAGE = (HERE / "docs" / "promises.md").read_text()
PROMISES = [
    part for part in PAGE[: PAGE.index("## What is not promised")].split("\n- ")[1:] if part.strip()
]
NAMED = sorted(set(re.findall(r"`(tests/[^`]+)`", PAGE)))


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_is_named_is_there(named: str) -> None:
    file, _, test = named.partition("::")
    source = (HERE / file).read_text()
    assert "def test_" in source
    assert not test or f"def {test}(" in source


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[:40])
def test_a_promise_names_its_test(promise: str) -> None:
    assert re.search(r"\(`tests/[^`]+::test_\w+`", promise), promise
