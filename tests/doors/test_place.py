"""A path for a socket: who may have it, and who else may come near."""

import os
import socket
import stat
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.error import CannotListenError

from twisted_chat.doors.place import Place, Taken


class Reactor:
    """Binds as Twisted's does, and changes no mode afterwards: the mode is of the first moment."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.asked_mode = 0

    def listenUNIX(self, path: str, factory: object, mode: int) -> Any:
        self.asked_mode = mode
        self.socket.bind(path)


class FullReactor:
    def listenUNIX(self, path: str, factory: object, mode: int) -> Any:
        raise CannotListenError(None, path, OSError(28, "No space left on device"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "admin.sock"


@pytest.fixture
def reactor() -> Generator[Reactor, None, None]:
    reactor = Reactor()
    yield reactor
    reactor.socket.close()


def leftover(path: Path) -> None:
    """What a killed daemon leaves behind."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


def test_the_socket_is_nobody_elses_from_the_first_moment(path: Path, reactor: Reactor) -> None:
    before = os.umask(0)
    try:
        Place(path).listen(reactor, None)  # type: ignore[arg-type]
        assert os.umask(0) == 0  # and what the daemon makes next is as before
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == reactor.asked_mode == 0o600


def test_what_a_killed_daemon_left_is_taken_away(path: Path) -> None:
    leftover(path)
    Place(path).release()
    assert not path.exists()


def test_what_somebody_listens_on_is_left_to_her(path: Path, reactor: Reactor) -> None:
    reactor.listenUNIX(str(path), None, 0o600)
    reactor.socket.listen()
    with pytest.raises(Taken, match="is in use: somebody listens there"):
        Place(path)
    assert path.exists()


def test_one_who_is_too_busy_to_take_another_listens_all_the_same(
    path: Path, reactor: Reactor
) -> None:
    reactor.listenUNIX(str(path), None, 0o600)
    reactor.socket.listen(0)
    with socket.socket(socket.AF_UNIX) as waiting:
        waiting.connect(str(path))
        with pytest.raises(Taken, match="somebody listens there"):
            Place(path)


def test_two_daemons_that_start_at_once_do_not_both_get_it(path: Path) -> None:
    first = Place(path)
    with pytest.raises(Taken, match="in use by another daemon"):
        Place(path)
    first.release()
    Place(path).release()


def test_a_file_that_is_no_socket_is_left_alone(path: Path) -> None:
    path.write_text("precious")
    with pytest.raises(Taken, match="is there already, and is no socket"):
        Place(path)
    assert path.read_text() == "precious"


def test_a_link_is_no_socket_wherever_it_leads(path: Path) -> None:
    leftover(path.with_name("other"))
    path.symlink_to(path.with_name("other"))
    with pytest.raises(Taken, match="no socket"):
        Place(path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Taken, match=r"nowhere/admin\.sock: No such file or directory"):
        Place(tmp_path / "nowhere" / "admin.sock")


def test_what_the_system_refuses_is_told(path: Path) -> None:
    place = Place(path)
    with pytest.raises(Taken, match="No space left on device"):
        place.listen(FullReactor(), None)  # type: ignore[arg-type]
    place.release()
