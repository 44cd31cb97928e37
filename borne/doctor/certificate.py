"""The certificate of the TLS port: usable, in date, and for which names."""

import ssl
from collections.abc import Iterator
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from borne.doctor.remarks import Remark, good, note, problem
from borne.settings import ServerSettings
from runtime.clock import Clock

RENEW_BEFORE = timedelta(days=30)
NEW_ONE = "Give the server a new one: --tls-certificate and --tls-key"


def examine_certificate(settings: ServerSettings, clock: Clock) -> Iterator[Remark]:
    """Nothing to say where none is given."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
        certificate = x509.load_pem_x509_certificate(settings.tls_certificate.read_bytes())
    except (ssl.SSLError, ValueError):
        yield _unusable(settings, "they are no PEM files, or do not belong together")
        return
    except OSError as error:
        yield _unusable(settings, str(error.strerror))
        return
    now, until, names = (
        clock.now(),
        certificate.not_valid_after_utc,
        ", ".join(_names(certificate)) or "no name",
    )
    if certificate.not_valid_before_utc > now:
        yield problem(
            f"The certificate is valid only from {certificate.not_valid_before_utc:%Y-%m-%d}.", NEW_ONE
        )
    elif until <= now:
        yield problem(f"The certificate has expired on {until:%Y-%m-%d}: stations refuse it.", NEW_ONE)
    elif until - now < RENEW_BEFORE:
        yield note(f"The certificate expires on {until:%Y-%m-%d}.", NEW_ONE)
    else:
        yield good(f"the certificate is for {names}, until {until:%Y-%m-%d}")


def _unusable(settings: ServerSettings, why: str) -> Remark:
    return problem(
        f"The certificate {settings.tls_certificate} with {settings.tls_key} cannot be used: {why}.",
        "Give a PEM certificate chain and its unencrypted key.",
    )


def _names(certificate: x509.Certificate) -> list[str]:
    """What stations compare with the host in their URL (RFC 6125: only the alternative names count)."""
    try:
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    except x509.ExtensionNotFound:
        return []
    found = extension.value
    if not isinstance(found, x509.SubjectAlternativeName):
        return []
    return [
        *found.get_values_for_type(x509.DNSName),
        *map(str, found.get_values_for_type(x509.IPAddress)),
    ]
