"""Passwords, hashed and compared with Argon2id, where that holds nobody up: in two threads."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from secrets import token_hex
from threading import get_native_id
from typing import Protocol, TypeVar

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, VerifyMismatchError
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.logger import Logger
from twisted.python.threadpool import ThreadPool

from twisted_chat.core import refusals
from twisted_chat.turns import Turns

THREADS = 2
"""At once: 38 MB, and a machine with more cores than that has the rest for talking."""

NICENESS = 10
"""Of these threads: who hammers passwords has the processors that nobody needs for talking."""

MOST_WAITING = 64
"""Beside those two. One takes 30 ms, so nobody waits for longer than a second; and who is alone at
her address not even for that, however many ask from another one."""

Result = TypeVar("Result")


class Hasher(Protocol):
    """As argon2's PasswordHasher. Called in threads."""

    def hash(self, password: str) -> str: ...
    def verify(self, hash: str, password: str) -> bool: ...
    def check_needs_rehash(self, hash: str) -> bool: ...


def argon2id() -> PasswordHasher:
    """With 19 MiB, twice over, in one lane: OWASP's Password Storage Cheat Sheet. Each hash says
    what it was made with, so this can change at any time: ``renewed`` brings old ones up."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


class Passwords:
    """What is passed in was ``prepared`` by core.passwords. Everything raises a Refusal where too
    many wait, or after ``stop``. ``waiting``: how many may wait beside those that are hashed.
    ``whose``: the address from which it is asked for; one of each is next in turn."""

    log = Logger()

    def __init__(
        self,
        reactor: IReactorFromThreads,
        hasher: Hasher | None = None,
        waiting: int = MOST_WAITING,
    ) -> None:
        self._reactor = reactor
        self._hasher: Hasher = hasher or argon2id()
        self._turns = Turns(THREADS, waiting)
        self._pool = ThreadPool(0, THREADS, "passwords")
        self._stopped = False

    async def hashed(self, password: str, whose: str = "") -> str:
        """What is kept of a password: a PHC string."""
        return await self._in_thread(lambda: self._hasher.hash(password), whose)

    async def fits(self, password: str, hashed: str | None, whose: str = "") -> bool:
        """Whether it is the password. ``hashed`` is None where there is no such account: then it
        is no, after the same work, so that the time does not tell who has one."""
        return await self._in_thread(lambda: self._verify(password, hashed), whose)

    async def renewed(self, password: str, hashed: str, whose: str = "") -> str | None:
        """For a password that fits: a hash to keep in place of one that was made with other
        parameters than today's. None where it is as it should be."""
        if not self._hasher.check_needs_rehash(hashed):
            return None
        return await self.hashed(password, whose)

    def stop(self) -> None:
        """Those who wait are refused; returns when the two that are under way have ended."""
        self._stopped = True
        self._turns.send_away()
        if self._pool.started:
            self._pool.stop()

    async def _in_thread(self, work: Callable[[], Result], whose: str) -> Result:
        if not self._stopped:
            await self._turns.take(whose)
        if self._stopped:
            raise refusals.busy()
        if not self._pool.started:  # not before: twistd may yet become another process
            self._pool.start()
        try:
            return await deferToThreadPool(self._reactor, self._pool, self._do, work)
        except (Argon2Error, ValueError):  # no memory; what is kept is no hash
            self.log.failure("a password could not be hashed or compared")
            raise refusals.cannot_check() from None
        finally:
            self._turns.give_back()

    def _do(self, work: Callable[[], Result]) -> Result:
        if self._stopped:
            raise refusals.busy()
        give_way()
        return work()

    def _verify(self, password: str, hashed: str | None) -> bool:
        nobodys = self._nobodys  # made by whoever comes first, known or not
        try:
            return self._hasher.verify(nobodys if hashed is None else hashed, password) and (
                hashed is not None
            )
        except VerifyMismatchError:
            return False

    @cached_property
    def _nobodys(self) -> str:
        """The hash of a password that nobody has. Two threads may both make one: either will do."""
        return self._hasher.hash(token_hex())


def give_way() -> None:
    """This thread runs when others need no processor, where threads have a priority of their own
    (Linux, see sched(7)). It need not be taken back: it does nothing else."""
    if sys.platform == "linux":
        thread = get_native_id()
        niceness = os.getpriority(os.PRIO_PROCESS, os.getpid())
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, niceness + NICENESS)
