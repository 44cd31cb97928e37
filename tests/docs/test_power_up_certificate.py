"""The page of the certificate tells every reason to refuse one."""

from charging.certificate.document import ItemVerdict
from charging.certificate.reasons import TEXTS
from tests.support.sources import ROOT


def test_every_reason_and_verdict_is_told() -> None:
    """With the sentence that people read."""
    page = (ROOT / "docs" / "reference" / "power-up-certificate.md").read_text(encoding="utf-8")
    assert [reason for reason, text in TEXTS.items() if f"| `{reason.value}` | {text.en} |" not in page] == []
    assert [each for each in ItemVerdict if f"`{each.value}`" not in page] == []
