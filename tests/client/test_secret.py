"""A password that nobody is asked for: from a file, or from a keyring's program."""

import sys
from pathlib import Path

import pytest

from twisted_chat.client.secret import password_of
from twisted_chat.client.servers import Server
from twisted_chat.client.where import WrongUse


def file_with(folder: Path, data: bytes, mode: int = 0o600) -> str:
    file = folder / "secret"
    file.write_bytes(data)
    file.chmod(mode)
    return str(file)


def test_without_either_there_is_none() -> None:
    assert password_of(Server()) is None


def test_it_is_the_first_line_of_a_file(tmp_path: Path) -> None:
    name = file_with(tmp_path, b" correct horse \r\nsecond\n")
    assert password_of(Server(password_file=name)) == " correct horse "


def test_a_file_in_ones_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    file_with(tmp_path, b"correct horse")
    assert password_of(Server(password_file="~/secret")) == "correct horse"


@pytest.mark.parametrize(
    ("data", "mode", "why"),
    [
        (b"correct horse", 0o644, "others than its owner may read it"),
        (b"\ncorrect horse", 0o600, "its first line is empty"),
        (b"\xff\xfe", 0o600, "its first line is not UTF-8"),
    ],
)
def test_a_file_that_will_not_do_is_refused(
    tmp_path: Path, data: bytes, mode: int, why: str
) -> None:
    with pytest.raises(WrongUse, match=why) as refused:
        password_of(Server(password_file=file_with(tmp_path, data, mode)))
    assert "correct horse" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="No such file"):
        password_of(Server(password_file=str(tmp_path / "none")))


def test_it_is_the_first_line_that_a_command_prints() -> None:
    command = f"""{sys.executable} -c 'print("correct horse\\nsecond")'"""
    assert password_of(Server(password_command=command)) == "correct horse"


def test_a_command_has_no_part_of_our_input() -> None:
    command = f"{sys.executable} -c 'import sys; print(len(sys.stdin.read()))'"
    assert password_of(Server(password_command=command)) == "0"


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("false", "it ended with status 1"),
        ("true", "it printed nothing"),
        ("/nowhere/at/all", "No such file"),
        ("pass 'show", "No closing quotation"),
        (" ", "it names no program"),
        ("printf \\\\377", "its first line is not UTF-8"),
    ],
)
def test_a_command_that_will_not_do_is_refused(command: str, why: str) -> None:
    with pytest.raises(WrongUse, match=why):
        password_of(Server(password_command=command))
