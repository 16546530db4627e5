"""Many lines at once, and what is asked about them; and the commands of the terminal itself."""

import pytest

from twisted_chat.client.local import EDIT, NOTIFY, is_secret, local, notify, usable
from twisted_chat.client.notices import Notify
from twisted_chat.client.offers import Offer, refusal


def test_the_line_ends_of_a_terminal_are_those_of_its_enter_key() -> None:
    assert Offer.of("one\rtwo\r\n\r").text == "one\ntwo"
    assert Offer.of("one\n").is_one_line


def test_nothing_that_acts_is_in_an_offer() -> None:
    assert Offer.of("a\x1b[2Jb\tc\x07\nd").text == "ab  c\nd"


def test_it_says_what_it_is_and_what_one_can_do() -> None:
    asked = Offer.of("\n".join(f"line {number}" for number in range(9))).question("#lab", 40)
    assert asked[0] == "-- 9 lines, 62 characters, for #lab as one:"
    assert asked[1:5] == ["  line 0", "  line 1", "  line 2", "  … and 6 more"]
    assert asked[-1] == "-- Enter sends them, e edits them, Esc drops them"


def test_a_command_before_several_lines_is_refused_and_a_text_is_not() -> None:
    assert refusal("/msg bob psst\nand more")
    assert not refusal("//usr/bin\nand more")
    assert not refusal("/msg bob psst")


@pytest.mark.parametrize("typed", ["/edit", " /EDIT "])
def test_a_command_of_ours_is_known_by_its_whole_name(typed: str) -> None:
    assert local(typed) == (EDIT, "")


def test_no_other_command_is() -> None:
    assert local("/notify off") == (NOTIFY, "off")
    assert local("/edi") is None
    assert local("/me edits") is None


def test_it_is_proposed_with_the_others() -> None:
    assert [command.name for command in usable([])] == ["again", "drop", "edit", "notify"]


def test_when_one_is_called_is_set_and_told() -> None:
    assert notify("OFF", Notify.ALL) == (Notify.OFF, "-- you are called for nothing")
    assert notify("", Notify.ALL) == (Notify.ALL, "-- you are called for all that is said")
    assert notify("never", Notify.ALL)[0] is Notify.ALL


@pytest.mark.parametrize(
    "line", ["/register hunter2", "/passwd a b", "/reg x", "/account delete x"]
)
def test_what_may_hold_a_password_is_known(line: str) -> None:
    assert is_secret(line)


@pytest.mark.parametrize("line", ["/register", "/me registers", "/r hello", "hello"])
def test_and_what_does_not(line: str) -> None:
    assert not is_secret(line)
