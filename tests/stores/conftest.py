"""Houses on a disk, all of them closed in the end."""

import resource
from collections.abc import Generator
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from tests.stores.house import House
from tests.stores.on_disk import Houses


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """A test may end while its disk is full: pytest still has to write down how."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.fixture
def houses(tmp_path: Path) -> Generator[Houses, None, None]:
    houses = Houses(tmp_path)
    yield houses
    closed = Deferred.fromCoroutine(houses.close())
    pytest_twisted.blockon(closed.addTimeout(20, reactor))


@pytest.fixture
def house(houses: Houses) -> House:
    return houses.open()
