"""Certificates that are replaced while they are shown."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.live.test_listen import write_certificate
from twisted_chat import certificates
from twisted_chat.config import WrongOptions
from twisted_chat.options import Options

KEY_ENDS = "-----END PRIVATE KEY-----\n"


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
    both.write_text(both.read_text().partition(KEY_ENDS)[2])
    with pytest.raises(WrongOptions, match="holds no certificate that has a name and its key"):
        options(tmp_path)


def block(kind: str, inside: str = "abc") -> str:
    return f"-----BEGIN {kind}-----\n{inside}\n-----END {kind}-----\n"


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (block("CERTIFICATE"), "x.pem: its certificate is damaged"),
        (block("PRIVATE KEY"), "x.pem: its private key is damaged"),
        (block("ENCRYPTED PRIVATE KEY"), "x.pem: its key has a passphrase, which nobody"),
        (
            block("EC PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nabc"),
            "x.pem: its key has a passphrase, which nobody",
        ),
        (block("EC PARAMETERS"), "x.pem: EC PARAMETERS is neither a certificate nor a key"),
        ("", "holds no certificate that has a name and its key"),
    ],
)
def test_what_cannot_be_shown_is_refused_by_the_name_of_its_file(
    tmp_path: Path, found: str, why: str
) -> None:
    (tmp_path / "x.pem").write_text(found)
    with pytest.raises(WrongOptions, match=why):
        options(tmp_path)


def test_a_place_that_names_no_folder_is_refused() -> None:
    with pytest.raises(WrongOptions, match="it names no folder: tls:FOLDER:PORT"):
        Options().parse(["--listen", "tls::9998"])


def test_a_link_that_leads_nowhere_is_passed_over(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    (tmp_path / "old.pem").symlink_to("nowhere")
    assert options(tmp_path)["endpoints"]


def certbots(folder: Path, number: int) -> Path:
    """What certbot keeps, after so many renewals: links into an archive. Gives where they are."""
    archive, live = folder / "archive" / "chat.example", folder / "live" / "chat.example"
    archive.mkdir(parents=True, exist_ok=True)
    live.mkdir(parents=True, exist_ok=True)
    write_certificate(archive, "chat.example")
    key, end, certificate = (archive / "both.pem").read_text().partition(KEY_ENDS)
    for name, pem in {"privkey": key + end, "cert": certificate, "fullchain": certificate}.items():
        (archive / f"{name}{number}.pem").write_text(pem)
        (live / f"{name}.pem").unlink(missing_ok=True)
        (live / f"{name}.pem").symlink_to(f"../../archive/chat.example/{name}{number}.pem")
    (archive / "both.pem").unlink()
    return live.parent


def test_what_certbot_keeps_can_be_used_and_its_renewal_is_seen(tmp_path: Path) -> None:
    live = certbots(tmp_path, 1)
    [running] = options(live)["endpoints"].values()
    first, before = certificates.of(running).pin, certificates.traces(live)  # type: ignore[union-attr]
    certbots(tmp_path, 2)
    assert certificates.traces(live) != before
    [fresh] = options(live)["endpoints"].values()
    assert certificates.of(fresh).pin not in (None, first)  # type: ignore[union-attr]


def test_those_of_an_endpoint_are_replaced_by_what_was_read_anew(tmp_path: Path) -> None:
    write_certificate(tmp_path, "localhost")
    [running], [fresh] = (options(tmp_path)["endpoints"].values() for _ in range(2))
    assert certificates.renew(running, fresh)
    assert certificates.of(running).current is certificates.of(fresh).current  # type: ignore[union-attr]


def test_where_nothing_is_shown_nothing_is_replaced() -> None:
    assert not certificates.renew(SimpleNamespace(), SimpleNamespace())
