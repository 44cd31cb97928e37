"""A certificate is believed only as it was signed, by who is known, with what belongs to it."""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.certificate.document import OverallVerdict, canonical, to_file
from charging.certificate.page import certificate_pdf
from charging.certificate.photos import photo_hash
from charging.certificate.reasons import RefusalReason
from charging.certificate.seal import seal_pdf
from charging.certificate.signing import PublishedKeys, key_id_of, public_bytes_of, published, sign
from charging.certificate.verifying import CertificateEvidence, Trust, Verification, verify
from tests.support.certificates import ISSUED, KEY, KEYS, OTHER_KEY, PHOTOS, STARTED, certificate, handed_over

WHOLE = handed_over()
FILE = to_file(WHOLE.signed)
PDF = certificate_pdf(WHOLE.signed, language="fr", paper="Letter", at=ISSUED, key=KEY)
HASHES = {name: photo_hash(content) for name, content in PHOTOS.items()}


def reasons(found: Verification) -> list[RefusalReason]:
    """Why it is refused."""
    return [each.reason for each in found.refused]


@pytest.mark.parametrize("file", [FILE, PDF])
def test_what_is_whole_is_valid(file: bytes) -> None:
    """File and PDF, with frames and photos."""
    found = verify(file, KEYS, CertificateEvidence(WHOLE.frames, HASHES))
    assert (found.trust, reasons(found)) == (Trust.VALID, [])
    assert found.signed == WHOLE.signed
    assert found.examined == ("file", *(("pdf",) if file is PDF else ()), "frames", "photos")


@pytest.mark.parametrize("file", [FILE, PDF])
def test_an_unknown_issuer_is_said_not_called_false(file: bytes) -> None:
    """Without keys nobody is known; the file is whole."""
    found = verify(file, None)
    assert (found.trust, reasons(found), found.signed) == (Trust.UNKNOWN_ISSUER, [], WHOLE.signed)


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_any_byte_that_is_flipped_is_refused(place: int, change: int) -> None:
    """With keys and without: it need not be known who signed to see that it is not what was signed."""
    text = bytearray(FILE)
    text[place] ^= change
    assert verify(bytes(text), None).trust is Trust.REFUSED
    assert verify(bytes(text), KEYS).trust is Trust.REFUSED


@given(st.integers(0, len(PDF) - 1), st.integers(0, 7))
def test_any_bit_of_the_pdf_that_is_flipped_is_refused(place: int, bit: int) -> None:
    """Also where no reader looks."""
    changed = bytearray(PDF)
    changed[place] ^= 1 << bit
    assert verify(bytes(changed), KEYS).trust is Trust.REFUSED


def test_a_file_that_was_edited_is_refused() -> None:
    """The verdict of an item, spelt as it must be."""
    text = FILE.replace(b'"tester_only"', b'"passed"')
    assert reasons(verify(text, KEYS)) == [RefusalReason.SIGNATURE_FALSE]


def test_a_file_that_was_signed_again_with_another_key_is_refused() -> None:
    """Under that key's id, and under ours."""
    edited = msgspec.structs.replace(WHOLE.signed.certificate, verdict=OverallVerdict.PASSED)
    again = sign(edited, OTHER_KEY)
    assert reasons(verify(to_file(again), KEYS)) == [RefusalReason.KEY_OF_ANOTHER]
    disguised = msgspec.structs.replace(
        again, signature=msgspec.structs.replace(again.signature, key_id=KEYS.keys[0].key_id)
    )
    assert reasons(verify(to_file(disguised), KEYS)) == [RefusalReason.KEY_ID_FALSE]
    ours = msgspec.structs.replace(
        again, signature=msgspec.structs.replace(WHOLE.signed.signature, value=again.signature.value)
    )
    assert reasons(verify(to_file(ours), KEYS)) == [RefusalReason.SIGNATURE_FALSE]
    no_key = msgspec.structs.replace(
        again, signature=msgspec.structs.replace(again.signature, public_key="?")
    )
    assert reasons(verify(to_file(no_key), KEYS)) == [RefusalReason.KEY_ID_FALSE]


