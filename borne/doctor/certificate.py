"""The certificates of the TLS ports: usable, in date, and for which names."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from borne.doctor.remarks import Remark, good, note, problem
from borne.settings import ServerSettings
from runtime.clock import Clock
from runtime.wording import Phrase

RENEW_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Given:
    """A certificate with its key, the options that gave them, and who looks at it."""

    chain: Path
    key: Path
    option: str
    who: Phrase

    @property
    def new_one(self) -> Phrase:
        """The way out."""
        options = f"--{self.option}certificate", f"--{self.option}key"
        return Phrase(
            f"Donnez-en un nouveau au serveur : {' et '.join(options)}",
            f"Give the server a new one: {' and '.join(options)}",
        )


def examine_certificates(settings: ServerSettings, clock: Clock) -> Iterator[Remark]:
    """Those of stations and of people; nothing to say where none is given."""
    if settings.tls_certificate is not None and settings.tls_key is not None:
        who = Phrase("les bornes", "stations")
        yield _examine(_Given(settings.tls_certificate, settings.tls_key, "tls-", who), clock)
    if settings.http_tls_certificate is not None and settings.http_tls_key is not None:
        who = Phrase("les navigateurs", "browsers")
        yield _examine(_Given(settings.http_tls_certificate, settings.http_tls_key, "http-tls-", who), clock)


def _examine(given: _Given, clock: Clock) -> Remark:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(given.chain, given.key)
        certificate = x509.load_pem_x509_certificate(given.chain.read_bytes())
    except (ssl.SSLError, ValueError):
        why = Phrase(
            "ce ne sont pas des fichiers PEM, ou ils ne vont pas ensemble",
            "they are no PEM files, or do not belong together",
        )
        return _unusable(given, why)
    except OSError as error:
        return _unusable(given, Phrase(str(error.strerror), str(error.strerror)))
    return _in_date(given, certificate, clock)


def _in_date(given: _Given, certificate: x509.Certificate, clock: Clock) -> Remark:
    now, starts, ends = clock.now(), certificate.not_valid_before_utc, certificate.not_valid_after_utc
    name, start, end = given.chain.name, f"{starts:%Y-%m-%d}", f"{ends:%Y-%m-%d}"
    if starts > now:
        text = Phrase(
            f"Le certificat {name} n'est valide qu'à partir du {start}.",
            f"The certificate {name} is valid only from {start}.",
        )
        return problem(text, given.new_one)
    if ends <= now:
        text = Phrase(
            f"Le certificat {name} a expiré le {end} : {given.who.fr} le refusent.",
            f"The certificate {name} has expired on {end}: {given.who.en} refuse it.",
        )
        return problem(text, given.new_one)
    if ends - now < RENEW_BEFORE:
        text = Phrase(f"Le certificat {name} expire le {end}.", f"The certificate {name} expires on {end}.")
        return note(text, given.new_one)
    names = ", ".join(_names(certificate))
    return good(
        Phrase(
            f"le certificat {name} vaut pour {names or 'aucun nom'}, jusqu'au {end}",
            f"the certificate {name} is for {names or 'no name'}, until {end}",
        )
    )


def _unusable(given: _Given, why: Phrase) -> Remark:
    return problem(
        Phrase(
            f"Le certificat {given.chain} avec {given.key} est inutilisable : {why.fr}.",
            f"The certificate {given.chain} with {given.key} cannot be used: {why.en}.",
        ),
        Phrase(
            "Donnez une chaîne de certificats PEM et sa clé non chiffrée.",
            "Give a PEM certificate chain and its unencrypted key.",
        ),
    )


def _names(certificate: x509.Certificate) -> list[str]:
    """What peers compare with the host in their URL (RFC 6125: only the alternative names count)."""
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
