"""``python -m twisted_chat.certificate``: one for a LAN, and its pin."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from tests.live.daemon import PATIENCE
from twisted_chat import certificate, pins

OURS = "certificates/chat.pem"


def run(folder: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "twisted_chat.certificate", *argv],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def made(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / OURS).read_bytes())


def pin_in(said: str) -> str:
    found = re.search(r"its pin is (\S+)\n", said)
    assert found, said
    return found[1]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_it_is_for_this_machine_and_the_names_that_are_given(tmp_path: Path) -> None:
    certificate.main(["--name", "chat.example.org", "--name", "192.0.2.99"])
    names = made(tmp_path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"localhost", "chat.example.org"} <= set(names.get_values_for_type(x509.DNSName))
    addresses = {str(one) for one in names.get_values_for_type(x509.IPAddress)}
    assert {"127.0.0.1", "192.0.2.99"} <= addresses


def test_its_key_is_of_the_curve_p_256_and_its_owners_alone(tmp_path: Path) -> None:
    certificate.main([])
    key = made(tmp_path).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert (tmp_path / OURS).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "certificates").stat().st_mode & 0o777 == 0o700


def test_it_holds_for_as_long_as_it_is_told_to(tmp_path: Path) -> None:
    certificate.main(["--years", "2"])
    lifetime = made(tmp_path).not_valid_after_utc - made(tmp_path).not_valid_before_utc
    assert 730 <= lifetime.days <= 732


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    run(tmp_path)
    before = (tmp_path / OURS).read_bytes()
    again = run(tmp_path)
    assert again.returncode == 1
    assert again.stderr == (
        f"certificate: {OURS} is there already: --renew makes a new one for the same key\n"
    )
    assert (tmp_path / OURS).read_bytes() == before


def test_a_renewed_one_has_the_same_pin(tmp_path: Path) -> None:
    first, second = run(tmp_path), run(tmp_path, "--renew")
    assert pin_in(first.stdout) == pin_in(second.stdout) == pins.pin(made(tmp_path))


def test_the_lines_that_are_shown_start_the_chat_and_come_in(tmp_path: Path) -> None:
    said = run(tmp_path, "--port", "9000").stdout
    assert "twistd -n chat --listen tls:certificates:9000\n" in said
    assert f"-m twisted_chat.client --pin {pins.pin(made(tmp_path))} " in said


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (["--name", "not a name.."], "not a name.. is neither a name nor an address"),
        (["--renew"], f"{OURS}: No such file or directory"),
        (["--folder", "/dev/null/here"], "Not a directory"),
        (["--years", "many"], "argument --years: it wants a number from 1 to 100, not many"),
        (["--years", "0"], "argument --years: it wants a number from 1 to 100, not 0"),
        (["--years", "9" * 5000], "argument --years: it wants a number from 1 to 100, not 9999"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: list[str], why: str
) -> None:
    with pytest.raises(SystemExit) as end:
        certificate.main(argv)
    assert end.value.code == 1
    said = capsys.readouterr().err
    assert why in said
    assert said.count("\n") == 1


def test_a_file_that_holds_no_key_is_not_renewed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("certificates").mkdir()
    Path(OURS).write_text("Dear diary,\n")
    with pytest.raises(SystemExit):
        certificate.main(["--renew"])
    assert f"{OURS} holds no key that can be used" in capsys.readouterr().err
    assert Path(OURS).read_text() == "Dear diary,\n"
