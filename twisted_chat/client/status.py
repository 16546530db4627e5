"""How the client ended: the exit status of the program."""

from enum import IntEnum


class Status(IntEnum):
    """The last two as a shell tells of SIGINT and SIGTERM."""

    LEFT = 0
    USAGE = 1
    NO_CONNECTION = 2
    REFUSED = 3
    NO_ANSWER = 4
    LOST = 5
    INTERRUPTED = 130
    ENDED = 143
