"""The commands of the README and of docs/client.md: each can be typed, and the pipes are tried."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.live.daemon import BIN, PATIENCE, Daemon, Talker, daemon
from twisted_chat.client.options import parse

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "docs" / "client.md"]
SHOWN: list[str] = sorted(
    {
        found.strip()
        for page in PAGES
        for found in re.findall(r"^    (.*twisted-chat .*|twisted-chat)$", page.read_text(), re.M)
    }
)
PIN = "sha256//" + "A" * 43 + "="


def test_the_pages_show_commands() -> None:
    assert len(SHOWN) > 15


@pytest.mark.parametrize("line", SHOWN)
def test_what_they_show_can_be_typed(line: str) -> None:
    words = shlex.split(line, comments=True)
    if "twisted-chat" in words:
        argv = words[words.index("twisted-chat") + 1 :]
        argv = argv[: argv.index("|")] if "|" in argv else argv
        assert parse([word.replace("sha256//9RP8...", PIN) for word in argv])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where somebody works: with settings, a log, and something to make."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "make").write_text("#!/bin/sh\necho cc -c x.c\necho x.c:1: error >&2\nexit 2\n")
    (folder / "make").chmod(0o755)
    (folder / "log").write_text("it starts\n")
    return folder


@pytest.fixture(scope="module")
def chat(folder: Path) -> Generator[Daemon, None, None]:
    with daemon(folder) as running:
        settings = folder / "twisted-chat" / "config.toml"
        settings.parent.mkdir()
        where = f'where = "robot@127.0.0.1:{running.port}"'
        settings.write_text(f'server = "here"\n[servers.here]\n{where}\n')
        yield running


def line_with(part: str) -> str:
    """The one that has this in it, without what the page says of it."""
    found = {one.partition("   ")[0] for one in SHOWN if part in one and "password" not in one}
    assert len(found) == 1, found
    return found.pop()


def shell(line: str, folder: Path) -> "subprocess.Popen[str]":
    """In a shell, where the programs are found, and in which a pipe fails with its first part."""
    path = f"{folder}:{BIN}:{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "XDG_CONFIG_HOME": str(folder)}
    return subprocess.Popen(
        ["bash", "-c", line],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )


def done(line: str, folder: Path) -> str:
    process = shell(line, folder)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return output


def ends(process: "subprocess.Popen[str]") -> None:
    """All that was started by that shell."""
    os.killpg(process.pid, 15)
    process.communicate(timeout=PATIENCE)


def test_the_pipes_do_what_is_said_of_them(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "ann") as ann:
        for room in ("#build", "#ops", "#lab"):
            ann.say(f"/join {room}")
            ann.reads(f"you talk in {room} now")
        assert done(line_with("make 2>&1"), folder) == ""
        ann.reads("#build robot: cc -c x.c\r\n")
        ann.reads("#build robot: x.c:1: error\r\n")
        following = shell(line_with("tail -f log"), folder)
        ann.reads("#ops robot: it starts\r\n")
        with (folder / "log").open("a") as log:
            log.write("it goes on\n")
        ann.reads("#ops robot: it goes on\r\n")
        ends(following)
        assert done(line_with("say '#lab' 'done'"), folder) == ""
        ann.reads("robot: done\r\n")
        waiting = shell(line_with("wait '#lab'"), folder)
        ann.reads("robot joined\r\n")
        ann.say("green")
        assert waiting.communicate(timeout=PATIENCE)[0] == "ann: green\n"
        assert waiting.returncode == 0
        assert '"name":"ann"' in done(line_with("who --json"), folder)


@pytest.mark.skipif(shutil.which("jq") is None, reason="needs jq")
def test_a_tail_goes_through_jq(chat: Daemon, folder: Path) -> None:
    with Talker(chat.port, "bob") as bob:
        bob.say("/join #lab", "it is tuesday")
        tail = line_with("tail '#lab' --since").replace("jq ", "jq --unbuffered ")
        following = shell(f"{tail} | grep --line-buffered tuesday", folder)
        assert following.stdout is not None
        assert following.stdout.readline() == '"it is tuesday"\n'
        ends(following)
