"""The document of a certificate: one spelling, and what its items come to."""

import json

import msgspec
import pytest

from charging.certificate.document import (
    AlteredFormError,
    ItemVerdict,
    NotCertificateError,
    OverallVerdict,
    canonical,
    fingerprint,
    from_file,
    overall,
    to_file,
)
from tests.support.certificates import certificate, handed_over


def test_a_file_says_what_was_put_into_it() -> None:
    """There and back."""
    signed = handed_over().signed
    assert from_file(to_file(signed)) == signed


@pytest.mark.parametrize(
    ("verdicts", "wanted"),
    [
        (["passed", "passed"], OverallVerdict.PASSED),
        (["passed", "not_applicable"], OverallVerdict.PASSED),
        (["passed", "cannot_be_checked"], OverallVerdict.INCOMPLETE),
        (["passed", "tester_only"], OverallVerdict.INCOMPLETE),
        (["passed", "cannot_be_checked", "failed"], OverallVerdict.FAILED),
        (["not_applicable"], OverallVerdict.INCOMPLETE),
        ([], OverallVerdict.INCOMPLETE),
    ],
)
def test_what_items_come_to(verdicts: list[str], wanted: OverallVerdict) -> None:
    """A failed one decides; an open one leaves it open; what proves nothing is not passed."""
    assert overall(map(ItemVerdict, verdicts)) is wanted


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + b"\n",
        lambda text: b" " + text,
        lambda text: json.dumps(json.loads(text), indent=2).encode(),
        lambda text: text.replace(b'"bytes":', b'"bytes":1,"bytes":', 1),
        lambda text: text.replace(b"-0.4", b"-0.40"),
        lambda text: text.replace(b"2026-11-24T13:42:00Z", b"2026-11-24T13:42:00.000Z", 1),
        lambda text: text.replace(b'"AC-22"', b'"\\u0041C-22"', 1),
        lambda text: text.replace(b'"AC-22"', b'"\\ud800"', 1),
    ],
)
def test_only_one_spelling_is_taken(change) -> None:  # type: ignore[no-untyped-def] # a lambda
    """A space, a member twice, another way to write a number, a time or a letter: no two readings."""
    text = to_file(handed_over().signed)
    changed = change(text)
    assert changed != text
    with pytest.raises((AlteredFormError, NotCertificateError)):
        from_file(changed)


def test_what_is_written_otherwise_is_told_apart_from_what_is_none() -> None:
    """The same content in other bytes is altered; anything else is no certificate."""
    text = to_file(handed_over().signed)
    with pytest.raises(AlteredFormError):
        from_file(text + b"\n")
    for other in (b"", b"{}", b"[" * 100_000, text.replace(b'"issuer":', b'"isuer":', 1), b"\xff"):
        with pytest.raises(NotCertificateError):
            from_file(other)


def test_a_number_that_programs_read_differently_is_not_spelt() -> None:
    """Beyond 2^53 not all of them have it."""
    with pytest.raises(ValueError, match="exceeds"):
        canonical({"wh": 2**60})
    text = to_file(handed_over().signed).replace(b'"bytes":18', b'"bytes":1152921504606846976', 1)
    with pytest.raises(AlteredFormError):
        from_file(text)


def test_the_fingerprint_is_of_the_whole_certificate() -> None:
    """Every field counts."""
    said = certificate("00", 0)
    prints = {fingerprint(said)}
    for name in ("issuer", "issued_at", "verdict"):
        value = {"issuer": "another", "issued_at": said.run.started_at, "verdict": OverallVerdict.FAILED}[
            name
        ]
        prints.add(fingerprint(msgspec.structs.replace(said, **{name: value})))
    assert len(prints) == 4
