"""A certificate that stations would refuse is seen before they do."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from borne.doctor.certificate import examine_certificates
from borne.doctor.remarks import Level, Remark
from borne.settings import ServerSettings
from runtime.clock import ManualClock

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def examine(folder: Path, begins: timedelta, ends: timedelta, *, is_named: bool = True) -> Remark:
    """What is said of a certificate valid from `begins` to `ends` after now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "csms")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW + begins, NOW + ends)
    if is_named:
        names = [x509.DNSName("csms.example"), x509.IPAddress(ip_address("192.0.2.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    settings = ServerSettings(tls_certificate=folder / "cert.pem", tls_key=folder / "key.pem")
    (remark,) = examine_certificates(settings, ManualClock(NOW))
    return remark


@pytest.mark.parametrize(
    ("begins", "ends", "level", "words"),
    [
        (-10, 400, Level.GOOD, "csms.example, 192.0.2.1"),
        (-10, 20, Level.NOTE, "expires on 2026-01-25"),
        (-10, 0, Level.PROBLEM, "has expired on 2026-01-05"),
        (2, 400, Level.PROBLEM, "valid only from 2026-01-07"),
    ],
)
def test_dates_and_names(tmp_path: Path, begins: int, ends: int, level: Level, words: str) -> None:
    """In date, about to expire, expired, not yet valid."""
    remark = examine(tmp_path, timedelta(days=begins), timedelta(days=ends))
    assert remark.level is level
    assert words in remark.text


def test_that_of_console_and_api_is_looked_at_too(tmp_path: Path) -> None:
    """With its own options in the way out."""
    examine(tmp_path, timedelta(days=-10), timedelta(days=0))
    settings = ServerSettings(http_tls_certificate=tmp_path / "cert.pem", http_tls_key=tmp_path / "key.pem")
    (remark,) = examine_certificates(settings, ManualClock(NOW))
    assert "has expired on 2026-01-05: browsers refuse it" in remark.text
    assert remark.way_out == "Give the server a new one: --http-tls-certificate and --http-tls-key"


def test_a_certificate_without_alternative_names_is_for_nobody(tmp_path: Path) -> None:
    """Its common name does not count (RFC 6125)."""
    assert "for no name" in examine(tmp_path, timedelta(-1), timedelta(400), is_named=False).text


def test_files_that_are_none_or_missing(tmp_path: Path) -> None:
    """One sentence each, without a library's words."""
    (tmp_path / "a.pem").write_text("nonsense")
    for name, why in (("a.pem", "no PEM files"), ("missing.pem", "No such file")):
        settings = ServerSettings(tls_certificate=tmp_path / name, tls_key=tmp_path / name)
        (remark,) = examine_certificates(settings, ManualClock(NOW))
        assert remark.level is Level.PROBLEM
        assert why in remark.text


def test_no_certificate_no_remark() -> None:
    """TLS is a choice."""
    assert list(examine_certificates(ServerSettings(), ManualClock(NOW))) == []
