"""The checks of `make check`, part of the suite so that one command tells everything."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command", ["ruff check .", "ruff format --check .", "mypy", "python -m tools.generate_messages --check"]
)
def test_the_check_is_clean(command: str) -> None:
    """Exit code 0; otherwise what it printed is the failure's text."""
    tool, *arguments = command.split()
    found = subprocess.run(
        [str(BIN / tool), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
