"""Passwords in threads: never more than two at once, and the reactor is not held."""

import os
import sys
from collections.abc import Callable, Generator
from threading import Event, Lock, get_ident, get_native_id
from typing import Any

import pytest
import pytest_twisted
from argon2 import PasswordHasher
from argon2.exceptions import HashingError, VerificationError, VerifyMismatchError
from twisted.internet import reactor
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.task import deferLater

from tests.conftest import Leftovers
from twisted_chat.core.refusals import Refusal
from twisted_chat.passwords import NICENESS, Hasher, Passwords, argon2id

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class FakeHasher:
    """Its hash of x is #x. ``gate``: while it is shut, everyone who works waits."""

    def __init__(self) -> None:
        self.gate = Event()
        self.gate.set()
        self.hashes: list[str] = []
        self.verified: list[tuple[str, str]] = []
        self.most_at_once = 0
        self.threads: set[int] = set()
        self.niceness = 0
        self._at_once = 0
        self._lock = Lock()

    def hash(self, password: str) -> str:
        self._work()
        self.hashes.append(password)
        return f"#{password}"

    def verify(self, hash: str, password: str) -> bool:
        self._work()
        self.verified.append((hash, password))
        if hash != f"#{password}":
            raise VerifyMismatchError
        return True

    def check_needs_rehash(self, hash: str) -> bool:
        return False

    def _work(self) -> None:
        self.niceness = os.getpriority(os.PRIO_PROCESS, get_native_id())
        with self._lock:
            self.threads.add(get_ident())
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        self.gate.wait(30)
        with self._lock:
            self._at_once -= 1


class FailingHasher(FakeHasher):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def verify(self, hash: str, password: str) -> bool:
        raise self.error


Make = Callable[..., Passwords]


@pytest.fixture
def make() -> Generator[Make, None, None]:
    """Makes passwords, and stops them when the test is over."""
    made = []

    def passwords(hasher: Hasher, waiting: int = 64) -> Passwords:
        made.append(Passwords(reactor, hasher, waiting))  # type: ignore[arg-type]
        return made[-1]

    yield passwords
    for one in made:
        one.stop()


async def until(true: Callable[[], bool]) -> None:
    while not true():
        await deferLater(reactor, 0.001)


async def code_of(asked: "Deferred[Any]") -> str:
    with pytest.raises(Refusal) as refused:
        await asked
    return refused.value.code


# what is right and what is not


@pytest_twisted.ensureDeferred
async def test_a_password_fits_its_own_hash_and_no_other(make: Make) -> None:
    passwords = make(CHEAP)
    hashed = await passwords.hashed("correct horse")
    assert await passwords.fits("correct horse", hashed)
    assert not await passwords.fits("wrong horse", hashed)
    assert not await passwords.fits("correct horse", await passwords.hashed("another"))


@pytest_twisted.ensureDeferred
async def test_two_hashes_of_one_password_are_different(make: Make) -> None:
    passwords = make(CHEAP)
    assert await passwords.hashed("correct horse") != await passwords.hashed("correct horse")


@pytest_twisted.ensureDeferred
async def test_nothing_fits_where_there_is_no_account(make: Make) -> None:
    assert not await make(CHEAP).fits("correct horse", None)


@pytest_twisted.ensureDeferred
async def test_not_even_the_password_of_nobody_fits_where_there_is_no_account(make: Make) -> None:
    hasher = FakeHasher()
    passwords = make(hasher)
    await passwords.fits("anything", None)
    assert not await passwords.fits(hasher.hashes[0], None)


@pytest_twisted.ensureDeferred
@pytest.mark.parametrize("first", ["#right", None])
async def test_a_wrong_password_is_as_much_work_for_a_known_name_as_for_an_unknown(
    make: Make, first: str | None
) -> None:
    hasher = FakeHasher()
    passwords = make(hasher)
    for name in (first, "#right", None):
        before = len(hasher.verified)
        assert not await passwords.fits("wrong", name)
        assert len(hasher.verified) - before == 1
        assert len(hasher.hashes) == 1  # nobody's, made by whoever came first


# parameters


