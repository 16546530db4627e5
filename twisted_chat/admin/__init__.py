"""The operators' program, at the socket of a daemon: ``python -m twisted_chat.admin``.

``wire`` speaks the JSON dialect to it; ``asking`` is for scripts, ``desk`` for a terminal, and
``answering`` says whence passwords come.
"""
