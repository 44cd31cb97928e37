"""What the plugin keeps with pytest's own objects: of a test, and of a session."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from borne.testing.bench_session import BenchSession
    from simulator.scenario.conversation import SeenFrame

FRAMES: "pytest.StashKey[Mapping[str, Sequence[SeenFrame]]]" = pytest.StashKey()
"""Of a test: the frames that its stations saw."""
PLACE: "pytest.StashKey[tuple[str, int]]" = pytest.StashKey()
"""Of a test: the file and the line that a red one is told at."""
SESSION: "pytest.StashKey[BenchSession]" = pytest.StashKey()


def bench_of(config: pytest.Config) -> "BenchSession":
    """What the tests of a session share: it is made when the first one asks."""
    if SESSION not in config.stash:
        from borne.testing.bench_session import BenchSession

        config.stash[SESSION] = BenchSession(
            station=config.getoption("borne_station"),
            url=config.getoption("borne_url"),
            rig=config.getoption("borne_rig"),
        )
    return config.stash[SESSION]
