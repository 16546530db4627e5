"""What a person is asked for, line by line, where a program gives it all at once: secrets first.

A question takes the next line whole, whatever it begins with, and leads to the next question or to
the request that is complete now.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from twisted_chat.core import refusals
from twisted_chat.core.refusals import Refusal
from twisted_chat.core.requests import AccountOf, ChangePassword, Enter, Leave, Register, Request


@dataclass(frozen=True, slots=True)
class Question:
    """``answered`` raises a Refusal for a line that ends it. ``again``: it wants the answer before
    once more, since whoever types a secret does not see a slip."""

    prompt: str
    answered: "Callable[[str], Next]"
    again: bool = False


Next: TypeAlias = Question | Request


def about(request: Request) -> Question | None:
    """What is missing in a request, as a person types it."""
    match request:
        case Register(password="") | ChangePassword(new="") if not _by_oneself(request):
            return _new_password(lambda new: _with_new(request, new))
        case ChangePassword(new=""):
            return Question("Your password now:", lambda line: _then_new(request, line))
        case AccountOf(what=what, password="") if what.strip().lower() == "delete":
            return Question(
                "Your password; with it your account, your rooms and your messages are deleted:",
                lambda line: replace(request, password=_typed(line)),
            )
        case _:
            return None


def after(refusal: Refusal, request: Enter) -> Question | None:
    """What is missing to come in."""
    match refusal.code:
        case "password-or-guest":
            return Question(refusal.sentence, lambda line: replace(request, password=line))
        case "house-password-needed":
            return Question(refusal.sentence, lambda line: _else(line, request, "house"))
        case "wrong-password" if request.house is not None and not request.password:
            return Question(refusal.sentence, lambda line: _else(line, request, "house"))
        case "password-needed" | "wrong-password":
            prompt = f"{refusal.sentence} (an empty line: another name)"
            return Question(prompt, lambda line: _else(line, request, "password"))
        case _:
            return None


def _by_oneself(request: Request) -> bool:
    """The password is one's own, and there is one already."""
    return isinstance(request, ChangePassword) and not request.name


def _then_new(request: ChangePassword, line: str) -> Question:
    known = replace(request, password=_typed(line))
    return _new_password(lambda new: _with_new(known, new))


def _with_new(request: Request, new: str) -> Request:
    if isinstance(request, ChangePassword):
        return replace(request, new=new)
    return Register(new)


def _new_password(made: Callable[[str], Request]) -> Question:
    return Question(
        "A new password, of at least 8 characters; an empty line changes nothing:",
        lambda line: _again(_typed(line), made),
    )


def _again(first: str, made: Callable[[str], Request]) -> Question:
    return Question("The same once more:", lambda line: _same(first, line, made), again=True)


def _same(first: str, second: str, made: Callable[[str], Request]) -> Request:
    if first != second:
        raise refusals.passwords_differ()
    return made(first)


def _else(line: str, request: Enter, field: str) -> Request:
    """An empty line comes in by another name. Nobody is kept: exit leaves, and is no password."""
    if not line:
        raise refusals.another_name()
    if line.strip().lower() in ("exit", "/exit", "/quit"):
        return Leave()
    return replace(request, **{field: line})  # type: ignore[arg-type]


def _typed(line: str) -> str:
    if not line:
        raise refusals.nothing_changed()
    return line
