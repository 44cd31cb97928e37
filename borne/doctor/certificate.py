"""The certificate of the TLS port: usable, in date, and for which names."""

import ssl
from collections.abc import Iterator
from datetime import timedelta

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from borne.doctor.remarks import Remark, good, note, problem
from borne.settings import ServerSettings
from runtime.clock import Clock
from runtime.wording import Phrase

RENEW_BEFORE = timedelta(days=30)
NEW_ONE = Phrase(
    "Donnez-en un nouveau au serveur : --tls-certificate et --tls-key",
    "Give the server a new one: --tls-certificate and --tls-key",
)


def examine_certificate(settings: ServerSettings, clock: Clock) -> Iterator[Remark]:
    """Nothing to say where none is given."""
    if settings.tls_certificate is None or settings.tls_key is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
        certificate = x509.load_pem_x509_certificate(settings.tls_certificate.read_bytes())
    except (ssl.SSLError, ValueError):
        why = Phrase(
            "ce ne sont pas des fichiers PEM, ou ils ne vont pas ensemble",
            "they are no PEM files, or do not belong together",
        )
        yield _unusable(settings, why)
        return
    except OSError as error:
        yield _unusable(settings, Phrase(str(error.strerror), str(error.strerror)))
        return
    now, until, names = (
        clock.now(),
        certificate.not_valid_after_utc,
        ", ".join(_names(certificate)) or "no name",
    )
    if certificate.not_valid_before_utc > now:
        start = f"{certificate.not_valid_before_utc:%Y-%m-%d}"
        text = Phrase(
            f"Le certificat n'est valide qu'à partir du {start}.",
            f"The certificate is valid only from {start}.",
        )
        yield problem(text, NEW_ONE)
    elif until <= now:
        text = Phrase(
            f"Le certificat a expiré le {until:%Y-%m-%d} : les bornes le refusent.",
            f"The certificate has expired on {until:%Y-%m-%d}: stations refuse it.",
        )
        yield problem(text, NEW_ONE)
    elif until - now < RENEW_BEFORE:
        end = f"{until:%Y-%m-%d}"
        yield note(Phrase(f"Le certificat expire le {end}.", f"The certificate expires on {end}."), NEW_ONE)
    else:
        end = f"{until:%Y-%m-%d}"
        yield good(
            Phrase(
                f"le certificat vaut pour {names}, jusqu'au {end}",
                f"the certificate is for {names}, until {end}",
            )
        )


def _unusable(settings: ServerSettings, why: Phrase) -> Remark:
    certificate, key = settings.tls_certificate, settings.tls_key
    return problem(
        Phrase(
            f"Le certificat {certificate} avec {key} est inutilisable : {why.fr}.",
            f"The certificate {certificate} with {key} cannot be used: {why.en}.",
        ),
        Phrase(
            "Donnez une chaîne de certificats PEM et sa clé non chiffrée.",
            "Give a PEM certificate chain and its unencrypted key.",
        ),
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
