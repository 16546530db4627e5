"""The client's settings: read, or refused with the line on which they are wrong."""

from pathlib import Path

import pytest

from twisted_chat.client import settings
from twisted_chat.client.folders import Folders
from twisted_chat.client.settings import Settings
from twisted_chat.config import WrongOptions

PIN = "sha256//" + "A" * 43 + "="


def read(folder: Path, text: str, *commands: str) -> Settings:
    file = folder / "config.toml"
    file.write_text(text)
    return settings.read(file, frozenset(commands))


def wrong(folder: Path, text: str, *commands: str) -> list[str]:
    """What is said of it, without the name of the file."""
    with pytest.raises(WrongOptions) as refused:
        read(folder, text, *commands)
    return [reason.removeprefix(f"{folder}/config.toml, ") for reason in refused.value.reasons]


def test_settings_and_servers_by_name_are_read(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        'server = "work"\nplain = true\n\n[servers.work]\nwhere = "ann@chat.example"\n'
        f'tls = true\npin = "{PIN}"\n[servers.home]\nendpoint = "unix:/run/chat.sock"\n',
    )
    assert found.general == {"server": "work", "plain": True}
    assert found.servers == {
        "work": {"where": "ann@chat.example", "tls": True, "pin": PIN},
        "home": {"endpoint": "unix:/run/chat.sock"},
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain = 1", "line 1: plain wants true or false, and not a number"),
        ("\n\nname = true", "line 3: name wants a text in quotes, and not true"),
        ("plian = true", "line 1: there is no setting plian. Did you mean plain?"),
        ("tls = true", "line 1: tls belongs to one server: it stands below [servers.NAME]"),
        ('password = "x"', "line 1: no password stands here: password-file or"),
        ("[server]\n", "line 1: server wants a text in quotes, and not a table"),
        ("servers = 3", "line 1: servers are tables: [servers.work]"),
        ("[servers]\nwork = 3", "line 2: a server is a table: [servers.work]"),
        ("[servers.work]\ntls = true", "line 1: work has neither where nor endpoint"),
        ('[servers.w]\n\nwhere = "host:x"', "line 3: x is no port"),
        ('[servers.w]\nwhere = "a:b@host"', "line 2: a password never stands in a command line"),
        ('[servers.w]\nwhere = "host"\npin = "abc"', "line 3: a pin is sha256//"),
        ('[servers."a:b"]\nwhere = "host"', "line 1: no server can be called a:b"),
        ('[servers.say]\nwhere = "host"', "line 1: no server can be called say: it is a command"),
        ('name = "a\\u001bb"', "line 1: name has a character that cannot be printed"),
        ("name = ", "line 1: invalid value"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    (reason,) = wrong(tmp_path, text, "say")
    assert reason.startswith(told)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = 'plain = 1\n[servers.w]\nwhere = "host"\ntls = "yes"\nfoo = 1\n'
    assert [reason.partition(":")[0] for reason in wrong(tmp_path, text)] == [
        "line 1",
        "line 4",
        "line 5",
    ]


def test_the_example_is_right_as_it_is_and_with_every_setting_in_it(tmp_path: Path) -> None:
    assert read(tmp_path, settings.EXAMPLE) == Settings()
    lines = (
        line.removeprefix("# ").replace("sha256//...", PIN).replace("once = true", "once = false")
        for line in settings.EXAMPLE.splitlines()
        if line.startswith("# ") and (" = " in line or line.startswith("# ["))
    )
    found = read(tmp_path, "\n".join(lines))
    assert set(found.general) == set(settings.GENERAL)
    assert set(found.servers["work"]) | set(found.servers["home"]) == set(settings.OF_A_SERVER)


def test_where_one_was_last_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "state" / "last.toml"
    last: settings.Table = {"where": "chat.example:9999", "tls": True, "name": 'ännä"\\'}
    settings.write_last(file, last)
    assert settings.read_last(file) == last
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "nonsense", "[servers]", 'where = "a:b:c@d"', "tls = 3"])
def test_of_what_cannot_be_read_nothing_is_remembered(tmp_path: Path, text: str) -> None:
    file = tmp_path / "last.toml"
    assert settings.read_last(file) == {}
    file.write_text(text)
    assert settings.read_last(file) == {}


def test_where_nothing_can_be_written_nothing_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    settings.write_last(tmp_path / "state" / "last.toml", {"where": "host"})
    assert settings.read_last(tmp_path / "state" / "last.toml") == {}


def test_the_folders_are_those_of_the_xdg_specification() -> None:
    usual = Folders.of({"HOME": "/home/ann"})
    assert usual.settings == Path("/home/ann/.config/twisted-chat/config.toml")
    assert usual.last == Path("/home/ann/.local/state/twisted-chat/last.toml")
    moved = Folders.of({"HOME": "/home/ann", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "s"})
    assert moved.config == Path("/c/twisted-chat")
    assert moved.state == usual.state, "a path that is not absolute does not count"
