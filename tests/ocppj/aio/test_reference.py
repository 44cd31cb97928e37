"""The reference page names every reason and toleration there is."""

from pathlib import Path

import pytest

from ocppj.aio.endpoint import AttemptReason
from ocppj.identity import Toleration

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "connection-attempts.md"


@pytest.mark.parametrize("word", [*AttemptReason, *Toleration])
def test_word_is_explained(word: str) -> None:
    """What the console shows can be looked up."""
    assert f"`{word}`" in PAGE.read_text(encoding="utf-8")
