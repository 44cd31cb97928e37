"""Findings: values with a name each. tests/docs holds docs/reference/findings.md against them."""

import re

import msgspec
import pytest

from ocppj import findings
from ocppj.findings import Finding

SLUGS = {name: value for name, value in vars(findings).items() if name.isupper() and isinstance(value, str)}


def test_each_finding_has_one_name_and_that_is_its_constants() -> None:
    """`TOO_LONG` is `too-long`: whoever reads the one finds the other."""
    assert SLUGS
    for name, slug in SLUGS.items():
        assert slug == name.lower().replace("_", "-")
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", slug)


def test_a_finding_is_a_value() -> None:
    """Two of the same are equal; none changes."""
    finding = Finding("too-long", "$.idTag", "long")
    assert finding == Finding("too-long", "$.idTag", "long")
    with pytest.raises(AttributeError):
        finding.slug = "x"  # type: ignore[misc] # the point
    assert msgspec.to_builtins(finding) == {
        "slug": "too-long",
        "path": "$.idTag",
        "detail": "long",
    }
