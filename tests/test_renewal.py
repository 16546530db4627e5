"""Certificates that are renewed, and shown by itself."""

import os
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from tests.live.test_listen import write_certificate
from twisted_chat import certificates
from twisted_chat.options import Options
from twisted_chat.renewal import LOOK, Renewal


class Daemon:
    """One that listens with TLS. ``told``: what its log has."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "certificates"
        self.folder.mkdir()
        self.options = Options()
        self.options.folder = folder
        self.times = 0
        self.makes()
        self.options.parse(["--listen", "tls:certificates:9998"])
        self.clock = Clock()
        self.told: list[str] = []
        self.renewal = Renewal(self.clock, lambda: self.options, self.told.append)
        self.renewal.start()

    def makes(self, found: bytes | None = None) -> None:
        """Another certificate is there, or whatever is put in place of it."""
        path = self.folder / "both.pem"
        if found is None:
            write_certificate(self.folder, "localhost")
        else:
            path.write_bytes(found)
        self.times += 1
        os.utime(path, (self.times, self.times))  # clocks of disks are coarse

    def passes(self, looks: int) -> None:
        for _ in range(looks):
            self.clock.advance(LOOK)

    def shows(self) -> str:
        [endpoint] = self.options["endpoints"].values()
        shown = certificates.of(endpoint)
        assert shown is not None
        assert shown.pin is not None
        return shown.pin


@pytest.fixture
def daemon(tmp_path: Path) -> Daemon:
    return Daemon(tmp_path)


def test_a_renewed_certificate_is_shown_by_itself_within_minutes(daemon: Daemon) -> None:
    before = daemon.shows()
    daemon.makes()
    daemon.passes(2)
    assert daemon.shows() != before
    [told] = daemon.told
    assert told.startswith("certificates of tls:certificates:9998: read again")
    daemon.renewal.stop()


def test_what_is_still_being_written_is_not_read(daemon: Daemon) -> None:
    before = daemon.shows()
    daemon.makes(b"half a certif")
    daemon.passes(1)
    daemon.makes()
    daemon.passes(1)
    assert (daemon.shows(), daemon.told) == (before, [])
    daemon.passes(1)
    assert daemon.shows() != before
    daemon.renewal.stop()


def test_one_that_cannot_be_used_is_told_of_once_and_the_old_one_stays(daemon: Daemon) -> None:
    before = daemon.shows()
    daemon.makes(b"-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n")
    daemon.passes(9)
    [told] = daemon.told
    assert "certificates stay as they are: --listen tls:certificates:9998: " in told
    assert "certificates/both.pem: its certificate is damaged" in told
    assert daemon.shows() == before
    daemon.renewal.stop()


def test_what_was_read_by_a_rehash_is_not_read_again(daemon: Daemon) -> None:
    daemon.makes()
    daemon.renewal.renewed()
    daemon.passes(9)
    assert daemon.told == []
    daemon.renewal.stop()


def test_without_tls_nothing_is_looked_at(tmp_path: Path) -> None:
    options, clock = Options(), Clock()
    options.parse(["--listen", "tcp:9998"])
    told: list[str] = []
    Renewal(clock, lambda: options, told.append).start()
    assert clock.getDelayedCalls() == []
