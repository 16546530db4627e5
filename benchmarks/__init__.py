"""The daemon beside two plain chats, measured by a load that checks every delivery.

``python -m benchmarks`` needs Linux (it reads /proc), Python and Twisted, and nothing else. Nothing
of the daemon is imported here: it is measured as a process, from outside, as people meet it.
"""
