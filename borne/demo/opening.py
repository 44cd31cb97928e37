"""The demo's opening hours: open whatever the hour, but for a minute now and then."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from borne.demo.hours import always_open_but
from borne.demo.plan import ZONE
from borne.demo.stage import Stage

FIRST_CLOSING_S = 120.0
"""After the start, at the next full minute: the first cars of some EVSEs have left by then."""
CLOSED_S = 60.0
OPEN_S = 600.0
"""Between later closings."""


class Opening:
    """Sets the site's hours anew for each closing: from `closes_at` to `opens_at`, now or next."""

    def __init__(self, stage: Stage) -> None:
        self._api, self._story, self._clock = stage.api, stage.story, stage.clock
        self._zone = ZoneInfo(ZONE)
        self.closes_at = self.opens_at = self._clock.now()

    async def plan(self, site_id: str, closes_in_s: float) -> None:
        """Open now; closed for a minute, within the minute after `closes_in_s`."""
        self.closes_at = _next_minute(self._clock.now() + timedelta(seconds=closes_in_s))
        self.opens_at = self.closes_at + timedelta(seconds=CLOSED_S)
        await self._api.put(
            f"/sites/{site_id}/hours", always_open_but(self.closes_at, self.opens_at, self._zone)
        )
        self._story.write("hours", closes=_local(self.closes_at), opens=_local(self.opens_at))

    async def run(self, site_id: str) -> None:
        """Open the site, tell of each edge, and plan the next closing after the last."""
        await self.plan(site_id, FIRST_CLOSING_S)
        while True:
            await self._until(self.closes_at)
            self._story.write("closed")
            await self._until(self.opens_at)
            self._story.write("opened")
            await self.plan(site_id, OPEN_S)

    async def wait(self, margin_s: float) -> None:
        """Return while the site is open for another `margin_s`: nobody comes shortly before it closes."""
        while self.closes_at - timedelta(seconds=margin_s) <= self._clock.now() < self.opens_at:
            await self._until(self.opens_at)

    async def _until(self, at: datetime) -> None:
        """Timers may ring a little early: look again."""
        while (left_s := (at - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(left_s)


def _next_minute(at: datetime) -> datetime:
    """Opening hours are kept in whole minutes."""
    return at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _local(at: datetime) -> str:
    """In the time zone of whoever watches the terminal."""
    return f"{at.astimezone():%H:%M}"
