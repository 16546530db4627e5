"""The daemon measured: beside two plain chats, and on years of what was said.

``python -m benchmarks`` and ``python -m benchmarks.history`` need Linux (they read /proc, they wait
with epoll), Python and Twisted, and nothing else. The daemon is measured as a process, from
outside, as people meet it; only benchmarks.history imports of it, to make a file and to tick in it.
"""
