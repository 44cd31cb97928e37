"""The architecture page tells the arrows that the architecture test enforces."""

import re

from tests.architecture.test_imports import PACKAGE_ARROWS
from tests.support.sources import PACKAGES, ROOT

PAGE = ROOT / "docs" / "explanation" / "architecture.md"
_ROW = re.compile(r"^\| `(\w+)` \| .* \| (.+) \|$", re.MULTILINE)
_NAME = re.compile(r"`([\w.]+)`")


def test_the_page_tells_the_arrows() -> None:
    """One row per package, with exactly what it may import."""
    told = dict(_ROW.findall(PAGE.read_text(encoding="utf-8")))
    assert set(told) == set(PACKAGES)
    for package, allowed in told.items():
        names = frozenset(PACKAGES) if allowed == "everything" else frozenset(_NAME.findall(allowed))
        assert names == PACKAGE_ARROWS[package], package


def test_the_files_it_names_exist() -> None:
    """Whoever follows it finds something."""
    text = PAGE.read_text(encoding="utf-8")
    named = [name for name in re.findall(r"`([a-z]\w*/[\w/.]+)`", text) if not name.startswith("var/")]
    assert [name for name in named if not (ROOT / name).exists()] == []
