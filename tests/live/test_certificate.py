"""A certificate that was made for a LAN, a chat that shows it, and who comes in by its pin."""

import shlex
import subprocess
import sys
from pathlib import Path

from tests.live.daemon import PATIENCE, Daemon, daemon
from twisted_chat import pins

TLS = "tls:certificates:0:interface=127.0.0.1"


def make(folder: Path, *argv: str) -> None:
    command = [sys.executable, "-m", "twisted_chat.certificate", *argv]
    subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=PATIENCE)


def come_in(way: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """By the line that the daemon shows, with a name and something to say."""
    return subprocess.run(
        shlex.split(way),
        cwd=folder,
        input="ann\nhello\nexit\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def way_in(chat: Daemon) -> str:
    return chat.prints(r"--   (\S+ -m twisted_chat\.client --pin .*)\n").group(1)


def test_the_line_that_the_daemon_shows_brings_people_in_by_the_pin(tmp_path: Path) -> None:
    make(tmp_path)
    with daemon(tmp_path, "--listen", TLS, listen=False) as chat:
        done = come_in(way_in(chat), tmp_path)
        assert done.returncode == 0, done.stderr
        assert "Goodbye!" in done.stdout
        chat.prints(r"\[ann\] hello")


def test_by_another_pin_nobody_is_talked_to(tmp_path: Path) -> None:
    make(tmp_path)
    with daemon(tmp_path, "--listen", TLS, listen=False) as chat:
        way = way_in(chat).split("--pin ")
        wrong = f"{way[0]}--pin {pins.pin_of(b'another key')} {way[1].split()[1]}"
        done = come_in(wrong, tmp_path)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert "-- ann joined" not in chat.output