def test_another_key_under_our_id_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should somebody find one whose hash begins alike: it is the key that counts."""
    monkeypatch.setattr("charging.certificate.verifying.key_id_of", lambda _: KEYS.keys[0].key_id)
    monkeypatch.setattr("charging.certificate.signing.key_id_of", lambda _: KEYS.keys[0].key_id)
    assert reasons(verify(to_file(handed_over(key=OTHER_KEY).signed), KEYS)) == [RefusalReason.KEY_OF_ANOTHER]


def keys_until(until: timedelta) -> PublishedKeys:
    """Our key, ended so long after the certificate, and one that followed."""
    first = published(public_bytes_of(KEY), STARTED, ISSUED + until)
    return PublishedKeys(
        "borne-certificate-keys/1", "x", (first, published(public_bytes_of(OTHER_KEY), ISSUED + until))
    )


def test_a_certificate_stays_valid_when_its_key_is_rotated() -> None:
    """The key ended later."""
    assert verify(FILE, keys_until(timedelta(seconds=1))).trust is Trust.VALID


def test_what_was_signed_after_its_keys_end_is_refused() -> None:
    """At that very instant too; and what was signed before the key was there."""
    for until in (timedelta(0), timedelta(days=-1)):
        assert reasons(verify(FILE, keys_until(until))) == [RefusalReason.KEY_ENDED]
    early = to_file(handed_over(key=OTHER_KEY).signed)
    assert reasons(verify(early, keys_until(timedelta(seconds=1)))) == [RefusalReason.KEY_NOT_YET]


def test_a_key_without_dates_is_valid_whenever_it_signed() -> None:
    """One that was handed over as PEM."""
    keys = PublishedKeys("borne-certificate-keys/1", "", (published(public_bytes_of(KEY)),))
    assert verify(FILE, keys).trust is Trust.VALID


def test_a_pdf_sealed_after_its_keys_end_is_refused() -> None:
    """Also where the certificate in it is older."""
    pdf = certificate_pdf(WHOLE.signed, language="en", paper="A4", at=ISSUED + timedelta(seconds=2), key=KEY)
    assert reasons(verify(pdf, keys_until(timedelta(seconds=1)))) == [RefusalReason.KEY_ENDED]


def test_a_certificate_of_an_old_key_in_a_pdf_of_the_new_one_is_valid() -> None:
    """Printed again after a rotation."""
    at = ISSUED + timedelta(days=1)
    pdf = certificate_pdf(WHOLE.signed, language="en", paper="A4", at=at, key=OTHER_KEY)
    assert verify(pdf, keys_until(timedelta(hours=1))).trust is Trust.VALID


def test_a_changed_pdf_is_refused() -> None:
    """A word of it, what was put behind it, and the same page without its seal."""
    assert reasons(verify(PDF.replace(b"/Title", b"/TitlE", 1), KEYS)) == [RefusalReason.PDF_CHANGED]
    assert reasons(verify(PDF + b"1 0 obj", KEYS)) == [RefusalReason.PDF_WITHOUT_SEAL]
    assert reasons(verify(PDF[: PDF.rindex(b"\n%borne")], KEYS)) == [RefusalReason.PDF_WITHOUT_SEAL]


def test_a_page_of_another_around_our_certificate_is_refused() -> None:
    """Sealed by them; under our key's id that is no seal at all."""
    edited = PDF[: PDF.rindex(b"\n%borne")].replace(b"/Title", b"/TitlE", 1)
    assert reasons(verify(seal_pdf(edited, FILE, ISSUED, OTHER_KEY), KEYS)) == [RefusalReason.KEY_OF_ANOTHER]
    theirs, ours = (key_id_of(public_bytes_of(key)).encode() for key in (OTHER_KEY, KEY))
    forged = seal_pdf(edited, FILE, ISSUED, OTHER_KEY).replace(b"&key=" + theirs, b"&key=" + ours)
    assert reasons(verify(forged, KEYS)) == [RefusalReason.PDF_CHANGED]


def test_a_seal_under_a_false_id_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rightly signed as it may be."""
    monkeypatch.setattr("charging.certificate.seal.key_id_of", lambda _: KEYS.keys[0].key_id)
    edited = PDF[: PDF.rindex(b"\n%borne")]
    assert reasons(verify(seal_pdf(edited, FILE, ISSUED, OTHER_KEY), KEYS)) == [RefusalReason.KEY_ID_FALSE]


def test_what_is_no_certificate_or_is_written_otherwise_is_refused() -> None:
    """Each with its own reason; nothing else is looked at."""
    assert reasons(verify(b"{}", KEYS, CertificateEvidence(b"", {}))) == [RefusalReason.NO_CERTIFICATE]
    assert reasons(verify(FILE + b"\n", KEYS)) == [RefusalReason.ALTERED_FORM]


def test_what_was_handed_over_with_it_must_belong_to_it() -> None:
    """Frames and photos are refused each for its own reason."""
    other = handed_over(station="0011223344AA", photos={"x.jpg": b"x"})
    theirs = {name: photo_hash(content) for name, content in other.photos.items()}
    assert reasons(verify(FILE, KEYS, CertificateEvidence(other.frames, theirs))) == [
        RefusalReason.FRAMES_OF_ANOTHER_STATION,
        RefusalReason.PHOTOS_OF_ANOTHER_RUN,
    ]


def test_published_keys_say_the_same_in_their_file() -> None:
    """They are read with the certificate, and have one spelling too."""
    assert canonical(KEYS).startswith(
        b'{"format":"borne-certificate-keys/1","issuer":"Bornes du Nord","keys":['
    )
    assert certificate("00", 0).verdict is OverallVerdict.INCOMPLETE
