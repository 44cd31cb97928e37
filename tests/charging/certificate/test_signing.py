"""Keys, the statement that is signed, and what a QR code proves by itself."""

from urllib.parse import parse_qs

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from charging.certificate.document import canonical, fingerprint
from charging.certificate.signing import (
    SIGNATURE_FIELD,
    NotKeysError,
    from_text,
    instant_spelling,
    is_signed,
    key_id_of,
    keys_from_file,
    line_of,
    public_bytes_of,
    published,
    qr_text,
    sign,
    statement_of,
    to_text,
)
from tests.support.certificates import ISSUED, KEY, KEYS, OTHER_KEY, certificate, handed_over


def test_the_qr_code_proves_its_statement_by_itself() -> None:
    """Station, verdict, time, hash and key, and a signature of just that."""
    signed = handed_over().signed
    statement, _, signature = qr_text(signed).partition(SIGNATURE_FIELD)
    assert is_signed(statement, signature, KEYS.keys[0].public_key)
    assert not is_signed(statement.replace("incomplete", "passed"), signature, KEYS.keys[0].public_key)
    assert {name: value for name, (value,) in parse_qs(statement.partition("?")[2]).items()} == {
        "station": "02B016C3F7A0",
        "run": "run-1",
        "verdict": "incomplete",
        "at": "2026-11-24T13:42:00Z",
        "sha256": fingerprint(signed.certificate),
        "key": KEYS.keys[0].key_id,
    }


def test_no_value_passes_for_a_field() -> None:
    """Whatever a station calls itself."""
    said = certificate("00", 0, station="x&verdict=passed")
    assert statement_of(said, "k").startswith(
        "borne:power-up-certificate/1?station=x%26verdict%3Dpassed&run="
    )
    assert line_of("k", {"a": "1 &=é"}) == "k?a=1%20%26%3D%C3%A9"


def test_a_signature_is_of_one_key_and_one_statement() -> None:
    """Nothing else fits, and what is no signature is none."""
    signed = sign(certificate("00", 0), KEY)
    statement = statement_of(signed.certificate, signed.signature.key_id)
    value, public = signed.signature.value, signed.signature.public_key
    assert is_signed(statement, value, public)
    assert not is_signed(statement, value, to_text(public_bytes_of(OTHER_KEY)))
    assert not is_signed(statement, "", public)
    assert not is_signed(statement, value, "AAAA")


def test_base64_has_one_spelling() -> None:
    """No padding, no other alphabet, no bits that count for nothing."""
    assert from_text(to_text(b"\xfb\xff\x01")) == b"\xfb\xff\x01"
    for wrong in ("", "AA==", "+/8B", "AB", "A", "é", "AAAA\n"):
        with pytest.raises(ValueError, match="base64url"):
            from_text(wrong)


def test_keys_are_read_as_published_and_as_pem() -> None:
    """One public key as PEM is valid whenever it signed."""
    assert keys_from_file(canonical(KEYS)) == KEYS
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (found,) = keys_from_file(pem).keys
    assert found == published(public_bytes_of(KEY))
    assert KEYS.key(found.key_id) == KEYS.keys[0]
    assert KEYS.key("another") is None


def test_what_holds_no_keys_is_said() -> None:
    """Another kind of key, a broken one, an id that is not the key's, any other text."""
    other_kind = generate_private_key(SECP256R1()).public_key()
    (key,) = KEYS.keys
    for text in (
        other_kind.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        canonical(msgspec.structs.replace(KEYS, keys=(msgspec.structs.replace(key, key_id="00"),))),
        canonical(msgspec.structs.replace(KEYS, keys=(msgspec.structs.replace(key, public_key="="),))),
        b"{}",
        b"<html>",
    ):
        with pytest.raises(NotKeysError):
            keys_from_file(text)


def test_the_id_of_a_key_is_its_hash() -> None:
    """Known without asking anybody."""
    assert KEYS.keys[0].key_id == key_id_of(public_bytes_of(KEY)) != key_id_of(public_bytes_of(OTHER_KEY))
    assert len(KEYS.keys[0].key_id) == 32


def test_an_instant_is_spelt_as_in_the_file() -> None:
    """In UTC with a Z."""
    assert instant_spelling(ISSUED) == "2026-11-24T13:42:00Z"
