"""Well-behaved people who check every line that they get, while others do all that is bad to do.

``python -m tests.soak --help``. The people are one process and those who abuse the chat another, so
that neither slows the other's clock. Both speak by hand, from docs/protocol.md: nothing of the
daemon's code is imported, so that an error in it is not made here too.
"""
