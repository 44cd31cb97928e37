"""Whether a certificate is what it says, and what was handed over with it belongs to it. Pure, offline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from charging.certificate.chain import refused_frames
from charging.certificate.document import AlteredFormError, NotCertificateError, SignedCertificate, from_file
from charging.certificate.photos import refused_photos
from charging.certificate.reasons import CertificateRefusal, RefusalReason
from charging.certificate.seal import PDF_START, SealBrokenError, SealMissingError, open_pdf
from charging.certificate.signing import PublishedKeys, from_text, is_signed, key_id_of, statement_of


class Trust(StrEnum):
    """What a verification comes to."""

    VALID = "valid"
    REFUSED = "refused"
    UNKNOWN_ISSUER = "unknown_issuer"
    """Whole in itself, but no keys were given to know its issuer by. Not false."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it. `examined` names what was looked at: file, pdf, frames, photos."""

    signed: SignedCertificate | None
    refused: tuple[CertificateRefusal, ...]
    is_issuer_known: bool
    examined: tuple[str, ...]

    @property
    def trust(self) -> Trust:
        """The answer."""
        if self.refused:
            return Trust.REFUSED
        return Trust.VALID if self.is_issuer_known else Trust.UNKNOWN_ISSUER


@dataclass(frozen=True, slots=True)
class CertificateEvidence:
    """What else was handed over; None: it was not. `photos` has the hash of each file by its name."""

    frames: bytes | None = None
    photos: Mapping[str, str] | None = None


@dataclass(slots=True)
class _Examination:
    keys: PublishedKeys | None
    refused: list[CertificateRefusal] = field(default_factory=list)

    def refuse(self, reason: RefusalReason, **fields: object) -> None:
        self.refused.append(CertificateRefusal(reason, **fields))

    def check_key(self, key_id: str, public_key: str, at: datetime) -> None:
        """The key that signed at that time is the issuer's, and was valid then."""
        if self.keys is None:
            return
        known = self.keys.key(key_id)
        if known is None or known.public_key != public_key:
            self.refuse(RefusalReason.KEY_OF_ANOTHER, key=key_id)
        elif known.valid_from is not None and at < known.valid_from:
            self.refuse(RefusalReason.KEY_NOT_YET, at=at, key=key_id, since=known.valid_from)
        elif known.valid_until is not None and at >= known.valid_until:
            self.refuse(RefusalReason.KEY_ENDED, at=at, key=key_id, until=known.valid_until)

    def check_signature(self, signed: SignedCertificate) -> None:
        """The signature is of this content, by the key that is named."""
        said = signed.signature
        if not _is_id_of(said.key_id, said.public_key):
            self.refuse(RefusalReason.KEY_ID_FALSE, key=said.key_id)
        elif not is_signed(statement_of(signed.certificate, said.key_id), said.value, said.public_key):
            self.refuse(RefusalReason.SIGNATURE_FALSE, key=said.key_id)
        else:
            self.check_key(said.key_id, said.public_key, signed.certificate.issued_at)


def verify(
    file: bytes, keys: PublishedKeys | None, evidence: CertificateEvidence | None = None
) -> Verification:
    """Examine a certificate, as JSON or as the PDF that carries it. `keys` None: its issuer stays unknown."""
    given = evidence or CertificateEvidence()
    examination = _Examination(keys)
    is_pdf = file.startswith(PDF_START)
    signed = _opened(_carried(file, examination) if is_pdf else file, examination)
    if signed is not None:
        examination.check_signature(signed)
        if given.frames is not None:
            examination.refused += refused_frames(signed.certificate, given.frames)
        if given.photos is not None:
            examination.refused += refused_photos(signed.certificate.photos, given.photos)
    looked_at = {
        "file": True,
        "pdf": is_pdf,
        "frames": given.frames is not None,
        "photos": given.photos is not None,
    }
    examined = tuple(name for name, is_so in looked_at.items() if is_so)
    return Verification(signed, tuple(examination.refused), keys is not None, examined)


def _carried(pdf: bytes, examination: _Examination) -> bytes | None:
    """The certificate in a PDF; None where that cannot be trusted to be all that the PDF was."""
    try:
        sealed = open_pdf(pdf)
    except SealMissingError:
        examination.refuse(RefusalReason.PDF_WITHOUT_SEAL)
    except SealBrokenError:
        examination.refuse(RefusalReason.PDF_CHANGED)
    else:
        if _is_id_of(sealed.key_id, sealed.public_key):
            examination.check_key(sealed.key_id, sealed.public_key, sealed.at)
            return sealed.certificate
        examination.refuse(RefusalReason.KEY_ID_FALSE, key=sealed.key_id)
    return None


def _opened(file: bytes | None, examination: _Examination) -> SignedCertificate | None:
    if file is None:
        return None
    try:
        return from_file(file)
    except NotCertificateError as error:
        examination.refuse(RefusalReason.NO_CERTIFICATE, problem=error)
    except AlteredFormError:
        examination.refuse(RefusalReason.ALTERED_FORM)
    return None


def _is_id_of(key_id: str, public_key: str) -> bool:
    try:
        return key_id_of(from_text(public_key)) == key_id
    except ValueError:
        return False
