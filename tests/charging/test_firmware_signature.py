"""Signatures of firmware: RSA-PSS and ECDSA over SHA-256, by certificates that may be used."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.hashes import SHA256

from charging.firmware_signature import certificate_trouble, is_signed
from tests.support.signing import certificate_of, rsa_key, signed_by_ec, signed_by_rsa

CONTENT = b"firmware"
DIGEST = hashlib.sha256(CONTENT).digest()
AT = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize("sign", [signed_by_rsa, signed_by_ec])
def test_what_its_maker_signed_is_signed(sign: object) -> None:
    """And nothing else, nor by anybody else."""
    signature, certificate = sign(CONTENT)  # type: ignore[operator] # one of two functions
    assert is_signed(DIGEST, signature, certificate)
    assert not is_signed(hashlib.sha256(b"other").digest(), signature, certificate)
    other = certificate_of(ec.generate_private_key(ec.SECP256R1()))
    assert not is_signed(DIGEST, signature, other)
    assert certificate_trouble(certificate, AT) is None


def test_a_signature_without_salt_is_another_algorithm() -> None:
    """L01.FR.04 wants PSS; PKCS #1 v1.5 is refused."""
    signature = rsa_key().sign(CONTENT, padding.PKCS1v15(), SHA256())
    certificate = certificate_of(rsa_key())
    assert not is_signed(DIGEST, base64.b64encode(signature).decode(), certificate)


@pytest.mark.parametrize("signature", ["", "ä", "no base64!", base64.b64encode(b"short").decode()])
def test_what_is_no_signature_signs_nothing(signature: str) -> None:
    """Whatever a station was given."""
    assert not is_signed(DIGEST, signature, certificate_of(rsa_key()))
    assert not is_signed(DIGEST, base64.b64encode(b"x").decode(), "no certificate")


def test_certificates_that_cannot_be_used() -> None:
    """Over, not yet, too short, of another kind, or none."""
    key = rsa_key()
    late = certificate_of(key, AT + timedelta(days=1))
    assert "valid from" in str(certificate_trouble(late, AT))
    assert "PEM" in str(certificate_trouble("no certificate", AT))
    assert "2048" in str(certificate_trouble(certificate_of(rsa_key(1024)), AT))
    assert "224" in str(certificate_trouble(certificate_of(ec.generate_private_key(ec.SECP192R1())), AT))
    assert certificate_trouble(certificate_of(ec.generate_private_key(ec.SECP384R1())), AT) is None
    edwards = certificate_of(ed25519.Ed25519PrivateKey.generate())
    assert "neither" in str(certificate_trouble(edwards, AT))
    assert not is_signed(DIGEST, base64.b64encode(b"x").decode(), edwards)
