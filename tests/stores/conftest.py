"""Houses on a disk, all of them closed in the end."""

from collections.abc import Generator
from pathlib import Path

import pytest
import pytest_twisted
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from tests.stores.house import House
from tests.stores.on_disk import Houses


@pytest.fixture
def houses(tmp_path: Path) -> Generator[Houses, None, None]:
    houses = Houses(tmp_path)
    yield houses
    closed = Deferred.fromCoroutine(houses.close())
    pytest_twisted.blockon(closed.addTimeout(20, reactor))


@pytest.fixture
def house(houses: Houses) -> House:
    return houses.open()
