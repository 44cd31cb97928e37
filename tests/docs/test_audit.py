"""docs/reference/audit.md names everything that can be done to a station, and nothing else."""

import re

from csms.domain.audit import AuditKind, Change
from csms.domain.quarantine import QuarantineState
from csms.domain.reviews import ReviewDecision
from tests.support.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "audit.md").read_text(encoding="utf-8")


def test_every_word_of_the_audit_is_documented() -> None:
    """Each change has its row, and each row its change; so have the kinds, and the words of decisions."""
    assert set(re.findall(r"^\| `change` \| `([a-z-]+)`", PAGE, re.MULTILINE)) == {
        each.value for each in Change
    }
    assert set(re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE)) == {each.value for each in AuditKind}
    decided = {QuarantineState.TAKEN_IN.value, QuarantineState.DISMISSED.value}
    for word in decided | {each.value for each in ReviewDecision}:
        assert f"`{word}`" in PAGE
