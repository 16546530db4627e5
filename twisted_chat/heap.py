"""Memory that was needed once, and is given back."""

import ctypes

LARGE = 1 << 20
"""Bytes: what is larger is taken from the kernel by itself, and given back at once. Passwords are
hashed with 19 MiB; a line, a page of history and a table are far smaller."""

_M_MMAP_THRESHOLD = -3  # of glibc's malloc.h, see mallopt(3)


def give_back_what_is_large() -> bool:
    """Whether that could be arranged: with glibc.

    Without it glibc learns from the first 19 MiB that are freed to keep as much for the next time,
    in each thread that hashes: after a single password the daemon had 38 MiB more for ever.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_MMAP_THRESHOLD, LARGE) == 1
