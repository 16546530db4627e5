"""Every reader of bytes, given bytes that nobody would think of: ``python -m tests.fuzz --help``.

Each file of ``readers`` has a function ``read(data)``, which takes any bytes at all and raises
AssertionError, or whatever the reader itself should never raise. Coverage guides what is tried
next. What has found something once is kept in ``samples``, and pytest reads all of that again.
"""
