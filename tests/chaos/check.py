"""What was read and confirmed, compared with what the file has. Knows no socket and no process."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["lost", "doubled", "out of order", "not in the file", "altered"]


@dataclass(frozen=True, slots=True)
class Fault:
    """``count`` of them, the first being ``example``: an id, or the number of a line."""

    kind: Kind
    who: str
    count: int
    example: int

    def __str__(self) -> str:
        return f"{self.who}: {self.count} {self.kind}, the first is {self.example}"


def of_reader(who: str, read: Sequence[int], kept: Sequence[int], after: int) -> Iterator[Fault]:
    """``read``: ids as they came; ``kept``: those of the file, ascending. All with a larger id than
    ``after`` are to be read, up to the end of the file."""
    wanted = kept[bisect_right(kept, after) :]
    if read == wanted:
        return
    there = set(wanted)
    found: dict[Kind, list[int]] = {
        "lost": sorted(there.difference(read)),
        "not in the file": [number for number in read if number not in there],
        **_order(read),
    }
    yield from _faults(who, found)


def of_talker(
    who: str, said: int, receipts: Mapping[int, int], kept: Sequence[tuple[int, int]]
) -> Iterator[Fault]:
    """``kept``: number and id of its lines in the file, in the order of the file. Each number from
    1 to ``said`` is to be there once, and under the id of its receipt."""
    there = set(kept)
    numbers = [number for number, _ in kept]
    found: dict[Kind, list[int]] = {
        "lost": sorted(set(range(1, said + 1)).difference(numbers)),
        "not in the file": [one for one, number in receipts.items() if (one, number) not in there],
        **_order(numbers),
    }
    yield from _faults(who, found)


def of_contents(told: Mapping[int, int], kept: Mapping[int, int]) -> Iterator[Fault]:
    """Both: digests of what readers were told, and of what the file has, by id."""
    altered = [number for number in told.keys() & kept.keys() if told[number] != kept[number]]
    yield from _faults("the file", {"altered": sorted(altered)})


def _order(numbers: Sequence[int]) -> dict[Kind, list[int]]:
    """What came again, and what came after a larger one."""
    return {
        "doubled": [number for number, times in Counter(numbers).items() if times > 1],
        "out of order": [later for before, later in pairwise(numbers) if later < before],
    }


def _faults(who: str, found: Mapping[Kind, Sequence[int]]) -> Iterator[Fault]:
    for kind, numbers in found.items():
        if numbers:
            yield Fault(kind, who, len(numbers), numbers[0])
