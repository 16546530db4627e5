"""The file of options: what may stand in it, and how it is told what is wrong with it."""

import re
from collections.abc import Callable
from math import inf
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twisted_chat import config
from twisted_chat.config import LONGEST, Kind, WrongOptions
from twisted_chat.options import Options
from twisted_chat.rehash import LIVE

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes ``chat.toml`` in the folder in which the daemon is started."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Path:
        (tmp_path / "chat.toml").write_text(text)
        return tmp_path / "chat.toml"

    return write


def parsed(*argv: str) -> Options:
    options = Options()
    options.parseOptions(["--config", "chat.toml", *argv])
    return options


def wrong(*argv: str) -> tuple[str, ...]:
    """All that is told of the file."""
    options = Options()
    with pytest.raises(WrongOptions) as caught:
        options.parse(["--config", "chat.toml", *argv])
    return caught.value.reasons


# what may stand in it


def test_every_option_may_stand_in_the_file_under_its_own_name() -> None:
    kinds = Options().kinds
    shown = {row[0] for row in (*Options.optParameters, *Options.optFlags)}
    assert shown - set(kinds) == {"config", "check-config"}
    assert set(kinds) - shown == {"listen", "operator", "auth", "exempt"}


def test_numbers_texts_lists_and_flags_are_read(write: Write) -> None:
    write('max-clients = 7\nrate = 0.5\nidle-timeout = "10m"\nno-console = true\nconfirm = false\n')
    options = parsed()
    assert (options["max-clients"], options["rate"], options["idle-timeout"]) == (7, 0.5, 600.0)
    assert (options["no-console"], options["confirm"]) == (1, 0)


def test_what_may_be_given_several_times_is_a_list(write: Write) -> None:
    write('listen = ["tcp:8000", "tcp:8001"]\n')
    assert list(parsed()["endpoints"]) == ["tcp:8000", "tcp:8001"]


def test_who_may_enter_and_who_may_do_what_is_read(write: Write) -> None:
    write(
        'members-only = true\nrooms = "operators"\noperator = ["Ann", " jürgen"]\n'
        'auth = ["memory:ann:swordfish"]\nadmin = "unix:admin.sock"\npassword-file = "secret"\n'
    ).with_name("secret").write_text("swordfish\n")
    Path("secret").chmod(0o600)
    options = parsed()
    assert (options["members-only"], options["rooms"]) == (1, "operators")
    assert options["operators"] == ("ann", "jürgen")
    assert len(options["credCheckers"]) == 1
    assert options["admin"] == Path("admin.sock")
    assert options["house-secret"].fits("swordfish")


def test_the_command_line_wins_with_who_is_an_operator_and_who_is_asked(
    write: Write, tmp_path: Path
) -> None:
    write('operator = ["ann"]\nauth = ["memory:ann:swordfish"]\n')
    (tmp_path / "passwords").write_text("bob:sardine8\n")
    options = parsed("--operator", "bob", "--auth", f"file:{tmp_path}/passwords")
    assert options["operators"] == ("bob",)
    [checker] = options["credCheckers"]
    assert checker.filename == f"{tmp_path}/passwords"


def test_a_password_in_the_file_is_not_shown_where_it_is_wrong(write: Write) -> None:
    for value in ('"memory:ann:swordfish"', '["memory:swordfish"]', '["ldap:ann:swordfish"]'):
        write(f"auth = {value}\n")
        assert "swordfish" not in str(wrong())


def test_what_the_file_does_not_say_is_as_without_it(write: Write) -> None:
    write("# nothing yet\n")
    options = parsed()
    assert (options["max-clients"], options["idle-timeout"]) == (500, inf)


@pytest.mark.parametrize("typed", [["--rate", "5"], ["-r", "5"], ["-r5"], ["--rate=5"]])
def test_the_command_line_wins_also_with_what_holds_by_default(
    write: Write, typed: list[str]
) -> None:
    write("rate = 7\n")
    assert parsed()["rate"] == 7.0
    assert parsed(*typed)["rate"] == 5.0


def test_the_command_line_wins_with_where_to_listen(write: Write) -> None:
    write('listen = ["tcp:8000"]\n')
    assert list(parsed("--listen", "tcp:8001")["endpoints"]) == ["tcp:8001"]


def test_the_file_may_begin_as_editors_on_other_systems_begin_it(write: Write) -> None:
    write("\ufeffrate = 7\r\nmax-line = 100\r\n")
    assert (parsed()["rate"], parsed()["max-line"]) == (7.0, 100)


def test_a_text_of_the_file_is_looked_for_where_the_daemon_is_started(write: Write) -> None:
    write('motd = "motd"\n').with_name("motd").write_text("be kind\n")
    assert parsed()["motd"] == "be kind\n"
    write('motd = "motd"\n').with_name("motd").write_text("\x1b[1mbe kind\x1b[m\n\tand short\n")
    assert parsed()["motd"] == "be kind\n\tand short\n"


