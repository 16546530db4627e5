"""The command line of the client: what it takes, and how it says what is wrong."""

import subprocess
import sys

import pytest

from twisted_chat import __version__
from twisted_chat.client.options import COMMANDS, NAMES, OPTIONS, parse, split
from twisted_chat.client.status import Status
from twisted_chat.client.where import NO_PASSWORD


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What is said of a wrong command line: one line, and status 1."""
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == Status.USAGE
    words = capsys.readouterr().err
    assert words.startswith("twisted-chat: ")
    assert words.count("\n") == 1
    return words


@pytest.mark.parametrize(
    "argv", [["a", "b"], ["--frobnicate"], ["--endpoint"], ["--recon"], ["a", "--server", "b"]]
)
def test_wrong_use_is_told_in_one_line_with_status_1(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert told(capsys, *argv)


def test_once_and_reconnect_cannot_both_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--once or --reconnect" in told(capsys, "--once", "--reconnect")


@pytest.mark.parametrize(
    "argv",
    [["--password", "secret"], ["--password=secret"], ["host", "--token", "secret"], ["--passwd"]],
)
def test_a_password_is_refused_and_not_repeated(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    words = told(capsys, *argv)
    assert NO_PASSWORD in words
    assert "secret" not in words


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"twisted_chat {__version__}\n"


def test_help_tells_every_status_and_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    words = capsys.readouterr().out
    assert [status for status in Status if f"\n  {status.value:<5d}" not in words] == []
    assert [name for name in NAMES if f"\n  {name} " not in words] == []


@pytest.mark.parametrize("command", [one.name for one in COMMANDS])
def test_each_command_has_a_help_of_its_own(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse([command, "--help"])
    assert ended.value.code == 0
    words = capsys.readouterr().out
    assert words.startswith(f"usage: twisted-chat {command} ")
    assert [one.flag for one in OPTIONS if one.of == (command,) and one.flag not in words] == []


def test_options_are_named_once_and_belong_to_commands_that_there_are() -> None:
    flags = [option.flag for option in OPTIONS]
    assert len(flags) == len(set(flags))
    assert {command for option in OPTIONS for command in option.of} <= NAMES | {""}


def test_without_anything_there_is_nothing_that_was_said_of_the_server() -> None:
    typed = parse([])
    assert (typed.command, typed.where) == ("", None)


def test_what_follows_two_dashes_is_no_command() -> None:
    assert split(["--", "ann@host"])[0].name == ""


def test_help_does_not_wait_for_what_only_talking_needs() -> None:
    looks = (
        "import sys, twisted_chat.client.__main__;"
        "print({'twisted', 'prompt_toolkit', 'twisted_chat.client.chat'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", looks], capture_output=True, check=True)
    assert done.stdout == b"set()\n"
