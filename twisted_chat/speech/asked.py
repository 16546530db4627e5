"""One thing that somebody asked for, as every dialect reads it."""

from dataclasses import dataclass

from twisted_chat.core.requests import Request


@dataclass(frozen=True, slots=True)
class Asked:
    """``tag`` is what a program wants to find again in its answer: a string, a number, or None."""

    request: Request
    tag: str | int | None = None
