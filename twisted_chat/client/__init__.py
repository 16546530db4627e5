"""The client: a library, a terminal, and commands for scripts, over the JSON dialect.

``protocol`` and ``link`` know no terminal, ``plain`` and ``terminal`` no socket, and between them
``conversation`` knows neither. ``chat`` is for programs.
"""

from twisted_chat.client.chat import ChatClient, NoConnection
from twisted_chat.core.refusals import Refusal

__all__ = ["ChatClient", "NoConnection", "Refusal"]
