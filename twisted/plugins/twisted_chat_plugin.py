"""Tells twistd and twist that there is a command ``chat``.

There is no ``__init__.py`` beside this file and above it, on purpose: with one, the wheel would
overwrite Twisted's own.
"""

from twisted.application.service import ServiceMaker

chat = ServiceMaker(
    "Chat",
    "twisted_chat.service",
    "A chat for terminals: telnet, nc and twisted-chat can join.",
    "chat",
)
