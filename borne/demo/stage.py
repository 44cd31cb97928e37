"""What everybody in the demo shares."""

from dataclasses import dataclass

from borne.demo.story import Story
from borne.language import Speech
from borne.live_stations import LiveStations
from runtime.chance import Chance
from runtime.client import ApiClient
from runtime.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The server as seen through its REST API, the story that is told, time and chance."""

    api: ApiClient
    live: LiveStations
    story: Story
    speech: Speech
    clock: Clock
    chance: Chance
