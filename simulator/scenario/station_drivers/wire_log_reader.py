"""One station's frames in the central system's wire log, read through its API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from urllib.parse import quote

from runtime.client import EVENTS_RETRY_S, ApiClient, ApiError
from runtime.clock import Clock

MARKER = "marker"
"""What somebody noted beside the frames is none."""
HISTORY = 1000
"""Frames of the present connection that are read before the first step."""


@dataclass(frozen=True, slots=True)
class LogFrame:
    """A frame of the wire log, as the API shows it."""

    seq: int
    epoch: int
    is_from_station: bool
    raw: str
    at: datetime

    @classmethod
    def of(cls, shown: dict[str, Any]) -> "LogFrame":
        """From the API's JSON."""
        at = datetime.fromisoformat(shown["at"])
        return cls(shown["seq"], shown["epoch"], shown["direction"] == "in", shown["raw"], at)


class WireLogReader:
    """The frames of one station in the central system's log, first those of now, then as they come."""

    def __init__(self, api: ApiClient, station_id: str, clock: Clock) -> None:
        self._api = api
        self._path = f"/stations/{quote(station_id, safe='')}"
        self._clock = clock
        self._last_seq = 0

    async def station(self) -> dict[str, Any]:
        """What the central system knows of the station. Raises ApiError."""
        found: dict[str, Any] = await self._api.get(self._path)
        return found

    async def history(self, epoch: int | None) -> list[LogFrame]:
        """The frames of the connection `epoch` that the log still has. Raises ApiError."""
        found = await self._api.get(f"{self._path}/messages", limit=HISTORY)
        self._last_seq = found["last_seq"]
        frames = [LogFrame.of(each) for each in found["messages"] if each["kind"] != MARKER]
        return [each for each in frames if each.epoch == epoch]

    async def follow(self, receive: Callable[[LogFrame], None]) -> NoReturn:
        """Tell every new frame; a lost stream is taken up again where it ended."""
        while True:
            try:
                async for event in self._api.events(f"{self._path}/messages/stream", since=self._last_seq):
                    if event.name == "frame":
                        self._last_seq = event.content["seq"]
                        if event.content["kind"] != MARKER:
                            receive(LogFrame.of(event.content))
            except ApiError:
                pass  # the next step that asks the API tells of it
            await self._clock.sleep(EVENTS_RETRY_S)
