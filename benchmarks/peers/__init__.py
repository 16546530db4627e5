"""What the daemon is measured beside: chats as one would write them first, each in one file.

They speak the daemon's handshake, tell nobody who joined, and set TCP_NODELAY as the daemon does:
without it the table would compare Nagle's 40 ms and not the work.
"""
