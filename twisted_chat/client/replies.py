"""What an answer, an end and a place are to a program: values of one kind, or what is raised."""

from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.interfaces import IStreamClientEndpoint

from twisted_chat.client.link import End, Ending
from twisted_chat.client.where import WrongUse, address
from twisted_chat.core.events import Entry
from twisted_chat.core.history import Page
from twisted_chat.core.outcomes import Answer
from twisted_chat.core.refusals import Refusal

T = TypeVar("T")


class NoConnection(Exception):
    """There is none, and none will be made; or it was lost before the answer came. In words."""


def settle(answered: "Deferred[Answer | Entry]", answer: Answer | Entry | Refusal) -> None:
    if not isinstance(answer, Refusal):
        answered.callback(answer)
    elif answer.code == "connection-lost":
        answered.errback(NoConnection(answer.sentence))
    else:
        answered.errback(answer)


def endpoint_at(reactor: Any, where: str) -> IStreamClientEndpoint:
    """Raises ValueError."""
    try:
        at = address(where)
    except WrongUse as wrong:
        raise ValueError(str(wrong)) from None
    return HostnameEndpoint(reactor, at.host, at.port)


def words(end: End) -> str:
    match end.ending:
        case Ending.NO_ANSWER:
            return "there is an answer, but not as a chat gives it"
        case Ending.LOST:
            return "the connection is lost"
        case _:
            return end.words


def of_kind(kind: type[T], answer: Answer | Entry) -> T:
    if not isinstance(answer, kind):
        raise NoConnection(f"the chat answered with {type(answer).__name__}")
    return answer


def page(answer: Answer | Entry) -> Page:
    """Where nothing was found, the chat says so in words."""
    return answer if isinstance(answer, Page) else Page((), (), False)
