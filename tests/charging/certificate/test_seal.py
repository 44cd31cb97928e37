"""The seal behind a PDF: no byte of it can change, and the certificate inside comes out again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charging.certificate.seal import SealBrokenError, SealMissingError, open_pdf, seal_pdf
from charging.certificate.signing import SIGNATURE_FIELD, key_id_of, line_of, public_bytes_of, to_text
from tests.support.certificates import ISSUED, KEY, OTHER_KEY

PDF = b"%PDF-1.7\nstream\n{certificate}\nendstream\n%%EOF\n"
SEALED = seal_pdf(PDF, b"{certificate}", ISSUED, KEY)


def test_what_was_sealed_comes_out() -> None:
    """The certificate, when and by whom."""
    opened = open_pdf(SEALED)
    assert (opened.certificate, opened.at) == (b"{certificate}", ISSUED)
    assert opened.key_id == key_id_of(public_bytes_of(KEY))
    assert opened.public_key == to_text(public_bytes_of(KEY))


def test_the_pdf_stays_as_it_was() -> None:
    """The seal is a comment after its end, near enough for readers to find the end."""
    assert SEALED.startswith(PDF)
    assert len(SEALED) - len(PDF) < 1000
    assert SEALED[len(PDF) :].startswith(b"\n%borne:power-up-certificate-pdf/1?at=")


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_byte_that_is_flipped_breaks_it(place: int, change: int) -> None:
    """Of the PDF and of the seal."""
    changed = bytearray(SEALED)
    changed[place] ^= change
    with pytest.raises((SealBrokenError, SealMissingError)):
        open_pdf(bytes(changed))


@pytest.mark.parametrize("pdf", [PDF, SEALED + b"%", SEALED + PDF, SEALED[:-1]])
def test_a_pdf_without_seal_at_its_very_end_has_none(pdf: bytes) -> None:
    """Nothing can be put behind it: a PDF can be changed by what is added to it."""
    with pytest.raises(SealMissingError):
        open_pdf(pdf)


def test_another_pdf_under_the_same_seal_is_broken() -> None:
    """The seal is of one PDF."""
    with pytest.raises(SealBrokenError):
        open_pdf(SEALED.replace(b"stream", b"Stream", 1))


@pytest.mark.parametrize("field", ["public", "pdf", "start", "length", "key", "at"])
def test_a_seal_that_lacks_something_is_broken(field: str) -> None:
    """Rightly signed as it may be."""
    fields = {"at": "2026-11-24T13:42:00Z", "pdf": "00", "start": "0", "length": "1", "key": "k"}
    fields["public"] = to_text(public_bytes_of(KEY))
    del fields[field]
    with pytest.raises(SealBrokenError):
        open_pdf(_sealed_with(fields))


@pytest.mark.parametrize(("field", "value"), [("start", "x"), ("at", "2026-11-24T13:42:00"), ("at", "soon")])
def test_a_seal_that_says_nonsense_is_broken(field: str, value: str) -> None:
    """A time has its zone, a place is a number."""
    fields = {"at": "2026-11-24T13:42:00Z", "pdf": "00", "start": "0", "length": "1", "key": "k"}
    fields["public"] = to_text(public_bytes_of(KEY))
    with pytest.raises(SealBrokenError):
        open_pdf(_sealed_with(fields | {field: value}))


def test_a_seal_signed_by_another_is_broken() -> None:
    """The key that it names did not sign it."""
    line = SEALED[len(PDF) + 2 :].decode().partition(SIGNATURE_FIELD)[0]
    forged = to_text(OTHER_KEY.sign(line.encode()))
    with pytest.raises(SealBrokenError):
        open_pdf(PDF + f"\n%{line}{SIGNATURE_FIELD}{forged}\n".encode())


def test_what_is_not_in_the_pdf_is_not_sealed() -> None:
    """A certificate must stand in it."""
    with pytest.raises(ValueError, match="not found"):
        seal_pdf(PDF, b"another", ISSUED, KEY)


def _sealed_with(fields: dict[str, str]) -> bytes:
    line = line_of("borne:power-up-certificate-pdf/1", fields)
    return PDF + f"\n%{line}{SIGNATURE_FIELD}{to_text(KEY.sign(line.encode()))}\n".encode()