# what is wrong with it


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("max-clients = 0", "--max-clients wants a number from 1 to 1000000, and not 0"),
        ("max-clients = 1.5", "--max-clients wants a number from 1 to 1000000, and not 1.5"),
        ("rate = nan", "--rate wants a number from 0 to 1000000, and not nan"),
        (f"rate = {10**30}", "--rate has a number that is too large"),
        (f"rate = 0x{'f' * 9999}", "--rate has a number that is too large"),
        ("rate = true", "--rate wants a text in quotes or a number, and not true"),
        ("motd = [1]", "--motd wants a text in quotes or a number, and not a list"),
        (
            "motd = 2026-01-01",
            "--motd wants a text in quotes or a number, and not a date or a time",
        ),
        ('motd = "a\\u0000b"', "--motd has a character that cannot be printed"),
        ("confirm = 1", "--confirm wants true or false, and not a number"),
        ('confirm = "yes"', '--confirm wants true or false, and not "yes"'),
        (
            'listen = "tcp:1"',
            '--listen wants a list of texts in quotes, such as ["one", "another"], and not a text',
        ),
        ('listen = ["tcp"]', "--listen tcp is no endpoint"),
        ("rate = {a = 1}", "--rate wants a text in quotes or a number, and not a table"),
        ("max-client = 5", "there is no option max-client. Did you mean max-clients?"),
        ("xyzzy = 5", "there is no option xyzzy. --help shows them all"),
        ('"\\u001b[2J" = 5', "there is no option ?[2J. --help shows them all"),
        ("config = 5", "there is no option config: it belongs on the command line"),
        ("help-auth = true", "there is no option help-auth: it belongs on the command line"),
        ("[clients]", "there is no table clients"),
        ("[[clients]]", "there is no table clients"),
        ("clients.most = 5", "there is no table clients"),
        ("port = 70000", "--port wants a number from 0 to 65535, and not 70000"),
        ('motd = "nowhere"', "--motd nowhere: No such file or directory"),
        ('durability = "most"', "--durability wants power or process, and not most"),
        ('rooms = "none"', "--rooms wants free or operators, and not none"),
        ('admin = "tcp:1"', "--admin wants unix:FILE, and not tcp:1"),
        ('members-only = "yes"', '--members-only wants true or false, and not "yes"'),
        ('password-file = "nowhere"', "--password-file nowhere: No such file or directory"),
        ('operator = ["ann", "a/b"]', "--operator a/b: That is not a legal name"),
        ('auth = ["file:nowhere"]', "--auth file:nowhere: No such file or directory"),
        ('auth = ["nonsense:x"]', "--auth nonsense: it checks no passwords"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(write: Write, line: str, told: str) -> None:
    write(f'# first\n\nkeep = "30d"\n{line}\n')
    [reason] = wrong()
    assert reason.startswith(f"chat.toml, line 4: {told}")


def test_all_that_is_wrong_is_told_in_its_order(write: Write) -> None:
    write('rate = -1\nmax-line = 1\nxyzzy = 1\nlisten = ["tcp", "tcp:x"]\n[clients]\nrate = 5\n')
    lines = [reason.partition(":")[0] for reason in wrong()]
    assert lines == [f"chat.toml, line {number}" for number in (1, 2, 3, 4, 4, 5)]


def test_what_is_wrong_on_the_command_line_is_told_too_and_first(write: Write) -> None:
    write("rate = -1\nmax-line = 1\n")
    first, second = wrong("--rate", "x")
    assert first == "--rate wants a number from 0 to 1000000, and not x"
    assert second.startswith("chat.toml, line 2: --max-line")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("rate = 5\nmotd = \n", "line 2: invalid value, at column 8"),
        ("rate = 5\nrate = 6\n", "line 2: cannot overwrite a value, at column 9"),
        ('rate = 5\n\nmotd = """\nbe kind\n', "line 4: "),
        ("rate 5\n", "line 1: expected '=' after a key in a key/value pair, at column 6"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(write: Write, text: str, told: str) -> None:
    write(text)
    [reason] = wrong()
    assert reason.startswith(f"chat.toml, {told}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"rate = 5\nmotd = 'caf\xe9'\n", "chat.toml, line 2: it is not UTF-8"),
        (b"#" * (LONGEST + 1), f"--config chat.toml: it is longer than {LONGEST} bytes"),
        (b"a=" + b"[" * 9999, "--config chat.toml: it is nested too deeply"),
        (b"rate = " + b"9" * 9999, "--config chat.toml: it has a number that is too long"),
    ],
)
def test_what_cannot_be_read_at_all_is_told(write: Write, content: bytes, told: str) -> None:
    write("").write_bytes(content)
    assert wrong() == (told,)


def test_a_file_that_is_missing_or_none_is_told(write: Write, tmp_path: Path) -> None:
    assert wrong() == ("--config chat.toml: No such file or directory",)
    (tmp_path / "chat.toml").mkdir()
    assert wrong() == ("--config chat.toml: Is a directory",)


def test_each_thing_that_is_wrong_is_a_line_of_its_own(
    write: Write, capfd: pytest.CaptureFixture[str]
) -> None:
    write("rate = -1\nmax-line = 1\n")
    with pytest.raises(SystemExit) as ended:
        parsed()
    assert ended.value.code == 1
    assert [line[:23] for line in capfd.readouterr().err.splitlines()] == [
        "chat: chat.toml, line 1",
        "chat: chat.toml, line 2",
    ]


# to look and not to start


def test_a_file_that_is_fine_is_said_to_be(write: Write, capfd: pytest.CaptureFixture[str]) -> None:
    path = write("rate = 7\n")
    with pytest.raises(SystemExit) as ended:
        parsed("--check-config")
    assert (ended.value.code, capfd.readouterr().out) == (0, "chat.toml is fine\n")
    assert list(path.parent.iterdir()) == [path]


def test_a_command_line_alone_can_be_looked_at_too(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Options().parseOptions(["--check-config"])
    assert (ended.value.code, capfd.readouterr().out) == (0, "the command line is fine\n")


@pytest.mark.parametrize(
    ("name", "value"), [("store", "sqlite:nowhere/chat.sqlite"), ("admin", "unix:nowhere/socket")]
)
def test_a_folder_that_is_missing_is_found_before_the_start(
    write: Write, capfd: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    write(f'{name} = "{value}"\n')
    with pytest.raises(SystemExit) as ended:
        parsed("--check-config")
    told = f"chat: chat.toml, line 1: --{name} {value}: there is no folder for it\n"
    assert (ended.value.code, capfd.readouterr().err) == (1, told)


# the example of docs/operating.md

PAGE = (Path(__file__).parents[1] / "docs" / "operating.md").read_text()
EXAMPLE = dedent(PAGE[PAGE.index("    # /etc/chat/chat.toml\n") :].partition("\n\n")[0])


@pytest.fixture
def example(write: Write) -> Options:
    """With its files, in one folder."""
    folder = write(EXAMPLE.replace("/etc/chat/", "")).parent
    for name in ("motd", "secret", "passwords"):
        (folder / name).write_text("be kind\n")
        (folder / name).chmod(0o600)
    return parsed()


def test_the_example_has_every_option_and_all_of_it_can_be_used(example: Options) -> None:
    assert example.settings is not None
    assert set(example.settings.values) == set(example.kinds)
    assert len(example["endpoints"]) == 2


def test_most_of_the_example_is_what_holds_without_it(example: Options) -> None:
    plain = Options()
    plain.parseOptions([])
    other = {name for name in plain.kinds if example[name] != plain[name]}
    places = {"port", "interface", "listen", "admin", "no-console"}
    limits = {"per-address", "nameless", "connects", "exempt"}
    assert other == places | limits | {"motd", "password-file", "auth", "operator"}


def test_the_page_says_of_every_option_whether_it_can_change() -> None:
    table = PAGE[PAGE.index("| option | when") : PAGE.index("| certificates of")]
    rows = [row for row in table.splitlines()[2:] if row]
    cannot = {name for row in rows if "cannot" in row for name in re.findall(r"`([\w-]+)`", row)}
    can = {name for row in rows if "cannot" not in row for name in re.findall(r"`([\w-]+)`", row)}
    assert can == LIVE
    assert cannot == set(Options().kinds) - LIVE


# the lines on which names stand

NAMES = st.text("abcxyz-_09", min_size=1, max_size=5)
TRICKY = st.text("ab=#[]\"'\\ ,{}", max_size=9)


def basic(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def in_lines(lines: list[str]) -> str:
    """A text over several lines, any of which looks like anything."""
    return '"""\n' + "\n".join(basic(line)[1:-1] for line in lines) + '"""'


def listed(values: list[str]) -> str:
    return "[ # = [\n" + "".join(f"  {value}, # x = 1\n" for value in values) + "]"


VALUES: st.SearchStrategy[str] = st.one_of(
    st.integers(0, 99).map(str),
    TRICKY.map(basic),
    st.lists(st.one_of(TRICKY, st.just("a = 1"), st.just("[t]")), max_size=4).map(in_lines),
    st.lists(TRICKY.map(basic), max_size=3).map(listed),
)
FILLING = st.lists(st.sampled_from(["", "# a = 1", "   ", "\t# ["]), max_size=2)


@given(st.dictionaries(NAMES, st.tuples(FILLING, VALUES), max_size=6), st.booleans())
def test_the_line_of_a_name_is_where_it_stands(given: dict[str, Any], tables: bool) -> None:
    text, expected = "", {}
    for name, (filling, value) in given.items():
        text += "".join(f"{line}\n" for line in filling)
        expected[name] = text.count("\n") + 1
        text += f"{name} = {value} # c = 2\n"
    if tables:
        expected["table"] = text.count("\n") + 1
        text += " [table]\nfirst = 1\na = '''\n[b]\n'''\n[table.more]\n"
    assert config.lines_of(text) == expected


def test_a_value_of_a_kind_is_read_as_the_command_line_gives_it(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("a = 1\nb = true\nc = ['x']\n")
    kinds = {"a": Kind.TEXT, "b": Kind.FLAG, "c": Kind.LIST}
    assert config.read(tmp_path / "x", "x", kinds).values == {"a": "1", "b": 1, "c": ["x"]}
