"""The stations of a running server, kept fresh: read through the REST API, again whenever it tells news.

Whoever shows or leads stations from outside the server looks at one `LiveStations`: the live table, the demo.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from runtime.client import (
    DROPPED,
    EVENTS_RETRY_S,
    ApiClient,
    ApiError,
    ApiRefused,
    ApiUnreachable,
    ServerEvent,
)
from runtime.clock import Clock
from runtime.wakeup import Wakeup

T = TypeVar("T")
LEAST_PAUSE_S = 0.25
"""Between two looks; a list that takes long to get is asked for more seldom still."""
PAUSE_PER_LOOK = 4
LONGEST_PAUSE_S = 3.0
SMALL_FLEET = 100
"""Stations that are all asked for at each look."""
WHOLE_EVERY_S = 60.0
NAMES_READ = 100
"""Stations asked for by name in one request."""
SERVER_FAULT = 500
"""HTTP status codes from here on are the server's own trouble, which may pass; those below stay."""


def batched(names: list[str], count: int) -> Iterator[list[str]]:
    """The names, so many at a time."""
    for start in range(0, len(names), count):
        yield names[start : start + count]


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """One event of `GET /events`."""

    event: str
    station_id: str
    payload: Mapping[str, Any]


class LiveStations:
    """What is known of the stations now. `run` keeps it fresh until it is cancelled.

    `trouble` says why it is not fresh; it is None when it is. `listeners` hear the news as they come.
    """

    def __init__(self, api: ApiClient, clock: Clock) -> None:
        self.stations: dict[str, dict[str, Any]] = {}
        self.trouble: str | None = ""  # nobody was asked yet
        self.listeners: list[Callable[[StreamedEvent], object]] = []
        self._api = api
        self._clock = clock
        self._alarm = Wakeup(clock)
        self._changed = asyncio.Event()
        self._touched: set[str] = set()
        self._whole_at = float("-inf")

    async def run(self) -> None:
        """Look and listen. Raises ApiRefused when the token is not good (any more)."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen(), name="news of the stations")
            group.create_task(self._look(), name="list of the stations")

    async def until(self, found: Callable[[Mapping[str, dict[str, Any]]], T | None]) -> T:
        """What `found` makes of the stations, as soon as it is not None."""
        while (result := found(self.stations)) is None:
            await self.change()
        return result

    async def change(self) -> None:
        """Return when the stations, or the trouble, have changed."""
        await self._changed.wait()

    async def _listen(self) -> None:
        while True:
            try:
                async for event in self._api.events("/events"):
                    self._receive(event)
            except ApiUnreachable:
                pass  # `_look` tells of it
            except ApiRefused as error:
                if error.status < SERVER_FAULT:
                    raise
            self._alarm.ring()
            await self._clock.sleep(EVENTS_RETRY_S)

    def _receive(self, event: ServerEvent) -> None:
        content = event.content
        if event.name == DROPPED:
            self._whole_at = float("-inf")
        else:
            self._touched.add(content["station_id"])
            station_event = StreamedEvent(content["event"], content["station_id"], content["payload"])
            for listener in self.listeners:
                listener(station_event)
        self._alarm.ring()

    async def _look(self) -> None:
        while True:
            began = self._clock.monotonic()
            try:
                found = await self._found()
            except ApiUnreachable as error:
                self._show(self.stations, str(error))
            except ApiRefused as error:
                if error.status < SERVER_FAULT:
                    raise
                self._show(self.stations, str(error))
            else:
                self._show(found, None)
            took_s = self._clock.monotonic() - began
            await self._clock.sleep(max(LEAST_PAUSE_S, PAUSE_PER_LOOK * took_s))
            await self._alarm.wait(LONGEST_PAUSE_S)

    async def _found(self) -> dict[str, dict[str, Any]]:
        """All of them; of a large fleet only those of which there was news, and all once a minute."""
        now = self._clock.monotonic()
        touched, self._touched = self._touched, set()
        if len(self.stations) <= SMALL_FLEET or now - self._whole_at >= WHOLE_EVERY_S:
            self._whole_at = now
            rows = await self._api.get_all("/stations")
            return {each["station_id"]: each for each in rows}
        found = dict(self.stations)
        try:
            for names in batched(sorted(touched), NAMES_READ):
                rows = await self._api.get("/stations", station=names)
                found |= {each["station_id"]: each for each in rows}
        except ApiError:
            self._touched |= touched
            raise
        return dict(sorted(found.items()))

    def _show(self, stations: dict[str, dict[str, Any]], trouble: str | None) -> None:
        if stations == self.stations and trouble == self.trouble:
            return
        self.stations, self.trouble = stations, trouble
        self._changed.set()
        self._changed = asyncio.Event()
