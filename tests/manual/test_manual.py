"""The man page and the completions are those of the table of options, and the tools read them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from manual import man
from manual.__main__ import BASH, MAN, ROOT, SHARE, ZSH, made
from twisted_chat.client.options import COMMANDS, OPTIONS, STATUSES, TALK, options_of

PAGE = (ROOT / "docs" / "client.md").read_text()
FLAG = re.compile(r"--[a-z][a-z-]*")


def output(*argv: str, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("name", [MAN, BASH, ZSH])
def test_what_is_in_the_repository_is_what_is_made_now(name: str) -> None:
    assert (SHARE / name).read_text() == made()[name], "python -m manual makes them anew"


def test_the_page_has_every_option_and_no_other() -> None:
    named = set(FLAG.findall(PAGE)) - {"--pinnedpubkey"}
    assert named <= {option.flag for option in OPTIONS}
    shown = made()[MAN].replace("\\-", "-")
    assert [option.flag for option in OPTIONS if option.flag not in shown] == []


def test_the_page_has_the_statuses_of_the_table() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, re.MULTILINE)
    assert rows == [(str(int(status)), words) for status, words in STATUSES]


def test_the_page_tells_of_every_command() -> None:
    assert [
        one.name for one in COMMANDS if f"`{one.name}" not in PAGE and one.name != "doctor"
    ] == []


@pytest.mark.parametrize(
    ("markdown", "roff"),
    [
        ("plain text", ["plain text"]),
        ("`code` and **bold**", [r"\fBcode\fR and \fBbold\fR"]),
        ("[a link](there.md)", ["a link"]),
        (".dots and 'quotes", [r"\&.dots and \(aqquotes"]),
        ("a\\b-c", [r"a\eb\-c"]),
        ("    one\n    .two", [".PP", ".RS 4", ".nf", "one", r"\&.two", ".fi", ".RE"][1:]),
        ("one\n\ntwo", ["one", ".PP", "two"]),
        ("| a | b |\n| --- | --- |\n| `x` | y |", [".TP", r"\fBx\fR", "y"]),
        ("### more", [".SS more"]),
        ("- one\n  more\n- two", [r".IP \(bu 2", "one", "more", r".IP \(bu 2", "two"]),
    ],
)
def test_markdown_becomes_what_man_reads(markdown: str, roff: list[str]) -> None:
    assert list(man.formatted(markdown)) == roff


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="needs mandoc")
def test_mandoc_has_nothing_to_say_of_the_man_page() -> None:
    assert output("mandoc", "-Tlint", "-W", "warning", str(SHARE / MAN)) == ""


@pytest.mark.skipif(shutil.which("man") is None, reason="needs man")
def test_man_shows_the_page() -> None:
    shown = output("man", "-l", str(SHARE / MAN))
    assert "twisted-chat - talk in a chat" in shown
    assert "EXIT" not in shown or "HOW IT ENDS" in shown


# completion


def completed(*words: str, home: Path | None = None) -> set[str]:
    """What bash offers behind these words, the last of which is being typed."""
    script = f"source {SHARE / BASH}; COMP_WORDS=(twisted-chat {' '.join(map(repr, words))}); "
    script += f'COMP_CWORD={len(words)}; _twisted_chat; printf "%s\\n" "${{COMPREPLY[@]}}"'
    env = {"HOME": str(home or "/nowhere"), "PATH": "/usr/bin:/bin"}
    return set(output("bash", "--norc", "-c", script, env=env).split())


@pytest.mark.parametrize("command", [TALK, *COMMANDS], ids=lambda one: one.name or "talk")
def test_bash_offers_the_options_of_each_command(command: object) -> None:
    name = command.name  # type: ignore[attr-defined]
    flags = {option.flag for option in options_of(name)} | {"--help", "--version"}
    assert completed(*([name] if name else []), "--") == flags


def test_bash_offers_commands_and_the_servers_of_the_settings(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "twisted-chat"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("[servers.work]\nwhere = 'x'\n[servers.wide] # y\n")
    assert completed("", home=tmp_path) == {one.name for one in COMMANDS} | {"work", "wide"}
    assert completed("w", home=tmp_path) == {"wait", "who", "work", "wide"}
    assert completed("doctor", "wo", home=tmp_path) == {"work"}
    assert completed("say", "--server", "wo", home=tmp_path) == {"work"}


def test_bash_offers_files_behind_what_takes_one(tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    assert completed("--password-file", f"{tmp_path}/se") == {f"{tmp_path}/secret"}
    assert completed("--name", "s") == set()


def offered_by_zsh(*words: str) -> str:
    """What zsh's own completion is asked for: its functions tell what they were given."""
    stub = '_arguments() { print -rl -- "$@" }; _describe() { print -rl -- "${commands[@]}" }\n'
    begin = f"words=(twisted-chat {' '.join(map(repr, words))}); CURRENT={len(words) + 1}\n"
    return output("zsh", "-f", "-c", f"{stub}{begin}source {SHARE / ZSH}")


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
@pytest.mark.parametrize("command", [TALK, *COMMANDS], ids=lambda one: one.name or "talk")
def test_zsh_is_told_the_options_of_each_command(command: object) -> None:
    name = command.name  # type: ignore[attr-defined]
    told = offered_by_zsh(*([name] if name else []), "")
    flags = set(re.findall(r"^(--[a-z-]+)\[", told, re.MULTILINE))
    assert flags == {option.flag for option in options_of(name)} | {"--help", "--version"}


@pytest.mark.skipif(shutil.which("zsh") is None, reason="needs zsh")
def test_zsh_offers_the_commands_to_who_presses_tab(tmp_path: Path) -> None:
    """The real completion, in a zsh that runs in a terminal of its own."""
    script = f"""
        zmodload zsh/zpty
        zpty z 'PS1=ready zsh -f -i'
        zpty -w z 'fpath=({(SHARE / ZSH).parent} $fpath); autoload -U compinit; compinit -u -D'
        zpty -w z 'bindkey "^I" complete-word; print re-ad''y'
        zpty -r z line '*re-ad''y*'
        zpty -w -n z $'twisted-chat do\\t'
        zpty -r z line '*doctor*' && print offered
        zpty -d z
    """
    env = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "TERM": "xterm"}
    assert "offered" in output("zsh", "-f", "-c", script, env=env)
