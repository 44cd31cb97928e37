"""Each reason is told in both languages."""

import re

from charging.certificate.reasons import TEXTS, CertificateRefusal, RefusalReason


def test_every_reason_has_its_sentence() -> None:
    """In both, with the same fields."""
    assert set(TEXTS) == set(RefusalReason)
    for both in TEXTS.values():
        assert both.fr != both.en
        assert set(re.findall(r"{\w+}", both.fr)) == set(re.findall(r"{\w+}", both.en))


def test_a_refusal_fills_its_sentence_in() -> None:
    """In French where French is wanted, else in English."""
    refusal = CertificateRefusal(RefusalReason.PHOTO_MISSING, name="a.jpg")
    assert (refusal.text("fr"), refusal.text("en")) == (
        "La photo a.jpg manque.",
        "The photo a.jpg is missing.",
    )
