"""The command line of the operators' program."""

import pytest

from twisted_chat import __version__
from twisted_chat.admin.__main__ import PLACE, VARIABLE, main, parse
from twisted_chat.admin.wire import Status


@pytest.fixture(autouse=True)
def nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.mark.parametrize(
    ("argv", "command", "as_json"),
    [
        ([], [], False),
        (["who"], ["who"], False),
        (["who", "--json"], ["who"], True),
        (["--json", "kick", "bob", "spam"], ["kick", "bob", "spam"], True),
        (
            ["--", "announce", "--help", "is", "a", "word"],
            ["announce", "--help", "is", "a", "word"],
            False,
        ),
    ],
)
def test_a_command_is_all_words_that_are_no_options(
    argv: list[str], command: list[str], as_json: bool
) -> None:
    options = parse(argv)
    assert (options.command, options.json) == (command, as_json)


def test_the_socket_is_where_it_is_said_or_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse([]).socket == PLACE
    monkeypatch.setenv(VARIABLE, "here.sock")
    assert parse([]).socket == "here.sock"
    assert parse(["--socket", "there.sock", "who"]).socket == "there.sock"


@pytest.mark.parametrize("argv", [["--frobnicate"], ["--socket"], ["who", "--jso"]])
def test_wrong_use_is_told_in_one_line_with_status_1(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == Status.USAGE
    told = capsys.readouterr().err
    assert told.startswith("twisted-chat-admin: ")
    assert told.count("\n") == 1


def test_help_tells_every_status(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"])
    told = capsys.readouterr().out
    assert [status for status in Status if f"{status.value} " not in told] == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["--version"])
    assert capsys.readouterr().out == f"twisted_chat {__version__}\n"


@pytest.mark.parametrize(
    ("argv", "status", "told"),
    [
        (["kikc", "bob"], Status.USAGE, "There is no /kikc. Did you mean /kick?"),
        (["/kick"], Status.USAGE, "That is not complete."),
        ([""], Status.USAGE, "There is no /."),
        (["who"], Status.NO_CONNECTION, "there is no such socket"),
    ],
)
def test_what_is_not_done_ends_with_a_sentence_and_a_status(
    capsys: pytest.CaptureFixture[str], argv: list[str], status: Status, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--socket", "/nowhere/admin.sock", *argv])
    assert ended.value.code == status
    assert told in capsys.readouterr().err
