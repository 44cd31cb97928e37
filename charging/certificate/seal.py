"""The seal of a certificate's PDF: a signed line after its end, which no reader shows. Pure.

A PDF ends with `%%EOF`; what begins with `%` after it is a comment. The line names the hash of all bytes
before it, the certificate inside by its place and hash, and the key. The certificate's JSON stands in the PDF
uncompressed, as an attachment, so it can be cut out without reading PDF.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from charging.certificate.signing import (
    SIGNATURE_FIELD,
    instant_spelling,
    is_signed,
    key_id_of,
    line_of,
    public_bytes_of,
    to_text,
)

SEAL = "borne:power-up-certificate-pdf/1"
PDF_START = b"%PDF-"
LONGEST_SEAL = 1000
"""Readers look for the end of a PDF in its last 1024 bytes."""
_LINE = re.compile(rb"\n%(" + re.escape(SEAL.encode()) + rb"\?[!-~]+)\n\Z")


class SealMissingError(ValueError):
    """A PDF that does not end with a seal."""


class SealBrokenError(ValueError):
    """A PDF that is not the one which was sealed."""


@dataclass(frozen=True, slots=True)
class SealedPdf:
    """What a PDF with an unbroken seal holds, and the key of the seal."""

    certificate: bytes
    at: datetime
    key_id: str
    public_key: str


def seal_pdf(pdf: bytes, certificate: bytes, at: datetime, key: Ed25519PrivateKey) -> bytes:
    """A PDF with its seal. Raises ValueError where the certificate does not stand in it."""
    public_key = public_bytes_of(key)
    fields = {
        "at": instant_spelling(at),
        "pdf": hashlib.sha256(pdf).hexdigest(),
        "start": str(pdf.index(certificate)),
        "length": str(len(certificate)),
        "key": key_id_of(public_key),
        "public": to_text(public_key),
    }
    line = line_of(SEAL, fields)
    signature = to_text(key.sign(line.encode()))
    return pdf + f"\n%{line}{SIGNATURE_FIELD}{signature}\n".encode()


def open_pdf(sealed: bytes) -> SealedPdf:
    """What a sealed PDF holds. Raises SealMissingError, SealBrokenError."""
    found = _LINE.search(sealed, max(0, len(sealed) - LONGEST_SEAL))
    if found is None:
        raise SealMissingError
    line, _, signature = found[1].decode().partition(SIGNATURE_FIELD)
    said = {name: values[0] for name, values in parse_qs(line.partition("?")[2]).items()}
    pdf = sealed[: found.start()]
    try:
        is_whole = is_signed(line, signature, said["public"])
        is_whole = is_whole and said["pdf"] == hashlib.sha256(pdf).hexdigest()
        start, length = int(said["start"]), int(said["length"])
        opened = SealedPdf(pdf[start : start + length], _instant(said["at"]), said["key"], said["public"])
    except (KeyError, ValueError):
        raise SealBrokenError from None
    if not is_whole:
        raise SealBrokenError
    return opened


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at
