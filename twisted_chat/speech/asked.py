"""One thing that somebody asked for, as every dialect reads it."""

from typing import TypeAlias

from twisted_chat.core.requests import Request

Tag: TypeAlias = str | int | None
"""What a program wants to find again in its answer."""

Asked: TypeAlias = tuple[Request, Tag]
"""A pair and no class: one is made for every line that anybody says."""
