"""docs/reference/findings.md names everything that is put up with, and nothing else."""

import re

from tests.support.findings import known_findings
from tests.support.sources import ROOT

PAGE = (ROOT / "docs" / "reference" / "findings.md").read_text(encoding="utf-8")
LISTED = {slug.rstrip(":") for slug in re.findall(r"^\| `([a-z0-9_:-]+)`", PAGE, re.MULTILINE)}


def test_every_finding_is_documented() -> None:
    """Each has its row, and each row its finding."""
    known = known_findings()
    assert {"unknown-connector-status", "credentials_unknown", "refused", "null-payload"} <= known
    assert known - LISTED == set()
    assert LISTED - known == set()
