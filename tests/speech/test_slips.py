"""Passwords that are typed where all would read them."""

import pytest

from twisted_chat.core.refusals import Refusal
from twisted_chat.speech.slips import require_no_password


@pytest.mark.parametrize(
    "line",
    [
        " /register",
        " /register hunter22",
        "\u00a0/register hunter22",
        "  /passwd old new",
        "./register hunter22",
        "\\register hunter22",
        ":register hunter22",
        "!register hunter22",
        ".login ann hunter22",
        " . /identify hunter22",
        "/ register hunter22",
        "//login hunter22",
        " /msg nickserv identify hunter22",
        "register hunter22",
        "Register ann@example.org hunter22",
        "REGISTER hunter22 hunter22 ",
        "passwd hunter22",
        "passwd old new",
        "identify hunter22",
        "identify ann hunter22",
        "nickserv identify hunter22",
        "NickServ: identify hunter22",
        "msg NickServ identify hunter22",
        "/msg nickserv register hunter22 ann@example.org",
    ],
)
def test_a_line_that_looks_like_a_password_command_is_refused(line: str) -> None:
    with pytest.raises(Refusal) as caught:
        require_no_password(line)
    assert caught.value.code == "password-in-line"
    assert "hunter22" not in caught.value.sentence
    assert "/say" in caught.value.sentence


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "how do I register?",
        "register",
        "please register your names, all of you",
        "register the new printer with the office first",
        "my password is a secret",
        "password reset is broken again",
        "login fails on the new machine",
        "log in, then look",
        "I identify as a teapot",
        "identify which of the three is broken first",
        "account details follow",
        "the passwd file is in /etc",
        "cat /etc/passwd | grep ann",
        "see /register for that",
        "/etc/passwd",
        "/registered users only",
        ":-)",
        "... register",
        "!important",
        ".loginctl is a command",
        "nickserv",
        "nickserver is down",
        "msg me later",
        "",
        "   ",
    ],
)
def test_ordinary_talk_is_not(line: str) -> None:
    require_no_password(line)


def test_a_text_that_is_longer_than_any_command_is_said() -> None:
    require_no_password(" /register " + "x" * 200)


@pytest.mark.parametrize(
    ("line", "command"),
    [(" /passwd a b", "/passwd"), (".password a", "/passwd"), (".login a", "/register")],
)
def test_it_is_told_which_command_asks_for_it(line: str, command: str) -> None:
    with pytest.raises(Refusal, match=f"Type {command} alone"):
        require_no_password(line)
