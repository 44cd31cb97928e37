"""Ed25519 signatures of certificates and their keys. Pure: a private key comes from whoever calls.

What is signed is a *statement*, one line that fits into a QR code: station, run, verdict, time, hash of the
certificate, and the id of the key. So the code on paper proves as much as the file, without the file.
"""

import base64
import binascii
import hashlib
from typing import Literal
from urllib.parse import quote

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from charging.certificate.document import (
    Certificate,
    CertificateSignature,
    Instant,
    SignedCertificate,
    fingerprint,
)

STATEMENT = "borne:power-up-certificate/1"
SIGNATURE_FIELD = "&sig="
KEY_ID_LENGTH = 32
"""In hex digits: 128 bits of the hash, which nobody finds a second key for."""


class NotKeysError(ValueError):
    """A text that holds no public keys; says what is wrong with it."""


class PublishedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A public key and when it signs: from, and until (None: nobody has ended it yet)."""

    key_id: str
    algorithm: Literal["Ed25519"]
    public_key: str
    valid_from: Instant | None = None
    valid_until: Instant | None = None


class PublishedKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All keys that an issuer ever signed with, the oldest first. `issuer` is the name it goes by."""

    format: Literal["borne-certificate-keys/1"]
    issuer: str
    keys: tuple[PublishedKey, ...] = ()

    def key(self, key_id: str) -> PublishedKey | None:
        """The key of this id."""
        return next((each for each in self.keys if each.key_id == key_id), None)


def to_text(content: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """The bytes. Raises ValueError for anything but their one spelling."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or to_text(content) != text:
        raise ValueError("not base64url")
    return content


def key_id_of(public_key: bytes) -> str:
    """The beginning of the SHA-256 of the key's 32 bytes, in hex."""
    return hashlib.sha256(public_key).hexdigest()[:KEY_ID_LENGTH]


def public_bytes_of(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of its public half."""
    return key.public_key().public_bytes_raw()


def published(
    public_key: bytes, valid_from: Instant | None = None, valid_until: Instant | None = None
) -> PublishedKey:
    """A key as it is told to the world."""
    return PublishedKey(key_id_of(public_key), "Ed25519", to_text(public_key), valid_from, valid_until)


def keys_from_file(text: bytes) -> PublishedKeys:
    """What a file of keys says: the document that a server publishes, or one public key as PEM.

    Raises NotKeysError, also where a key does not have the id that it is published under.
    """
    if text.lstrip().startswith(b"-----BEGIN"):
        return PublishedKeys("borne-certificate-keys/1", "", (published(_from_pem(text)),))
    try:
        found = msgspec.json.decode(text, type=PublishedKeys)
        wrong = [each.key_id for each in found.keys if key_id_of(from_text(each.public_key)) != each.key_id]
    except (ValueError, RecursionError) as error:
        raise NotKeysError(str(error)) from None
    if wrong:
        raise NotKeysError(f"{wrong[0]} is not the id of its key")
    return found


def _from_pem(text: bytes) -> bytes:
    try:
        key = load_pem_public_key(text)
    except ValueError as error:
        raise NotKeysError(str(error)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise NotKeysError("not an Ed25519 key")
    return key.public_bytes_raw()


def statement_of(certificate: Certificate, key_id: str) -> str:
    """The line that is signed for a certificate."""
    fields = {
        "station": certificate.station.station_id,
        "run": certificate.run.id,
        "verdict": certificate.verdict.value,
        "at": instant_spelling(certificate.issued_at),
        "sha256": fingerprint(certificate),
        "key": key_id,
    }
    return line_of(STATEMENT, fields)


def instant_spelling(at: Instant) -> str:
    """An instant as it stands in the file."""
    return str(msgspec.to_builtins(at))


def line_of(kind: str, fields: dict[str, str]) -> str:
    """`kind?name=value&…`, the values as in a URI: no value can pass for a field."""
    return f"{kind}?" + "&".join(f"{name}={quote(value, safe=':')}" for name, value in fields.items())


def sign(certificate: Certificate, key: Ed25519PrivateKey) -> SignedCertificate:
    """Sign a certificate. Raises ValueError where it cannot be spelt."""
    public_key = public_bytes_of(key)
    key_id = key_id_of(public_key)
    value = key.sign(statement_of(certificate, key_id).encode())
    return SignedCertificate(
        certificate, CertificateSignature("Ed25519", key_id, to_text(public_key), to_text(value))
    )


def qr_text(signed: SignedCertificate) -> str:
    """What the QR code holds: the statement and its signature."""
    statement = statement_of(signed.certificate, signed.signature.key_id)
    return f"{statement}{SIGNATURE_FIELD}{signed.signature.value}"


def is_signed(statement: str, signature: str, public_key: str) -> bool:
    """Whether that signature of that line is of that key."""
    try:
        Ed25519PublicKey.from_public_bytes(from_text(public_key)).verify(
            from_text(signature), statement.encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True
