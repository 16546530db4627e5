"""The benchmark of the past: what it makes up, and one small run of all of it.

How fast anything is depends on the machine, and is not looked at here.
"""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.history.asking import Taken
from benchmarks.history.behind import Behind, Run, behind
from benchmarks.history.building import build, survey
from benchmarks.history.held import Held, of
from benchmarks.history.made import SPACING, Made
from benchmarks.history.numbered import TEXT, Count
from benchmarks.history.plans import plans
from benchmarks.history.report import answers, complaints, costs
from benchmarks.history.wanted import wanted
from benchmarks.servers import PROJECT
from benchmarks.wrong import Failed

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and waits with epoll")


def test_what_is_made_up_is_the_same_each_time_and_ids_grow() -> None:
    once, again = (list(Made().entries(500, 10**15)) for _ in range(2))
    assert once == again
    ids = [entry.id for entry in once]
    assert ids == sorted(set(ids))
    assert 0 <= 10**15 - ids[-1] <= SPACING


def test_most_is_said_in_the_lobby_and_with_few_words() -> None:
    entries = list(Made().entries(5000, 10**15))
    logs = Counter(entry.log[0] for entry in entries)
    lobby = sum(entry.log == "#lobby" for entry in entries)
    assert 0.93 < lobby / 5000 < 0.97
    assert set(logs) == {"#", "@", "*"}
    made = Made()
    words = Counter(word for text in (made.text() for _ in range(5000)) for word in text.split())
    assert words[made.words[0]] > 20 * words[made.words[200]] > 0


def test_a_file_has_what_was_wanted_and_all_of_it_is_indexed(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    build(path, 6000, lambda _: None)
    built = survey(path)
    assert (built.entries, built.missed) == (6000, 3000)
    assert built.first < built.left < built.last
    steps = [step for _, steps in plans(built) for step in steps]
    assert any("entries_of_log" in step for step in steps)
    assert any("USING INDEX pastes (other=?)" in step for step in steps)
    assert not any(step.startswith("SCAN entries") for step in steps)
    assert [one.name for one in tmp_path.iterdir()] == ["chat.sqlite"]


def test_too_small_a_file_is_not_measured(tmp_path: Path) -> None:
    build(tmp_path / "chat.sqlite", 50, lambda _: None)
    with pytest.raises(Failed, match="only 50 entries"):
        survey(tmp_path / "chat.sqlite")


def test_what_is_above_its_bar_is_told() -> None:
    slow = Taken("look", "/last", times=[1.0, 120.0])
    held = Held("sqlite", 1.0, 2.0, 3.0, 30.0, 25.0, 10, 1.0, 2.0, 0)
    far = Behind(100, Run(1024, 2048, 5120, 2.0, 10**8, 0), Run(1024, 1536, 1536, 0.0, 0, 0))
    assert answers([slow]).rows == (("look", "/last", "60.5", "120.0", "ms", "ABOVE"),)
    assert list(complaints([slow], [held], far)) == [
        "look, /last: 120.0 ms is above 100",
        "the reactor is held, sqlite: 25.0 ms is above 20",
        "a reader 100 MB behind: 3.50 MiB over the control is above 2",
    ]
    cells = ("1.0", "2.0", "5.0", "3.00", "3.50", "50.0", "0", "ABOVE")
    assert costs(far).rows[1] == ("", "100 MB behind", *cells)


@pytest.mark.parametrize(
    ("heard", "wrong"),
    [
        ([0, 1, 2, 3], 0),
        ([0, 2, 3], 1),
        ([0, 1], 2),
        ([0, 1, 1, 2, 3], 1),
        ([0, 2, 1, 3], 2),  # at 2 the one before is missing, and then it is late
    ],
)
def test_each_line_that_is_lost_doubled_or_late_counts(heard: list[int], wrong: int) -> None:
    count = Count(0)
    count.hear(b"Server: [slow] has joined the chat!")
    for number in heard:
        count.hear(b"talker: %d %s" % (number, TEXT))
    assert count.missing(4) == wrong


def test_a_line_that_is_changed_counts() -> None:
    count = Count(0)
    count.hear(b"talker: 0 " + TEXT[1:])
    count.hear(b"talker: 0 " + TEXT)
    assert count.missing(1) == 1


def test_percentiles_are_in_milliseconds() -> None:
    times = [at / 1000 for at in range(1, 101)]
    assert (of(times, 0.99), of(times, 1)) == (100, 100)


@pytest.mark.parametrize("wrong", [["--entries", "10"], ["--seconds", "nan"], ["--rate", "fast"]])
def test_what_cannot_be_used_is_told_in_one_line(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        wanted(wrong)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


@linux
def test_a_small_run_ends_well(tmp_path: Path) -> None:
    path = tmp_path / "chat.sqlite"
    program = [sys.executable, "-m", "benchmarks.history", "--entries", "20000", "--rounds", "1"]
    more = ["--seconds", "0.5", "--behind", "3", "--file", str(path)]
    done = subprocess.run(
        [*program, *more], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "/catchup" in done.stdout
    assert "sqlite, read and pruned" in done.stdout
    assert "3 MB behind" in done.stdout
    assert "WRONG" not in done.stdout
    assert "SEARCH entries USING" in done.stdout
    assert path.exists()


@linux
def test_who_is_further_behind_than_the_kernel_keeps_reads_it_all() -> None:
    figure = behind(16)
    assert figure.wrong == 0
    assert figure.reader.size >= 15_500_000
    assert min(figure.reader.before, figure.control.before) > 0
