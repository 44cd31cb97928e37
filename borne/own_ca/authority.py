"""Makes an authority that can vouch for this server's names alone, and the server's certificate.

The authority's certificate names what it may vouch for (RFC 5280 §4.2.1.10): a phone that trusts it trusts
nothing else by it, even if its key is stolen.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from runtime.errors import RuntimeProblem
from runtime.private_file import write_private
from runtime.wording import Phrase

FOLDER = "own-ca"
"""In `var/`."""
AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca-key.pem"
CHAIN, SERVER_KEY = "chain.pem", "key.pem"
AUTHORITY_FOR = timedelta(days=3650)
SERVER_FOR = timedelta(days=397)
"""Phones refuse server certificates that are valid for longer than 398 or 825 days."""
BACKDATED = timedelta(days=1)
"""A phone's clock may be behind."""
LONGEST_NAME = 64

Name = x509.DNSName | x509.IPAddress


class OwnCaUnusable(RuntimeProblem):
    """Names that cannot be certified, or files that cannot be read or written."""


@dataclass(frozen=True, slots=True)
class OwnCa:
    """The files. `is_new_authority`: phones have to trust it anew."""

    folder: Path
    is_new_authority: bool
    valid_until: datetime

    @property
    def authority(self) -> Path:
        """What phones install."""
        return self.folder / AUTHORITY

    @property
    def chain(self) -> Path:
        """For `--http-tls-certificate`."""
        return self.folder / CHAIN

    @property
    def key(self) -> Path:
        """For `--http-tls-key`."""
        return self.folder / SERVER_KEY


def certify(folder: Path, names: Sequence[str], now: datetime) -> OwnCa:
    """A certificate for these names and addresses; by the authority that is there, where it may vouch for
    them, else by a new one. Raises OwnCaUnusable.
    """
    wanted = [name_of(each) for each in names]
    if not wanted:
        raise OwnCaUnusable(
            Phrase("Donnez au moins un nom ou une adresse.", "Give at least one name or address.")
        )
    try:
        known = _known(folder, wanted, now)
        authority, key = known or _new_authority(wanted, now)
        if known is None:
            write_private(folder / AUTHORITY_KEY, _pem(key))
            write_private(folder / AUTHORITY, authority.public_bytes(Encoding.PEM))
        server_key = ec.generate_private_key(ec.SECP256R1())
        server = _server_certificate(authority, key, server_key, wanted, now)
        write_private(folder / SERVER_KEY, _pem(server_key))
        chain = server.public_bytes(Encoding.PEM) + authority.public_bytes(Encoding.PEM)
        write_private(folder / CHAIN, chain)
    except OSError as error:
        why = error.strerror or str(error)
        raise OwnCaUnusable(
            Phrase(f"{folder} est inutilisable : {why}", f"{folder} cannot be used: {why}")
        ) from error
    return OwnCa(folder, known is None, server.not_valid_after_utc)


def name_of(text: str) -> Name:
    """As certificates name it. Raises OwnCaUnusable."""
    try:
        return x509.IPAddress(ipaddress.ip_address(text.strip("[]")))
    except ValueError:
        pass
    labels = text.lower().split(".")
    is_name = text.isascii() and all(each and each.replace("-", "").isalnum() for each in labels)
    if not is_name:
        raise OwnCaUnusable(
            Phrase(
                f"{text} n'est ni un nom ni une adresse : donnez-le sans https:// ni port.",
                f"{text} is neither a name nor an address: give it without https:// and port.",
            )
        )
    return x509.DNSName(text.lower())


def _known(
    folder: Path, wanted: Sequence[Name], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey] | None:
    """The authority that is there, if it may vouch for all of these and lasts as long as they do."""
    try:
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        key = load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), password=None)
        allowed = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees
    except (FileNotFoundError, ValueError, x509.ExtensionNotFound):
        return None
    names = {_subtree(each) for each in wanted}
    lasts = authority.not_valid_after_utc > now + SERVER_FOR
    is_fit = lasts and names <= set(allowed or ()) and isinstance(key, ec.EllipticCurvePrivateKey)
    return (authority, key) if is_fit and isinstance(key, ec.EllipticCurvePrivateKey) else None


def _new_authority(
    wanted: Sequence[Name], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"borne, {wanted[0].value}")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    authority = (
        _builder(subject, subject, key.public_key(), now, AUTHORITY_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints([_subtree(each) for each in wanted], None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return authority, key


def _server_certificate(
    authority: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    server_key: ec.EllipticCurvePrivateKey,
    wanted: Sequence[Name],
    now: datetime,
) -> x509.Certificate:
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return (
        _builder(_subject(str(wanted[0].value)), authority.subject, server_key.public_key(), now, SERVER_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(list(wanted)), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer_id, critical=False)
        .sign(key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + lasts)
    )


def _subject(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:LONGEST_NAME])])


def _subtree(name: Name) -> x509.GeneralName:
    """What permits this name alone: an address is a network of one."""
    if isinstance(name, x509.DNSName):
        return name
    return x509.IPAddress(ipaddress.ip_network(str(name.value)))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
