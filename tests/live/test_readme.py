"""What the README says is so."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.live.daemon import BIN, Talker, daemon

README = (Path(__file__).parents[2] / "README.md").read_text()
OPTION = re.compile(r"--[a-z][a-z-]*")


def test_it_names_every_option_and_no_other() -> None:
    usage = subprocess.run([str(BIN / "twistd"), "chat", "--help"], capture_output=True, text=True)
    table = README[README.index("## Options") : README.index("## Figures")]
    named = {
        name
        for row in table.splitlines()
        for name in OPTION.findall(row.split("|")[1] if "|" in row else "")
    }
    assert named == set(OPTION.findall(usage.stdout)) - {"--help", "--version"}


def test_it_names_every_command_and_no_other(tmp_path: Path) -> None:
    with daemon(tmp_path) as chat:
        chat.type("/help")
        chat.prints("-- /shutdown .*\n")
        shown = set(re.findall(r"-- (/[a-z]+)", chat.output))
    tables = README[README.index("## Talking") : README.index("### Scripts")]
    assert shown == set(re.findall(r"`(/[a-z]+)", tables))


@pytest.mark.skipif(shutil.which("nc") is None, reason="needs nc")
def test_the_script_that_it_shows_talks(tmp_path: Path) -> None:
    line = next(line for line in README.splitlines() if line.startswith("    printf "))
    with daemon(tmp_path) as chat, Talker(chat.port, "ann") as ann:
        command = line.strip().replace("localhost 9999", f"127.0.0.1 {chat.port}")
        shown = subprocess.run(command, shell=True, capture_output=True, text=True).stdout
        assert shown.endswith("Goodbye!\n")
        assert ann.reads("robot: the build is green")


def test_the_two_commands_that_set_everything_up_are_there() -> None:
    here = "python3 -m venv .venv && .venv/bin/pip install"
    assert f"    {here} . && .venv/bin/twistd -n chat --port 9999\n" in README
    assert f"    {here} -e '.[test]' && .venv/bin/pytest\n" in README
