"""Answers to what is missing in a request."""

from collections.abc import Iterator

from twisted_chat.admin.answering import complete, from_lines, said_once
from twisted_chat.core.requests import AccountOf, ChangePassword, Names


def lines(*answers: str) -> Iterator[bytes]:
    return iter([f"{answer}\n".encode() for answer in answers])


def test_a_request_in_which_nothing_is_missing_takes_no_line() -> None:
    left = lines("one horse")
    assert complete(Names(), from_lines(left)) == Names()
    assert next(left) == b"one horse\n"


def test_a_script_says_a_new_password_once() -> None:
    left = lines("one horse", "the next")
    answer = said_once(from_lines(left))
    assert complete(ChangePassword("ann"), answer) == ChangePassword("ann", "", "one horse")
    assert next(left) == b"the next\n"


def test_a_script_says_the_old_one_before_the_new() -> None:
    answer = said_once(from_lines(lines("one horse", "another")))
    assert complete(ChangePassword(), answer) == ChangePassword("", "one horse", "another")


def test_all_that_a_person_is_asked_for_is_asked_for_here() -> None:
    answer = from_lines(lines(" one horse "))
    assert complete(AccountOf("delete"), answer) == AccountOf("delete", " one horse ")