def test_hashes_are_argon2id_as_owasp_wants_them() -> None:
    assert argon2id().hash("correct horse").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest_twisted.ensureDeferred
async def test_a_hash_of_other_parameters_is_renewed_and_one_of_todays_is_not(make: Make) -> None:
    passwords = make(CHEAP)
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("correct horse")
    assert await passwords.fits("correct horse", old)
    new = await passwords.renewed("correct horse", old)
    assert new is not None
    assert await passwords.fits("correct horse", new)
    assert await passwords.renewed("correct horse", new) is None


# threads


@pytest_twisted.ensureDeferred
async def test_at_most_two_are_at_work_at_once_and_the_reactor_is_not_held(make: Make) -> None:
    hasher = FakeHasher()
    hasher.gate.clear()
    passwords = make(hasher)
    asked = [Deferred.fromCoroutine(passwords.hashed(f"{number}")) for number in range(20)]
    await until(lambda: hasher.most_at_once == 2)
    await deferLater(reactor, 0.01)
    assert [one.called for one in asked] == [False] * 20  # and yet we are here
    hasher.gate.set()
    assert await gatherResults(asked) == [f"#{number}" for number in range(20)]
    assert hasher.most_at_once == 2
    assert get_ident() not in hasher.threads


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
@pytest_twisted.ensureDeferred
async def test_who_talks_has_the_processor_before_who_has_passwords_checked(make: Make) -> None:
    hasher = FakeHasher()
    ours = os.getpriority(os.PRIO_PROCESS, get_native_id())
    await make(hasher).hashed("x")
    assert hasher.niceness == min(19, ours + NICENESS)
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == ours


@pytest_twisted.ensureDeferred
async def test_one_more_than_may_wait_is_refused_and_the_next_may_wait_again(make: Make) -> None:
    hasher = FakeHasher()
    hasher.gate.clear()
    passwords = make(hasher, waiting=3)
    asked = [Deferred.fromCoroutine(passwords.hashed("x")) for _ in range(5)]
    assert await code_of(Deferred.fromCoroutine(passwords.fits("x", "#x"))) == "busy"
    hasher.gate.set()
    await gatherResults(asked)
    assert await passwords.fits("x", "#x")


@pytest_twisted.ensureDeferred
async def test_when_it_stops_those_who_wait_and_those_who_come_are_refused(make: Make) -> None:
    hasher = FakeHasher()
    hasher.gate.clear()
    passwords = make(hasher)
    asked = [Deferred.fromCoroutine(passwords.hashed(f"{number}")) for number in range(10)]
    await until(lambda: hasher.most_at_once == 2)
    passwords._stopped = True  # as stop does first; then it waits for the two
    hasher.gate.set()
    passwords.stop()
    assert await gatherResults(asked[:2]) == ["#0", "#1"]
    assert [await code_of(one) for one in asked[2:]] == ["busy"] * 8
    assert await code_of(Deferred.fromCoroutine(passwords.hashed("late"))) == "busy"


def test_no_thread_is_started_before_somebody_asks() -> None:
    passwords = Passwords(reactor, CHEAP)  # type: ignore[arg-type]
    assert not passwords._pool.started
    passwords.stop()


# what goes wrong


@pytest_twisted.ensureDeferred
@pytest.mark.parametrize("error", [VerificationError("no memory"), HashingError("no memory")])
async def test_a_failure_is_logged_and_is_not_called_a_wrong_password(
    make: Make, leftovers: Leftovers, error: Exception
) -> None:
    passwords = make(FailingHasher(error))
    assert await code_of(Deferred.fromCoroutine(passwords.fits("x", "#x"))) == "not-checked"
    assert len(leftovers.flush()) == 1


@pytest_twisted.ensureDeferred
@pytest.mark.parametrize("broken", ["", "#", "$argon2id$v=19$m=8,t=1,p=1$x", "\u00e9"])
async def test_what_is_kept_and_is_no_hash_fits_nothing(
    make: Make, leftovers: Leftovers, broken: str
) -> None:
    passwords = make(CHEAP)
    assert await code_of(Deferred.fromCoroutine(passwords.fits("x", broken))) == "not-checked"
    assert len(leftovers.flush()) == 1
