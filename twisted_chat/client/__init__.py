"""The command line client, over the JSON dialect: ``python -m twisted_chat.client``.

``protocol`` knows no terminal, ``terminal`` no socket, and ``conversation``, between them, neither.
"""
