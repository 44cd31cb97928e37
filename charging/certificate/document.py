"""What a power-up certificate says, and its one spelling: the bytes of RFC 8785. Pure.

Times are instants with their zone, sizes bytes. A field that does not apply is null, never left out.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import rfc8785

FORMAT = "borne-power-up-certificate/1"
"""Another number for every change that a reader of this one would not understand."""
MEDIA_TYPE = "application/vnd.borne.power-up-certificate+json"
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class NotCertificateError(ValueError):
    """A text that is no certificate of this format; says what is wrong with it."""


class AlteredFormError(ValueError):
    """A certificate that is not spelt as it was signed, byte for byte."""


class ItemVerdict(StrEnum):
    """What came of one item of the list."""

    PASSED = "passed"
    FAILED = "failed"
    CANNOT_BE_CHECKED = "cannot_be_checked"
    """Not here, not now: no car, no signal, needs activation."""
    TESTER_ONLY = "tester_only"
    """Started and stopped with a tester, 0 kWh: the first real charge completes it."""
    NOT_APPLICABLE = "not_applicable"
    """The item is not for this station."""


class OverallVerdict(StrEnum):
    """What the items come to."""

    PASSED = "passed"
    INCOMPLETE = "incomplete"
    """Nothing failed, but something is still open."""
    FAILED = "failed"


class BilingualText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text for people. Where nobody translated it, both are the same."""

    fr: str
    en: str


class ItemValue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that was measured or read."""

    name: str
    value: bool | int | float | str
    unit: str | None = None


class CertifiedItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the list. `open_for` says what completes it and who, where it is open."""

    id: str
    title: BilingualText
    verdict: ItemVerdict
    detail: BilingualText | None = None
    values: tuple[ItemValue, ...] = ()
    open_for: BilingualText | None = None
    at: Instant | None = None


class CertifiedPhoto(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A photo of the run. `name` is that of its file, `sha256` that of its bytes, in hex."""

    name: str
    sha256: str
    bytes: int
    item: str | None = None
    taken_at: Instant | None = None


class CertifiedStation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The box. `is_simulated`: there is none, a program played it."""

    station_id: str
    is_simulated: bool
    ocpp_version: str
    macs: tuple[str, ...] = ()
    serial: str | None = None
    vendor: str | None = None
    model: str | None = None
    firmware: str | None = None


class CertifiedPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where it hangs, by the names that people know."""

    organisation: str | None = None
    site: str | None = None
    place: str | None = None


class CertifiedRun(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which run it was. `by` is the person or program that did it; `seed` makes a simulated one again."""

    id: str
    started_at: Instant
    ended_at: Instant
    by: str | None = None
    seed: int | None = None


class CertifiedVersions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the list and its judge were: program, scenario and product file, each with its version or hash."""

    program: str
    scenario: str
    product: str | None = None


class CertifiedFrames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The run's frames: the end of their chain (`charging.certificate.chain`) and how many there are.

    `tap`: where they were taken. `station` and `server` see each frame; `wire_log` is a server's live log,
    which may leave some out.
    """

    head: str
    count: int
    tap: Literal["station", "server", "wire_log"]


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that is signed."""

    format: Literal["borne-power-up-certificate/1"]
    verdict: OverallVerdict
    issued_at: Instant
    issuer: str
    station: CertifiedStation
    location: CertifiedPlace
    run: CertifiedRun
    versions: CertifiedVersions
    items: tuple[CertifiedItem, ...]
    photos: tuple[CertifiedPhoto, ...]
    frames: CertifiedFrames


class CertificateSignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose it is. Keys and signature are base64url without padding."""

    algorithm: Literal["Ed25519"]
    key_id: str
    public_key: str
    value: str


class SignedCertificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file."""

    certificate: Certificate
    signature: CertificateSignature


def overall(verdicts: Iterable[ItemVerdict]) -> OverallVerdict:
    """What the items come to: one that failed decides, then one that is open. No item proves nothing."""
    found = set(verdicts)
    if ItemVerdict.FAILED in found:
        return OverallVerdict.FAILED
    is_open = found & {ItemVerdict.CANNOT_BE_CHECKED, ItemVerdict.TESTER_ONLY}
    return OverallVerdict.INCOMPLETE if is_open or ItemVerdict.PASSED not in found else OverallVerdict.PASSED


def canonical(content: Any) -> bytes:
    """Its one spelling (RFC 8785). Raises ValueError for a number or text that JSON cannot carry exactly."""
    return rfc8785.dumps(msgspec.to_builtins(content))


def fingerprint(certificate: Certificate) -> str:
    """SHA-256 of the certificate's one spelling, in hex."""
    return hashlib.sha256(canonical(certificate)).hexdigest()


def to_file(signed: SignedCertificate) -> bytes:
    """The bytes of the file."""
    return canonical(signed)


def from_file(text: bytes) -> SignedCertificate:
    """What a file says. Raises NotCertificateError; AlteredFormError where it says it in other bytes.

    Only one spelling is taken, so no two programs can read the same file differently: a member that stands
    twice, a space or another way to write a number are refused as any other change is.
    """
    try:
        signed = msgspec.json.decode(text, type=SignedCertificate)
    except (ValueError, RecursionError) as error:  # msgspec's own are ValueErrors
        raise NotCertificateError(str(error)) from None
    try:
        is_as_signed = canonical(signed) == text
    except ValueError:
        is_as_signed = False
    if not is_as_signed:
        raise AlteredFormError
    return signed
