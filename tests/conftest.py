"""What every test is given, and what none may leave behind.

Every test has a deadline. After each one there must be no delayed call, no open socket and no
logged failure that it did not ask for.
"""

import signal
from collections.abc import Callable, Generator
from functools import wraps
from types import FrameType
from typing import Any

import pytest
from hypothesis import settings
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorFDSet, IReactorTime
from twisted.logger import ILogObserver, LogEvent, globalLogPublisher
from zope.interface import implementer

pytest.register_assert_rewrite(
    "tests.doors.bugs_contract",
    "tests.doors.contract",
    "tests.doors.devices_contract",
    "tests.doors.ignoring_contract",
    "tests.doors.redacting_contract",
    "tests.doors.rooms_contract",
    "tests.doors.secrets_contract",
    "tests.roomlog.house",
    "tests.stores.contract",
)

# One of its examples may stand still for as long as everything else on the machine takes.
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")

DEADLINE = 90
"""Seconds: far more than any test takes on a machine that does three other things."""


@pytest.fixture(autouse=True, scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Generator[None, None, None]:
    """Neither the settings of whoever runs the tests, nor where she was last, are theirs."""
    with pytest.MonkeyPatch.context() as patched:
        for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patched.setenv(variable, str(tmp_path_factory.mktemp("xdg")))
        yield


@implementer(ILogObserver)
class Leftovers:
    """Failures that were logged since the test began."""

    def __init__(self) -> None:
        self.failures: list[LogEvent] = []

    def __call__(self, event: LogEvent) -> None:
        if "log_failure" in event:
            self.failures.append(event)

    def flush(self) -> list[LogEvent]:
        """The failures so far, which the test expected."""
        failures, self.failures = self.failures, []
        return failures


@pytest.fixture(autouse=True)
def leftovers() -> Generator[Leftovers, None, None]:
    """Fails a test that leaves something behind; ``flush`` takes out failures that it wanted."""
    before = _selectables()
    watch = Leftovers()
    globalLogPublisher.addObserver(watch)
    try:
        yield watch
    finally:
        globalLogPublisher.removeObserver(watch)
        calls = _delayed_calls()
        for call in calls:
            call.cancel()
    assert not calls, f"delayed calls were left: {calls}"
    assert not _selectables() - before, f"left open: {_selectables() - before}"
    assert not watch.failures, f"failures were logged: {watch.failures}"


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """The deadline of a test that blocks."""

    def late(number: int, frame: FrameType | None) -> None:
        pytest.fail(f"{item.name} took more than {DEADLINE} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(DEADLINE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> None:
    """The deadline of a test that waits for a Deferred: pytest-twisted would wait for ever."""
    pyfuncitem.obj = _with_deadline(pyfuncitem.obj)


def _with_deadline(test: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(test)
    def run(*args: object, **kwargs: object) -> object:
        result = test(*args, **kwargs)
        if isinstance(result, Deferred):
            result.addTimeout(DEADLINE - 5, reactor)
        return result

    return run


def _delayed_calls() -> list[IDelayedCall]:
    assert IReactorTime.providedBy(reactor)
    return [call for call in reactor.getDelayedCalls() if call.active()]


def _selectables() -> set[Any]:
    assert IReactorFDSet.providedBy(reactor)
    both = {*reactor.getReaders(), *reactor.getWriters()}
    # the reactor's own, by which signals and threads wake it
    return {one for one in both if not type(one).__name__.endswith("Waker")}
