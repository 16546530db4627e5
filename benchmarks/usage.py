"""What a process uses, as Linux accounts for it in /proc."""

import os
from contextlib import suppress
from pathlib import Path

from benchmarks.wrong import Failed

TICK = 1 / os.sysconf("SC_CLK_TCK")
"""Seconds, usually 0.01: what is measured should take a hundred times as long."""


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads since it began."""
    # the second field is the command in parentheses, and may itself hold spaces and parentheses
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * TICK


def memory_kib(pid: int) -> int:
    """What it holds, with its share of what others hold too (PSS), or all of that (RSS).

    Raises Failed.
    """
    for file, field in (("smaps_rollup", "Pss:"), ("status", "VmRSS:")):
        with suppress(OSError):  # kernels before 4.14, containers that hide it, or it has ended
            for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
                if line.startswith(field):
                    return int(line.split()[1])
    raise Failed("its memory cannot be read: it has ended, or /proc hides it")
