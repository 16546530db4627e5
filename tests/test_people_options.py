"""The options on who may enter, and who may do what."""

from pathlib import Path

import pytest
from twisted.cred.checkers import FilePasswordDB
from twisted.cred.credentials import IUsernamePassword

from twisted_chat.core.passwords import Secret
from twisted_chat.options import Options


def parsed(*argv: str) -> Options:
    options = Options()
    options.parseOptions(argv)
    return options


def assert_refused(capfd: pytest.CaptureFixture[str], *argv: str, says: str) -> None:
    """In one line on stderr, which has ``says`` in it."""
    with pytest.raises(SystemExit):
        parsed(*argv)
    told = capfd.readouterr().err
    assert told.startswith("chat: ")
    assert told.count("\n") == 1
    assert says in told


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("swordfish\nand a second line\n")
    file.chmod(0o600)
    return file


def test_without_options_everyone_may_enter() -> None:
    options = parsed()
    assert options["house-secret"] is None
    assert options["credCheckers"] == []
    assert options["operators"] == ()
    assert (options["members-only"], options["rooms"]) == (0, "free")


# --password-file


def test_the_secret_is_the_first_line_without_its_end(secret_file: Path) -> None:
    for text in ("swordfish\nmore", "swordfish\r\n", "swordfish"):
        secret_file.write_bytes(text.encode())
        secret = parsed("--password-file", str(secret_file))["house-secret"]
        assert secret.fits("swordfish")
        assert not secret.fits("more")


def test_spaces_belong_to_the_secret(secret_file: Path) -> None:
    secret_file.write_text(" sword fish \n")
    secret = parsed("--password-file", str(secret_file))["house-secret"]
    assert secret.fits(" sword fish ")
    assert not secret.fits("sword fish")


def test_no_option_shows_the_secret(secret_file: Path) -> None:
    options = parsed("--password-file", str(secret_file))
    assert isinstance(options["house-secret"], Secret)
    assert options["password-file"] == str(secret_file)
    assert "swordfish" not in f"{options!r} {options} {dict(options)}"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "its first line is empty"),
        (b"\nswordfish\n", "its first line is empty"),
        (b"  \r\n", "its first line is empty"),
        (b"gr\xfcn\n", "its first line is not UTF-8"),
        (b"sword\tfish\n", "a character that passwords cannot have"),
        (b"x" * 1_000_000, "at most 128 characters"),
    ],
    ids=lambda value: repr(value[:20]),
)
def test_a_file_without_a_secret_is_refused_in_one_line(
    capfd: pytest.CaptureFixture[str], secret_file: Path, text: bytes, says: str
) -> None:
    secret_file.write_bytes(text)
    assert_refused(capfd, "--password-file", str(secret_file), says=says)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_secret_that_others_may_read_is_refused_with_what_to_do(
    capfd: pytest.CaptureFixture[str], secret_file: Path, mode: int
) -> None:
    secret_file.chmod(mode)
    says = f"chmod 600 {secret_file}"
    assert_refused(capfd, "--password-file", str(secret_file), says=says)


def test_a_secret_that_only_its_owner_may_read_is_taken(secret_file: Path) -> None:
    secret_file.chmod(0o400)
    assert parsed("--password-file", str(secret_file))["house-secret"].fits("swordfish")


@pytest.mark.parametrize(
    ("path", "says"),
    [("/nowhere/secret", "No such file or directory"), ("/", "Is a directory")],
)
def test_a_secret_that_cannot_be_read_is_refused_in_one_line(
    capfd: pytest.CaptureFixture[str], path: str, says: str
) -> None:
    assert_refused(capfd, "--password-file", path, says=f"--password-file {path}: {says}")


# --auth


def test_checkers_are_asked_in_the_order_in_which_they_are_given(secret_file: Path) -> None:
    options = parsed("--auth", f"file:{secret_file}", "--auth", "unix")
    first, second = options["credCheckers"]
    assert isinstance(first, FilePasswordDB)
    assert first.filename == str(secret_file)
    assert options["credInterfaces"] == {IUsernamePassword: [first, second]}


@pytest.mark.parametrize(
    ("description", "says"),
    [
        ("nonsense", "--auth nonsense: it checks no passwords; --help-auth shows"),
        ("", "--auth : it checks no passwords"),
        ("anonymous", "--auth anonymous: it checks no passwords"),
        ("file:/nowhere/passwords", "--auth file:/nowhere/passwords: No such file or directory"),
        ("file:/", "--auth file:/: Is a directory"),
        ("file:", "--auth file: 'file' requires a filename"),
        ("memory:ann:swordfish", "--auth memory: all on this machine can read a command line"),
    ],
)
def test_a_checker_that_cannot_be_used_is_refused_in_one_line(
    capfd: pytest.CaptureFixture[str], description: str, says: str
) -> None:
    assert_refused(capfd, "--auth", description, says=says)


def test_what_is_said_of_a_wrong_checker_shows_no_password(
    capfd: pytest.CaptureFixture[str],
) -> None:
    for description in ("memory:ann:swordfish:bob", "ldap:bind:swordfish"):
        with pytest.raises(SystemExit):
            parsed("--auth", description)
    assert "swordfish" not in capfd.readouterr().err


# --operator, --members-only, --rooms


def test_operators_are_kept_as_names_are_compared_and_once_each() -> None:
    options = parsed("--operator", "Ann", "--operator", " jürgen", "--operator", "ANN")
    assert options["operators"] == ("ann", "jürgen")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("", "A name is needed"),
        ("a/b", "That is not a legal name"),
        ("Server", "The name Server is kept for the chat itself"),
        ("x" * 33, "the limit is 32"),
    ],
)
def test_an_operator_without_a_legal_name_is_refused_in_one_line(
    capfd: pytest.CaptureFixture[str], name: str, says: str
) -> None:
    assert_refused(capfd, "--operator", name, says=f"--operator {name}: {says}"[:40])


def test_a_chat_may_be_for_members_only() -> None:
    assert parsed("--members-only")["members-only"] == 1


def test_rooms_are_opened_by_everyone_or_by_operators(capfd: pytest.CaptureFixture[str]) -> None:
    assert parsed("--rooms", "operators")["rooms"] == "operators"
    says = "--rooms wants free or operators, and not nobody"
    assert_refused(capfd, "--rooms", "nobody", says=says)
