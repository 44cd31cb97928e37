"""Each case of the field is played by a test of its name, or stands in the list of open ones."""

import re
from pathlib import Path

from tests.field.cases import CASES, OPEN

NAMED = re.compile(r"^(?:async )?def test_([a-z]\d+)_", re.MULTILINE)


def test_every_case_is_played_or_open() -> None:
    """No case is forgotten, none is both, and no test is named after a case that there is not."""
    here = Path(__file__).parent
    played = {
        name.upper() for path in here.glob("test_*.py") for name in NAMED.findall(path.read_text("utf-8"))
    }
    assert played | set(OPEN) == set(CASES)
    assert played & set(OPEN) == set()
