"""The own authority vouches for this server's names alone, and is kept for them."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from borne.own_ca.authority import AUTHORITY_FOR, SERVER_FOR, OwnCaUnusable, certify

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
NAMES = ["garage.lan", "192.168.1.20"]


def test_the_server_has_a_certificate_of_the_authority(tmp_path: Path) -> None:
    """For its names, as long as phones take it; keys are their owner's alone."""
    made = certify(tmp_path, NAMES, NOW)
    assert made.is_new_authority
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.chain, made.key)
    server, authority = x509.load_pem_x509_certificates(made.chain.read_bytes())
    server.verify_directly_issued_by(authority)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["garage.lan"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.20"]
    assert (made.valid_until, authority.not_valid_after_utc) == (NOW + SERVER_FOR, NOW + AUTHORITY_FOR)
    limits = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical
    assert len(limits.value.permitted_subtrees or ()) == 2
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}


def test_phones_keep_the_authority_they_have(tmp_path: Path) -> None:
    """For the same names, or fewer; another name, or one that would outlast it, needs a new one."""
    before = certify(tmp_path, NAMES, NOW).authority.read_bytes()
    for names in (NAMES, NAMES[:1]):
        again = certify(tmp_path, names, NOW + timedelta(days=300))
        assert not again.is_new_authority
        assert again.authority.read_bytes() == before
    assert certify(tmp_path, [*NAMES, "other.lan"], NOW).is_new_authority
    assert certify(tmp_path, NAMES, NOW + AUTHORITY_FOR - timedelta(days=30)).is_new_authority
    (tmp_path / "ca.pem").write_text("nothing")
    assert certify(tmp_path, NAMES, NOW).is_new_authority


@pytest.mark.parametrize("names", [[], ["https://garage.lan"], ["garage.lan:8443"], ["a b"], ["é.lan"]])
def test_what_is_no_name_is_refused(tmp_path: Path, names: list[str]) -> None:
    """With what to write instead."""
    with pytest.raises(OwnCaUnusable):
        certify(tmp_path, names, NOW)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "file").write_text("")
    with pytest.raises(OwnCaUnusable, match="file"):
        certify(tmp_path / "file", NAMES, NOW)
