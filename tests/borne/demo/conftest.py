"""A real server with a stage on it: its API, a story that is written down, and a clock that runs fast."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from borne.demo.stage import Stage
from borne.demo.story import Story
from borne.language import speech_of
from borne.live_stations import LiveStations
from runtime.chance import SeededChance
from runtime.client import ApiClient
from runtime.clock import ScaledClock
from tests.support.server import LiveServer, live_server

FASTER = 20
"""So many times as fast as real people and stations."""


@dataclass
class Theatre:
    """A stage and the server below it; `lines` is what was told."""

    server: LiveServer
    stage: Stage
    lines: list[str]

    def told(self, words: str) -> bool:
        """Whether some line has these words."""
        return any(words in line for line in self.lines)


@pytest.fixture
async def theatre(tmp_path: Path) -> AsyncIterator[Theatre]:
    """As `borne up --demo` has it, but faster."""
    lines: list[str] = []
    async with (
        live_server(tmp_path / "var", unknown="quarantine", pending_interval_s=5) as server,
        ApiClient(server.running.http_url, server.running.token) as api,
    ):
        clock = ScaledClock(FASTER)
        stage = Stage(
            api=api,
            live=LiveStations(api, clock),
            story=Story(lines.append, "en"),
            speech=speech_of("en"),
            clock=clock,
            chance=SeededChance(7),
        )
        yield Theatre(server, stage, lines)
