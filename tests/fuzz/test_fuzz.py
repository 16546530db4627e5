"""Without atheris: every sample and every past finding, through the same functions."""

import importlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import Outcome, arguments
from tests.fuzz.corpus import READERS, samples


def reads(reader: str, data: bytes) -> None:
    importlib.import_module(f"tests.fuzz.readers.{reader}").read(data)


@pytest.mark.parametrize(
    ("reader", "path"), samples(), ids=[f"{reader}-{path.name}" for reader, path in samples()]
)
def test_a_sample_is_read(reader: str, path: Path) -> None:
    reads(reader, path.read_bytes())


QUICK = [reader for reader in READERS if reader not in ("admin", "client", "door")]
"""Those that are asked a hundred things in no time."""


@given(st.sampled_from(QUICK), st.binary(max_size=60))
def test_any_bytes_are_read(reader: str, data: bytes) -> None:
    reads(reader, data)


@settings(max_examples=40)
@given(st.sampled_from(["admin", "client", "door"]), st.binary(max_size=60))
def test_any_bytes_are_read_by_whole_programs(reader: str, data: bytes) -> None:
    reads(reader, data)


def test_an_unknown_reader_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["tex"])
    assert "there is no reader tex" in capsys.readouterr().err


def test_a_run_tells_what_it_found() -> None:
    assert str(Outcome("text", 5, 1, "")).endswith("no finding")
    assert "a finding\nboom" in str(Outcome("text", 5, 1, "boom"))
