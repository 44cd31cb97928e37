"""Findings: values with a name each. tests/docs holds docs/reference/findings.md against them."""

import re

import msgspec
import pytest

from ocppj import findings
from ocppj.findings import Finding, add_finding

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


def test_a_finding_says_where_and_what() -> None:
    """To people."""
    assert Finding("too-long", "$.idTag", "is longer than 20").detail_at == "$.idTag: is longer than 20"


def test_a_slug_is_noted_once_for_a_message() -> None:
    """In the order in which they were found."""
    found: list[str] = []
    for slug in ("too-long", "null-for-absent", "too-long"):
        add_finding(found, slug)
    assert found == ["too-long", "null-for-absent"]
