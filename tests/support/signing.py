"""Firmware signed as its maker would, with a key and a certificate made for the test."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

SINCE, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def certificate_of(key: Key, since: datetime = SINCE, until: datetime = UNTIL) -> str:
    """Signed by itself, PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Acme firmware")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(since).not_valid_after(until + timedelta(days=3650))
    by = None if isinstance(key, ed25519.Ed25519PrivateKey) else SHA256()
    return builder.sign(key, by).public_bytes(Encoding.PEM).decode()


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """One for all tests of a process: making one takes a while."""
    return rsa.generate_private_key(65537, bits)


def signed_by_rsa(content: bytes) -> tuple[str, str]:
    """(signature in Base64, certificate): RSA-PSS over SHA-256."""
    key = rsa_key()
    salted = padding.PSS(padding.MGF1(SHA256()), padding.PSS.DIGEST_LENGTH)
    return base64.b64encode(key.sign(content, salted, SHA256())).decode(), certificate_of(key)


def signed_by_ec(content: bytes) -> tuple[str, str]:
    """(signature in Base64, certificate): ECDSA on P-256 over SHA-256."""
    key = ec.generate_private_key(ec.SECP256R1())
    return base64.b64encode(key.sign(content, ec.ECDSA(SHA256()))).decode(), certificate_of(key)
