from collections.abc import Generator

import pytest

from tests.admin.daemon import Daemon


@pytest.fixture
def daemon() -> Generator[Daemon, None, None]:
    daemon = Daemon()
    yield daemon
    daemon.close()
