"""The benchmark of clients, as far as it goes without others."""

import pytest

from benchmarks.clients import Figures, main, table
from benchmarks.table import columns


def test_what_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert main([]) == 1
    assert "this needs tmux and irssi and ngircd" in capsys.readouterr().err


def test_others_are_compared_to_ours() -> None:
    figures = [Figures("ours", 10.0, 40_960, 700.0), Figures("theirs", 2.0, 8192, 50.0)]
    lines = columns(table(figures)).splitlines()
    assert lines[1].split() == ["ours", "10", "40", "700"]
    assert lines[2].split() == ["theirs", "2.0", "(0.20×)", "8.0", "(0.20×)", "50"]
