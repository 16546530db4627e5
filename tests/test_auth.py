"""Names and passwords that somebody else knows, by checkers as twisted.cred has them."""

from pathlib import Path
from typing import Any

import pytest
from twisted.cred import strcred
from twisted.cred.checkers import (
    ANONYMOUS,
    FilePasswordDB,
    ICredentialsChecker,
    InMemoryUsernamePasswordDatabaseDontUse,
)
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.error import LoginDenied, UnauthorizedLogin
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.task import Clock
from zope.interface import implementer

from tests.conftest import Leftovers
from twisted_chat.auth import PATIENCE, Authority


@implementer(ICredentialsChecker)
class Checker:
    """Answers with what it was given: raises it, or returns it."""

    credentialInterfaces = (IUsernamePassword,)

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[tuple[bytes, bytes]] = []

    def requestAvatarId(self, credentials: IUsernamePassword) -> Any:
        self.asked.append((credentials.username, credentials.password))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class OtherChecker(Checker):
    """The same of another kind."""


NO = UnauthorizedLogin()


def asks(*checkers: object, name: str = "ann", password: str = "swordfish") -> "Deferred[bool]":
    authority = Authority(checkers, Clock())  # type: ignore[arg-type]
    return Deferred.fromCoroutine(authority.knows(name, password))


def answer_of(asked: "Deferred[bool]") -> bool | str:
    """What is answered at once: yes, no, or the code of a refusal."""
    answers: list[bool | str] = []
    asked.addCallbacks(answers.append, lambda failure: answers.append(failure.value.code))
    return answers[0]


# yes and no


def test_who_is_known_to_the_one_checker_is_known() -> None:
    checker = Checker(succeed(b"ann"))
    assert answer_of(asks(checker)) is True
    assert checker.asked == [(b"ann", b"swordfish")]


@pytest.mark.parametrize(
    "no",
    [fail(NO), NO, fail(LoginDenied()), LoginDenied()],
    ids=["later unknown", "unknown", "later denied", "denied"],
)
def test_who_is_not_known_is_not(no: object) -> None:
    assert answer_of(asks(Checker(no))) is False


def test_who_is_known_to_the_second_checker_is_known_and_the_third_is_not_asked() -> None:
    third = Checker(NO)
    assert answer_of(asks(Checker(NO), Checker(succeed(b"ann")), third)) is True
    assert third.asked == []


def test_without_a_checker_nobody_is_known() -> None:
    assert answer_of(asks()) is False


@pytest.mark.parametrize("nobody", [ANONYMOUS, None, b"", ""])
def test_an_answer_that_names_nobody_is_no_yes(nobody: object) -> None:
    assert answer_of(asks(Checker(succeed(nobody)))) is False


def test_a_name_and_a_password_are_asked_about_as_typed_in_utf8() -> None:
    checker = Checker(succeed(b"x"))
    asks(checker, name="Jürgen", password=" grün ")
    assert checker.asked == [("Jürgen".encode(), " grün ".encode())]


@pytest.mark.parametrize("password", ["", "half a char \ud800"])
def test_what_can_be_nobodys_password_is_not_even_asked_about(password: str) -> None:
    checker = Checker(succeed(b"ann"))
    assert answer_of(asks(checker, password=password)) is False
    assert checker.asked == []


# what goes wrong


@pytest.mark.parametrize(
    "trouble", [OSError("no route"), fail(ZeroDivisionError())], ids=["raised", "failed"]
)
def test_a_checker_in_trouble_is_no_yes(trouble: object, leftovers: Leftovers) -> None:
    assert answer_of(asks(Checker(trouble))) == "not-checked"
    assert len(leftovers.flush()) == 1


def test_who_is_known_to_one_is_known_whatever_troubles_another(leftovers: Leftovers) -> None:
    assert answer_of(asks(Checker(OSError()), OtherChecker(succeed(b"ann")))) is True
    leftovers.flush()


def test_who_is_known_to_none_is_not_called_wrong_while_one_is_in_trouble(
    leftovers: Leftovers,
) -> None:
    assert answer_of(asks(Checker(OSError()), OtherChecker(NO))) == "not-checked"
    leftovers.flush()


def test_trouble_is_logged_once_a_kind_and_never_with_the_password(leftovers: Leftovers) -> None:
    checker, other = Checker(OSError("no route")), OtherChecker(OSError("no route"))
    authority = Authority([checker, other], Clock())
    for error in (OSError("no route"), OSError("no route"), ValueError("what?")):
        checker.answer = error
        answer_of(Deferred.fromCoroutine(authority.knows("ann", "swordfish")))
    logged = leftovers.flush()
    assert [event["checker"] for event in logged] == ["Checker", "OtherChecker", "Checker"]
    assert "swordfish" not in "".join(event["log_failure"].getTraceback() for event in logged)


def test_a_checker_that_does_not_answer_is_given_up(leftovers: Leftovers) -> None:
    clock, silent = Clock(), Checker(Deferred())
    asked = Deferred.fromCoroutine(Authority([silent], clock).knows("ann", "swordfish"))
    clock.advance(PATIENCE - 0.1)
    assert not asked.called
    clock.advance(0.1)
    assert answer_of(asked) == "not-checked"
    assert len(leftovers.flush()) == 1


def test_a_checker_may_take_its_time() -> None:
    clock, slow = Clock(), Deferred[bytes]()
    asked = Deferred.fromCoroutine(Authority([Checker(slow)], clock).knows("ann", "swordfish"))
    clock.advance(PATIENCE / 2)
    slow.callback(b"ann")
    assert answer_of(asked) is True
    assert clock.getDelayedCalls() == []


# Twisted's own checkers


def knows(checker: object, name: str, password: str) -> bool | str:
    return answer_of(asks(checker, name=name, password=password))


def test_a_file_of_names_and_passwords_is_read_at_every_question(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_text("ann:swordfish\nJürgen:grün\nempty:\n")
    checker = strcred.makeChecker(f"file:{file}")
    assert knows(checker, "ann", "swordfish") is True
    assert knows(checker, "Jürgen", "grün") is True
    assert knows(checker, "ann", "wrong") is False
    assert knows(checker, "empty", "") is False
    file.write_text("ann:changed\n")
    assert knows(checker, "ann", "swordfish") is False


def test_the_case_of_a_name_matters_to_a_file_unless_it_says_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "passwords"
    file.write_text("Ann:swordfish\n")
    assert knows(FilePasswordDB(str(file)), "ann", "swordfish") is False
    assert knows(FilePasswordDB(str(file), caseSensitive=False), "ANN", "swordfish") is True


def test_a_file_that_is_gone_knows_nobody(tmp_path: Path) -> None:
    assert knows(FilePasswordDB(str(tmp_path / "missing")), "ann", "swordfish") is False


def test_the_memory_of_the_command_line_knows_names_too() -> None:
    checker = strcred.makeChecker("memory:ann:swordfish:Jürgen:grün")
    assert knows(checker, "ann", "swordfish") is True
    assert knows(checker, "Jürgen", "grün") is True
    assert knows(checker, "ann", "grün") is False


def test_a_memory_of_bytes_stays_as_it_is() -> None:
    checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"swordfish")
    assert knows(checker, "ann", "swordfish") is True


def test_the_refusal_says_to_come_later(leftovers: Leftovers) -> None:
    told: list[str] = []
    asks(Checker(OSError())).addErrback(lambda failure: told.append(str(failure.value)))
    assert told == ["Passwords cannot be checked just now. Please try again later."]
    leftovers.flush()
