"""The issuer's key: made at first need, followed by another, its public half kept for good."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from charging.certificate.document import to_file
from charging.certificate.signing import key_id_of, public_bytes_of, sign
from charging.certificate.verifying import Trust, verify
from provisioning.issuer import VALID_FOR, IssuerKeys, IssuerKeyUnusable, public_path
from runtime.chance import SeededChance
from tests.support.certificates import certificate

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def keys(tmp_path: Path) -> IssuerKeys:
    """In a folder that is not there yet."""
    return IssuerKeys(tmp_path / "var" / "certificate-key.pem", "Bornes du Nord", SeededChance(1))


def signed_at(keys: IssuerKeys, at: datetime) -> bytes:
    """A certificate of the issuer of then."""
    return to_file(sign(certificate("00", 0, issued_at=at), keys.issuer(at).key))


def test_nobody_has_a_key_before_it_is_needed(keys: IssuerKeys, tmp_path: Path) -> None:
    """Asking what is published makes none."""
    assert (keys.published().issuer, keys.published().keys) == ("Bornes du Nord", ())
    assert list(tmp_path.iterdir()) == []


def test_a_key_is_made_once_and_for_its_owner_alone(keys: IssuerKeys, tmp_path: Path) -> None:
    """The next that is needed is the same."""
    first, again = keys.issuer(NOW), keys.issuer(NOW + SECOND)
    assert public_bytes_of(first.key) == public_bytes_of(again.key)
    assert first.name == "Bornes du Nord"
    (key,) = keys.published().keys
    assert (key.key_id, key.valid_from, key.valid_until) == (
        key_id_of(public_bytes_of(first.key)),
        NOW,
        NOW + VALID_FOR,
    )
    assert stat.S_IMODE((tmp_path / "var" / "certificate-key.pem").stat().st_mode) == 0o600


def test_what_was_signed_before_a_rotation_stays_valid(keys: IssuerKeys) -> None:
    """And what is signed after it, by the key that was given up, is refused."""
    before = signed_at(keys, NOW)
    old = keys.issuer(NOW).key
    keys.rotate(NOW + SECOND, "Bornes du Sud")
    after = signed_at(keys, NOW + 2 * SECOND)
    published = keys.published()
    assert published.issuer == "Bornes du Sud"
    assert [each.valid_until for each in published.keys] == [NOW + SECOND, NOW + SECOND + VALID_FOR]
    assert verify(before, published).trust is Trust.VALID
    assert verify(after, published).trust is Trust.VALID
    late = to_file(sign(certificate("00", 0, issued_at=NOW + 2 * SECOND), old))
    assert verify(late, published).trust is Trust.REFUSED


def test_a_key_that_has_ended_is_followed_by_another(keys: IssuerKeys) -> None:
    """By itself; its end stays what it was."""
    keys.issuer(NOW)
    signed_at(keys, NOW + VALID_FOR)
    assert [each.valid_until for each in keys.published().keys] == [NOW + VALID_FOR, NOW + 2 * VALID_FOR]


def test_a_crash_between_the_two_files_loses_nothing(keys: IssuerKeys, tmp_path: Path) -> None:
    """The public half was written, the private one not: the old key has ended, the next is a new one."""
    path = tmp_path / "var" / "certificate-key.pem"
    before = signed_at(keys, NOW)
    old = path.read_bytes()
    keys.rotate(NOW + SECOND)
    path.write_bytes(old)
    after = signed_at(keys, NOW + 2 * SECOND)
    assert len(keys.published().keys) == 3
    assert {verify(each, keys.published()).trust for each in (before, after)} == {Trust.VALID}


def test_a_public_file_that_was_lost_is_begun_anew(keys: IssuerKeys, tmp_path: Path) -> None:
    """With the key that there is; since when it signed nobody knows."""
    before = signed_at(keys, NOW)
    public_path(tmp_path / "var" / "certificate-key.pem").unlink()
    keys.issuer(NOW + SECOND)
    assert [each.valid_from for each in keys.published().keys] == [None]
    assert verify(before, keys.published()).trust is Trust.VALID


def test_what_is_no_key_is_told_and_left_alone(keys: IssuerKeys, tmp_path: Path) -> None:
    """A broken one, another kind, a folder; never overwritten in silence."""
    path = tmp_path / "var" / "certificate-key.pem"
    keys.issuer(NOW)
    other_kind = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for content in (b"", other_kind):
        path.write_bytes(content)
        with pytest.raises(IssuerKeyUnusable, match="restore the file"):
            keys.issuer(NOW)
        assert path.read_bytes() == content
    public_path(path).write_bytes(b"{}")
    with pytest.raises(IssuerKeyUnusable, match=r"certificate-key\.public\.json"):
        keys.published()


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    """With the reason of the system."""
    (tmp_path / "file").write_bytes(b"")
    keys = IssuerKeys(tmp_path / "file" / "certificate-key.pem", "x", SeededChance(1))
    with pytest.raises(IssuerKeyUnusable):
        keys.issuer(NOW)
