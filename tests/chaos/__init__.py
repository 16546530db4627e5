"""A daemon that is killed again and again, and people who come back: nothing is lost or doubled.

``python -m tests.chaos --help``. Clients speak the JSON dialect by hand, from docs/protocol.md:
nothing of the daemon's code is imported, so that an error in it is not made here too. Only
``program`` is our own library at work, in processes that are killed as the daemon is.
"""
