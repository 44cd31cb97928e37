"""Waiting for a station to come back: it was sent away to take something into force."""

from csms.commands import StationCommands
from csms.domain.links import LinkView
from ocppj.vocabulary import Epoch, StationId
from provisioning.alarm import Alarm
from runtime.clock import Clock

LOOK_AGAIN_S = 1.0
"""News of a link and the link itself may be a moment apart."""


class Watch:
    """One station's comings and goings. `alarm` is rung on every piece of news of its link."""

    def __init__(self, commands: StationCommands, station_id: StationId, clock: Clock, alarm: Alarm) -> None:
        self._commands, self._station_id, self._clock, self.alarm = commands, station_id, clock, alarm

    @property
    def link(self) -> LinkView | None:
        """The link now."""
        return self._commands.link(self._station_id)

    async def next_link(self, after: Epoch, within_s: float) -> LinkView | None:
        """The first link newer than `after`; None if none came in time."""
        deadline = self._clock.monotonic() + within_s
        while (left := deadline - self._clock.monotonic()) > 0:
            link = self.link
            if link is not None and link.epoch > after:
                return link
            await self.alarm.wait(min(left, LOOK_AGAIN_S))
        return None

    async def registered_link(self, after: Epoch, within_s: float) -> LinkView | None:
        """The first link newer than `after` whose boot was answered; None if none came in time."""
        deadline = self._clock.monotonic() + within_s
        while (left := deadline - self._clock.monotonic()) > 0:
            link = self.link
            if link is not None and link.epoch > after and link.registration is not None:
                return link
            await self.alarm.wait(min(left, LOOK_AGAIN_S))
        return None

    async def disconnect(self) -> None:
        """Close the station's socket: stations connect again by themselves, with their new secret."""
        # 1012: service restart, come back.
        await self._commands.disconnect(self._station_id, code=1012, reason="reconnect with the new secret")
