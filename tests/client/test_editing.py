"""A text that comes from an editor."""

import asyncio
import stat
from pathlib import Path

import pytest

from twisted_chat.client.editing import EDITORS, edited, editors

WRITES = """sh -c 'printf " and more\\n" >> "$0"'"""


def made(text: str, **env: str) -> str | None:
    return asyncio.run(edited(text, env))


def test_what_it_wrote_comes_back_without_its_last_line_end() -> None:
    assert made("one", EDITOR=WRITES) == "one and more"


def test_what_it_did_not_keep_does_not() -> None:
    assert made("one", EDITOR="false") is None


def test_one_is_tried_after_the_other_and_first_ones_own() -> None:
    tried = [*editors({"VISUAL": "code --wait", "EDITOR": "vi"})]
    assert tried == [["code", "--wait"], ["vi"], *([name] for name in EDITORS)]


@pytest.mark.parametrize("wrong", ["", " ", "vim '", "/", "no-such-editor"])
def test_what_is_no_program_is_passed_over(wrong: str) -> None:
    assert made("one", VISUAL=wrong, EDITOR=WRITES) == "one and more"


def test_nobody_else_can_read_it_and_it_is_gone_afterwards(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    look = f"""sh -c 'stat -c "%a %n" "$0" > {seen}'"""
    assert made("one", EDITOR=look) == "one"
    mode, name = seen.read_text().split()
    assert int(mode, 8) == stat.S_IRUSR | stat.S_IWUSR
    assert not Path(name).exists()
