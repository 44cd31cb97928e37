"""A folder that costs no disk: the simulation commits thousands of times."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.simulation.story import memory_folder


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """In memory where the system has a place for it."""
    shared = memory_folder()
    if shared is None:
        yield tmp_path
        return
    with TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)
