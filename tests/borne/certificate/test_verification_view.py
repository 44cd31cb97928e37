"""What came of a verification, as it is told."""

import msgspec

from borne.certificate.verification_view import HEADS, MARKS, shown_json, shown_lines
from charging.certificate.chain import FrameChain
from charging.certificate.document import CertifiedPlace, ItemVerdict, to_file
from charging.certificate.signing import sign
from charging.certificate.verifying import Trust, verify
from tests.support.certificates import KEY, KEYS, certificate


def test_a_bare_certificate_has_few_lines() -> None:
    """Simulated, at no place, without frames and photos: nothing is missed that there is not."""
    said = certificate(FrameChain("run-1", "x").head, 0, photos={}, checked=(), is_simulated=True)
    said = msgspec.structs.replace(said, location=CertifiedPlace())
    found = verify(to_file(sign(said, KEY)), KEYS)
    assert [line.plain for line in shown_lines(found, KEYS, "en")][1:] == [
        "  Station 02B016C3F7A0 (simulated), run run-1 of 2026-11-24T13:30:00Z",
        "  Nothing failed, but something is still open",
        "  Examined: the file",
    ]


def test_what_is_no_certificate_has_none_to_show() -> None:
    """For people its reason alone; for programs null."""
    found = verify(b"{}", None)
    assert len(list(shown_lines(found, None, "fr"))) == 2
    assert (shown_json(found)["certificate"], shown_json(found)["key_id"]) == (None, None)


def test_every_answer_and_verdict_has_its_mark() -> None:
    """None was forgotten."""
    assert set(HEADS) == set(Trust)
    assert set(MARKS) == set(ItemVerdict)
