"""The units for systemd: what the documents show is what is shipped, and systemd takes it."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from textwrap import indent

import pytest

from twisted_chat.options import Options

DOCS = Path(__file__).parents[1] / "docs"
UNITS = [DOCS / "systemd" / name for name in ("chat.socket", "chat.service")]
SERVICE = DOCS / "systemd" / "chat.service"

MOST_EXPOSED = 15
"""Of systemd-analyze security, where 100 is a service that may do all that root may."""

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)


def command() -> list[str]:
    """By which the service is started."""
    found = re.search(r"^ExecStart=(.*)$", SERVICE.read_text(), re.MULTILINE)
    assert found
    return shlex.split(found[1])


def analyze(*argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["systemd-analyze", *argv], capture_output=True, text=True)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_unit_that_is_shown_is_the_one_that_is_shipped(unit: Path) -> None:
    assert indent(unit.read_text(), "    ") in (DOCS / "operating.md").read_text()


def test_the_service_is_started_with_options_that_there_are() -> None:
    argv = command()
    options = argv[argv.index("chat") + 1 :]
    options[options.index("--listen") + 1] = "tcp:0"  # systemd has handed nothing over here
    Options().parse(options)


@needs_systemd
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        # it wants to see the program
        (tmp_path / unit.name).write_text(unit.read_text().replace(command()[0], "/bin/sh"))
    done = analyze("verify", *(str(tmp_path / unit.name) for unit in UNITS))
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_the_service_may_do_next_to_nothing() -> None:
    done = analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(SERVICE))
    assert done.returncode == 0, done.stdout[-200:]
