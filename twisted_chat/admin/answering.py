"""Whence answers come to what is missing in a request: from the terminal, which does not show them,
or from the next lines of a pipe.
"""

from collections.abc import Callable, Iterator
from getpass import getpass
from typing import TypeAlias

from twisted_chat.admin.wire import Failed, Status
from twisted_chat.core import refusals
from twisted_chat.core.requests import Request
from twisted_chat.speech import questions
from twisted_chat.speech.questions import Question

Answer: TypeAlias = Callable[[Question], str]
"""A whole line, for a question. Raises Failed if none comes, and a Refusal if it is no text."""


def complete(request: Request, answer: Answer) -> Request:
    """The request with what was missing in it. Raises what ``answer`` does, and a Refusal."""
    follows = questions.about(request) or request
    while isinstance(follows, Question):
        follows = follows.answered(answer(follows))
    return follows


def at_terminal(question: Question) -> str:
    """What was typed ahead is thrown away, and not taken for an answer, nor for anything else."""
    try:
        typed = getpass(f"{question.prompt} ")
        typed.encode()  # in a C locale, what is no UTF-8 comes as surrogates
    except UnicodeError:
        raise refusals.not_utf8() from None
    except EOFError:
        raise unanswered(question) from None
    return typed


def from_lines(lines: Iterator[bytes]) -> Answer:
    """Each answer is the next of these lines."""

    def answer(question: Question) -> str:
        line = next(lines, None)
        if line is None:
            raise unanswered(question)
        try:
            return line.rstrip(b"\r\n").decode()
        except UnicodeDecodeError:
            raise refusals.not_utf8() from None

    return answer


def said_once(answer: Answer) -> Answer:
    """For a script, which makes no slip: what it said is not asked for once more."""
    said = ""

    def once(question: Question) -> str:
        nonlocal said
        if not question.again:
            said = answer(question)
        return said

    return once


def unanswered(question: Question) -> Failed:
    missing = question.prompt.removesuffix(":")
    return Failed(f"the input ended, and this was not answered: {missing}", Status.USAGE)
