"""What a person is asked for, line by line."""

import pytest

from twisted_chat.core import refusals
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import (
    AccountOf,
    ChangePassword,
    Enter,
    Names,
    Register,
    Request,
    Say,
)
from twisted_chat.speech import questions
from twisted_chat.speech.questions import Next, Question


def answered(question: Question | None, *lines: str) -> Next:
    """What comes of it when these are typed, each in answer to the question before."""
    follows: Next | None = question
    for line in lines:
        assert isinstance(follows, Question)
        follows = follows.answered(line)
    assert follows is not None
    return follows


def prompts(question: Question | None, *lines: str) -> list[str]:
    asked = [answered(question, *lines[:count]) for count in range(len(lines))]
    return [one.prompt for one in asked if isinstance(one, Question)]


SECRET = "/correct #horse  battery "
"""A line that would be something else elsewhere, with a space at its end."""


@pytest.mark.parametrize(
    ("request_", "lines", "complete"),
    [
        (Register(), (SECRET, SECRET), Register(SECRET)),
        (ChangePassword(), ("old", SECRET, SECRET), ChangePassword("", "old", SECRET)),
        (ChangePassword("bob"), (SECRET, SECRET), ChangePassword("bob", "", SECRET)),
        (AccountOf("delete"), (SECRET,), AccountOf("delete", SECRET)),
    ],
)
def test_what_is_missing_is_asked_for_until_the_request_is_complete(
    request_: Request, lines: tuple[str, ...], complete: Request
) -> None:
    assert answered(questions.about(request_), *lines) == complete


@pytest.mark.parametrize(
    "request_",
    [
        Register("given"),
        ChangePassword("", "old", "new"),
        AccountOf("info"),
        AccountOf("export"),
        AccountOf("delete", "given"),
        Names(),
        Say("hi"),
        Enter("ann"),
    ],
)
def test_of_what_is_complete_nothing_is_asked(request_: Request) -> None:
    assert questions.about(request_) is None


def test_a_new_password_is_typed_twice() -> None:
    asked = prompts(questions.about(Register()), SECRET, SECRET)
    assert asked == [
        "A new password, of at least 8 characters; an empty line changes nothing:",
        "The same once more:",
    ]


def test_two_that_are_not_the_same_change_nothing() -> None:
    with pytest.raises(Refusal) as caught:
        answered(questions.about(Register()), SECRET, SECRET.strip())
    assert caught.value.code == "passwords-differ"


@pytest.mark.parametrize("request_", [Register(), ChangePassword(), AccountOf("delete")])
def test_an_empty_line_changes_nothing(request_: Request) -> None:
    with pytest.raises(Refusal) as caught:
        answered(questions.about(request_), "")
    assert caught.value.code == "nothing-changed"


def test_an_account_is_deleted_only_by_who_reads_what_that_means() -> None:
    [asked] = prompts(questions.about(AccountOf(" Delete ")), "hunter22")
    assert "your account, your rooms and your messages are deleted" in asked


# coming in


def test_the_password_of_a_name_is_asked_for() -> None:
    question = questions.after(refusals.password_needed("ann"), Enter("ann"))
    assert answered(question, SECRET) == Enter("ann", password=SECRET)


def test_an_empty_line_comes_in_as_a_guest_where_that_may_be() -> None:
    question = questions.after(refusals.password_or_guest("ann"), Enter("ann"))
    assert answered(question, "") == Enter("ann", password="")


def test_the_password_of_the_house_is_asked_for_and_again_if_it_was_wrong() -> None:
    asked = Enter("ann")
    first = answered(questions.after(refusals.house_password_needed(), asked), "wrong")
    assert first == Enter("ann", house="wrong")
    again = questions.after(refusals.wrong_password(), Enter("ann", house="wrong"))
    assert answered(again, "right") == Enter("ann", house="right")


def test_a_wrong_password_of_a_name_is_asked_for_again_and_the_other_is_kept() -> None:
    asked = Enter("ann", (("#lobby", 7),), "wrong", "house")
    again = questions.after(refusals.wrong_password(), asked)
    assert answered(again, "right") == Enter("ann", (("#lobby", 7),), "right", "house")


def test_who_gives_no_password_gives_another_name() -> None:
    again = questions.after(refusals.wrong_password(), Enter("ann", password="wrong"))
    with pytest.raises(Refusal) as caught:
        answered(again, "")
    assert caught.value.code == "no-name"


def test_nothing_is_asked_where_no_secret_would_help() -> None:
    assert questions.after(refusals.name_taken("ann", "ann2"), Enter("ann")) is None
    assert questions.after(refusals.too_many_attempts("1m"), Enter("ann")) is None


def test_no_secret_is_in_the_words_of_a_question() -> None:
    asked = questions.after(refusals.wrong_password(), Enter("ann", password="hunter22"))
    assert asked is not None
    assert "hunter22" not in asked.prompt
