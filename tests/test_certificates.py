"""Certificates that are replaced while they are shown."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.live.test_listen import write_certificate
from twisted_chat import certificates
from twisted_chat.config import WrongOptions
from twisted_chat.options import Options


def options(folder: Path) -> Options:
    options = Options()
    options.parse(["--listen", f"tls:{folder}:9998"])
    return options


def test_a_folder_with_a_certificate_and_its_key_can_be_used(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    [endpoint] = options(tmp_path)["endpoints"].values()
    shown = certificates.of(endpoint)
    assert shown is not None
    assert not shown.empty


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    both = tmp_path / "both.pem"
    both.write_text(both.read_text().partition("-----END PRIVATE KEY-----\n")[2])
    with pytest.raises(WrongOptions, match="holds no certificate that has a name and its key"):
        options(tmp_path)


def test_those_of_an_endpoint_are_replaced_by_what_was_read_anew(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    [running], [fresh] = (options(tmp_path)["endpoints"].values() for _ in range(2))
    assert certificates.renew(running, fresh)
    assert certificates.of(running).current is certificates.of(fresh).current  # type: ignore[union-attr]


def test_where_nothing_is_shown_nothing_is_replaced() -> None:
    assert not certificates.renew(SimpleNamespace(), SimpleNamespace())
