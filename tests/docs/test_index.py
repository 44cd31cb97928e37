"""`docs/README.md` leads to every page, and each of its links leads somewhere."""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_every_page_is_in_the_index() -> None:
    links = re.findall(r"\]\(([^)#]+)", (DOCS / "README.md").read_text(encoding="utf-8"))
    targets = {(DOCS / link).resolve() for link in links}
    pages = {page for page in DOCS.rglob("*.md") if page != DOCS / "README.md" and page.parent.name != "adr"}
    assert sorted(str(page.relative_to(DOCS)) for page in pages - targets) == []
    assert [link for link in links if not (DOCS / link).exists()] == []
