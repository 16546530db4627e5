"""The client: a library, a terminal, and commands for scripts, over the JSON dialect.

``protocol`` and ``link`` know no terminal, ``plain`` and ``terminal`` no socket, and between them
``conversation`` knows neither. ``chat`` is for programs, and is imported when one asks for it: the
command ``twisted-chat`` is started often, and has no use for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from twisted_chat.client.chat import ChatClient, NoConnection
    from twisted_chat.core.refusals import Refusal

__all__ = ["ChatClient", "NoConnection", "Refusal"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("twisted_chat.client.chat"), name)
