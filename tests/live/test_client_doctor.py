"""``twisted-chat doctor`` at a real chat, and at what is none."""

import json
import socket
import subprocess
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.client.certificates import made
from tests.live.daemon import PATIENCE, Daemon, daemon
from tests.live.test_client import MODULE, free_port, server_that_says


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate, and without others to trust."""
    folder = tmp_path_factory.mktemp("tls")
    (folder / "chat.pem").write_bytes(made().pem)
    return folder


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory, place: Path) -> Generator[Daemon, None, None]:
    """One that listens twice: plainly, and under TLS."""
    tls = f"tls:{place}:0:interface=127.0.0.1"
    with daemon(tmp_path_factory.mktemp("chat"), "--listen", tls) as running:
        yield running


def examined(*argv: str) -> "subprocess.CompletedProcess[str]":
    done = subprocess.run(
        [*MODULE, "doctor", *argv], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stderr == ""
    return done


def test_of_a_chat_that_is_well_it_tells_each_step(chat: Daemon) -> None:
    done = examined(f"127.0.0.1:{chat.port}")
    assert done.returncode == 0
    assert [line[:6].strip() for line in done.stdout.splitlines()[:-1]] == ["ok"] * 6
    for words in ("takes connections", "it is a chat: twisted_chat", "agree", "an answer takes"):
        assert words in done.stdout
    assert done.stdout.endswith("all is well\n")


def test_nobody_in_the_chat_sees_that_it_was_there(chat: Daemon) -> None:
    examined(f"127.0.0.1:{chat.port}")
    assert "joined" not in chat.output


def test_with_json_each_finding_is_an_object(chat: Daemon) -> None:
    done = examined("--json", f"127.0.0.1:{chat.port}")
    findings = [json.loads(line) for line in done.stdout.splitlines()]
    assert {one["finding"] for one in findings} == {"ok"}


def test_the_pinned_key_is_well_and_another_is_told_with_both(chat: Daemon) -> None:
    place = f"localhost:{chat.ports[1]}"
    good = examined(place, "--pin", made().pin)
    assert good.returncode == 0
    assert "the key is the one that is pinned" in good.stdout
    other = made("other.example").pin
    bad = examined(place, "--pin", other)
    assert bad.returncode == 2
    assert made().pin in bad.stdout
    assert other in bad.stdout


def test_a_certificate_that_nobody_vouches_for_is_told(chat: Daemon) -> None:
    done = examined(f"localhost:{chat.ports[1]}", "--tls")
    assert done.returncode == 2
    assert "nobody whom this machine trusts vouches for" in done.stdout


def test_a_chat_under_tls_that_is_asked_without_is_told(chat: Daemon) -> None:
    done = examined(f"localhost:{chat.ports[1]}")
    assert done.returncode == 4
    assert "wrong it speaks TLS: --tls is missing" in done.stdout


def test_a_chat_without_tls_that_is_asked_for_it_is_told(chat: Daemon) -> None:
    done = examined(f"localhost:{chat.port}", "--tls")
    assert done.returncode == 2
    assert "Without --tls" in done.stdout


def test_where_nobody_listens_is_told() -> None:
    done = examined(f"127.0.0.1:{free_port()}")
    assert done.returncode == 2
    assert "nothing listens there. Does the chat run" in done.stdout


def test_a_host_that_is_not_there_is_told() -> None:
    done = examined("nowhere.invalid")
    assert done.returncode == 2
    assert "nowhere.invalid has no address" in done.stdout


def test_another_kind_of_server_is_told_by_its_kind() -> None:
    with server_that_says(b"SSH-2.0-OpenSSH_9.6\r\n") as port, socket.create_server(("", 0)):
        done = examined("--endpoint", f"tcp:127.0.0.1:{port}")
    assert done.returncode == 4
    assert "that is an SSH server, and no chat" in done.stdout
