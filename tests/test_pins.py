"""A server is known by its key, as curl knows it."""

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from twisted_chat import pins

KEY = ec.generate_private_key(ec.SECP256R1())
OF_NOTHING = "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


def certificate(name: str) -> x509.Certificate:
    """One for that key."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(subject, subject, KEY.public_key(), 1)
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(KEY, hashes.SHA256())


def test_a_pin_is_the_hash_of_the_key() -> None:
    assert pins.pin_of(b"") == OF_NOTHING


def test_a_pin_outlives_a_renewal_with_the_same_key() -> None:
    assert pins.pin(certificate("localhost")) == pins.pin(certificate("example.org"))


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_a_pin_is_what_openssl_makes_of_the_key(tmp_path: Path) -> None:
    pem = tmp_path / "one.pem"
    pem.write_bytes(certificate("localhost").public_bytes(serialization.Encoding.PEM))
    shown = ["openssl", "x509", "-in", str(pem), "-pubkey", "-noout"]
    key = subprocess.run(shown, capture_output=True, check=True).stdout
    der = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    found = subprocess.run(der, input=key, capture_output=True, check=True).stdout
    assert pins.pin(certificate("localhost")) == pins.pin_of(found)


def test_several_pins_are_parted_as_curl_parts_them() -> None:
    other = pins.pin_of(b"other")
    assert pins.read(f"{OF_NOTHING}; {other}") == {OF_NOTHING, other}


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "sha256//",
        hashlib.sha256().hexdigest(),
        OF_NOTHING.removeprefix("sha256//"),
        OF_NOTHING[:-2],
        OF_NOTHING.replace("+", "*"),
        f"{OF_NOTHING};",
    ],
)
def test_what_is_no_pin_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="a pin is sha256// and 44 characters of Base64"):
        pins.read(typed)
