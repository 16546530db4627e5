"""How many wrong passwords may be tried, as arithmetic on ``now`` (seconds of a clock that does not
step). Three bounds: on who tries one name from one address, on the address, and on the name."""

from collections.abc import Hashable
from ipaddress import IPv6Address
from math import ceil
from typing import Generic, TypeVar

from twisted_chat.core import durations, refusals
from twisted_chat.core.limits import Allowance

OF_A_PAIR = Allowance(rate=1 / 60, burst=5.0)
"""One name from one address: five slips, then one a minute. Tight, and nobody else feels it."""

OF_AN_ADDRESS = Allowance(rate=4 / 60, burst=20.0)
"""All names from one address: an office behind one address, and no search through a list."""

OF_A_NAME = Allowance(rate=10 / 60, burst=100.0)
"""One name from all addresses: whoever has thousands of those is still bounded. Loose, and not
asked of an address from which the owner came before, or strangers could lock the owner out."""

REGISTRATIONS = Allowance(rate=20 / 3600, burst=20.0)
"""Names that are registered from one address: a classroom on its first day, and no name of a whole
dictionary."""

MOST = 10_000
"""Keys in each table: more than a chat of this size has visitors in ten minutes. Some 4 MB for all,
and some milliseconds to make room in a full one, once for five thousand newcomers."""

Key = TypeVar("Key", bound=Hashable)


class Debts(Generic[Key]):
    """What each key has still to pay for, by one allowance, which may be replaced at any time. Who
    has paid is forgotten."""

    def __init__(self, allowance: Allowance, most: int = MOST) -> None:
        self.allowance = allowance
        self._most = most
        self._due: dict[Key, float] = {}

    def __len__(self) -> int:
        return len(self._due)

    def wait(self, key: Key, now: float) -> float:
        """Seconds until the key may try again; 0 for at once."""
        return self.allowance.wait(self._due.get(key, now), now)

    def charge(self, key: Key, now: float) -> None:
        self._forget_the_paid(now)
        due = self._due.pop(key, now)
        if len(self._due) >= self._most:
            self._make_room()
        self._due[key] = self.allowance.spend(due, now)

    def repay(self, key: Key) -> None:
        """Take one charge back."""
        if key in self._due:
            self._due[key] -= 1.0 / self.allowance.rate

    def forget(self, key: Key) -> None:
        self._due.pop(key, None)

    def _forget_the_paid(self, now: float) -> None:
        """From the one charged longest ago on. One that still owes holds up those behind it for
        no longer than a full burst takes to be paid: ten minutes."""
        while self._due:
            oldest = next(iter(self._due))
            if self._due[oldest] > now:
                return
            del self._due[oldest]

    def _make_room(self) -> None:
        """Whoever fills the table with keys that owe little does not free one that owes much."""
        ranked = sorted(self._due, key=self._due.__getitem__)
        for key in ranked[: len(ranked) // 2 + 1]:
            del self._due[key]


class Attempts:
    """Who has tried how often. ``name_key``: a folded name, whether or not there is such an
    account; ``address``: as text, IP or anything else."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._pairs: Debts[tuple[str, str]] = Debts(OF_A_PAIR, most)
        self._addresses: Debts[str] = Debts(OF_AN_ADDRESS, most)
        self._names: Debts[str] = Debts(OF_A_NAME, most)
        self._proven: dict[tuple[str, str], None] = {}

    def check(self, name_key: str, address: str, now: float) -> None:
        """Before a password is looked at: raises a Refusal, or counts it as wrong until
        ``succeeded`` says otherwise.

        Counted before and not after, so that a hundred tries at the same time are a hundred. What
        is refused is not counted: who waits as long as told is let in.
        """
        pair = name_key, whence(address)
        wait = max(self._pairs.wait(pair, now), self._addresses.wait(pair[1], now))
        if pair not in self._proven:
            wait = max(wait, self._names.wait(name_key, now))
        if (wait := round(wait, 3)) > 0:  # not for a rounding error
            raise refusals.too_many_attempts(durations.say(ceil(wait)))
        self._pairs.charge(pair, now)
        self._addresses.charge(pair[1], now)
        self._names.charge(name_key, now)

    def succeeded(self, name_key: str, address: str) -> None:
        """The password that was checked last was right. Only this one try is taken back of the
        address and the name: who has one account cannot clear the way to others with it."""
        pair = name_key, whence(address)
        self._pairs.forget(pair)
        self._addresses.repay(pair[1])
        self._names.repay(name_key)
        self._proven.pop(pair, None)
        self._proven[pair] = None
        if len(self._proven) > self._most:
            del self._proven[next(iter(self._proven))]


def whence(address: str) -> str:
    """What counts as one address. Of IPv6 the first 64 bits: the rest is its user's to choose. An
    IPv4 address written as IPv6 is the IPv4 address."""
    try:
        ip = IPv6Address(address)
    except ValueError:
        return address
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return f"{IPv6Address(int(ip) >> 64 << 64)}/64"
