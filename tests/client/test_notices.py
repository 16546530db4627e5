"""The bell, the desktop's notice, the title."""

import pytest

from twisted_chat.client.notices import LONGEST, Notify, notice, short, title
from twisted_chat.client.screen import Kind, Line

SAID = Line("ann: hi", Kind.SAID, name="ann")
NAMED = Line("ann: hi bob", Kind.SAID, name="ann", mentions=True)
TOLD = Line("[ann] hi", Kind.TOLD, name="ann", to="bob")


@pytest.mark.parametrize(
    ("setting", "wanted"),
    [
        (Notify.MENTIONS, [NAMED, TOLD]),
        (Notify.PRIVATE, [TOLD]),
        (Notify.ALL, [SAID, NAMED, TOLD]),
        (Notify.OFF, []),
    ],
)
def test_one_is_called_for_what_one_wants_to_be(setting: Notify, wanted: list[Line]) -> None:
    assert [line for line in (SAID, NAMED, TOLD) if setting.wants(line)] == wanted


def test_nobody_is_called_for_what_she_says_herself_nor_for_what_is_past() -> None:
    own = Line("[to ann] hi", Kind.TOLD, name="bob", to="ann", own=True)
    past = Line("ann: hi bob", Kind.SAID, name="ann", mentions=True, earlier=True)
    joined = Line("-- ann joined", Kind.CAME, name="ann")
    assert not any(Notify.ALL.wants(line) for line in (own, past, joined))


def test_a_terminal_is_spoken_to_in_its_own_way() -> None:
    assert notice("ann: hi", {"TERM": "xterm-kitty"}) == "\x1b]9;chat: ann: hi\x1b\\"
    assert notice("a;b", {"VTE_VERSION": "7600"}) == "\x1b]777;notify;chat;a,b\x1b\\"


@pytest.mark.parametrize(
    "evil", ["\x07\x1b]0;x\x07", "\x1b\\\x1b[2J", "\x9c", "a\nb\x1b]52;c;eA\a"]
)
def test_nothing_in_a_notice_or_a_title_ends_it_early(evil: str) -> None:
    for made in (notice(f"x{evil}y", {}), title(f"x{evil}y")):
        assert made.startswith("\x1b]")
        assert made.endswith("y\x1b\\")
        assert made[2:-2].isprintable()


def test_a_notice_never_begins_with_what_is_another_command_to_some_terminals() -> None:
    assert notice("4;1;50", {}) == "\x1b]9;chat: 4;1;50\x1b\\"


def test_both_are_bounded() -> None:
    assert len(notice("x" * 100_000, {})) < LONGEST + 20
    assert short("one  two\nthree", 9) == "one two …"
