"""A log file while its name is somebody else's for a while."""

from pathlib import Path

import pytest

from twisted_chat.doors.logfile import FollowingLogFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat.log"


def test_a_log_whose_name_is_anothers_is_begun_anew_when_it_is_free(path: Path) -> None:
    log: FollowingLogFile = FollowingLogFile.fromFullPath(str(path))
    log.write("one\n")
    path.rename(path.with_suffix(".1"))
    path.mkdir()
    log.write("two\n")
    log.write("three\n")
    path.rmdir()
    log.write("four\n")
    assert path.read_text().split("\n")[1:] == [
        "2 entries are missing here: Is a directory",
        "four",
        "",
    ]


def test_a_log_whose_folder_is_gone_is_begun_anew_when_it_is_there(path: Path) -> None:
    folder = path.parent / "logs"
    folder.mkdir()
    log: FollowingLogFile = FollowingLogFile.fromFullPath(str(folder / "chat.log"))
    (folder / "chat.log").unlink()
    folder.rmdir()
    log.write("one\n")
    log.write("two\n")
    folder.mkdir()
    log.write("three\n")
    assert (
        "2 entries are missing here: No such file or directory\nthree\n"
        in (folder / "chat.log").read_text()
    )
